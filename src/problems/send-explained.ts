import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { representationOf } from '../edge/representation';
import { namesEntityTag } from '../semantics/entity-tag';
import { explain, explainAll } from './explain';
import { problemPage, problemsPage } from './pages';
import type { ProblemCode } from './problem-table';

/** What explanations can be had as: JSON for programs, and a page for whoever asks for one, as browsers do. */
export const REPRESENTATIONS = ['application/json', 'text/html'] as const;

interface Representation {
  readonly octets: Buffer;
  /** strong: it is a digest of the octets */
  readonly entityTag: string;
}

/** What has been asked for, by what makes it what it is. It changes with the release alone. */
const made = new Map<string, Representation>();

/** Answers with what a code means. */
export function sendExplained(code: ProblemCode, request: FastifyRequest, reply: FastifyReply): void {
  send(code, () => explain(code), problemPage, request, reply);
}

/** Answers with what all codes mean. */
export function sendAllExplained(request: FastifyRequest, reply: FastifyReply): void {
  send('', explainAll, problemsPage, request, reply);
}

/** @param name of what is explained
 *  @param page makes the page of what was explained, given where the service is, relative to the page */
function send<T>(
  name: ProblemCode | '',
  explained: () => T,
  page: (explained: T, root: string) => string,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const mediaType = representationOf(request);
  const root = rootOf(request);
  const { octets, entityTag } = madeOnce(`${mediaType} ${root} ${name}`, () =>
    mediaType === 'application/json' ? JSON.stringify(explained()) : page(explained(), root),
  );
  void reply.header('etag', entityTag);
  const { method, headers } = request;
  if (namesEntityTag(headers['if-none-match'] ?? '', entityTag))
    // Of what a HEAD is given Fastify sends the length alone. With nothing it would be 0, which is another's (RFC 9110 §8.6).
    void reply.code(304).send(method === 'HEAD' ? octets : undefined);
  else void reply.type(`${mediaType}; charset=utf-8`).send(octets);
}

function madeOnce(key: string, make: () => string): Representation {
  let one = made.get(key);
  if (one === undefined) {
    const octets = Buffer.from(make());
    one = { octets, entityTag: `"${hash('sha256', octets, 'base64url')}"` };
    made.set(key, one);
  }
  return one;
}

/** Relative, so that the links hold where a proxy has the service under a path of its own. */
function rootOf({ routeOptions }: FastifyRequest): string {
  return routeOptions.url === '/problems' ? '.' : '..';
}
