import { Injectable } from '@nestjs/common';
import type { Owner } from '../access/caller';
import { Problem } from '../problems/problem';
import { DONE_STATES, JOB_STATES, type JobDto, type JobListDto } from './dto/job.dto';
import { type Query, QueryReader } from './job-queries';
import type { ReadJob } from './job-request.pipe';
import { JobReport } from './job-report';
import { JobResults, type Place } from './job-results';
import { JobSystem } from './job-system';
import { toJob } from './job.mapper';

/** What the routes of jobs do. */
@Injectable()
export class JobsService {
  constructor(
    private readonly system: JobSystem,
    private readonly report: JobReport,
  ) {}

  /** @param key of idempotency; null: each call makes a job
   *  @throws Problem idempotency-mismatch, StoreUnavailable */
  async submit(
    owner: Owner,
    { spec, digest }: ReadJob,
    key: string | null,
  ): Promise<{ readonly job: JobDto; readonly isReplayed: boolean }> {
    const { submission } = await this.system.open();
    const accepted = await submission.submit(owner, spec, key === null ? null : { key, digest });
    if (!accepted.isReplayed) this.report.accepted(accepted.job, owner);
    return { job: toJob(accepted.job), isReplayed: accepted.isReplayed };
  }

  async list(owner: Owner, query: Query): Promise<JobListDto> {
    const reader = new QueryReader(query);
    const limit = reader.limit();
    const [after, state] = [reader.afterJob(), reader.state(JOB_STATES)];
    reader.done();
    const { archive } = await this.system.open();
    // One more than is asked for tells whether there is a next page.
    const jobs = await archive.list(owner, after, limit + 1, state);
    const items = jobs.slice(0, limit).map(toJob);
    return { items, next: jobs.length > limit ? items.at(-1)!.id : null };
  }

  /** @throws Problem not-found */
  async find(owner: Owner, id: string): Promise<JobDto> {
    const { archive } = await this.system.open();
    const job = await archive.find(owner, id);
    if (job === null) throw noSuchJob();
    return toJob(job);
  }

  /** @throws Problem not-found */
  async cancel(owner: Owner, id: string): Promise<JobDto> {
    const { archive } = await this.system.open();
    const cancelled = await archive.cancel(owner, id);
    if (cancelled === null) throw noSuchJob();
    if (cancelled.wasOpen) this.report.cancelled(cancelled.job);
    return toJob(cancelled.job);
  }

  /** @throws Problem not-found */
  async results(owner: Owner, id: string): Promise<JobResults> {
    const { archive } = await this.system.open();
    const job = await archive.find(owner, id);
    if (job === null) throw noSuchJob();
    return new JobResults(archive, this.system.watch, owner, job);
  }
}

/** @throws Problem invalid-request */
export function placeOf(query: Query): { readonly place: Place; readonly limit: number } {
  const reader = new QueryReader(query);
  const place = { after: reader.afterItem(), state: reader.state(DONE_STATES) };
  const limit = reader.limit();
  reader.done();
  return { place, limit };
}

function noSuchJob(): Problem {
  return new Problem('not-found', 'You have no job with this id.');
}
