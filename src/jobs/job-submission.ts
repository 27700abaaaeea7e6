import { monotonicFactory } from 'ulid';
import type { Owner } from '../access/caller';
import { Problem } from '../problems/problem';
import { type Database, DatabaseError, type Queryable } from '../store/database';
import { JOBS_CHANGED } from './job-channel';
import { JOB_COLUMNS, type JobRow } from './job-row';
import type { JobSpec } from './job-spec';
import type { Ledger } from './ledger';

const nextJobId = monotonicFactory();
/** rows of one statement: a longer one would hold whoever makes its text */
const ROWS_A_STATEMENT = 1_000;
const UNIQUE_VIOLATION = '23505';

/** A repeated call of the same caller with the same content. */
export interface Idempotency {
  readonly key: string;
  /** of the content as it was received */
  readonly digest: Buffer;
}

export interface Accepted {
  readonly job: JobRow;
  /** whether it was accepted before */
  readonly isReplayed: boolean;
}

/** Accepts jobs: what is told to have been accepted is written. */
export class JobSubmission {
  constructor(
    private readonly database: Database,
    private readonly ledger: Ledger,
  ) {}

  /** @param idempotency null: each call makes a job
   *  @throws Problem idempotency-mismatch */
  async submit(owner: Owner, spec: JobSpec, idempotency: Idempotency | null): Promise<Accepted> {
    const known = idempotency === null ? null : await this.replay(owner, idempotency);
    if (known !== null) return known;
    try {
      const job = await this.database.transaction((tx) => this.insert(tx, owner, spec, idempotency));
      return { job, isReplayed: false };
    } catch (error) {
      // Somebody has made it at the same time.
      const isTwin =
        error instanceof DatabaseError && error.code === UNIQUE_VIOLATION && idempotency !== null;
      const twin = isTwin ? await this.replay(owner, idempotency) : null;
      if (twin === null) throw error;
      return twin;
    }
  }

  private async replay(owner: Owner, { key, digest }: Idempotency): Promise<Accepted | null> {
    const [row] = await this.database.query<JobRow & { readonly digest: Uint8Array }>(
      `SELECT ${JOB_COLUMNS}, request_digest AS digest FROM wirefetch.jobs j WHERE owner = $1 AND idempotency_key = $2`,
      [owner, key],
    );
    if (row === undefined) return null;
    if (!digest.equals(row.digest))
      throw new Problem('idempotency-mismatch', 'That Idempotency-Key was used with another content.');
    return { job: row, isReplayed: true };
  }

  private async insert(
    tx: Queryable,
    owner: Owner,
    spec: JobSpec,
    idempotency: Idempotency | null,
  ): Promise<JobRow> {
    const id = nextJobId();
    const { requests, webhook } = spec;
    const [job] = await tx.query<JobRow>(INSERT_JOB, [
      id,
      owner,
      requests.length,
      spec.concurrency,
      spec.perHost.concurrency,
      spec.perHost.minGapMs,
      spec.retries.max,
      spec.retries.backoffMs,
      spec.priority,
      spec.startAfter,
      spec.keepResultsMs,
      idempotency?.key ?? null,
      idempotency?.digest ?? null,
      webhook === null ? null : JSON.stringify(webhook),
    ]);
    for (let from = 0; from < requests.length; from += ROWS_A_STATEMENT) {
      const some = requests.slice(from, from + ROWS_A_STATEMENT);
      await tx.query(INSERT_ITEMS, [id, from, some.map(({ host }) => host), some.map(({ json }) => json)]);
    }
    await tx.query(INSERT_HOSTS, [id]);
    await this.ledger.release(tx, id);
    await tx.query('SELECT pg_notify($1, $2)', [JOBS_CHANGED, id]);
    return job!;
  }
}

const INSERT_JOB = `
INSERT INTO wirefetch.jobs AS j (id, owner, total, pending, concurrency, host_concurrency, min_gap_ms, max_retries,
  backoff_ms, priority, start_after, keep_results_ms, idempotency_key, request_digest, webhook)
VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
RETURNING ${JOB_COLUMNS}`;

const INSERT_ITEMS = `
INSERT INTO wirefetch.items (job_id, index, host, request)
SELECT $1, $2::int + r.position::int - 1, r.host, r.request
FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS r (host, request, position)`;

const INSERT_HOSTS = `
WITH hosts AS (
  INSERT INTO wirefetch.job_hosts (job_id, host, remaining)
  SELECT job_id, host, count(*)::int FROM wirefetch.items WHERE job_id = $1 GROUP BY job_id, host
  RETURNING 1
)
UPDATE wirefetch.jobs SET open_hosts = (SELECT count(*)::int FROM hosts) WHERE id = $1`;
