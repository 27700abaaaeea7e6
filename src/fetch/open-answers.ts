import type { ServerResponse } from 'node:http';
import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { InFlight } from './in-flight';

/** The answers that are not yet with their callers. At shutdown they are waited for, because all connections
 *  are closed then: one whose caller asks for nothing, or stops within its question, would never end. */
@Injectable()
export class OpenAnswers implements OnModuleInit, BeforeApplicationShutdown {
  private readonly open = new Set<ServerResponse>();
  private whenNone: (() => void) | null = null;

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly inFlight: InFlight,
  ) {}

  onModuleInit(): void {
    const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onRequest', (_, { raw }, done) => {
      this.open.add(raw);
      raw.once('close', () => this.closed(raw));
      done();
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.inFlight.stopAccepting();
    if (this.open.size === 0) return;
    const none = new Promise<void>((resolve) => (this.whenNone = resolve));
    const deadline = setTimeout(() => this.whenNone?.(), this.inFlight.remainingMs);
    await none;
    clearTimeout(deadline);
  }

  private closed(response: ServerResponse): void {
    this.open.delete(response);
    if (this.open.size === 0) this.whenNone?.();
  }
}
