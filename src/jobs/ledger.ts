import { randomUUID } from 'node:crypto';
import type { Database, Queryable } from '../store/database';
import { type EndedJob, announceAll } from './announcement';
import type { ItemQueue, QueuePlace, QueuedItem } from './item-queue';
import { type ResultContent, toBlocks } from './result-blocks';

/** how much of a job is in the queue ahead of what may run: enough for workers never to wait for it, little enough that
 *  they have room for several jobs */
const AHEAD = { times: 4, more: 448 };

/** What a worker has to know of the job of an item. */
interface ClaimedJob {
  readonly job: string;
  readonly owner: string;
  readonly concurrency: number;
  readonly hostConcurrency: number;
  readonly minGapMs: number;
  readonly maxRetries: number;
  readonly backoffMs: number;
  readonly priority: number;
  readonly isCancelled: boolean;
  /** octets that its results take already */
  readonly resultBytes: number;
}

/** An item that a worker has taken. */
export interface ClaimedItem extends ClaimedJob {
  readonly index: number;
  /** of its first hop, as gates name it */
  readonly host: string;
  /** JSON as POST /fetch takes it */
  readonly request: string;
  /** finished ones, before this */
  readonly attempts: number;
  /** workers that were lost while they had it */
  readonly crashes: number;
  /** the last of them while it fetched this and nothing else */
  readonly wasAlone: boolean;
  /** who may record it: nobody but the last who took it */
  readonly run: string;
  readonly place: QueuePlace;
}

/** What came of an item that was taken. */
export type Settlement =
  | {
      readonly item: ClaimedItem;
      readonly state: 'succeeded' | 'failed' | 'cancelled';
      /** or the problem; null: there is neither */
      readonly result: ResultContent | null;
    }
  | {
      readonly item: ClaimedItem;
      /** it is to be tried again */
      readonly state: 'deferred';
      readonly delayMs: number;
      /** whether it was tried, and not given back as it was */
      readonly wasTried: boolean;
    };

type ClaimedRow = Pick<ClaimedItem, 'host' | 'request' | 'attempts' | 'wasAlone'> & {
  readonly queueId: string;
};

/** What is to be put into the queue. */
interface ReleasedRow {
  readonly job: string;
  readonly index: number;
  readonly queueId: string;
  readonly priority: number;
  readonly startAfter: Date | null;
}

/** Beside what is to be put into the queue: a job that has ended, without an index, and the position of what was not recorded,
 *  from 1, without a job. */
type SettledRow =
  | ReleasedRow
  | { readonly job: string; readonly index: null }
  | { readonly job: null; readonly index: number };

/** What was recorded. */
export interface Recorded {
  /** the end of each attempt that this was */
  readonly outcomes: readonly Settlement['state'][];
  /** the jobs that have ended with it */
  readonly ended: readonly EndedJob[];
}

/** Who has taken which item, and what came of it: each is recorded once. */
export class Ledger {
  constructor(
    private readonly database: Database,
    private readonly queue: ItemQueue,
  ) {}

  /** Takes up to so many items. */
  claim(count: number): Promise<ClaimedItem[]> {
    return this.database.transaction(async (tx) => {
      const taken = await this.queue.take(tx, count);
      if (taken.length === 0) return [];
      const run = randomUUID();
      const names = taken.map(({ job }) => job);
      const claiming = tx.query<ClaimedRow>(CLAIM, [
        names,
        taken.map(({ index }) => index),
        taken.map(({ place }) => place.id),
        run,
      ]);
      // Asked one after the other, without waiting in between.
      const [rows, ofJobs] = await Promise.all([
        claiming,
        tx.query<ClaimedJob>(CLAIMED_JOBS, [[...new Set(names)]]),
      ]);
      const jobs = new Map(ofJobs.map((row) => [row.job, row]));
      const byPlace = new Map(taken.map((one) => [one.place.id, one]));
      const items = rows.map(({ queueId, ...row }): ClaimedItem => {
        const { job, index, place } = byPlace.get(queueId)!;
        byPlace.delete(queueId);
        return Object.assign(row, jobs.get(job)!, { index, crashes: place.retryCount, run, place });
      });
      // What was cancelled meanwhile, or put there once more under another id, is in the queue for nothing.
      await this.queue.complete(
        tx,
        [...byPlace.values()].map(({ place }) => place),
      );
      // Those first that were taken before, so that none is lost again and again while it waits.
      return items.toSorted((one, other) => other.crashes - one.crashes || one.index - other.index);
    });
  }

  /** Notes that an item is about to be fetched while nothing else is.
   *  @returns false: somebody else has it by now, or it is done */
  async markAlone({ job, index, run }: ClaimedItem): Promise<boolean> {
    const marked = await this.database.query(
      'UPDATE wirefetch.items SET was_alone = true WHERE job_id = $1 AND index = $2 AND run = $3::uuid RETURNING index',
      [job, index, run],
    );
    return marked.length > 0;
  }

  /** @returns those of the jobs that are cancelled */
  async cancelled(jobs: readonly string[]): Promise<string[]> {
    const rows = await this.database.query<{ readonly id: string }>(
      "SELECT id FROM wirefetch.jobs WHERE id = ANY($1::text[]) AND state = 'cancelled'",
      [jobs],
    );
    return rows.map(({ id }) => id);
  }

