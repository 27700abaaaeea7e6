import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Logger,
  ServiceUnavailableException,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LOGGED, Problem } from './problem';
import type { ProblemCode } from './problem-table';

const BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  400: 'invalid-request',
  401: 'unauthorized',
  404: 'not-found',
  405: 'method-not-allowed',
  406: 'not-acceptable',
  413: 'request-too-large',
  415: 'unsupported-media-type',
};

/** Turns whatever was thrown into an answer; nothing unforeseen is told to the caller. */
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
    answerProblem(reply, this.toProblem(exception), http.getRequest<FastifyRequest>().url);
  }

  private toProblem(exception: unknown): Problem {
    if (exception instanceof Problem) return exception;
    if (exception instanceof HttpException) {
      const code = BY_STATUS[exception.getStatus()];
      if (code !== undefined) return fromHttp(code, exception.message);
    }
    this.logger.error(exception);
    return new Problem('internal-error', LOGGED);
  }
}

/** @param url of the HTTP request */
export function answerProblem(reply: FastifyReply, problem: Problem, url: string): void {
  const [path = '/'] = url.split('?', 1);
  void reply
    .status(problem.status)
    .headers({ 'content-type': 'application/problem+json', ...problem.more.headers })
    .send(JSON.stringify(problem.toJson(path)));
}

function fromHttp(code: ProblemCode, message: string): Problem {
  if (code === 'unsupported-media-type')
    return new Problem(code, 'Send the request with content-type: application/json.');
  if (code !== 'invalid-request') return new Problem(code, message);
  return new Problem(code, message, { phase: 'validate', errors: [{ path: '', message }] });
}
