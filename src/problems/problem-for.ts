import { HttpException, type Logger } from '@nestjs/common';
import { StoreUnavailable } from '../store/database';
import { LOGGED, MEDIA_TYPE_HINT, Problem } from './problem';
import type { ProblemCode } from './problem-table';

const BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  400: 'invalid-request',
  401: 'unauthorized',
  // of static files
  403: 'not-found',
  404: 'not-found',
  405: 'method-not-allowed',
  406: 'not-acceptable',
  413: 'request-too-large',
  415: 'unsupported-media-type',
};

/** Makes a problem of whatever was thrown; nothing unforeseen is told to the caller.
 *  @param logger is told what the caller is not */
export function problemFor(exception: unknown, logger: Logger): Problem {
  if (exception instanceof Problem) return exception;
  if (exception instanceof StoreUnavailable) {
    // Why, is for the operator: it tells of machines and directories.
    logger.error(`the store cannot be used: ${exception.message}`);
    return new Problem('store-unavailable', LOGGED, { headers: { 'retry-after': '1' } });
  }
  const status = statusOf(exception);
  if (status >= 400 && status < 500)
    return fromHttp(BY_STATUS[status] ?? 'invalid-request', (exception as Error).message);
  logger.error(exception);
  return new Problem('internal-error', LOGGED);
}

/** Fastify marks what went wrong with a request by its status: the error of a caller who left is none of its own.
 *  @returns 500 for what is not marked */
function statusOf(exception: unknown): number {
  if (exception instanceof HttpException) return exception.getStatus();
  const { statusCode } = (exception ?? {}) as { readonly statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : 500;
}

function fromHttp(code: ProblemCode, message: string): Problem {
  if (code === 'unsupported-media-type') return new Problem(code, MEDIA_TYPE_HINT);
  if (code !== 'invalid-request') return new Problem(code, message);
  return new Problem(code, message, { phase: 'validate', errors: [{ path: '', message }] });
}
