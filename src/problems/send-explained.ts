import type { FastifyReply, FastifyRequest } from 'fastify';
import { representationOf } from '../edge/representation';
import { explain, explainAll } from './explain';
import { problemPage, problemsPage } from './pages';
import type { ProblemCode } from './problem-table';

/** What explanations can be had as: JSON for programs, and a page for whoever asks for one, as browsers do. */
export const REPRESENTATIONS = ['application/json', 'text/html'] as const;

/** Answers with what a code means. */
export function sendExplained(code: ProblemCode, request: FastifyRequest, reply: FastifyReply): void {
  send(explain(code), problemPage, request, reply);
}

/** Answers with what all codes mean. */
export function sendAllExplained(request: FastifyRequest, reply: FastifyReply): void {
  send(explainAll(), problemsPage, request, reply);
}

/** @param page makes the page of what was explained, given where the service is, relative to the page */
function send<T>(
  explained: T,
  page: (explained: T, root: string) => string,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  void reply.header('vary', 'Accept');
  if (representationOf(request) === 'application/json') void reply.send(explained);
  else void reply.type('text/html; charset=utf-8').send(page(explained, rootOf(request)));
}

/** Relative, so that the links hold where a proxy has the service under a path of its own. */
function rootOf({ routeOptions }: FastifyRequest): string {
  return routeOptions.url === '/problems' ? '.' : '..';
}
