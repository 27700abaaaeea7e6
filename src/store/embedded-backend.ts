import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { DatabaseError, StoreUnavailable } from './database';
import type { EmbeddedOptions, EmbeddedOrder, EmbeddedReport } from './embedded-contract';

/** WebAssembly is not compiled a second time, to be faster: PostgreSQL's parser alone, one function, takes V8 600 MB for
 *  a second. What the first compiler makes of it fetches as many items a second. */
const COMPILED_ONCE = ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering'];
const THREAD = path.join(__dirname, `embedded-thread${path.extname(__filename)}`);

interface Asked {
  readonly answered: (rows: readonly unknown[]) => void;
  readonly failed: (error: Error) => void;
}

type Order = EmbeddedOrder extends infer O ? (O extends EmbeddedOrder ? Omit<O, 'id'> : never) : never;

/** One life of the thread that PGlite runs in. It answers in the order in which it is asked; when it has ended, all that
 *  was asked fails, and so does what is asked later. */
export class EmbeddedBackend {
  private readonly asked = new Map<number, Asked>();
  private nextId = 0;
  /** why it answers no more */
  private over: Error | null = null;

  private constructor(
    private readonly worker: Worker,
    private readonly heard: (channel: string, payload: string) => void,
  ) {}

  /** @param heard is told what is notified on channels that are listened to
   *  @throws Error when PGlite cannot open the directory */
  static async start(
    options: EmbeddedOptions,
    heard: (channel: string, payload: string) => void,
  ): Promise<EmbeddedBackend> {
    // Options of the whole process, looked at when PGlite is compiled.
    for (const flag of COMPILED_ONCE) setFlagsFromString(flag);
    const backend = new EmbeddedBackend(new Worker(THREAD, { workerData: options }), heard);
    try {
      await backend.ready();
      return backend;
    } catch (error) {
      await backend.worker.terminate();
      throw error;
    }
  }

  get isOver(): boolean {
    return this.over !== null;
  }

  /** A statement that fails within a script of its own BEGIN and COMMIT would leave its transaction open. */
  async run<R>(sql: string, values: readonly unknown[] = []): Promise<R[]> {
    try {
      return (await this.ask({ ask: 'query', sql, values })) as R[];
    } catch (error) {
      if (values.length === 0 && /^\s*BEGIN\b/i.test(sql))
        await this.ask({ ask: 'query', sql: 'ROLLBACK', values }).catch(() => undefined);
      throw error;
    }
  }

  async listen(channel: string): Promise<void> {
    await this.ask({ ask: 'listen', channel });
  }

  async close(): Promise<void> {
    await this.ask({ ask: 'close' }).catch(() => undefined);
    await this.worker.terminate();
  }

  private ask(order: Order): Promise<readonly unknown[]> {
    if (this.over !== null) return Promise.reject(new StoreUnavailable(this.over.message));
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
        else if (report.tell === 'notification') this.heard(report.channel, report.payload);
        else this.settle(report, reject);
      });
      this.worker.on('error', (error) => this.end(error, reject));
      this.worker.on('exit', () => this.end(new Error('its thread has ended'), reject));
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

  private end(error: Error, unready: (error: Error) => void): void {
    this.over ??= error;
    unready(error);
    for (const { failed } of this.asked.values()) failed(new StoreUnavailable(error.message));
    this.asked.clear();
  }
}
