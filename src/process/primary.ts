import cluster from 'node:cluster';
import { MAX_TIMER_MS, type Settings } from '../config/settings';
import { Child } from './child';
import { MetricsOfAll } from './metrics-of-all';
import { shareOf } from './processes';
import { RestartPause } from './restart-pause';

/** so much longer than it may a process take to stop before it is killed: recording the last items of jobs and leaving the
 *  database have times of their own */
const LATE_MS = 6_000;

/** Told of what operators should know. */
export interface PrimaryLog {
  warn(text: string): void;
  error(text: string): void;
}

/** Keeps the processes that the service consists of: starts them, replaces those that die, stops them, and asks all of them
 *  for their numbers. */
export class Primary {
  private readonly children = new Map<number, Child>();
  private readonly metrics = new MetricsOfAll(({ message }) =>
    this.log.error(`what a process had counted that has ended is lost: ${message}`),
  );
  private readonly urls: Promise<string>[] = [];
  private readonly brokenStart = Promise.withResolvers<never>();
  /** those that wait before they replace a process */
  private readonly pauses = new Set<() => void>();
  private isStarted = false;
  private isStopping = false;

  constructor(
    private readonly settings: Settings,
    private readonly processes: number,
    private readonly log: PrimaryLog,
  ) {}

  /** Starts all.
   *  @returns the URL that they share, when all listen
   *  @throws Error when one of them cannot: nothing is left then */
  async start(): Promise<string> {
    cluster.setupPrimary({ serialization: 'advanced' });
    try {
      for (let place = 0; place < this.processes; place++) void this.keep(place);
      const [url] = await Promise.race([Promise.all(this.urls), this.brokenStart.promise]);
      this.isStarted = true;
      return url!;
    } catch (error) {
      this.isStopping = true;
      await this.kill();
      throw error;
    }
  }

  /** Has all finish what is under way, and end; whoever takes much too long is killed.
   *  @returns whether all ended by themselves */
  async stop(): Promise<boolean> {
    this.isStopping = true;
    for (const end of this.pauses) end();
    const stopping = [...this.children.values()];
    for (const child of stopping) child.stop();
    const tooLate = setTimeout(
      () => {
        for (const { pid } of this.children.values())
          this.log.error(`process ${pid} has not stopped in time, and is killed`);
        void this.kill();
      },
      Math.min(this.settings.shutdownMs + LATE_MS, MAX_TIMER_MS),
    );
    const endings = await Promise.all(stopping.map(({ ended }) => ended));
    clearTimeout(tooLate);
    return endings.every(({ isClean }) => isClean);
  }

  /** Ends all at once. */
  async kill(): Promise<void> {
    const killed = [...this.children.values()];
    for (const child of killed) child.kill();
    await Promise.all(killed.map(({ ended }) => ended));
  }

  /** Keeps one process at a place, until the service stops. */
  private async keep(place: number): Promise<void> {
    const share = shareOf(this.settings, place, this.processes);
    const pause = new RestartPause();
    while (!this.isStopping) {
      const began = performance.now();
      const ended = await this.run(place, share);
      if (this.isStopping) return;
      if (!this.isStarted) {
        this.brokenStart.reject(new Error(ended.reason));
        return;
      }
      const pauseMs = pause.after(performance.now() - began);
      const when = pauseMs === 0 ? 'now' : `in ${pauseMs / 1_000} s`;
      this.log.error(`process ${ended.pid} has ended (${ended.reason}), and is replaced ${when}`);
      await this.wait(pauseMs);
    }
  }

  /** Runs one process, to its end. */
  private async run(
    place: number,
    share: Settings,
  ): Promise<{ readonly pid: number | undefined; readonly reason: string }> {
    try {
      const child = new Child(share, () => this.metricsOfAll());
      const { id, pid } = child;
      this.children.set(place, child);
      this.metrics.add(id);
      if (!this.isStarted) this.urls.push(child.listening);
      const { reason } = await child.ended;
      this.metrics.remove(id);
      this.children.delete(place);
      return { pid, reason };
    } catch (error) {
      // The system has no room for it.
      return { pid: undefined, reason: (error as Error).message };
    }
  }

  private async metricsOfAll(): Promise<string> {
    // One that is only starting is busy, and has nothing to tell.
    const listening = [...this.children.values()].filter(({ isListening }) => isListening);
    const asked = listening.map(async (child) => {
      const metrics = await child.metrics();
      if (metrics === null) this.log.warn(`process ${child.pid} has not told its numbers`);
      return [child.id, metrics] as const;
    });
    return this.metrics.sum(new Map(await Promise.all(asked)));
  }

  private async wait(ms: number): Promise<void> {
    if (ms === 0) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.pauses.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.pauses.add(end);
    });
  }
}
