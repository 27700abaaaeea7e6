import type { Settings } from '../config/settings';
import { type Database, StoreUnavailable } from './database';
import { EmbeddedDatabase } from './embedded-database';
import { migrate } from './migrations';
import { PostgresDatabase } from './postgres-database';

/** so long is not tried again what has failed: callers that come meanwhile are told the same */
const RETRY_MS = 1_000;
const CLOSE_MS = 2_000;

/** The database of jobs, results and sessions, opened when it is first needed: a service that only answers POST /fetch
 *  pays nothing for it. */
export class Store {
  private opening: Promise<Database> | null = null;
  /** the last time that it could not be opened */
  private failure: { readonly at: number; readonly error: Error } | null = null;
  private isClosed = false;

  constructor(private readonly settings: Pick<Settings, 'dataDir' | 'databaseUrl'>) {}

  /** Whether one process alone has it. */
  get isEmbedded(): boolean {
    return this.settings.databaseUrl === null;
  }

  /** Whether there is something in it already, or others may put something there. */
  get isInUse(): boolean {
    return !this.isEmbedded || EmbeddedDatabase.isIn(this.settings.dataDir);
  }

  /** @throws StoreUnavailable */
  open(): Promise<Database> {
    if (this.isClosed) return Promise.reject(new StoreUnavailable('the service is stopping'));
    if (this.opening !== null) return this.opening;
    if (this.failure !== null && performance.now() - this.failure.at < RETRY_MS)
      return Promise.reject(this.failure.error);
    this.opening = this.openAnew();
    this.opening.catch((error: Error) => {
      this.failure = { at: performance.now(), error };
      this.opening = null;
    });
    return this.opening;
  }

  /** Ends it; one that does not answer is left as it is. */
  async close(): Promise<void> {
    this.isClosed = true;
    const closing = this.opening?.then((database) => database.close()).catch(() => undefined);
    if (closing === undefined) return;
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([closing, new Promise((resolve) => (timer = setTimeout(resolve, CLOSE_MS)))]);
    clearTimeout(timer);
  }

  private async openAnew(): Promise<Database> {
    const { dataDir, databaseUrl } = this.settings;
    const database =
      databaseUrl === null ? await EmbeddedDatabase.open(dataDir) : new PostgresDatabase(databaseUrl);
    try {
      await migrate(database);
      return database;
    } catch (error) {
      await database.close();
      throw error instanceof StoreUnavailable ? error : new StoreUnavailable((error as Error).message);
    }
  }
}
