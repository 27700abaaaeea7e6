import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { type Database, DatabaseError, type Queryable, StoreUnavailable } from './database';
import { DirectoryLock } from './directory-lock';
import type { EmbeddedOptions, EmbeddedOrder, EmbeddedReport } from './embedded-contract';
import { SEED } from './seed';

/** within the data directory, which holds other things too */
const SUBDIRECTORY = 'postgres';
/** is there when the database beside it was made to its end */
const MADE = 'postgres.made';
/** WebAssembly is not compiled a second time, to be faster: PostgreSQL's parser alone, one function, takes V8 600 MB for
 *  a second. What the first compiler makes of it fetches as many items a second. */
const COMPILED_ONCE = ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering'];
const THREAD = path.join(__dirname, `embedded-thread${path.extname(__filename)}`);

interface Asked {
  readonly answered: (rows: readonly unknown[]) => void;
  readonly failed: (error: Error) => void;
}

type Order = EmbeddedOrder extends infer O ? (O extends EmbeddedOrder ? Omit<O, 'id'> : never) : never;

/** PGlite in a thread of its own: PostgreSQL for one process. It survives `kill -9`; it does not wait for the disk
 *  (fsync is off), so it does not survive a loss of power. */
export class EmbeddedDatabase implements Database {
  private readonly asked = new Map<number, Asked>();
  private readonly heard = new Map<string, (payload: string) => void>();
  private nextId = 0;
  /** settles when the last transaction or statement that has been begun is over */
  private last: Promise<unknown> = Promise.resolve();
  private isClosed = false;

  private constructor(
    private readonly worker: Worker,
    private readonly lock: DirectoryLock,
  ) {}

  /** @param dataDir made if it is not there
   *  @throws StoreUnavailable when another process uses it, or it cannot be read or written */
  static async open(dataDir: string): Promise<EmbeddedDatabase> {
    const lock = DirectoryLock.take(dataDir);
    const directory = path.join(dataDir, SUBDIRECTORY);
    // What is half made has nothing in it, and cannot be opened.
    if (!EmbeddedDatabase.isIn(dataDir)) rmSync(directory, { recursive: true, force: true });
    const options: EmbeddedOptions = { directory, seed: existsSync(SEED) ? SEED : null };
    // Options of the whole process, looked at when PGlite is compiled.
    for (const flag of COMPILED_ONCE) setFlagsFromString(flag);
    const worker = new Worker(THREAD, { workerData: options });
    const database = new EmbeddedDatabase(worker, lock);
    try {
      await database.ready();
      writeFileSync(path.join(dataDir, MADE), '');
      return database;
    } catch (error) {
      await worker.terminate();
      lock.release();
      throw new StoreUnavailable(`${dataDir} cannot be opened: ${(error as Error).message}`);
    }
  }

  /** Whether there is a whole one in a data directory. */
  static isIn(dataDir: string): boolean {
    return existsSync(path.join(dataDir, MADE));
  }

  query<R>(sql: string, values: readonly unknown[] = []): Promise<R[]> {
    return this.inTurn(() => this.run<R>(sql, values));
  }

  transaction<T>(act: (tx: Queryable) => Promise<T>): Promise<T> {
    return this.inTurn(async () => {
      // The thread answers in order: what fails here fails what follows.
      const begun = this.run('BEGIN', []);
      try {
        const [result] = await Promise.all([
          act({ query: (sql, values = []) => this.run(sql, values) }),
          begun,
        ]);
        await this.run('COMMIT', []);
        return result;
      } catch (error) {
        await this.run('ROLLBACK', []).catch(() => undefined);
        throw error;
      }
    });
  }

  async listen(channel: string, heard: (payload: string) => void): Promise<void> {
    this.heard.set(channel, heard);
    await this.inTurn(() => this.ask({ ask: 'listen', channel }));
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    await this.inTurn(() => this.ask({ ask: 'close' })).catch(() => undefined);
    this.isClosed = true;
    await this.worker.terminate();
    this.lock.release();
  }

  /** There is one connection: whoever has a transaction open on it has it alone. */
  private inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.last.then(act);
    this.last = turn.catch(() => undefined);
    return turn;
  }

  /** A statement that fails within a script of its own BEGIN and COMMIT would leave its transaction open. */
  private async run<R>(sql: string, values: readonly unknown[]): Promise<R[]> {
    try {
      return (await this.ask({ ask: 'query', sql, values })) as R[];
    } catch (error) {
      if (values.length === 0 && /^\s*BEGIN\b/i.test(sql))
        await this.ask({ ask: 'query', sql: 'ROLLBACK', values }).catch(() => undefined);
      throw error;
    }
  }

  private ask(order: Order): Promise<readonly unknown[]> {
    if (this.isClosed) return Promise.reject(new StoreUnavailable('the embedded database is closed'));
    const id = this.nextId++;
    return new Promise((answered, failed) => {
      this.asked.set(id, { answered, failed });
      this.worker.postMessage({ ...order, id });
    });
  }

  private ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.worker.on('message', (report: EmbeddedReport) => {
        if (report.tell === 'ready') resolve();
        else if (report.tell === 'notification') this.heard.get(report.channel)?.(report.payload);
        else this.settle(report, reject);
      });
      this.worker.on('error', (error) => this.broken(error, reject));
      this.worker.on('exit', () => this.broken(new Error('its thread has ended'), reject));
    });
  }

  private settle(
    report: Extract<EmbeddedReport, { tell: 'answer' | 'error' }>,
    unready: (error: Error) => void,
  ): void {
    if (report.tell === 'error') {
      const { id, message, code } = report;
      const error = code === null ? new StoreUnavailable(message) : new DatabaseError(message, code);
      if (id === null) unready(error);
      else this.take(id)?.failed(error);
    } else this.take(report.id)?.answered(report.rows);
  }

  private take(id: number): Asked | undefined {
    const asked = this.asked.get(id);
    this.asked.delete(id);
    return asked;
  }

  private broken(error: Error, unready: (error: Error) => void): void {
    this.isClosed = true;
    unready(error);
    for (const { failed } of this.asked.values()) failed(new StoreUnavailable(error.message));
    this.asked.clear();
  }
}
