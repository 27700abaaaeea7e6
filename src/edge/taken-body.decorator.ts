import { type ExecutionContext, createParamDecorator } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** What a request brought, as `@Body()` has it, and taken out of it: the request is there until its answer has left, and
 *  what it brought may be megabytes. */
export const TakenBody = createParamDecorator((_: unknown, context: ExecutionContext): unknown => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const { body } = request;
  request.body = undefined;
  return body;
});
