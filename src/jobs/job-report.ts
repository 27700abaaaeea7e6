import { Injectable } from '@nestjs/common';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import { Counter, Gauge, Registry } from 'prom-client';
import type { Owner } from '../access/caller';
import { fingerprintOf } from '../observability/log-fields';
import type { Database } from '../store/database';
import type { EndedJob } from './announcement';
import type { JobRow } from './job-row';
import type { Recorded } from './ledger';

/** What is waiting, in all replicas together. */
interface Backlog {
  readonly jobs: number;
  readonly pending: number;
  readonly running: number;
  /** seconds since the oldest job was accepted that has not ended; 0: there is none */
  readonly oldest: number;
}

const NO_BACKLOG: Backlog = { jobs: 0, pending: 0, running: 0, oldest: 0 };

/** Tells of jobs where people look: a line when one is accepted and when it has ended, and numbers. */
@Injectable()
export class JobReport {
  private readonly items: Counter<'outcome'>;
  private database: Database | null = null;
  private asked: Promise<Backlog | null> | null = null;

  constructor(
    @InjectPinoLogger('jobs') private readonly logger: PinoLogger,
    registry: Registry,
  ) {
    const registers = [registry];
    this.items = new Counter({
      name: 'wirefetch_job_items_total',
      help: 'Attempts at items of jobs that this replica has recorded, by what came of them; deferred ones are tried again.',
      labelNames: ['outcome'],
      registers,
    });
    for (const outcome of ['succeeded', 'failed']) this.items.inc({ outcome }, 0);
    this.gauge(
      'wirefetch_job_items_queued',
      'Items of jobs that wait, in all replicas.',
      'pending',
      registry,
    );
    this.gauge(
      'wirefetch_job_items_running',
      'Items of jobs that workers have, in all replicas.',
      'running',
      registry,
    );
    this.gauge('wirefetch_jobs_open', 'Jobs that have not ended, in all replicas.', 'jobs', registry);
    const oldest = 'Time since the oldest job was accepted that has not ended; 0 without one.';
    this.gauge('wirefetch_jobs_oldest_age_seconds', oldest, 'oldest', registry);
  }

  /** The database to ask; before there is one, nothing waits. */
  watch(database: Database): void {
    this.database = database;
  }

  /** @param jobs that a process before this one has left
   *  @param putBack their items that were being worked on */
  takenUp({ jobs, putBack }: { readonly jobs: number; readonly putBack: number }): void {
    if (jobs > 0) this.logger.info({ jobs, putBack }, 'jobs taken up again');
  }

  accepted({ id, total }: Pick<JobRow, 'id' | 'total'>, owner: Owner): void {
    this.logger.info({ id, owner: fingerprintOf(owner), total }, 'job accepted');
  }

  cancelled(job: EndedJob): void {
    const { id, running, owner, finishedAt } = job;
    this.logger.info({ id, owner: fingerprintOf(owner), running }, 'job cancelled');
    // What still runs ends it.
    if (finishedAt !== null) this.ended(job);
  }

  recorded({ outcomes, ended }: Recorded): void {
    for (const outcome of outcomes) this.items.inc({ outcome });
    for (const job of ended) this.ended(job);
  }

  private ended(ended: EndedJob): void {
    const { owner, webhook: _, createdAt, startedAt, finishedAt, ...job } = ended;
    this.logger.info(
      {
        ...job,
        owner: fingerprintOf(owner),
        waitedMs: (startedAt ?? finishedAt!).getTime() - createdAt.getTime(),
        tookMs: startedAt === null ? 0 : finishedAt!.getTime() - startedAt.getTime(),
      },
      'job ended',
    );
  }

  private gauge(name: string, help: string, field: keyof Backlog, registry: Registry): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [registry],
      // Every process reads the same, but for one that has not opened the database yet.
      aggregator: 'max',
      collect: async () => {
        const backlog = await this.backlog();
        if (backlog === null) gauge.remove();
        else gauge.set(backlog[field]);
      },
    });
  }

  /** One question for all gauges of a scrape. */
  private backlog(): Promise<Backlog | null> {
    this.asked ??= this.askBacklog().finally(() => (this.asked = null));
    return this.asked;
  }

  /** A scrape is answered although the database is away. */
  private async askBacklog(): Promise<Backlog | null> {
    if (this.database === null) return NO_BACKLOG;
    try {
      const [row] = await this.database.query<Backlog>(BACKLOG);
      return row ?? null;
    } catch {
      return null;
    }
  }
}

const BACKLOG = `
SELECT count(*)::int AS jobs, coalesce(sum(pending), 0)::int AS pending, coalesce(sum(running), 0)::int AS running,
  coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS oldest
FROM wirefetch.jobs WHERE finished_at IS NULL`;
