import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Controller, Get, Header, Param, Req, Res } from '@nestjs/common';
import {
  ApiExcludeEndpoint,
  ApiExtraModels,
  ApiOkResponse,
  ApiParam,
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
    content: { 'application/json': { schema: { $ref: getSchemaPath(ProblemListDto) } }, ...PAGE },
  })
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
    content: {
      'application/json': {
        schema: { $ref: getSchemaPath(ProblemExplanationDto) },
        example: explain('port-denied'),
      },
      ...PAGE,
    },
  })
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
