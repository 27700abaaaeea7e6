import { setTimeout as after } from 'node:timers/promises';
import type { Database } from '../store/database';

/** so long may a worker be silent before its places are others' */
export const LEASE_MS = 15_000;
/** so long a place may be handed on among those who wait here before others are asked for it */
const KEEP_MS = 1_000;
const MIN_WAIT_MS = 10;
const MAX_WAIT_MS = 250;

/** What may go on at once under a name. */
export interface SlotLimit {
  readonly max: number;
  /** between two beginnings */
  readonly minGapMs: number;
}

interface Waiting {
  readonly begin: () => void;
}

/** What this worker has of the places under one name. */
interface Held {
  readonly limit: SlotLimit;
  readonly waiting: Set<Waiting>;
  /** leased from the database */
  leased: number;
  inUse: number;
  /** when what is leased is to be given back although somebody waits, on the clock of `performance.now()` */
  keepUntil: number;
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
  private waitMs = MIN_WAIT_MS;

  /** @param failed told why the database could not be asked; it is asked again */
  constructor(
    private readonly database: Database,
    private readonly worker: string,
    private readonly failed: (error: Error) => void,
  ) {}

  /** Waits for a place.
   *  @returns whether there was one before `signal` aborted */
  enter(name: string, limit: SlotLimit, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted || this.isClosed) return Promise.resolve(false);
    const held = this.heldOf(name, limit);
    if (held.waiting.size === 0 && this.mayHandOn(held)) {
      held.inUse++;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const giveUp = (): void => {
        held.waiting.delete(waiting);
        this.forget(name, held);
        resolve(false);
      };
      const waiting: Waiting = {
        begin: () => {
          held.waiting.delete(waiting);
          signal.removeEventListener('abort', giveUp);
          held.inUse++;
          resolve(true);
        },
      };
      held.waiting.add(waiting);
      signal.addEventListener('abort', giveUp, { once: true });
      void this.ask();
    });
  }

  /** Gives a place back. */
  leave(name: string): void {
    const held = this.names.get(name);
    if (held === undefined) return;
    held.inUse--;
    const [next] = held.waiting;
    if (next !== undefined && this.mayHandOn(held)) next.begin();
    else this.giveBack(name, held);
    void this.ask();
  }

  /** Everything that was leased is lost: this worker was thought to be gone. */
  lose(): void {
    this.toRelease.clear();
    for (const [name, held] of this.names) {
      held.leased = 0;
      held.inUse = 0;
      this.forget(name, held);
    }
  }

  close(): void {
    this.isClosed = true;
  }

  private heldOf(name: string, limit: SlotLimit): Held {
    const held = this.names.get(name) ?? { limit, waiting: new Set(), leased: 0, inUse: 0, keepUntil: 0 };
    this.names.set(name, held);
    return held;
  }

  /** With a gap to keep each beginning is asked for. */
  private mayHandOn({ limit, leased, inUse, keepUntil }: Held): boolean {
    return limit.minGapMs === 0 && inUse < leased && performance.now() < keepUntil;
  }

  private giveBack(name: string, held: Held): void {
    const spare = held.leased - held.inUse;
    if (spare <= 0) return;
    held.leased -= spare;
    this.toRelease.set(name, (this.toRelease.get(name) ?? 0) + spare);
    this.forget(name, held);
  }

  private forget(name: string, held: Held): void {
    if (held.leased <= 0 && held.waiting.size === 0) this.names.delete(name);
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
        const claims = this.claims();
        if (claims.length === 0) {
          if (this.toRelease.size > 0) continue;
          return;
        }
        const granted = await this.claim(claims);
        this.waitMs = granted ? MIN_WAIT_MS : Math.min(MAX_WAIT_MS, this.waitMs * 2);
        if (!granted) await after(this.waitMs, undefined, { ref: false });
      }
    } catch (error) {
      this.failed(error as Error);
      await after(MAX_WAIT_MS, undefined, { ref: false });
    } finally {
      this.isAsking = false;
    }
    // The question failed.
    if (!this.isClosed && (this.toRelease.size > 0 || this.claims().length > 0)) void this.ask();
  }

  private claims(): Claim[] {
    return [...this.names]
      .filter(([, { waiting }]) => waiting.size > 0)
      .map(([name, { waiting, limit }]): Claim => [name, waiting.size, limit])
      .toSorted(([one], [other]) => (one < other ? -1 : 1));
  }

  /** @returns whether anybody got a place */
  private async claim(claims: readonly Claim[]): Promise<boolean> {
    const rows = await this.database.query<{ readonly name: string; readonly granted: number }>(CLAIM, [
      claims.map(([name]) => name),
      claims.map(([, wanted]) => wanted),
      claims.map(([, , { max }]) => max),
      claims.map(([, , { minGapMs }]) => minGapMs),
      this.worker,
      LEASE_MS,
    ]);
    let granted = false;
    for (const { name, granted: places } of rows) {
      if (places === 0) continue;
      granted = true;
      this.grant(name, places);
    }
    return granted;
  }

  private grant(name: string, places: number): void {
    const held = this.names.get(name);
    if (held === undefined) {
      // Whoever wanted them has gone.
      this.toRelease.set(name, (this.toRelease.get(name) ?? 0) + places);
      return;
    }
    held.leased += places;
    held.keepUntil = performance.now() + KEEP_MS;
    for (const { begin } of [...held.waiting].slice(0, held.leased - held.inUse)) begin();
    this.giveBack(name, held);
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
      for (const [name, places] of spare) this.toRelease.set(name, (this.toRelease.get(name) ?? 0) + places);
      throw error;
    }
  }
}

const CLAIM = `
SELECT w.name, c.granted
FROM unnest($1::text[], $2::int[], $3::int[], $4::int[]) AS w (name, wanted, max, gap_ms),
  LATERAL wirefetch.claim_slots(w.name, $5::uuid, w.wanted, w.max, w.gap_ms, $6::int) AS c`;

const RELEASE = `
WITH spare AS (
  UPDATE wirefetch.leases l SET held = l.held - s.places
  FROM unnest($1::text[], $2::int[]) AS s (name, places)
  WHERE l.name = s.name AND l.worker = $3::uuid
  RETURNING l.name, l.held
)
DELETE FROM wirefetch.leases l USING spare s WHERE l.name = s.name AND l.worker = $3::uuid AND s.held <= 0`;
