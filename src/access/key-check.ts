import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Settings } from '../config/settings';
import { Problem } from '../problems/problem';
import { EVERYBODY, type Owner, digestOf, setOwner } from './caller';

/** The routes that need no key, as the router has them; those that end in "/" with all below. Every other needs one. */
const OPEN_ROUTES = [
  '/',
  '/console/',
  '/docs',
  '/docs/',
  '/openapi.json',
  '/problems',
  '/problems/',
  '/health/',
] as const;

/** Lets in who shows one of the operator's keys, or everybody where there are none, and remembers who it is. */
export function keyCheck({ apiKeys, auth }: Settings): (request: FastifyRequest) => Problem | null {
  const keys = auth === 'off' ? [] : apiKeys.map(digestOf);
  return (request) => {
    if (isOpen(request.routeOptions.url ?? '')) return null;
    const owner = keys.length === 0 ? EVERYBODY : ownerBy(presentedKeys(request), keys);
    if (typeof owner !== 'string') return owner;
    setOwner(request, owner);
    return null;
  };
}

function isOpen(route: string): boolean {
  return OPEN_ROUTES.some(
    (open) => route === open || (open.length > 1 && open.endsWith('/') && route.startsWith(open)),
  );
}

/** One known key is enough: a proxy before the service may need a Bearer of its own. Two known ones would be two
 *  owners. */
function ownerBy(presented: readonly string[], keys: readonly Buffer[]): Owner | Problem {
  if (presented.length === 0) return unauthorized('Send Authorization: Bearer …, or X-API-Key.');
  const owners = new Set(
    presented
      .map(digestOf)
      .filter((digest) => isKnown(digest, keys))
      .map((digest) => digest.toString('hex')),
  );
  const [owner] = owners;
  if (owner === undefined) return unauthorized('The API key is not known.');
  return owners.size === 1 ? owner : unauthorized('There are two API keys, and each is for somebody else.');
}

/** Digests have one length, and every one is compared: time tells nothing of the keys. */
function isKnown(presented: Buffer, keys: readonly Buffer[]): boolean {
  return keys.filter((known) => timingSafeEqual(known, presented)).length > 0;
}

function presentedKeys({ headers }: FastifyRequest): string[] {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const apiKey = headers['x-api-key'];
  return [bearer, apiKey].filter((key) => typeof key === 'string');
}

function unauthorized(detail: string): Problem {
  return new Problem('unauthorized', detail, { headers: { 'www-authenticate': 'Bearer' } });
}
