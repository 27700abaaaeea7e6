import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Controller, Get, Header, Param, Req, Res, applyDecorators } from '@nestjs/common';
import {
  ApiExcludeEndpoint,
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiParam,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Produces } from '../edge/representation';
import { ApiProblemResponses } from './api-problem-responses';
import { explain } from './explain';
import { Problem } from './problem';
import { ProblemExplanationDto, ProblemListDto } from './problem-explanation.dto';
import { PROBLEMS, isProblemCode } from './problem-table';
import { REPRESENTATIONS, sendAllExplained, sendExplained } from './send-explained';

const STYLE = readFileSync(path.join(__dirname, 'page.css'), 'utf8');
const PAGE = { 'text/html': { schema: { type: 'string' } } } as const;
const ENTITY_TAG = {
  ETag: {
    description: 'Of this representation.',
    schema: { type: 'string', example: '"8Xm0wRUpmEMF8PgTjnF5Jn1eVQ3vh0Q-kHKTkPaVhTI"' },
  },
} as const;

/** Documents that who has the representation already is told so. */
function ApiRevalidated(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'If-None-Match',
      required: false,
      description: '`ETag` of what you have; where it is still that, it is not sent again.',
    }),
    ApiResponse({
      status: 304,
      description: 'What you have is what there is.',
      headers: ENTITY_TAG,
    }),
  );
}

/** Where the `type` of problems leads to. */
@ApiTags('problems')
@ApiExtraModels(ProblemExplanationDto, ProblemListDto)
@Controller('problems')
export class ProblemsController {
  /**
   * List all problems that the service answers with, and what each means.
   *
   * @remarks As a page to browsers, as JSON to all others.
   */
  @Get()
  @Produces(...REPRESENTATIONS)
  @ApiOkResponse({
    description: 'All of them, by their status.',
    headers: ENTITY_TAG,
    content: { 'application/json': { schema: { $ref: getSchemaPath(ProblemListDto) } }, ...PAGE },
  })
  @ApiRevalidated()
  @ApiProblemResponses('/problems', ['not-acceptable'])
  listProblems(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    sendAllExplained(request, reply);
  }

  @Get('page.css')
  @Header('content-type', 'text/css; charset=utf-8')
  @Header('cache-control', 'public, max-age=3600')
  @ApiExcludeEndpoint()
  readStyle(): string {
    return STYLE;
  }

  /**
   * Tell what a problem means, what usually causes it, and what to try.
   *
   * @remarks The `type` of every problem leads here. As a page to browsers, as JSON to all others.
   */
  @Get(':code')
  @Produces(...REPRESENTATIONS)
  @ApiParam({
    name: 'code',
    description: 'Code of a problem.',
    schema: { type: 'string', enum: Object.keys(PROBLEMS), example: 'port-denied' },
  })
  @ApiOkResponse({
    description: 'What it means.',
    headers: ENTITY_TAG,
    content: {
      'application/json': {
        schema: { $ref: getSchemaPath(ProblemExplanationDto) },
        example: explain('port-denied'),
      },
      ...PAGE,
    },
  })
  @ApiRevalidated()
  @ApiProblemResponses('/problems/no-such-code', ['not-found', 'not-acceptable'])
  explainProblem(
    @Param('code') code: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    // Told as every problem, to browsers too: they show it, and there is one shape of them.
    if (!isProblemCode(code))
      throw new Problem('not-found', 'No problem has this code. GET /problems lists them all.');
    sendExplained(code, request, reply);
  }
}
