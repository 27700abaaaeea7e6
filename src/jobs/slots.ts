import type { Database } from '../store/database';
import { Lease, type Moment } from './lease';
import { type Granted, PlaceClaims } from './place-claims';

/** so long places may be handed on among those who wait here; then they are given back one after another, all of them
 *  within the same time */
const KEEP_MS = 1_000;
/** and so long another worker, which asks more often, has to take what was given back for its sake */
const YIELD_MS = 75;
/** and so long it is kept when nobody does: the next item may be on its way */
const LINGER_MS = 20;
const MIN_WAIT_MS = 10;
const MAX_WAIT_MS = 50;
const RETRY_MS = 250;
/** so many are asked for together; who was refused goes behind the others */
const MAX_ASKS = 128;

/** What may go on at once under a name. */
export interface SlotLimit {
  readonly max: number;
  /** between two beginnings */
  readonly minGapMs: number;
}

/** A name, of a job or of a host, and what may go on there. */
export interface Slot {
  readonly name: string;
  readonly limit: SlotLimit;
}

/** A place in a job and one at a host. */
export interface Place {
  /** Gives them back. */
  leave(): void;
}

/** Somebody who waits for a place under two names. */
interface Waiting {
  readonly job: Slot;
  readonly host: Slot;
  inJob: Held;
  atHost: Held;
  readonly begin: () => void;
}

/** What this worker has of the places under one name. */
interface Held {
  readonly name: string;
  /** those who wait there, each with its limit */
  readonly waiting: Map<Waiting, SlotLimit>;
  /** the strictest of those who wait; null: to be found out */
  ofWaiting: SlotLimit | null;
  /** the strictest of those who wait, or who have asked since */
  limit: SlotLimit;
  /** the strictest of all jobs, as the database last knew */
  told: SlotLimit;
  /** leased from the database */
  leased: number;
  inUse: number;
  /** until when what is leased is handed on here, on the clock of `performance.now()` */
  keepUntil: number;
  /** from when on the database may be asked for more, on the same clock */
  askFrom: number;
  /** so long is waited when there is no more */
  refusedMs: number;
  /** when the last place was left, on the same clock */
  leftAt: number;
  /** spare places that are meant for somebody who needs another name's too, in a look at all who wait */
  kept: number;
}

const UNLIMITED: SlotLimit = { max: Infinity, minGapMs: 0 };

/** Places under names, a host's or a job's, of which all workers together have a limited number, and which begin no closer
 *  together than they may. They are leased from the database, many with one question; a place that is given back goes to
 *  whoever waits for it here, for a while.
 *
 *  Whoever waits holds nothing: a place in the job and one at the host are had together, so that a slow host keeps nobody
 *  from going to another, and no two wait for each other. */
export class Slots {
  private readonly names = new Map<string, Held>();
  private readonly waiting = new Set<Waiting>();
  private readonly claims: PlaceClaims;
  private readonly lease = new Lease();
  /** names under which the database may think that there is more than there is */
  private readonly untold = new Set<string>();
  /** everything is to be told */
  private isUncertain = false;
  private isAsking = false;
  private isClosed = false;
  /** how often everything was lost */
  private losses = 0;
  private isClaiming = false;
  /** The database could not be asked: until then, on the clock of `performance.now()`, it is left alone. */
  private askFrom = 0;
  private endPause: () => void = () => undefined;
  private hasOthers = false;
  private sweeping: NodeJS.Timeout | undefined;

  /** @param failed told why the database could not be asked; it is asked again */
  constructor(
    database: Database,
    worker: string,
    private readonly failed: (error: Error) => void,
  ) {
    this.claims = new PlaceClaims(database, worker);
  }

  /** This worker has said that it is there: what it has is nobody else's for LEASE_MS. After that time nothing more begins,
   *  until it is heard anew.
   *  @param at when it began to say so
   *  @param hasOthers whether there are workers to yield to */
  heard(at: Moment, hasOthers: boolean): void {
    this.lease.renew(at);
    if (hasOthers !== this.hasOthers) {
      this.hasOthers = hasOthers;
      const keepUntil = this.keepUntil();
      for (const held of this.names.values()) if (held.leased > 0) held.keepUntil = keepUntil;
    }
    // An answer may have been lost, and there may be stricter jobs.
    this.isUncertain = true;
    void this.ask();
  }