  /** @returns the most urgent priority of what waits in the queue for a worker; null: nothing does, but for what is to be
   *    tried again */
  async mostUrgent(): Promise<number | null> {
    const [row] = await this.database.query<{ readonly priority: number | null }>(MOST_URGENT);
    return row!.priority;
  }

  /** Records what came of items, and puts what may follow into the queue. What somebody else has taken meanwhile, because
   *  this worker was thought to be gone, is not recorded. */
  async record(settlements: readonly Settlement[]): Promise<Recorded> {
    const { blocks, places } = await toBlocks(
      settlements.map((settlement) => ({
        job: settlement.item.job,
        content: settlement.state === 'deferred' ? null : settlement.result,
      })),
    );
    return this.database.transaction(async (tx) => {
      const settling = tx.query<SettledRow>(SETTLE, [
        settlements.map(({ item }) => item.job),
        settlements.map(({ item }) => item.index),
        settlements.map(({ item }) => item.run),
        settlements.map(({ state }) => (state === 'deferred' ? 'pending' : state)),
        settlements.map((settlement) => (settlement.state === 'deferred' ? settlement.delayMs : null)),
        settlements.map((settlement) =>
          settlement.state === 'deferred' ? settlement.wasTried : settlement.state !== 'cancelled',
        ),
        places.map((place) => place?.block ?? null),
        places.map((place) => place?.line ?? null),
        blocks.map(({ id }) => id),
        blocks.map(({ job }) => job),
        blocks.map(({ octets }) => octets),
        AHEAD.times,
        AHEAD.more,
      ]);
      // Asked one after the other, without waiting in between.
      const completing = this.queue.complete(
        tx,
        settlements.map(({ item }) => item.place),
      );
      const [rows] = await Promise.all([settling, completing]);
      const released = rows.filter(isReleased);
      await this.queue.put(tx, released.map(toQueued));
      const ended = rows.flatMap(({ job, index }) => (index === null ? [job] : []));
      return { outcomes: outcomesOf(settlements, rows), ended: await announceAll(tx, ended) };
    });
  }

  /** Puts back what was taken, items and places: whoever took them is gone.
   *  @returns how many items that were, and how many jobs have not ended */
  putAllBack(): Promise<{ readonly jobs: number; readonly putBack: number }> {
    return this.database.transaction(async (tx) => {
      await tx.query('DELETE FROM wirefetch.workers');
      const taken = await tx.query<{ readonly id: string }>(
        "SELECT queue_id::text AS id FROM wirefetch.items WHERE state = 'running'",
      );
      await this.queue.putBack(
        tx,
        taken.map(({ id }) => id),
      );
      const [open] = await tx.query<{ readonly jobs: number }>(
        'SELECT count(*)::int AS jobs FROM wirefetch.jobs WHERE finished_at IS NULL',
      );
      return { jobs: open!.jobs, putBack: taken.length };
    });
  }

  /** Puts as many of a job's items into the queue as may be there. Its row is locked. */
  async release(tx: Queryable, job: string): Promise<void> {
    const rows = await tx.query<ReleasedRow>(RELEASE, [job, AHEAD.times, AHEAD.more]);
    await this.queue.put(tx, rows.map(toQueued));
  }
}

function isReleased(row: SettledRow): row is ReleasedRow {
  return row.job !== null && row.index !== null;
}

function toQueued({ queueId, ...item }: ReleasedRow): QueuedItem {
  return { ...item, id: queueId };
}

/** What was given back untried was no attempt; and of a job that was cancelled meanwhile nothing is deferred. */
function outcomesOf(settlements: readonly Settlement[], rows: readonly SettledRow[]): Settlement['state'][] {
  const unrecorded = new Set(rows.flatMap(({ job, index }) => (job === null ? [index - 1] : [])));
  const queued = new Set(rows.map(({ job, index }) => `${job} ${index}`));
  return settlements.flatMap((settlement, position) => {
    if (unrecorded.has(position)) return [];
    if (settlement.state !== 'deferred') return [settlement.state];
    const { item, wasTried } = settlement;
    if (!queued.has(`${item.job} ${item.index}`)) return ['cancelled'];
    return wasTried ? ['deferred'] : [];
  });
}

const RELEASED = 'job, index, queue_id::text AS "queueId", priority, start_after AS "startAfter"';

const CLAIM = `
SELECT queue_id::text AS "queueId", host, request, attempts, was_alone AS "wasAlone"
FROM wirefetch.claim_items($1::text[], $2::int[], $3::uuid[], $4::uuid)`;

const CLAIMED_JOBS = `
SELECT id AS job, owner, concurrency, host_concurrency AS "hostConcurrency", min_gap_ms AS "minGapMs",
  max_retries AS "maxRetries", backoff_ms AS "backoffMs", priority, state = 'cancelled' AS "isCancelled",
  result_bytes AS "resultBytes"
FROM wirefetch.jobs WHERE id = ANY($1::text[])`;

const MOST_URGENT = `
SELECT max(priority) AS priority FROM wirefetch.jobs
WHERE finished_at IS NULL AND released > running AND state <> 'cancelled' AND (start_after IS NULL OR start_after <= now())`;

const SETTLE = `
SELECT ${RELEASED} FROM wirefetch.settle_items($1::text[], $2::int[], $3::uuid[], $4::text[], $5::int[], $6::boolean[],
  $7::uuid[], $8::int[], $9::uuid[], $10::text[], $11::bytea[], $12::int, $13::int)`;

const RELEASE = `SELECT ${RELEASED} FROM wirefetch.release_items($1, $2::int, $3::int)`;
