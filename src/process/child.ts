import cluster, { type Worker } from 'node:cluster';
import type { Settings } from '../config/settings';
import type { Metrics, ToPrimary, ToProcess } from './messages';
import { Questions } from './questions';

/** so long may a process take to tell its numbers: a scrape takes no longer than ten seconds, as Prometheus has it */
const TELL_MS = 3_000;

/** How a process ended. */
export interface Ending {
  /** by itself, and with nothing to complain of */
  readonly isClean: boolean;
  /** for the operator */
  readonly reason: string;
}

/** One of the processes that the service consists of, as the primary sees it. */
export class Child {
  /** resolves to its URL when it listens; never when it ends before that */
  readonly listening: Promise<string>;
  readonly ended: Promise<Ending>;
  private readonly worker: Worker;
  private readonly tellings = new Questions<Metrics | null>();
  private readonly listens: (url: string) => void;
  private doesListen = false;
  private failure: string | null = null;

  /** @param metricsOfAll is asked for what a scrape is answered with */
  constructor(
    settings: Settings,
    private readonly metricsOfAll: () => Promise<string>,
  ) {
    this.worker = cluster.fork();
    const listening = Promise.withResolvers<string>();
    this.listening = listening.promise;
    this.worker.on('message', (message: ToPrimary) => this.receive(message));
    this.listens = listening.resolve;
    this.ended = this.end();
    this.send({ kind: 'begin', settings });
  }

  /** of the cluster's numbering, in which none comes twice */
  get id(): number {
    return this.worker.id;
  }

  get pid(): number | undefined {
    return this.worker.process.pid;
  }

  /** Whether it has begun to listen. */
  get isListening(): boolean {
    return this.doesListen;
  }

  /** Has it finish what is under way, and end. */
  stop(): void {
    this.send({ kind: 'stop' });
  }

  /** Ends it at once. */
  kill(): void {
    this.worker.process.kill('SIGKILL');
  }

  /** @returns null when it does not answer
   *  @throws Error when it cannot tell them */
  async metrics(): Promise<Metrics | null> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), TELL_MS)));
    const told = this.tellings.ask((question) => this.send({ kind: 'tell-metrics', question }));
    try {
      return await Promise.race([told, tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }

  private receive(message: ToPrimary): void {
    switch (message.kind) {
      case 'listening':
        this.doesListen = true;
        this.listens(message.url);
        break;
      case 'failed':
        this.failure = message.reason;
        break;
      case 'metrics':
        this.tellings.answer(message.question, message.metrics);
        break;
      case 'no-metrics':
        this.tellings.refuse(message.question, new Error(`process ${this.pid}: ${message.reason}`));
        break;
      case 'ask-metrics':
        void this.answerWithAll(message.question);
        break;
    }
  }

  private async answerWithAll(question: number): Promise<void> {
    try {
      this.send({ kind: 'metrics-of-all', question, text: await this.metricsOfAll() });
    } catch (error) {
      // Whoever asked tells its caller, and the log.
      this.send({ kind: 'no-metrics-of-all', question, reason: (error as Error).message });
    }
  }

  private async end(): Promise<Ending> {
    const { worker } = this;
    const ending = await new Promise<Ending>((resolve) => {
      let exit: Ending | null = null;
      // What it said last may be read after it has exited, and before its channel is at its end.
      const both = (): void => {
        if (exit !== null && !worker.isConnected()) resolve(exit);
      };
      worker.once('exit', (code: number | null, signal: string | null) => {
        exit = { isClean: code === 0, reason: signal ?? `exit code ${code}` };
        both();
      });
      worker.once('disconnect', both);
      worker.on('error', (error) => {
        // There is no such process; and what cannot be said to one that is going need not be.
        if (this.pid === undefined) resolve({ isClean: false, reason: error.message });
      });
    });
    this.tellings.answerAll(null);
    return this.failure === null ? ending : { isClean: false, reason: this.failure };
  }

  private send(message: ToProcess): void {
    if (this.worker.isConnected()) this.worker.send(message, () => undefined);
  }
}
