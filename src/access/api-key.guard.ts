import { timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { SETTINGS } from '../config/config.module';
import type { Settings } from '../config/settings';
import { Problem } from '../problems/problem';
import { EVERYBODY, type Owner, digestOf, setOwner } from './caller';

/** Lets in who shows one of the operator's keys, or everybody where there are none. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  private readonly digests: readonly Buffer[];

  constructor(@Inject(SETTINGS) { apiKeys, auth }: Settings) {
    this.digests = auth === 'off' ? [] : apiKeys.map(digestOf);
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    setOwner(request, this.digests.length === 0 ? EVERYBODY : this.ownerOf(presentedKey(request)));
    return true;
  }

  private ownerOf(key: string | null): Owner {
    const presented = key === null ? null : digestOf(key);
    if (presented !== null && this.isKnown(presented)) return presented.toString('hex');
    const detail = key === null ? 'Send Authorization: Bearer …, or X-API-Key.' : 'The API key is not known.';
    throw new Problem('unauthorized', detail, { headers: { 'www-authenticate': 'Bearer' } });
  }

  /** Digests have one length, and every one is compared: time tells nothing of the keys. */
  private isKnown(presented: Buffer): boolean {
    return this.digests.filter((known) => timingSafeEqual(known, presented)).length > 0;
  }
}

function presentedKey({ headers }: FastifyRequest): string | null {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const apiKey = headers['x-api-key'];
  return bearer ?? (typeof apiKey === 'string' ? apiKey : null);
}
