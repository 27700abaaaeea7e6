import type { Database } from '../store/database';

/** so long may a worker be silent before its places are others' */
export const LEASE_MS = 15_000;
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

/** What may go on at once under a name. */
export interface SlotLimit {
  readonly max: number;
  /** between two beginnings */
  readonly minGapMs: number;
}

/** A place that is held. */
export interface Place {
  /** Gives it back. */
  leave(): void;
}

interface Waiting {
  readonly limit: SlotLimit;
  readonly begin: () => void;
}

/** What this worker has of the places under one name. */
interface Held {
  readonly name: string;
  readonly waiting: Set<Waiting>;
  /** the strictest of those who wait, or who have asked since */
  limit: SlotLimit;
  /** leased from the database */
  leased: number;
  inUse: number;
  /** until when what is leased is handed on here, on the clock of `performance.now()` */
  keepUntil: number;
  /** from when on the database may be asked for more, on the same clock */
  askFrom: number;
  /** gives back what nobody uses */
  lingering: NodeJS.Timeout | undefined;
}

type Claim = readonly [name: string, wanted: number, limit: SlotLimit];

/** Places under names, a host's or a job's, of which all workers together have a limited number, and which begin no closer
 *  together than they may. They are leased from the database, many with one question; a place that is given back goes to
 *  whoever waits for it here, for a while. */
export class Slots {
  private readonly names = new Map<string, Held>();
  private readonly toRelease = new Map<string, number>();
  private isAsking = false;
  private isClosed = false;
  /** until when others count what is leased here, on the clock of `performance.now()` */
  private heldUntil = Infinity;
  /** how often everything was lost */
  private losses = 0;
  private waitMs = MIN_WAIT_MS;
  private endPause: () => void = () => undefined;
  private hasOthers = false;

  /** @param failed told why the database could not be asked; it is asked again */
  constructor(
    private readonly database: Database,
    private readonly worker: string,
    private readonly failed: (error: Error) => void,
  ) {}

  /** Notes whether there are workers to yield to. */
  meet(hasOthers: boolean): void {
    if (hasOthers === this.hasOthers) return;
    this.hasOthers = hasOthers;
    const keepUntil = this.keepUntil();
    for (const held of this.names.values()) if (held.leased > 0) held.keepUntil = keepUntil;
  }

  /** Waits for a place.
   *  @returns null when `signal` aborted before there was one */
  enter(name: string, limit: SlotLimit, signal: AbortSignal): Promise<Place | null> {
    if (signal.aborted || this.isClosed) return Promise.resolve(null);
    const held = this.heldOf(name, limit);
    if (held.waiting.size === 0 && this.mayHandOn(held)) return Promise.resolve(this.occupy(held));
    return new Promise((resolve) => {
      const giveUp = (): void => {
        held.waiting.delete(waiting);
        // It may have been lost meanwhile, and begun anew.
        this.forget(this.names.get(name) ?? held);
        resolve(null);
      };
      const waiting: Waiting = {
        limit,
        begin: () => {
          held.waiting.delete(waiting);
          signal.removeEventListener('abort', giveUp);
          resolve(this.occupy(this.names.get(name)!));
        },
      };
      held.waiting.add(waiting);
      signal.addEventListener('abort', giveUp, { once: true });
      void this.ask();
    });
  }

  /** This worker has said that it is there.
   *  @param until so long what it has is nobody else's; then nothing more begins, until this is told anew */
  renew(until: number): void {
    this.heldUntil = until;
  }

  /** Whether the places that were given are held still. */
  get areHeld(): boolean {
    return performance.now() < this.heldUntil;
  }

  /** Everything that was leased is lost: this worker was thought to be gone. Those who wait go on waiting. */
  lose(): void {
    this.losses++;
    const lost = [...this.names.values()];
    this.names.clear();
    for (const held of lost) {
      clearTimeout(held.lingering);
      if (held.waiting.size > 0) this.names.set(held.name, { ...held, leased: 0, inUse: 0, keepUntil: 0 });
    }
    void this.ask();
  }

