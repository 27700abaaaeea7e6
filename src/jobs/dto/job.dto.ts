import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { FetchResultDto } from '../../fetch/dto/exchange.dto';
import { ProblemDto } from '../../problems/problem.dto';

export const JOB_STATES = ['queued', 'running', 'completed', 'cancelled'] as const;
export const DONE_STATES = ['succeeded', 'failed', 'cancelled'] as const;

@ApiSchema({ name: 'Job', description: 'Many fetches that were accepted together, and how far they are.' })
export class JobDto {
  /**
   * Its name, made by the service. Names sort by the time they were made.
   * @example 01KB58E5Q5SDXM3W7V8T8B1T2N
   */
  id: string;

  /** `queued` until its first item is taken; `completed` when every item is done. */
  @ApiProperty({ enum: JOB_STATES, enumName: 'JobState' })
  state: (typeof JOB_STATES)[number];

  /**
   * Items in all.
   * @example 3
   */
  @ApiProperty({ type: 'integer' })
  total: number;

  /**
   * Items that wait, for the first time or to be tried again.
   * @example 0
   */
  @ApiProperty({ type: 'integer' })
  pending: number;

  /**
   * Items that a worker has.
   * @example 1
   */
  @ApiProperty({ type: 'integer' })
  running: number;

  /**
   * Items with a result, whatever the target's status.
   * @example 1
   */
  @ApiProperty({ type: 'integer' })
  succeeded: number;

  /**
   * Items with a problem.
   * @example 1
   */
  @ApiProperty({ type: 'integer' })
  failed: number;

  /**
   * Items that were cancelled with the job.
   * @example 0
   */
  @ApiProperty({ type: 'integer' })
  cancelled: number;

  /**
   * When it was accepted.
   * @example 2026-11-28T23:50:00.000Z
   */
  @ApiProperty({ type: 'string', format: 'date-time' })
  createdAt: string;

  /**
   * When its first item was taken; null: none was.
   * @example 2026-11-28T23:50:00.020Z
   */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  startedAt: string | null;

  /**
   * When its last item was done, and the time began for which its results are kept; null: it is not over.
   * @example 2026-11-28T23:50:03.141Z
   */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  finishedAt: string | null;
}

@ApiSchema({ name: 'JobList', description: "The caller's jobs, the newest first." })
export class JobListDto {
  /** Jobs. */
  items: JobDto[];

  /**
   * What to give as `after` for the next page; null: there is none.
   * @example 01KB58E5Q5SDXM3W7V8T8B1T2N
   */
  @ApiProperty({ type: 'string', nullable: true })
  next: string | null;
}

@ApiSchema({ name: 'JobItem', description: 'An item of a job that is done.' })
export class JobItemDto {
  /**
   * Its place in `requests`, from 0.
   * @example 0
   */
  @ApiProperty({ type: 'integer' })
  index: number;

  /** What came of it. */
  @ApiProperty({ enum: DONE_STATES, enumName: 'DoneState' })
  state: (typeof DONE_STATES)[number];

  /**
   * How often it was tried.
   * @example 1
   */
  @ApiProperty({ type: 'integer' })
  attempts: number;

  /** The result, as POST /fetch gives it; null unless it succeeded. */
  @ApiProperty({ type: () => FetchResultDto, nullable: true })
  result: FetchResultDto | null;

  /** The problem, as POST /fetch gives it; null unless it failed. */
  @ApiProperty({ type: () => ProblemDto, nullable: true })
  problem: ProblemDto | null;
}

@ApiSchema({ name: 'JobResults', description: 'Items that are done, in the order of completion.' })
export class JobResultsDto {
  /** Items. */
  items: JobItemDto[];

  /**
   * What to give as `after` for the next page, which may be empty yet; null: the job has ended, and nothing follows.
   * @example "100"
   */
  @ApiProperty({ type: 'string', nullable: true })
  next: string | null;
}
