import { Controller, HttpCode, Post, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiExtraModels,
  ApiOkResponse,
  ApiSecurity,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CallerOwner, type Owner } from '../access/caller';
import { Produces, representationOf } from '../edge/representation';
import { TakenBody } from '../edge/taken-body.decorator';
import type { FetchSpec } from '../exchange/fetch-spec';
import { CallerTrace } from '../observability/caller-trace.decorator';
import { ApiProblemResponses } from '../problems/api-problem-responses';
import type { TraceContext } from '../semantics/trace-context';
import { sendAnswer } from './answer';
import { CallerSignal } from './caller-signal.decorator';
import { FetchResultDto } from './dto/exchange.dto';
import { FETCH_EVENTS } from './dto/fetch-event.dto';
import { FetchRequestDto } from './dto/fetch-request.dto';
import { HarDto } from './dto/har.dto';
import { FetchRequestPipe } from './fetch-request.pipe';
import { FETCH_EXAMPLES } from './fetch.examples';
import { FETCH_LINES_EXAMPLES } from './fetch-lines.examples';
import { FETCH_RESULT_EXAMPLES } from './fetch-result.examples';
import { streamFetch } from './fetch-stream';
import { HAR_EXAMPLE } from './har/har.example';
import { FETCH_MEDIA_TYPES, type FetchMediaType, representationIn } from './representations';
import { SocketFetchService } from './socket-fetch.service';

@ApiTags('fetch')
@ApiBearerAuth()
@ApiSecurity('apiKey')
@ApiExtraModels(FetchResultDto, HarDto, ...FETCH_EVENTS)
@Controller()
export class FetchController {
  constructor(private readonly service: SocketFetchService) {}

  /**
   * Fetch a URL over a raw socket, and tell exactly what came over the wire.
   *
   * @remarks A target's 404 or 500 is a result, not an error: the answer is 200 as soon as a response head has
   * arrived, and never throws away octets that did. Anything else is a problem that holds what was received.
   */
  @Post('fetch')
  @HttpCode(200)
  @Produces(...FETCH_MEDIA_TYPES)
  @ApiBody({ type: FetchRequestDto, examples: FETCH_EXAMPLES })
  @ApiOkResponse({
    description:
      'A response head arrived. As NDJSON: the fetch has begun, and its last line tells how it ended.',
    content: {
      'application/json': {
        schema: { $ref: getSchemaPath(FetchResultDto) },
        examples: FETCH_RESULT_EXAMPLES,
      },
      'application/x-ndjson': {
        schema: { oneOf: FETCH_EVENTS.map((event) => ({ $ref: getSchemaPath(event) })) },
        examples: FETCH_LINES_EXAMPLES,
      },
      'application/har+json': { schema: { $ref: getSchemaPath(HarDto) }, example: HAR_EXAMPLE },
    } satisfies Record<FetchMediaType, object>,
  })
  @ApiProblemResponses()
  async fetch(
    @TakenBody(FetchRequestPipe) spec: FetchSpec,
    @CallerOwner() owner: Owner,
    @CallerTrace() trace: TraceContext | null,
    @CallerSignal() caller: AbortSignal,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const traced = { ...spec, trace };
    const mediaType = representationOf(reply.request);
    const represent = representationIn(mediaType);
    if (represent === 'as it happens') return streamFetch(this.service, traced, owner, caller, reply);
    const answer = await this.service.fetch(traced, owner, caller, represent);
    sendAnswer(reply.type(`${mediaType}; charset=utf-8`), answer, caller, answer.memory);
  }
}
