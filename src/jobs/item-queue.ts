import type { Db, PgBoss } from 'pg-boss';
import { type Database, DatabaseError, type Queryable } from '../store/database';

const QUEUE = 'items';
/** pg-boss' least; whoever has not touched what it took for so long has lost it */
const HEARTBEAT_SECONDS = 10;
/** Losing one is not the item's fault: how often is counted elsewhere. */
const RETRY_LIMIT = 1_000_000;
/** An item may wait for its host for as long as that takes: heartbeats tell whether anybody looks after it. */
const EXPIRE_SECONDS = 23 * 3_600;
/** what waits is never thrown away */
const RETENTION_SECONDS = 3_650 * 86_400;
/** pg-boss looks no more often than this, however often it is asked to */
const SUPERVISE_SECONDS = 1;
const MAINTENANCE_SECONDS = 60;
/** SQLSTATE */
const UNIQUE_VIOLATION = '23505';

export interface QueueOptions {
  readonly isEmbedded: boolean;
  readonly failed: (error: Error) => void;
}

/** Where an item is in the queue, and how often it was taken before: who took it last may complete it. */
export interface QueuePlace {
  readonly id: string;
  readonly retryCount: number;
}

/** Which item of which job. */
export interface ItemName {
  readonly job: string;
  readonly index: number;
}

/** An item that is to be put into the queue. */
export interface QueuedItem extends ItemName {
  readonly id: string;
  /** higher ones go first */
  readonly priority: number;
  /** null: at once */
  readonly startAfter: Date | null;
}

/** The queue of all items, by pg-boss: who is next, who has taken what and is still there. It holds names alone; the
 *  truth is in the tables of the ledger. */
export class ItemQueue {
  private constructor(private readonly boss: PgBoss) {}

  /** @throws StoreUnavailable */
  static async start(database: Database, options: QueueOptions): Promise<ItemQueue> {
    try {
      return await ItemQueue.startOnce(database, options);
    } catch (error) {
      // Of two that find no schema of pg-boss's, the second makes it as well once the first has.
      if (!(error instanceof DatabaseError && error.code === UNIQUE_VIOLATION)) throw error;
      return ItemQueue.startOnce(database, options);
    }
  }

  private static async startOnce(
    database: Database,
    { isEmbedded, failed }: QueueOptions,
  ): Promise<ItemQueue> {
    // Some megabytes, which a service without jobs does without.
    const { PgBoss } = await import('pg-boss');
    const boss = new PgBoss({
      db: dbOf(database),
      backend: isEmbedded ? 'pglite' : 'postgres',
      schema: 'pgboss',
      // Only who knows that the database is there may do it.
      supervise: false,
      superviseIntervalSeconds: SUPERVISE_SECONDS,
      monitorIntervalSeconds: SUPERVISE_SECONDS,
      maintenanceIntervalSeconds: MAINTENANCE_SECONDS,
      schedule: false,
      reindex: !isEmbedded,
      monitorVacuum: !isEmbedded,
      registerInstance: false,
      useListenNotify: false,
    });
    boss.on('error', failed);
    await boss.start();
    const queue = { retryLimit: RETRY_LIMIT, retryDelay: 0, heartbeatSeconds: HEARTBEAT_SECONDS };
    const times = { expireInSeconds: EXPIRE_SECONDS, retentionSeconds: RETENTION_SECONDS };
    await boss.createQueue(QUEUE, { ...queue, ...times });
    return new ItemQueue(boss);
  }

  async put(tx: Queryable, items: readonly QueuedItem[]): Promise<void> {
    if (items.length === 0) return;
    await this.boss.insert(
      QUEUE,
      items.map(({ id, job, index, priority, startAfter }) => ({
        id,
        data: { job, index },
        priority,
        ...(startAfter === null ? {} : { startAfter }),
      })),
      { db: dbOf(tx) },
    );
  }

  /** Takes up to so many, those of the highest priority first. They are the taker's while it touches them. */
  async take(tx: Queryable, count: number): Promise<(ItemName & { readonly place: QueuePlace })[]> {
    const taken = await this.boss.fetch<ItemName>(QUEUE, { batchSize: count, db: dbOf(tx) });
    return taken.map(({ id, retryCount, data: { job, index } }) => ({
      job,
      index,
      place: { id, retryCount },
    }));
  }

  /** Says that somebody looks after what was taken.
   *  @returns what is the taker's still */
  async touch(places: readonly QueuePlace[]): Promise<ReadonlySet<QueuePlace>> {
    if (places.length === 0) return new Set();
    // Of the answer pg-boss' types say nothing.
    const { settled } = (await this.boss.touch(QUEUE, [...places])) as {
      readonly settled?: readonly string[];
    };
    const touched = new Set(settled);
    // What was lost and taken again is told by one name: it is the last taker's.
    const last = new Map<string, QueuePlace>();
    for (const place of places)
      if (touched.has(place.id) && place.retryCount >= (last.get(place.id)?.retryCount ?? 0))
        last.set(place.id, place);
    return new Set(last.values());
  }

  /** Puts back what was taken by workers that have not touched it for too long. */
  async supervise(): Promise<void> {
    await this.boss.supervise(QUEUE);
  }

  /** Takes out what is done, of those that are still the taker's. */
  async complete(tx: Queryable, places: readonly QueuePlace[]): Promise<void> {
    if (places.length > 0) await this.boss.deleteJob(QUEUE, [...places], { db: dbOf(tx) });
  }

  /** Takes out what nobody has taken. */
  async remove(tx: Queryable, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.boss.deleteJob(QUEUE, [...ids], { db: dbOf(tx) });
  }

  /** Puts back what was taken by somebody who is known to be gone. */
  async putBack(tx: Queryable, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.boss.fail(QUEUE, [...ids], null, { db: dbOf(tx) });
  }

  async stop(): Promise<void> {
    await this.boss.stop({ graceful: false });
  }
}

function dbOf(on: Queryable): Db {
  return {
    executeSql: async (text, values) => ({ rows: await on.query<unknown>(text, values) }),
  };
}