  close(): void {
    this.isClosed = true;
    this.endPause();
    for (const { lingering } of this.names.values()) clearTimeout(lingering);
  }

  private heldOf(name: string, limit: SlotLimit): Held {
    const held = this.names.get(name);
    if (held === undefined) {
      const anew = {
        name,
        limit,
        waiting: new Set<Waiting>(),
        leased: 0,
        inUse: 0,
        keepUntil: 0,
        askFrom: 0,
        lingering: undefined,
      };
      this.names.set(name, anew);
      this.endPause();
      return anew;
    }
    const { max, minGapMs } = strictest([held.limit, limit]);
    if (max !== held.limit.max || minGapMs !== held.limit.minGapMs) {
      held.limit = { max, minGapMs };
      // What was leased may be too much.
      held.keepUntil = 0;
    }
    return held;
  }

  /** With a gap to keep each beginning is asked for. */
  private mayHandOn({ limit, leased, inUse, keepUntil }: Held): boolean {
    return limit.minGapMs === 0 && inUse < leased && performance.now() < keepUntil && this.areHeld;
  }

  private occupy(held: Held): Place {
    held.inUse++;
    clearTimeout(held.lingering);
    let isHeld = true;
    return {
      leave: () => {
        if (isHeld) this.vacate(held);
        isHeld = false;
      },
    };
  }

  private vacate(held: Held): void {
    held.inUse--;
    // It was lost meanwhile.
    if (this.names.get(held.name) !== held) return;
    const [next] = held.waiting;
    if (!this.mayHandOn(held)) this.yieldOne(held);
    else if (next !== undefined) next.begin();
    else {
      clearTimeout(held.lingering);
      held.lingering = setTimeout(() => this.giveBack(held), LINGER_MS);
    }
  }

  /** Its time is over: others may have it. The rest follows little by little, so that there is always something to do. */
  private yieldOne(held: Held): void {
    const now = performance.now();
    if (this.hasOthers && held.limit.minGapMs === 0) held.askFrom = now + YIELD_MS;
    held.keepUntil = Math.max(held.keepUntil, now + KEEP_MS / Math.max(1, held.leased));
    this.giveBack(held);
  }

  private giveBack(held: Held): void {
    const spare = held.leased - held.inUse;
    if (spare <= 0) return;
    held.leased -= spare;
    this.releaseLater(held.name, spare);
    this.forget(held);
    void this.ask();
  }

  private keepUntil(): number {
    return this.hasOthers ? performance.now() + KEEP_MS : Infinity;
  }

  private forget(held: Held): void {
    if (held.leased > 0 || held.waiting.size > 0 || this.names.get(held.name) !== held) return;
    clearTimeout(held.lingering);
    this.names.delete(held.name);
  }

  /** One question at a time, which takes everything along that is to be asked by then. */
  private async ask(): Promise<void> {
    if (this.isAsking) return;
    this.isAsking = true;
    try {
      while (!this.isClosed) {
        // Whoever leaves or comes in the same turn is asked for together.
        await Promise.resolve();
        await this.releaseSpare();
        if (!this.isWanting) {
          if (this.toRelease.size > 0) continue;
          return;
        }
        const claims = this.claims();
        const granted = claims.length > 0 && (await this.claim(claims));
        this.waitMs = granted ? MIN_WAIT_MS : Math.min(MAX_WAIT_MS, this.waitMs * 2);
        if (!granted) await this.pause(this.waitMs);
      }
    } catch (error) {
      this.failed(error as Error);
      await this.pause(RETRY_MS);
    } finally {
      this.isAsking = false;
    }
    // The question failed.
    if (!this.isClosed && (this.toRelease.size > 0 || this.isWanting)) void this.ask();
  }

  private get isWanting(): boolean {
    return [...this.names.values()].some(wants);
  }

