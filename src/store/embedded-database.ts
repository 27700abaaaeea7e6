import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Database, type Queryable, StoreUnavailable } from './database';
import { DirectoryLock } from './directory-lock';
import { EMBEDDED_LIMITS, EmbeddedBackend, type EmbeddedLimits } from './embedded-backend';
import { SEED } from './seed';

/** within the data directory, which holds other things too */
const SUBDIRECTORY = 'postgres';
/** is there when the database beside it was made to its end */
const MADE = 'postgres.made';
/** so long is not started again what could not be */
const RESTART_MS = 1_000;

/** PGlite in a thread of its own: PostgreSQL for one process. It survives `kill -9`; it does not wait for the disk
 *  (fsync is off), so it does not survive a loss of power. A thread that ends by itself, is broken, or takes too long
 *  fails what it was asked, and is followed by another when there is something to ask. */
export class EmbeddedDatabase implements Database {
  private readonly heard = new Map<string, (payload: string) => void>();
  private backend: EmbeddedBackend | null = null;
  /** the last time that it could not be started */
  private failure: { readonly at: number; readonly message: string } | null = null;
  /** settles when the last transaction or statement that has been begun is over */
  private last: Promise<unknown> = Promise.resolve();
  private isClosed = false;

  private constructor(
    private readonly dataDir: string,
    private readonly lock: DirectoryLock,
    private readonly limits: EmbeddedLimits,
  ) {}

  /** @param dataDir made if it is not there
   *  @throws StoreUnavailable when another process uses it, or it cannot be read or written */
  static async open(dataDir: string, limits: EmbeddedLimits = EMBEDDED_LIMITS): Promise<EmbeddedDatabase> {
    const lock = DirectoryLock.take(dataDir);
    const database = new EmbeddedDatabase(dataDir, lock, limits);
    try {
      await database.start();
      return database;
    } catch (error) {
      await database.leave();
      throw error;
    }
  }

  /** Whether there is a whole one in a data directory. */
  static isIn(dataDir: string): boolean {
    return existsSync(path.join(dataDir, MADE));
  }

  query<R>(sql: string, values: readonly unknown[] = []): Promise<R[]> {
    return this.inTurn((backend) => backend.run<R>(sql, values));
  }

  transaction<T>(act: (tx: Queryable) => Promise<T>): Promise<T> {
    return this.inTurn(async (backend) => {
      // The thread answers in order: what fails here fails what follows.
      const begun = backend.run('BEGIN');
      try {
        const [result] = await Promise.all([
          act({ query: (sql, values) => backend.run(sql, values) }),
          begun,
        ]);
        await backend.run('COMMIT');
        return result;
      } catch (error) {
        await backend.run('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  }

  async listen(channel: string, heard: (payload: string) => void): Promise<void> {
    await this.inTurn(async (backend) => {
      this.heard.set(channel, heard);
      await backend.listen(channel);
    });
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    await this.last;
    await this.backend?.close();
    await this.leave();
  }

  /** A thread that cannot be ended has the directory still. */
  private async leave(): Promise<void> {
    const released = Promise.resolve(this.backend?.gone).then(() => this.lock.release());
    if ((await this.backend?.stop()) !== false) await released;
  }

  /** There is one connection: whoever has a transaction open on it has it alone. */
  private inTurn<T>(act: (backend: EmbeddedBackend) => Promise<T>): Promise<T> {
    if (this.isClosed) return Promise.reject(new StoreUnavailable('the embedded database is closed'));
    const turn = this.last.then(async () => act(await this.started()));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async started(): Promise<EmbeddedBackend> {
    if (this.backend !== null && !this.backend.isOver) return this.backend;
    if (this.failure !== null && performance.now() - this.failure.at < RESTART_MS)
      throw new StoreUnavailable(this.failure.message);
    return this.start();
  }

  private async start(): Promise<EmbeddedBackend> {
    try {
      // Two of them would write the same files.
      if ((await this.backend?.stop()) === false) throw new Error('the thread that had it does not end');
      const backend = this.begin();
      this.backend = backend;
      await backend.opened;
      writeFileSync(path.join(this.dataDir, MADE), '');
      for (const channel of this.heard.keys()) await backend.listen(channel);
      return backend;
    } catch (error) {
      await this.backend?.stop();
      const message = `${this.dataDir} cannot be opened: ${(error as Error).message}`;
      this.failure = { at: performance.now(), message };
      throw new StoreUnavailable(message);
    }
  }

  private begin(): EmbeddedBackend {
    const directory = path.join(this.dataDir, SUBDIRECTORY);
    // What is half made has nothing in it, and cannot be opened.
    if (!EmbeddedDatabase.isIn(this.dataDir)) rmSync(directory, { recursive: true, force: true });
    const options = { directory, seed: existsSync(SEED) ? SEED : null };
    return new EmbeddedBackend(
      options,
      (channel, payload) => this.heard.get(channel)?.(payload),
      this.limits,
    );
  }
}
