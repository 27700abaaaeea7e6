import type { Database } from '../store/database';
import { LEASE_MS } from './lease';
import type { SlotLimit } from './slots';

/** What a worker has under a name when it asks. */
export interface Leased {
  readonly name: string;
  /** places */
  readonly leased: number;
  /** of these, not in use */
  readonly spare: number;
  /** the strictest of those who ask */
  readonly limit: SlotLimit;
}

/** Who wants to begin, by positions from 0 in the list of names. */
export interface Ask {
  readonly job: number;
  readonly host: number;
}

/** What the database answers of a name. */
export interface Granted {
  readonly name: string;
  /** places beyond what was leased */
  readonly granted: number;
  /** places that are nobody's still */
  readonly free: number;
  readonly max: number;
  readonly minGapMs: number;
  /** until something may begin there; 0: at once, as far as the gap is concerned */
  readonly waitMs: number;
}

/** The places of one worker, as the database counts them. What is told is what the worker has, never by how much it has
 *  changed: an answer that gets lost leaves nothing wrong that the next statement would not put right. */
export class PlaceClaims {
  constructor(
    private readonly database: Database,
    private readonly worker: string,
  ) {}

  /** Leases what is missing to those who ask, one after the other: a place in the job and one at the host, or none.
   *  @param names all that are asked for */
  claim(names: readonly Leased[], asks: readonly Ask[]): Promise<Granted[]> {
    return this.database.query<Granted>(CLAIM, [
      this.worker,
      LEASE_MS,
      names.map(({ name }) => name),
      names.map(({ leased }) => leased),
      names.map(({ spare }) => spare),
      names.map(({ limit }) => limit.max),
      names.map(({ limit }) => limit.minGapMs),
      // Positions in PostgreSQL's arrays begin with 1.
      asks.map(({ job }) => job + 1),
      asks.map(({ host }) => host + 1),
    ]);
  }

  /** Tells what is leased under some names; 0: nothing. */
  async tell(names: readonly Pick<Leased, 'name' | 'leased'>[]): Promise<void> {
    await this.database.query(TELL, [...this.columns(names), false]);
  }

  /** Tells everything that is leased: under other names it is nothing.
   *  @returns the strictest limits there, of the running jobs that are to go there; of names without one, nothing */
  async tellAll(
    names: readonly Pick<Leased, 'name' | 'leased'>[],
  ): Promise<(SlotLimit & Pick<Leased, 'name'>)[]> {
    await this.database.query(TELL, [...this.columns(names), true]);
    return this.database.query(STRICTEST, [names.map(({ name }) => name)]);
  }

  private columns(names: readonly Pick<Leased, 'name' | 'leased'>[]): unknown[] {
    return [this.worker, names.map(({ name }) => name), names.map(({ leased }) => leased)];
  }
}

const CLAIM = `
SELECT name, granted, free, max, gap_ms AS "minGapMs", wait_ms AS "waitMs"
FROM wirefetch.claim_places($1::uuid, $2::int, $3::text[], $4::int[], $5::int[], $6::int[], $7::int[], $8::int[],
  $9::int[])`;

const TELL = `
WITH told AS (
  SELECT * FROM unnest($2::text[], $3::int[]) AS t (name, leased)
), gone AS (
  DELETE FROM wirefetch.leases l
  WHERE l.worker = $1::uuid AND (
    l.name IN (SELECT name FROM told WHERE leased = 0) OR ($4::boolean AND l.name NOT IN (SELECT name FROM told))
  )
)
UPDATE wirefetch.leases l SET held = t.leased FROM told t
WHERE l.worker = $1::uuid AND l.name = t.name AND t.leased > 0 AND l.held <> t.leased`;

const STRICTEST = `
SELECT n.name, s.max, s.gap_ms AS "minGapMs"
FROM unnest($1::text[]) AS n (name), LATERAL wirefetch.strictest_limit(n.name) AS s WHERE s.max IS NOT NULL`;
