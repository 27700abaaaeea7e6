import type { Owner } from '../access/caller';
import type { Database, Queryable } from '../store/database';
import { ENDED_JOB_COLUMNS, type EndedJob, announce } from './announcement';
import type { ItemQueue } from './item-queue';
import { JOBS_CHANGED, JOB_CANCELLED } from './job-channel';
import { JOB_COLUMNS, type JobRow } from './job-row';
import type { ResultBlock, ResultPlace } from './result-blocks';

/** An item that is done. */
export interface DoneItem {
  /** in the order of completion, from 1 */
  readonly number: number;
  readonly index: number;
  readonly state: 'succeeded' | 'failed' | 'cancelled';
  readonly attempts: number;
  /** of the result or of the problem; null: there is neither */
  readonly place: ResultPlace | null;
}

export type ItemState = DoneItem['state'];
export type JobState = JobRow['state'];

type DoneRow = Omit<DoneItem, 'place'> & { readonly block: string | null; readonly line: number };
type BlockRow = Omit<ResultBlock, 'job'>;

/** The jobs of an owner, and what has come of them. Another's job is not there. */
export class JobArchive {
  constructor(
    private readonly database: Database,
    private readonly queue: ItemQueue,
  ) {}

  async find(owner: Owner, id: string): Promise<JobRow | null> {
    const [job] = await this.database.query<JobRow>(
      `SELECT ${JOB_COLUMNS} FROM wirefetch.jobs j WHERE id = $1 AND owner = $2`,
      [id, owner],
    );
    return job ?? null;
  }

  /** @param after the last of the page before; null: from the newest on
   *  @returns the newest first */
  list(owner: Owner, after: string | null, limit: number, state: JobState | null): Promise<JobRow[]> {
    return this.database.query<JobRow>(
      `SELECT ${JOB_COLUMNS} FROM wirefetch.jobs j
       WHERE owner = $1 AND ($2::text IS NULL OR id < $2) AND ($3::text IS NULL OR state = $3)
       ORDER BY id DESC LIMIT $4`,
      [owner, after, state, limit],
    );
  }

  /** @param after number of the last one that is known; numbers are given in the transaction that records, one job's one
   *    after the other, so that none comes before one that is seen already
   *  @returns in the order of completion */
  async done(job: string, after: number, limit: number, state: ItemState | null): Promise<DoneItem[]> {
    const rows = await this.database.query<DoneRow>(DONE, [job, after, state, limit]);
    return rows.map(({ block, line, ...item }) =>
      Object.assign(item, { place: block === null ? null : { block, line } }),
    );
  }

  /** @param ids of blocks, in the order in which they are wanted
   *  @param maxBytes octets that are taken at once; of the first, all
   *  @returns of the first of them, as many as may be taken, the octets by their ids; none: the job is kept no longer */
  async blocks(job: string, ids: readonly string[], maxBytes: number): Promise<Map<string, Uint8Array>> {
    const rows = await this.database.query<BlockRow>(BLOCKS, [job, ids, maxBytes]);
    return new Map(rows.map(({ id, octets }) => [id, octets]));
  }

  /** Cancels what has not begun, and has what runs aborted. A job that has ended stays as it is.
   *  @returns the job, and whether it had not ended; null: the owner has none of that name */
  async cancel(
    owner: Owner,
    id: string,
  ): Promise<{ readonly job: EndedJob; readonly wasOpen: boolean } | null> {
    const cancelled = await this.database.transaction(async (tx) => {
      const [job] = await tx.query<EndedJob>(
        `SELECT ${ENDED_JOB_COLUMNS} FROM wirefetch.jobs j WHERE id = $1 AND owner = $2 FOR UPDATE`,
        [id, owner],
      );
      if (job === undefined) return null;
      if (job.state !== 'queued' && job.state !== 'running') return { job, wasOpen: false, queued: [] };
      return { wasOpen: true, ...(await this.cancelLocked(tx, id)) };
    });
    if (cancelled === null) return null;
    const { queued, ...answer } = cancelled;
    // Not in the same transaction: who takes items locks them in the queue first, and then their job. What stays there is
    // taken for nothing.
    await this.queue.remove(this.database, queued).catch(() => undefined);
    return answer;
  }

  private async cancelLocked(
    tx: Queryable,
    id: string,
  ): Promise<{ readonly job: EndedJob; readonly queued: readonly string[] }> {
    const queued = await tx.query<{ readonly id: string }>(
      `SELECT queue_id::text AS id FROM wirefetch.items
       WHERE job_id = $1 AND state = 'pending' AND queue_id IS NOT NULL`,
      [id],
    );
    await tx.query(CANCEL_ITEMS, [id]);
    const [cancelled] = await tx.query<EndedJob>(CANCEL_JOB, [id]);
    if (cancelled!.finishedAt !== null) await announce(tx, [cancelled!]);
    await tx.query(CANCEL_HOSTS, [id]);
    await tx.query('SELECT pg_notify($1, $3), pg_notify($2, $3)', [JOB_CANCELLED, JOBS_CHANGED, id]);
    return { job: cancelled!, queued: queued.map((place) => place.id) };
  }
}

const DONE = `
SELECT number, index, state, attempts, block::text AS block, line FROM wirefetch.results
WHERE job_id = $1 AND number > $2 AND ($3::text IS NULL OR state = $3) ORDER BY number LIMIT $4`;

/** How long a block is, is known without reading it. They are looked up one by one: joined, or by a list, all blocks of the
 *  job would be read for it while nobody has analyzed the table. */
const BLOCKS = `
SELECT id::text AS id, octets FROM (
  SELECT w.id, b.octets, w.position, sum(length(b.octets)) OVER (ORDER BY w.position) AS bytes
  FROM unnest($2::uuid[]) WITH ORDINALITY AS w (id, position)
  CROSS JOIN LATERAL (
    SELECT octets FROM wirefetch.result_blocks r WHERE r.job_id = $1 AND r.id = w.id LIMIT 1
  ) b
) b
WHERE position = 1 OR bytes <= $3`;

const CANCEL_ITEMS = `
WITH cancelled AS (
  UPDATE wirefetch.items SET state = 'cancelled', queue_id = NULL, is_deferred = false
  WHERE job_id = $1 AND state = 'pending'
  RETURNING index, attempts
)
INSERT INTO wirefetch.results (job_id, number, index, state, attempts)
SELECT j.id, j.last_number + row_number() OVER (ORDER BY c.index), c.index, 'cancelled', c.attempts
FROM cancelled c JOIN wirefetch.jobs j ON j.id = $1`;

/** Released are those that run. */
const CANCEL_JOB = `
UPDATE wirefetch.jobs j
SET state = 'cancelled', cancelled = cancelled + pending, last_number = last_number + pending, pending = 0,
  released = running, finished_at = CASE WHEN running = 0 THEN now() END
WHERE id = $1 RETURNING ${ENDED_JOB_COLUMNS}`;

const CANCEL_HOSTS = `
UPDATE wirefetch.job_hosts h
SET remaining = coalesce(r.running, 0), released = coalesce(r.running, 0)
FROM wirefetch.job_hosts k LEFT JOIN (
  SELECT host, count(*)::int AS running FROM wirefetch.items WHERE job_id = $1 AND state = 'running' GROUP BY host
) r ON r.host = k.host
WHERE h.job_id = $1 AND k.job_id = $1 AND h.host = k.host AND h.remaining > 0`;
