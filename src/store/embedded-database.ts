import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Database, type Queryable, StoreUnavailable } from './database';
import { DirectoryLock } from './directory-lock';
import { EmbeddedBackend } from './embedded-backend';
import { SEED } from './seed';

/** within the data directory, which holds other things too */
const SUBDIRECTORY = 'postgres';
/** is there when the database beside it was made to its end */
const MADE = 'postgres.made';
/** so long is not started again what could not be */
const RESTART_MS = 1_000;

/** PGlite in a thread of its own: PostgreSQL for one process. It survives `kill -9`; it does not wait for the disk
 *  (fsync is off), so it does not survive a loss of power. A thread that ends by itself fails what it was asked, and is
 *  followed by another when there is something to ask. */
export class EmbeddedDatabase implements Database {
  private readonly heard = new Map<string, (payload: string) => void>();
  private backend: EmbeddedBackend | null = null;
  private failedAt = -Infinity;
  /** settles when the last transaction or statement that has been begun is over */
  private last: Promise<unknown> = Promise.resolve();
  private isClosed = false;

  private constructor(
    private readonly dataDir: string,
    private readonly lock: DirectoryLock,
  ) {}

  /** @param dataDir made if it is not there
   *  @throws StoreUnavailable when another process uses it, or it cannot be read or written */
  static async open(dataDir: string): Promise<EmbeddedDatabase> {
    const lock = DirectoryLock.take(dataDir);
    const database = new EmbeddedDatabase(dataDir, lock);
    try {
      await database.start();
      return database;
    } catch (error) {
      lock.release();
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
    this.lock.release();
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
    if (performance.now() - this.failedAt < RESTART_MS)
      throw new StoreUnavailable('the embedded database could not be started a moment ago');
    return this.start();
  }

  private async start(): Promise<EmbeddedBackend> {
    const directory = path.join(this.dataDir, SUBDIRECTORY);
    let backend: EmbeddedBackend | null = null;
    try {
      // What is half made has nothing in it, and cannot be opened.
      if (!EmbeddedDatabase.isIn(this.dataDir)) rmSync(directory, { recursive: true, force: true });
      const options = { directory, seed: existsSync(SEED) ? SEED : null };
      backend = await EmbeddedBackend.start(options, (channel, payload) =>
        this.heard.get(channel)?.(payload),
      );
      writeFileSync(path.join(this.dataDir, MADE), '');
      for (const channel of this.heard.keys()) await backend.listen(channel);
      this.backend = backend;
      return backend;
    } catch (error) {
      this.failedAt = performance.now();
      await backend?.close();
      throw new StoreUnavailable(`${this.dataDir} cannot be opened: ${(error as Error).message}`);
    }
  }
}