  /** Waits for a place in a job and one at a host.
   *  @returns null when `signal` aborted before there were both */
  enter(job: Slot, host: Slot, signal: AbortSignal): Promise<Place | null> {
    if (signal.aborted || this.isClosed) return Promise.resolve(null);
    const both = [this.heldOf(job), this.heldOf(host)];
    // Nobody was there before.
    if (both.every((held) => held.waiting.size === 0 && this.spareOf(held) > 0))
      return Promise.resolve(this.occupy(both));
    return new Promise((resolve) => {
      const giveUp = (): void => {
        this.remove(waiting);
        this.forget(waiting.inJob);
        this.forget(waiting.atHost);
        resolve(null);
      };
      const [inJob, atHost] = both as [Held, Held];
      const waiting: Waiting = {
        job,
        host,
        inJob,
        atHost,
        begin: () => {
          this.remove(waiting);
          signal.removeEventListener('abort', giveUp);
          resolve(this.occupy([waiting.inJob, waiting.atHost]));
        },
      };
      this.add(waiting);
      signal.addEventListener('abort', giveUp, { once: true });
      this.goOn();
    });
  }

  /** Whether the places that were given are held still. */
  get areHeld(): boolean {
    return this.lease.isHeld;
  }

  /** Everything that was leased is lost: this worker was thought to be gone. Those who wait go on waiting. */
  lose(): void {
    this.losses++;
    this.names.clear();
    for (const waiting of this.waiting) {
      waiting.inJob = this.heldOf(waiting.job);
      waiting.atHost = this.heldOf(waiting.host);
      this.add(waiting);
    }
    void this.ask();
  }

  close(): void {
    this.isClosed = true;
    this.endPause();
    clearTimeout(this.sweeping);
    this.sweeping = undefined;
  }

  private heldOf({ name, limit }: Slot): Held {
    const held = this.names.get(name);
    if (held !== undefined) {
      held.limit = strictest([held.limit, limit]);
      this.trim(held);
      // Without places and without anybody who waits it is known no more.
      this.names.set(name, held);
      return held;
    }
    const anew: Held = {
      name,
      limit,
      told: UNLIMITED,
      waiting: new Map(),
      ofWaiting: null,
      leased: 0,
      inUse: 0,
      keepUntil: 0,
      askFrom: 0,
      refusedMs: MIN_WAIT_MS,
      leftAt: 0,
      kept: 0,
    };
    this.names.set(name, anew);
    this.endPause();
    return anew;
  }

  private add(waiting: Waiting): void {
    this.waiting.add(waiting);
    for (const [held, { limit }] of slotsOf(waiting)) {
      held.waiting.set(waiting, limit);
      held.ofWaiting = null;
    }
  }

  private remove(waiting: Waiting): void {
    this.waiting.delete(waiting);
    for (const [held] of slotsOf(waiting)) {
      held.waiting.delete(waiting);
      held.ofWaiting = null;
    }
  }

  /** What is leased and in nobody's use. */
  private spareOf({ leased, inUse }: Held): number {
    return this.areHeld ? leased - inUse : 0;
  }

  private occupy(helds: readonly Held[]): Place {
    for (const held of helds) held.inUse++;
    let isHeld = true;
    return {
      leave: () => {
        if (!isHeld) return;
        isHeld = false;
        for (const held of helds) held.inUse--;
        // It may have been lost meanwhile.
        for (const held of helds) if (this.names.get(held.name) === held) this.keepOrYield(held);
        this.goOn();
      },
    };
  }

  private keepOrYield(held: Held): void {
    if (!this.mayKeep(held)) {
      this.yieldOne(held);
      return;
    }
    held.leftAt = performance.now();
    this.sweepLater(LINGER_MS);
  }

  /** Lets those begin who can, and asks for those who could with more. */
  private goOn(): void {
    if (this.waiting.size === 0 || this.advance().length === 0) return;
    this.endPause();
    void this.ask();
  }

  /** Whoever waits begins when it is its turn under both names. For those who need more than there is here, and for whom no
   *  more than that can be had, it is kept while the database is asked.
   *  @returns those to ask for */
  private advance(): Waiting[] {
    const asks: Waiting[] = [];
    if (!this.areHeld) return asks;
    const now = performance.now();
    const mayAsk = now >= this.askFrom;
    for (const held of this.names.values()) held.kept = 0;
    for (const waiting of this.waiting) {
      const { inJob, atHost } = waiting;
      const isInJob = inJob.leased - inJob.inUse > inJob.kept;
      if (!isInJob && (!mayAsk || !mayBeAsked(inJob, now))) continue;
      const isAtHost = atHost.leased - atHost.inUse > atHost.kept;
      if (isInJob && isAtHost) {
        waiting.begin();
        continue;
      }
      if (!mayAsk || (!isAtHost && !mayBeAsked(atHost, now))) continue;
      if (isInJob && !mayBeAsked(inJob, now)) inJob.kept++;
      if (isAtHost && !mayBeAsked(atHost, now)) atHost.kept++;
      if (asks.length < MAX_ASKS) asks.push(waiting);
    }
    return asks;
  }

