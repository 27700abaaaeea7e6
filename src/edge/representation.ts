import type { FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';
import { Problem } from '../problems/problem';
import type { Check } from './check';
import { routeConfig } from './route-config';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** media types that the route can answer with, the one it prefers first */
    readonly produces?: readonly string[];
  }
}

/** Names the media types that a route can answer with, the one it prefers first. A caller whose Accept excludes them
 *  all is refused before its request is read. Routes without it answer whatever Accept says. */
export function Produces(...mediaTypes: readonly string[]): MethodDecorator {
  return routeConfig({ produces: mediaTypes });
}

const chosen = new WeakMap<FastifyRequest, string>();

/** @returns the media type to answer with, one of those that `Produces` names
 *  @throws Error where nothing was negotiated */
export function representationOf(request: FastifyRequest): string {
  const mediaType = chosen.get(request);
  if (mediaType === undefined) throw new Error('a route that asks for its representation needs Produces');
  return mediaType;
}

/** RFC 9110 §12.5.1. */
export function representationCheck(): Check {
  return (request) => {
    const { produces } = request.routeOptions.config;
    if (produces === undefined) return null;
    const mediaType = preferred(request.headers.accept, produces);
    if (mediaType === undefined)
      return new Problem('not-acceptable', `Accept excludes all that there is here: ${produces.join(', ')}.`);
    chosen.set(request, mediaType);
    return null;
  };
}

/** One parameter of a media range, or its weight. */
const PARAMETER = /;[^;,"]*(?:"(?:[^"\\]|\\.)*"?[^;,"]*)*/g;
const WEIGHT = /^;\s*q=(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*$/i;
const MEDIA_RANGE = /[^\s/,;"]\/[^\s/,;"]/;

/** Parameters do not decide here: those of JSON mean nothing (RFC 8259 §11), and Prometheus names versions of its text.
 *  A field without any media range excludes nothing. */
function preferred(accept: string | undefined, produces: readonly string[]): string | undefined {
  if (accept === undefined || accept === '*/*') return produces[0];
  const plain = accept.replace(PARAMETER, (parameter) => (WEIGHT.test(parameter) ? parameter : ''));
  if (!MEDIA_RANGE.test(plain)) return produces[0];
  return new Negotiator({ headers: { accept: plain } }).mediaType(produces);
}
