import { createHash } from 'node:crypto';
import { type ExecutionContext, createParamDecorator } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Who owns what is kept between calls: SHA-256 of the API key, in hex, or everybody where no key is needed. */
export type Owner = string;

export const EVERYBODY: Owner = 'everybody';

const owners = new WeakMap<FastifyRequest, Owner>();

/** @param key as the operator set it */
export function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** Remembers who has sent a request. */
export function setOwner(request: FastifyRequest, owner: Owner): void {
  owners.set(request, owner);
}

/** @returns null for a request that nobody was let in with */
export function knownOwnerOf(request: FastifyRequest): Owner | null {
  return owners.get(request) ?? null;
}

/** @throws Error for a request that came in by an open route: it would be everybody's */
export function ownerOf(request: FastifyRequest): Owner {
  const owner = owners.get(request);
  if (owner === undefined) throw new Error('a route that keeps something for its caller cannot be open');
  return owner;
}

/** The owner of what the caller keeps here. */
export const CallerOwner = createParamDecorator((_: unknown, context: ExecutionContext): Owner =>
  ownerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
