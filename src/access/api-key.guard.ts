import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { SETTINGS } from '../config/config.module';
import type { Settings } from '../config/settings';
import { Problem } from '../problems/problem';

/** Lets in who shows one of the operator's keys, or everybody where there are none. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  private readonly digests: readonly Buffer[];

  constructor(@Inject(SETTINGS) { apiKeys, auth }: Settings) {
    this.digests = auth === 'off' ? [] : apiKeys.map(digest);
  }

  canActivate(context: ExecutionContext): boolean {
    if (this.digests.length === 0) return true;
    const key = presentedKey(context.switchToHttp().getRequest<FastifyRequest>());
    if (key !== null && this.isKnown(key)) return true;
    const detail = key === null ? 'Send Authorization: Bearer …, or X-API-Key.' : 'The API key is not known.';
    throw new Problem('unauthorized', detail, { headers: { 'www-authenticate': 'Bearer' } });
  }

  /** Digests have one length, and every one is compared: time tells nothing of the keys. */
  private isKnown(key: string): boolean {
    const presented = digest(key);
    return this.digests.filter((known) => timingSafeEqual(known, presented)).length > 0;
  }
}

function presentedKey({ headers }: FastifyRequest): string | null {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const apiKey = headers['x-api-key'];
  return bearer ?? (typeof apiKey === 'string' ? apiKey : null);
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
