import { Controller, Delete, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiBody,
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiParam,
  ApiQuery,
  ApiSecurity,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CallerOwner, type Owner } from '../access/caller';
import { JsonText } from '../edge/json-content';
import { Produces, representationOf } from '../edge/representation';
import { TakenBody } from '../edge/taken-body.decorator';
import { sendSlices } from '../fetch/answer';
import { CallerSignal } from '../fetch/caller-signal.decorator';
import { ApiProblemResponses } from '../problems/api-problem-responses';
import { JobRequestDto } from './dto/job-request.dto';
import { DONE_STATES, JOB_STATES, JobDto, JobItemDto, JobListDto, JobResultsDto } from './dto/job.dto';
import { type Query as QueryFields, idempotencyKeyOf, lastEventIdOf } from './job-queries';
import { JobRequestPipe, type ReadJob } from './job-request.pipe';
import { JobsService, placeOf } from './jobs.service';
import { JOB_EVENTS_EXAMPLE, JOB_LINES_EXAMPLE, JOB_RESULTS_EXAMPLE } from './job-answers.examples';
import { JOB_EXAMPLES } from './jobs.examples';

const ID_PARAM = {
  name: 'id',
  description: 'Name of the job, as POST /jobs told it.',
  schema: { type: 'string', example: '01KB58E5Q5SDXM3W7V8T8B1T2N' },
} as const;
const INSTANCE = '/jobs/01KB58E5Q5SDXM3W7V8T8B1T2N';
const OF_JOB = [
  'unauthorized',
  'not-found',
  'not-acceptable',
  'store-unavailable',
  'internal-error',
] as const;
const LIMIT = {
  name: 'limit',
  required: false,
  description: 'At the most so many.',
  schema: { type: 'integer', minimum: 1, maximum: 1_000, default: 100 },
} as const;
const AFTER = {
  name: 'after',
  required: false,
  description: '`next` of the page before; none: from the beginning.',
  schema: { type: 'string' },
} as const;

@ApiTags('jobs')
@ApiBearerAuth()
@ApiSecurity('apiKey')
@ApiExtraModels(JobResultsDto, JobItemDto)
@Controller('jobs')
export class JobsController {
  constructor(private readonly service: JobsService) {}

