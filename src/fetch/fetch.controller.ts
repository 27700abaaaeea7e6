import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOkResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { ApiKeyGuard } from '../access/api-key.guard';
import { CallerOwner, type Owner } from '../access/caller';
import type { FetchSpec } from '../exchange/fetch-spec';
import { ApiProblemResponses } from '../problems/api-problem-responses';
import { CallerSignal } from './caller-signal.decorator';
import { FetchResultDto } from './dto/exchange.dto';
import { FetchRequestDto } from './dto/fetch-request.dto';
import { FetchRequestPipe } from './fetch-request.pipe';
import { FETCH_EXAMPLES } from './fetch.examples';
import { FETCH_RESULT_EXAMPLE } from './fetch-result.example';
import { SocketFetchService } from './socket-fetch.service';

@ApiTags('fetch')
@ApiBearerAuth()
@ApiSecurity('apiKey')
@UseGuards(ApiKeyGuard)
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
  @ApiBody({ type: FetchRequestDto, examples: FETCH_EXAMPLES })
  @ApiOkResponse({
    type: FetchResultDto,
    description: 'A response head arrived.',
    example: FETCH_RESULT_EXAMPLE,
  })
  @ApiProblemResponses()
  fetch(
    @Body(FetchRequestPipe) spec: FetchSpec,
    @CallerOwner() owner: Owner,
    @CallerSignal() caller: AbortSignal,
  ): Promise<FetchResultDto> {
    return this.service.fetch(spec, owner, caller);
  }
}
