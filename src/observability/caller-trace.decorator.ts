import { type ExecutionContext, createParamDecorator } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type TraceContext, parseTraceContext } from '../semantics/trace-context';

/** @returns the trace that a call is part of, null when it names none */
export function traceOf({ headers }: FastifyRequest): TraceContext | null {
  return parseTraceContext(valueOf(headers['traceparent']), valueOf(headers['tracestate']));
}

/** node:http joins fields of one name by commas, but for a few of which these are none. */
function valueOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(',') : value;
}

/** The trace that the call is part of. */
export const CallerTrace = createParamDecorator(
  (_: unknown, context: ExecutionContext): TraceContext | null =>
    traceOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
