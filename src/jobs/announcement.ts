import { monotonicFactory } from 'ulid';
import type { Queryable } from '../store/database';
import { JOB_COLUMNS, type JobRow } from './job-row';
import type { JobWebhook } from './job-spec';
import { toJob } from './job.mapper';

const nextMessageId = monotonicFactory();

/** A job that has ended, with who is to be told. */
export type EndedJob = JobRow & {
  readonly owner: string;
  /** JSON of a JobWebhook; null: nobody */
  readonly webhook: string | null;
};

export const ENDED_JOB_COLUMNS = `${JOB_COLUMNS}, j.owner, j.webhook`;

/** As `announce`, of jobs that have just ended.
 *  @returns them */
export async function announceAll(tx: Queryable, ids: readonly string[]): Promise<EndedJob[]> {
  if (ids.length === 0) return [];
  const columns = `SELECT ${ENDED_JOB_COLUMNS} FROM wirefetch.jobs j WHERE j.id = ANY($1::text[])`;
  const jobs = await tx.query<EndedJob>(columns, [ids]);
  await announce(tx, jobs);
  return jobs;
}

/** Writes down who is to be told of the end of jobs, in the transaction in which they end. */
export async function announce(tx: Queryable, jobs: readonly EndedJob[]): Promise<void> {
  for (const job of jobs) {
    const webhook = job.webhook === null ? null : (JSON.parse(job.webhook) as JobWebhook);
    const event = job.state === 'cancelled' ? 'job.cancelled' : 'job.completed';
    if (webhook === null || !webhook.events.includes(event)) continue;
    const timestamp = job.finishedAt!.toISOString();
    await tx.query(
      `INSERT INTO wirefetch.deliveries (id, owner, url, secret, event, payload) VALUES ($1, $2, $3, $4, $5, $6)`,
      [
        `msg_${nextMessageId()}`,
        job.owner,
        webhook.url,
        webhook.secret,
        event,
        JSON.stringify({ type: event, timestamp, data: toJob(job) }),
      ],
    );
  }
}
