import type { JobDto } from './dto/job.dto';
import type { JobRow } from './job-row';

/** Maps a job to what the API tells of it; keys are in the order of its description. */
export function toJob(job: JobRow): JobDto {
  const { id, state, total, pending, running, succeeded, failed, cancelled } = job;
  return {
    id,
    state,
    total,
    pending,
    running,
    succeeded,
    failed,
    cancelled,
    createdAt: job.createdAt.toISOString(),
    startedAt: job.startedAt?.toISOString() ?? null,
    finishedAt: job.finishedAt?.toISOString() ?? null,
  };
}
