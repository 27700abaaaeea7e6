import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { DatabaseError, StoreUnavailable } from './database';
import type { EmbeddedOptions, EmbeddedOrder, EmbeddedReport } from './embedded-contract';

const THREAD = path.join(__dirname, `embedded-thread${path.extname(__filename)}`);
/** so long may a thread take to end */
const END_MS = 2_000;
/** names the question whose answer is that the thread is ready */
const OPENING = 0;

/** How long the thread may take until it is ended. */
export interface EmbeddedLimits {
  /** to open the directory */
  readonly openMs: number;
  /** for a statement, or a script of several; begins when the one before is answered */
  readonly statementMs: number;
}

/** A statement has twice what PostgreSQL gives one: the thread shares its processors with the service, and all that was
 *  asked fails with the one that takes too long. Opening goes through what was written before a `kill -9`, some 30 MB a
 *  second: were it cut off, it would begin anew, and be cut off again. */
export const EMBEDDED_LIMITS: EmbeddedLimits = { openMs: 600_000, statementMs: 60_000 };

interface Asked {
  readonly limitMs: number;
  readonly answered: (rows: readonly unknown[]) => void;
  readonly failed: (error: Error) => void;
}

type Order = EmbeddedOrder extends infer O ? (O extends EmbeddedOrder ? Omit<O, 'id'> : never) : never;

/** One life of the thread that PGlite runs in. It answers in the order in which it is asked; when it has ended, all that
 *  was asked fails, and so does what is asked later. */
export class EmbeddedBackend {
  /** settles when it can be asked
   *  @throws StoreUnavailable when PGlite cannot open the directory, or not in time */
  readonly opened: Promise<unknown>;
  /** settles when the thread is there no more */
  readonly gone: Promise<void>;
  private readonly worker: Worker;
  /** the first of them is what it is at */
  private readonly asked = new Map<number, Asked>();
  private nextId = OPENING;
  /** why it answers no more */
  private over: string | null = null;
  private timer: NodeJS.Timeout | undefined;

  /** @param heard is told what is notified on channels that are listened to */
  constructor(
    options: EmbeddedOptions,
    private readonly heard: (channel: string, payload: string) => void,
    private readonly limits: EmbeddedLimits,
  ) {
    this.worker = new Worker(THREAD, { workerData: options });
    this.worker.on('message', (report: EmbeddedReport) => this.hear(report));
    this.worker.on('error', (error: Error) => this.end(error.message));
    this.gone = new Promise((resolve) => {
      this.worker.on('exit', (code) => {
        this.end(`its exit code was ${code}`);
        resolve();
      });
    });
    this.opened = this.answerTo(this.nextId++, limits.openMs);
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

  /** Lets PGlite close the directory, and ends the thread. */
  async close(): Promise<void> {
    await this.ask({ ask: 'close' }).catch(() => undefined);
    await this.stop();
  }

  /** Ends the thread, whatever it is at.
   *  @returns whether it is gone: a call of the system that does not return, of a disk that hangs, holds it */
  async stop(): Promise<boolean> {
    this.end('it was told to');
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, END_MS, false)));
    const isGone = await Promise.race([this.gone.then(() => true), late]);
    clearTimeout(timer);
    return isGone;
  }

  private ask(order: Order): Promise<readonly unknown[]> {
    if (this.over !== null) return Promise.reject(new StoreUnavailable(this.over));
    const id = this.nextId++;
    const answer = this.answerTo(id, this.limits.statementMs);
    this.worker.postMessage({ ...order, id });
    return answer;
  }

  private answerTo(id: number, limitMs: number): Promise<readonly unknown[]> {
    return new Promise((answered, failed) => {
      this.asked.set(id, { limitMs, answered, failed });
      if (this.asked.size === 1) this.watch();
    });
  }

  /** The time of what it is at now begins: what waits its turn takes no time. */
  private watch(): void {
    clearTimeout(this.timer);
    const [current] = this.asked.values();
    if (current === undefined) return;
    const { limitMs } = current;
    this.timer = setTimeout(() => this.end(`there was no answer within ${limitMs} ms`), limitMs);
  }

  private hear(report: EmbeddedReport): void {
    if (report.tell === 'notification') this.heard(report.channel, report.payload);
    else if (report.tell === 'ready') this.take(OPENING)?.answered([]);
    else if (report.tell === 'answer') this.take(report.id)?.answered(report.rows);
    else if (report.id === null) this.end(report.message);
    else {
      const { id, message, code } = report;
      const error = code === null ? new StoreUnavailable(message) : new DatabaseError(message, code);
      this.take(id)?.failed(error);
    }
  }

  private take(id: number): Asked | undefined {
    const asked = this.asked.get(id);
    this.asked.delete(id);
    this.watch();
    return asked;
  }

  private end(why: string): void {
    if (this.over !== null) return;
    this.over = `the thread of the database has ended: ${why}`;
    for (const { failed } of this.asked.values()) failed(new StoreUnavailable(this.over));
    this.asked.clear();
    this.watch();
    void this.worker.terminate();
  }
}
