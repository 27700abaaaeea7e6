import { setTimeout as after } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { SETTINGS } from '../config/config.module';
import type { Settings } from '../config/settings';
import type { Database } from '../store/database';
import { Store } from '../store/store';
import { Chore } from './chore';
import { Housekeeping, writeOut } from './housekeeping';
import { ItemQueue } from './item-queue';
import { ItemRunner } from './item-runner';
import { JobArchive } from './job-archive';
import { JOBS_CHANGED, JOB_CANCELLED } from './job-channel';
import { JobReport } from './job-report';
import { JobSubmission } from './job-submission';
import { JobWatch } from './job-watch';
import { JobWorker } from './job-worker';
import { Ledger } from './ledger';
import { WebhookSender } from './webhook-sender';

const RETRY_MS = 1_000;
/** so long may it take to record what has ended */
const STOP_MS = 3_000;
const SUPERVISE_MS = 2_000;
const SWEEP_MS = 10_000;
const WRITE_OUT_MS = 2_000;
const DELIVERY_MS = 1_000;
/** A database that is away would fill the log: one line of its kind in so long. */
const QUIET_MS = 5_000;

/** What jobs are kept and worked with. */
export interface OpenJobs {
  readonly submission: JobSubmission;
  readonly archive: JobArchive;
}

/** Opens what jobs need when they are first needed, or were there before, and works on them where that is this process'
 *  role. */
@Injectable()
export class JobSystem implements OnModuleInit, OnModuleDestroy, OnApplicationShutdown {
  /** for those who follow jobs */
  readonly watch = new JobWatch();
  private readonly logger = new Logger('jobs');
  private opening: Promise<OpenJobs> | null = null;
  private queue: ItemQueue | null = null;
  private worker: JobWorker | null = null;
  private readonly chores: Chore[] = [];
  private readonly stopping = new AbortController();
  private isStopping = false;
  private toldAt = -Infinity;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly store: Store,
    private readonly runner: ItemRunner,
    private readonly webhooks: WebhookSender,
    private readonly report: JobReport,
  ) {}

  onModuleInit(): void {
    if (this.store.isInUse) void this.keepOpening();
  }

  /** @throws StoreUnavailable */
  open(): Promise<OpenJobs> {
    this.opening ??= this.openAnew().catch((error: unknown) => {
      this.opening = null;
      throw error;
    });
    return this.opening;
  }

  /** What has begun may finish: the server waits for it as for every fetch. */
  onModuleDestroy(): void {
    this.isStopping = true;
    this.worker?.stopTaking();
    this.watch.close();
  }

  /** What cannot be recorded in time, because the database is away, is fetched again by others. */
  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    const timeIsUp = new AbortController();
    await Promise.race([
      this.stop(),
      after(STOP_MS, undefined, { signal: timeIsUp.signal }).catch(() => undefined),
    ]);
    timeIsUp.abort();
  }

  private async stop(): Promise<void> {
    await this.opening?.catch(() => undefined);
    await Promise.all(this.chores.map((chore) => chore.stop()));
    await this.worker?.stop();
    await this.queue?.stop();
  }

  private async keepOpening(): Promise<void> {
    while (!this.isStopping) {
      try {
        await this.open();
        return;
      } catch (error) {
        this.tell(error as Error);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
      }
    }
  }

  private async openAnew(): Promise<OpenJobs> {
    const database = await this.store.open();
    const { isEmbedded } = this.store;
    const failed = (error: Error): void => this.tell(error);
    const queue = await ItemQueue.start(database, { isEmbedded, failed });
    try {
      const opened = await this.begin(database, queue);
      this.queue = queue;
      return opened;
    } catch (error) {
      await queue.stop();
      throw error;
    }
  }

  private async begin(database: Database, queue: ItemQueue): Promise<OpenJobs> {
    const { isEmbedded } = this.store;
    const ledger = new Ledger(database, queue);
    this.report.watch(database);
    // Nobody else has it: whoever took items is gone.
    if (isEmbedded) this.report.takenUp(await ledger.putAllBack());
    await database.listen(JOBS_CHANGED, (job) => {
      this.worker?.wake();
      this.watch.tell(job);
    });
    await database.listen(JOB_CANCELLED, (job) => this.worker?.cancel(job));
    if (this.settings.role !== 'api' && !this.isStopping) {
      const { report, runner } = this;
      const failed = (error: Error): void => this.tell(error);
      const worker = new JobWorker({
        database,
        queue,
        ledger,
        runner,
        report,
        failed,
      });
      await worker.start();
      this.worker = worker;
      this.keepHouse(database, queue, worker);
    }
    const archive = new JobArchive(database, queue);
    return { submission: new JobSubmission(database, ledger), archive };
  }

  private keepHouse(database: Database, queue: ItemQueue, worker: JobWorker): void {
    const failed = (error: Error): void => this.tell(error);
    const housekeeping = new Housekeeping(database, this.store.isEmbedded);
    const { signal } = this.stopping;
    const supervise = async (): Promise<false> => {
      if (worker.mayJudge) await queue.supervise();
      return false;
    };
    if (this.store.isEmbedded) this.chores.push(new Chore(WRITE_OUT_MS, () => writeOut(database), failed));
    this.chores.push(
      new Chore(SUPERVISE_MS, supervise, failed),
      new Chore(SWEEP_MS, () => housekeeping.sweep(), failed),
      new Chore(DELIVERY_MS, () => this.webhooks.send(database, signal), failed),
    );
  }

  private tell(error: Error): void {
    if (performance.now() - this.toldAt < QUIET_MS) return;
    this.toldAt = performance.now();
    this.logger.error(error);
  }
}