  /** Until so much later, or somebody wants what was not asked for yet. */
  private async pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.endPause = () => undefined;
  }

  private claims(): Claim[] {
    // Whoever is counted no more would be given what nobody knows of.
    if (!this.areHeld) return [];
    const now = performance.now();
    const wanting = [...this.names.values()].filter((held) => wants(held) && held.askFrom <= now);
    // Whoever was stricter may have gone.
    for (const held of wanting) held.limit = strictest([...held.waiting].map(({ limit }) => limit));
    return wanting
      .map(({ name, waiting, limit }): Claim => [name, waiting.size, limit])
      .toSorted(([one], [other]) => (one < other ? -1 : 1));
  }

  /** @returns whether anybody got a place */
  private async claim(claims: readonly Claim[]): Promise<boolean> {
    const { losses } = this;
    const rows = await this.database.query<{ readonly name: string; readonly granted: number }>(CLAIM, [
      claims.map(([name]) => name),
      claims.map(([, wanted]) => wanted),
      claims.map(([, , { max }]) => max),
      claims.map(([, , { minGapMs }]) => minGapMs),
      this.worker,
      LEASE_MS,
    ]);
    // What comes late may be lost already, or not counted: it is given back, of which the database takes what there is.
    const isLate = losses !== this.losses || !this.areHeld;
    let granted = false;
    for (const { name, granted: places } of rows) {
      if (places === 0) continue;
      if (isLate) {
        this.releaseLater(name, places);
        continue;
      }
      granted = true;
      this.grant(name, places);
    }
    return granted;
  }

  private grant(name: string, places: number): void {
    const held = this.names.get(name);
    if (held === undefined) {
      // Whoever wanted them has gone.
      this.releaseLater(name, places);
      return;
    }
    if (held.leased === 0) held.keepUntil = this.keepUntil();
    held.leased += places;
    for (const { begin } of [...held.waiting].slice(0, held.leased - held.inUse)) begin();
    this.giveBack(held);
  }

  private releaseLater(name: string, places: number): void {
    this.toRelease.set(name, (this.toRelease.get(name) ?? 0) + places);
  }

  private async releaseSpare(): Promise<void> {
    if (this.toRelease.size === 0) return;
    const spare = [...this.toRelease].toSorted(([one], [other]) => (one < other ? -1 : 1));
    this.toRelease.clear();
    try {
      await this.database.query(RELEASE, [
        spare.map(([name]) => name),
        spare.map(([, places]) => places),
        this.worker,
      ]);
    } catch (error) {
      for (const [name, places] of spare) this.releaseLater(name, places);
      throw error;
    }
  }
}

/** Whether there is something to ask the database for: more than may be leased is not. */
function wants({ waiting, leased }: Held): boolean {
  return waiting.size > 0 && leased < strictest([...waiting].map(({ limit }) => limit)).max;
}

function strictest(limits: readonly SlotLimit[]): SlotLimit {
  return {
    max: Math.min(...limits.map(({ max }) => max)),
    minGapMs: Math.max(...limits.map(({ minGapMs }) => minGapMs)),
  };
}

const CLAIM = `
SELECT w.name, c.granted
FROM unnest($1::text[], $2::int[], $3::int[], $4::int[]) AS w (name, wanted, max, gap_ms),
  LATERAL wirefetch.claim_slots(w.name, $5::uuid, w.wanted, w.max, w.gap_ms, $6::int) AS c`;

/** A row is changed once by a statement: what has been updated in it cannot be deleted. */
const RELEASE = `
WITH spare AS (
  SELECT * FROM unnest($1::text[], $2::int[]) AS s (name, places)
), emptied AS (
  DELETE FROM wirefetch.leases l USING spare s
  WHERE l.name = s.name AND l.worker = $3::uuid AND l.held <= s.places
)
UPDATE wirefetch.leases l SET held = l.held - s.places
FROM spare s WHERE l.name = s.name AND l.worker = $3::uuid AND l.held > s.places`;
