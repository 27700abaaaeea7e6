import type { Settings } from '../config/settings';
import type { Metrics, ToPrimary, ToProcess } from './messages';
import { Questions } from './questions';

/** The primary, as one of its processes sees it. When it is gone the runtime ends this process. */
export class PrimaryLink {
  /** what this process is to do */
  readonly settings: Promise<Settings>;
  /** resolves when this process is to finish what is under way, and end */
  readonly stopped: Promise<void>;
  private readonly scrapes = new Questions<string>();
  private tellMetrics: () => Promise<Metrics> = () => Promise.resolve([]);

  constructor() {
    const begin = Promise.withResolvers<Settings>();
    const stop = Promise.withResolvers<void>();
    this.settings = begin.promise;
    this.stopped = stop.promise;
    process.on('message', (message: ToProcess) => {
      switch (message.kind) {
        case 'begin':
          begin.resolve(message.settings);
          break;
        case 'stop':
          stop.resolve();
          break;
        case 'tell-metrics':
          void this.tell(message.question);
          break;
        case 'metrics-of-all':
          this.scrapes.answer(message.question, message.text);
          break;
        case 'no-metrics-of-all':
          this.scrapes.refuse(message.question, new Error(`the numbers cannot be summed: ${message.reason}`));
          break;
      }
    });
  }

  /** @param tellMetrics is asked for the numbers of this process */
  listens(url: string, tellMetrics: () => Promise<Metrics>): void {
    this.tellMetrics = tellMetrics;
    void this.send({ kind: 'listening', url });
  }

  /** @returns when the primary has been told why this process cannot start */
  fails(reason: string): Promise<void> {
    return this.send({ kind: 'failed', reason });
  }

  /** @returns the numbers of all processes together, in Prometheus' text format
   *  @throws Error when one of them cannot tell its own, or they cannot be summed */
  metricsOfAll(): Promise<string> {
    return this.scrapes.ask((question) => void this.send({ kind: 'ask-metrics', question }));
  }

  private async tell(question: number): Promise<void> {
    try {
      await this.send({ kind: 'metrics', question, metrics: await this.tellMetrics() });
    } catch (error) {
      await this.send({ kind: 'no-metrics', question, reason: (error as Error).message });
    }
  }

  private send(message: ToPrimary): Promise<void> {
    return new Promise((resolve) => {
      process.send!(message, undefined, undefined, () => resolve());
    });
  }
}