  /** With a gap to keep each beginning is asked for. */
  private mayKeep(held: Held): boolean {
    const { max, minGapMs } = limitOf(held);
    return minGapMs === 0 && held.leased <= max && performance.now() < held.keepUntil && this.areHeld;
  }

  /** Its time is over: others may have it. The rest follows little by little, so that there is always something to do. */
  private yieldOne(held: Held): void {
    const now = performance.now();
    const { max, minGapMs } = limitOf(held);
    if (minGapMs === 0 && held.leased <= max) {
      if (this.hasOthers) held.askFrom = now + YIELD_MS;
      held.keepUntil = Math.max(held.keepUntil, now + KEEP_MS / Math.max(1, held.leased));
    }
    this.giveBack(held);
  }

  /** Gives back what there is too much of. */
  private trim(held: Held): void {
    const { max, minGapMs } = limitOf(held);
    if (held.leased > max || minGapMs > 0) this.giveBack(held, minGapMs > 0 ? 0 : max);
  }

  /** Gives back what nobody uses, but for so many places. */
  private giveBack(held: Held, but = 0): void {
    const leased = Math.max(held.inUse, but);
    if (leased >= held.leased) return;
    held.leased = leased;
    this.untold.add(held.name);
    this.forget(held);
    void this.ask();
  }

  private sweepLater(ms: number): void {
    if (!this.isClosed) this.sweeping ??= setTimeout(() => this.sweep(), ms);
  }

  /** Gives back what nobody has used for a while, and forgets names that were remembered for when they may be asked for. */
  private sweep(): void {
    this.sweeping = undefined;
    const now = performance.now();
    let isOver = true;
    for (const held of this.names.values()) {
      // Kept for somebody for whom the database is being asked.
      const isKept = this.isClaiming && held.waiting.size > 0;
      if (held.inUse < held.leased && !isKept && held.leftAt + LINGER_MS <= now) this.giveBack(held);
      this.forget(held);
      if (held.inUse < held.leased || (held.leased === 0 && held.askFrom > now)) isOver = false;
    }
    if (!isOver) this.sweepLater(LINGER_MS);
  }

  private keepUntil(): number {
    return this.hasOthers ? performance.now() + KEEP_MS : Infinity;
  }

  private forget(held: Held): void {
    if (held.leased > 0 || held.waiting.size > 0 || this.names.get(held.name) !== held) return;
    // Whoever comes next has to wait too.
    if (held.askFrom > performance.now()) this.sweepLater(LINGER_MS);
    else this.names.delete(held.name);
  }

  /** One question at a time, which takes everything along that is to be asked by then. */
  private async ask(): Promise<void> {
    if (this.isAsking) return;
    this.isAsking = true;
    try {
      while (!this.isClosed) {
        // Whoever leaves or comes in the same turn is asked for together.
        await Promise.resolve();
        await this.tell();
        if (!this.isWanting) {
          if (this.hasToTell) continue;
          return;
        }
        const asks = this.advance();
        if (asks.length === 0) await this.pause(MAX_WAIT_MS);
        else await this.claim(asks).finally(() => this.putBehind(asks));
      }
    } catch (error) {
      this.failed(error as Error);
      this.askFrom = performance.now() + RETRY_MS;
      // Nothing is kept for those who cannot be asked for.
      this.advance();
      await this.pause(RETRY_MS);
    } finally {
      this.isAsking = false;
    }
    // The question failed.
    if (!this.isClosed && (this.hasToTell || this.isWanting)) void this.ask();
  }

  private get hasToTell(): boolean {
    return this.isUncertain || this.untold.size > 0;
  }

  /** Whether there is somebody for whom to ask the database: not where all that may be leased is in use here. */
  private get isWanting(): boolean {
    for (const { inJob, atHost } of this.waiting) if (mayBeHad(inJob) && mayBeHad(atHost)) return true;
    return false;
  }

