import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  Logger,
  ServiceUnavailableException,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerProblem } from './answer-problem';
import { problemFor } from './problem-for';

/** Turns whatever was thrown into an answer. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    // The probes' own answer, made by @nestjs/terminus
    if (exception instanceof ServiceUnavailableException) {
      void reply.status(503).send(exception.getResponse());
      return;
    }
    answerProblem(reply, problemFor(exception, this.logger), http.getRequest<FastifyRequest>().url);
  }
}