  /**
   * Have up to 10,000 URLs fetched, each as POST /fetch would.
   *
   * @remarks What is accepted is written: every item is fetched at least once and recorded exactly once, whatever is
   * killed meanwhile. A mistake anywhere refuses the whole list, naming the places.
   */
  @Post()
  @HttpCode(202)
  @JsonText()
  @Produces('application/json')
  @ApiBody({ type: JobRequestDto, examples: JOB_EXAMPLES })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'The same key with the same content again answers with the first job.',
  })
  @ApiAcceptedResponse({
    type: JobDto,
    description: 'The job is accepted.',
    headers: {
      Location: { description: 'Where the job is.', schema: { type: 'string', example: INSTANCE } },
      'Idempotency-Replayed': {
        description: '`true`: it was accepted before.',
        schema: { type: 'string', enum: ['true'] },
      },
    },
  })
  @ApiProblemResponses('/jobs', [
    'invalid-request',
    'unsupported-scheme',
    'unauthorized',
    'not-acceptable',
    'idempotency-mismatch',
    'request-too-large',
    'unsupported-media-type',
    'overloaded',
    'store-unavailable',
    'internal-error',
  ])
  async createJob(
    @TakenBody(JobRequestPipe) read: ReadJob,
    @CallerOwner() owner: Owner,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobDto> {
    const { job, isReplayed } = await this.service.submit(owner, read, idempotencyKeyOf(key));
    void reply.header('location', `/jobs/${job.id}`);
    if (isReplayed) void reply.header('idempotency-replayed', 'true');
    return job;
  }

  /** List your jobs, the newest first. */
  @Get()
  @Produces('application/json')
  @ApiQuery(AFTER)
  @ApiQuery(LIMIT)
  @ApiQuery({ name: 'state', required: false, enum: JOB_STATES, description: 'These alone.' })
  @ApiOkResponse({ type: JobListDto, description: 'A page of your jobs.' })
  @ApiProblemResponses('/jobs', [
    'invalid-request',
    'unauthorized',
    'not-acceptable',
    'store-unavailable',
    'internal-error',
  ])
  listJobs(@CallerOwner() owner: Owner, @Query() query: QueryFields): Promise<JobListDto> {
    return this.service.list(owner, query);
  }

  /** Tell how far a job is. */
  @Get(':id')
  @Produces('application/json')
  @ApiParam(ID_PARAM)
  @ApiOkResponse({ type: JobDto, description: 'The job.' })
  @ApiProblemResponses(INSTANCE, [...OF_JOB])
  readJob(@CallerOwner() owner: Owner, @Param('id') id: string): Promise<JobDto> {
    return this.service.find(owner, id);
  }

  /**
   * Cancel a job.
   *
   * @remarks What has not begun is cancelled, what runs is aborted within two seconds. A job that has ended stays as it is.
   */
  @Delete(':id')
  @HttpCode(202)
  @Produces('application/json')
  @ApiParam(ID_PARAM)
  @ApiAcceptedResponse({ type: JobDto, description: 'The job.' })
  @ApiProblemResponses(INSTANCE, [...OF_JOB])
  cancelJob(@CallerOwner() owner: Owner, @Param('id') id: string): Promise<JobDto> {
    return this.service.cancel(owner, id);
  }

  /**
   * Read what has come of a job's items, in the order of completion.
   *
   * @remarks A page of JSON; or NDJSON, an item a line, which follows a job that runs to its end. No reader skips an item:
   * `next` is null only when the job has ended and nothing follows.
   */
  @Get(':id/results')
  @Produces('application/json', 'application/x-ndjson')
  @ApiParam(ID_PARAM)
  @ApiQuery(AFTER)
  @ApiQuery(LIMIT)
  @ApiQuery({ name: 'state', required: false, enum: DONE_STATES, description: 'Items in this state alone.' })
  @ApiOkResponse({
    description: 'Items that are done.',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(JobResultsDto) }, example: JOB_RESULTS_EXAMPLE },
      'application/x-ndjson': { schema: { $ref: getSchemaPath(JobItemDto) }, example: JOB_LINES_EXAMPLE },
    },
  })
  @ApiProblemResponses(`${INSTANCE}/results`, ['invalid-request', ...OF_JOB])
  async readResults(
    @CallerOwner() owner: Owner,
    @Param('id') id: string,
    @Query() query: QueryFields,
    @Req() request: FastifyRequest,
    @CallerSignal() caller: AbortSignal,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { place, limit } = placeOf(query);
    const results = await this.service.results(owner, id);
    const mediaType = representationOf(request);
    const isPage = mediaType === 'application/json';
    const slices = isPage ? results.page(place, limit) : results.lines(place, caller);
    sendSlices(reply.type(`${mediaType}; charset=utf-8`), slices, caller);
  }

  /** Follow a job as server-sent events: item, progress, and end. */
  @Get(':id/events')
  @Produces('text/event-stream')
  @ApiParam(ID_PARAM)
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'The last event that was seen.' })
  @ApiOkResponse({
    description: 'Events, until the job has ended.',
    content: { 'text/event-stream': { schema: { type: 'string' }, example: JOB_EVENTS_EXAMPLE } },
  })
  @ApiProblemResponses(`${INSTANCE}/events`, ['invalid-request', ...OF_JOB])
  async followJob(
    @CallerOwner() owner: Owner,
    @Param('id') id: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @CallerSignal() caller: AbortSignal,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const after = lastEventIdOf(lastEventId);
    const results = await this.service.results(owner, id);
    sendSlices(reply.type('text/event-stream; charset=utf-8'), results.events(after, caller), caller);
  }
}