  /** Until so much later, or the first may be asked for who may not yet, or somebody wants what was not asked for yet. */
  private async pause(ms: number): Promise<void> {
    const now = performance.now();
    let until = now + ms;
    for (const { waiting, askFrom } of this.names.values())
      if (waiting.size > 0 && askFrom > now) until = Math.min(until, askFrom);
    until = Math.max(until, this.askFrom);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, until - now);
      this.endPause = () => {
        // One failure is enough.
        if (performance.now() < this.askFrom && !this.isClosed) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.endPause = () => undefined;
  }

  private async claim(asks: readonly Waiting[]): Promise<void> {
    const helds = [...new Set(asks.flatMap(({ inJob, atHost }) => [inJob, atHost]))];
    // Whoever was stricter may have gone.
    for (const held of helds) held.limit = ofWaiting(held);
    const { losses } = this;
    const granted = await this.askFor(asks, helds);
    // What comes late may be lost already, or not counted.
    const isLate = losses !== this.losses || !this.areHeld;
    for (const of of granted) {
      const held = this.names.get(of.name);
      if (held === undefined || isLate) this.untold.add(of.name);
      else this.grant(held, of);
    }
    this.advance();
    for (const { name } of granted) {
      const held = this.names.get(name);
      if (held !== undefined) this.giveBack(held);
    }
  }

  private async askFor(asks: readonly Waiting[], helds: readonly Held[]): Promise<Granted[]> {
    const positions = new Map(helds.map(({ name }, position) => [name, position]));
    this.isClaiming = true;
    try {
      return await this.claims.claim(
        helds.map(({ name, leased, inUse, limit }) => ({ name, leased, spare: leased - inUse, limit })),
        asks.map(({ job, host }) => ({ job: positions.get(job.name)!, host: positions.get(host.name)! })),
      );
    } catch (error) {
      // It may have been done.
      for (const { name } of helds) this.untold.add(name);
      throw error;
    } finally {
      this.isClaiming = false;
    }
  }

  private grant(held: Held, { granted, free, max, minGapMs, waitMs }: Granted): void {
    held.told = { max, minGapMs };
    if (held.leased === 0 && granted > 0) held.keepUntil = this.keepUntil();
    held.leased += granted;
    if (granted > 0) held.refusedMs = MIN_WAIT_MS;
    if (free > 0) return;
    held.askFrom = Math.max(held.askFrom, performance.now() + (waitMs > 0 ? waitMs : held.refusedMs));
    held.refusedMs = Math.min(MAX_WAIT_MS, held.refusedMs * 2);
  }

  /** Those of them who wait still. */
  private putBehind(asks: readonly Waiting[]): void {
    for (const waiting of asks) if (this.waiting.delete(waiting)) this.waiting.add(waiting);
  }

  private async tell(): Promise<void> {
    if (!this.hasToTell) return;
    const { isUncertain } = this;
    const untold = [...this.untold];
    this.isUncertain = false;
    this.untold.clear();
    try {
      if (isUncertain) await this.tellAll();
      else
        await this.claims.tell(untold.map((name) => ({ name, leased: this.names.get(name)?.leased ?? 0 })));
    } catch (error) {
      for (const name of untold) this.untold.add(name);
      this.isUncertain ||= isUncertain;
      throw error;
    }
  }

  private async tellAll(): Promise<void> {
    const leased = [...this.names.values()].filter((held) => held.leased > 0);
    const limits = new Map((await this.claims.tellAll(leased)).map(({ name, ...limit }) => [name, limit]));
    for (const held of leased) {
      if (this.names.get(held.name) !== held) continue;
      held.told = limits.get(held.name) ?? UNLIMITED;
      this.trim(held);
    }
  }
}

function limitOf({ limit, told }: Held): SlotLimit {
  return strictest([limit, told]);
}

function slotsOf({ job, host, inJob, atHost }: Waiting): readonly (readonly [Held, Slot])[] {
  return [
    [inJob, job],
    [atHost, host],
  ];
}

/** Whether there is one to spare, or more may be leased than is. */
function mayBeHad(held: Held): boolean {
  return held.inUse < held.leased || held.leased < ofWaiting(held).max;
}

function mayBeAsked(held: Held, now: number): boolean {
  return held.askFrom <= now && held.leased < ofWaiting(held).max;
}

function ofWaiting(held: Held): SlotLimit {
  return (held.ofWaiting ??= strictest([...held.waiting.values()]));
}

function strictest(limits: readonly SlotLimit[]): SlotLimit {
  return {
    max: Math.min(...limits.map(({ max }) => max)),
    minGapMs: Math.max(...limits.map(({ minGapMs }) => minGapMs)),
  };
}
