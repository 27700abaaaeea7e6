import type { FastifyRequest } from 'fastify';
import type { Problem } from '../problems/problem';

/** Looks at the head of a request, before its content is read.
 *  @returns why it is refused; null: nothing speaks against it */
export type Check = (request: FastifyRequest) => Problem | null;
