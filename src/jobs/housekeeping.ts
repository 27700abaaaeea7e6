import type { Database } from '../store/database';

/** jobs that are deleted at once: with 10,000 items each */
const JOBS_AT_ONCE = 5;
/** a worker that was silent for so long has no places that anybody counts */
const WORKER_QUIET = '1 hour';
const SLOT_QUIET = '2 hours';
/** so often is cleaned up where nothing does it by itself */
const VACUUM_MS = 300_000;

/** so many octets of the write-ahead log may have to be gone through after a kill: a few seconds */
const MAX_LOG_OCTETS = 67_108_864;

/** Deletes what is kept no longer. */
export class Housekeeping {
  private vacuumedAt = performance.now();

  /** @param isEmbedded PGlite has no autovacuum */
  constructor(
    private readonly database: Database,
    private readonly isEmbedded: boolean,
  ) {}

  /** Does what there is to do.
   *  @returns whether there is more */
  async sweep(): Promise<boolean> {
    const jobs = await this.database.query(DELETE_JOBS, [JOBS_AT_ONCE]);
    if (jobs.length === JOBS_AT_ONCE) return true;
    await this.database.query(
      `DELETE FROM wirefetch.workers WHERE beat_at < now() - interval '${WORKER_QUIET}'`,
    );
    await this.database.query(DELETE_SLOTS);
    if (this.isEmbedded && (jobs.length > 0 || performance.now() - this.vacuumedAt > VACUUM_MS)) {
      await this.database.query('VACUUM');
      this.vacuumedAt = performance.now();
    }
    return false;
  }
}

/** The embedded database, of whose processes there is but one, writes its tables out only when it is told to: until then its
 *  log grows.
 *  @returns that there is no more to do */
export async function writeOut(database: Database): Promise<false> {
  const [log] = await database.query<{ readonly octets: number }>(
    'SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn)::float8 AS octets FROM pg_control_checkpoint()',
  );
  if (log!.octets > MAX_LOG_OCTETS) await database.query('CHECKPOINT');
  return false;
}

/** Replicas do not wait for each other. */
const DELETE_JOBS = `
DELETE FROM wirefetch.jobs WHERE id IN (
  SELECT id FROM wirefetch.jobs
  WHERE finished_at IS NOT NULL AND finished_at + keep_results_ms * interval '1 millisecond' < now()
  LIMIT $1 FOR UPDATE SKIP LOCKED
) RETURNING id`;

const DELETE_SLOTS = `
DELETE FROM wirefetch.slots WHERE name IN (
  SELECT name FROM wirefetch.slots s
  WHERE next_at < now() - interval '${SLOT_QUIET}'
    AND NOT EXISTS (SELECT 1 FROM wirefetch.leases l WHERE l.name = s.name)
  FOR UPDATE SKIP LOCKED
)`;
