import type { FastifyInstance } from 'fastify';
import { MEDIA_TYPE_HINT, Problem } from '../problems/problem';
import { hasContent } from '../problems/lingering';
import { holdsMoreValues } from './json-extent';

/** Three times what a request with a thousand field lines has, and read within a few milliseconds. */
const MAX_VALUES = 10_000;

/** Lets JSON be read, and nothing else. A request without content may have any Content-Type: some clients always send
 *  one. */
export function readJsonAlone(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, json, done) => {
    const text = json as string;
    if (text === '') done(null, undefined);
    else if (holdsMoreValues(text, MAX_VALUES)) done(tooManyValues());
    else void parse(request, text, done);
  });
  fastify.addContentTypeParser('*', ({ raw }, _, done) => {
    if (hasContent(raw)) done(new Problem('unsupported-media-type', MEDIA_TYPE_HINT));
    else done(null, undefined);
  });
}

function tooManyValues(): Problem {
  const message = `holds more than ${MAX_VALUES} values`;
  return new Problem('invalid-request', `The request ${message}; nothing was sent.`, {
    phase: 'validate',
    errors: [{ path: '', message }],
  });
}
