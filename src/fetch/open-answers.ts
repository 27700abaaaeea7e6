import type { ServerResponse } from 'node:http';
import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { isProbe } from '../edge/probe';
import { turns } from '../event-loop/turns';
import { InFlight } from './in-flight';

/** The answers that are not yet with their callers. At shutdown they are waited for, because all connections
 *  are closed then: one whose caller asks for nothing, or stops within its question, would never end. */
@Injectable()
export class OpenAnswers implements OnModuleInit, BeforeApplicationShutdown {
  private readonly open = new Set<ServerResponse>();
  private opened = 0;
  private probed = 0;
  private whenNone: (() => void) | null = null;
  private deadline: NodeJS.Timeout | undefined;
  private tell: (open: number) => void = () => undefined;

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly inFlight: InFlight,
  ) {}

  onModuleInit(): void {
    const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onRequest', ({ url }, { raw }, done) => {
      if (isProbe(url)) this.probed++;
      else this.opened++;
      this.open.add(raw);
      this.tell(this.open.size);
      raw.once('close', () => this.closed(raw));
      done();
    });
  }

  /** Calls that have come, ever, but for probes. */
  calls(): number {
    return this.opened;
  }

  /** Probes that have come, ever. */
  probes(): number {
    return this.probed;
  }

  /** Whether any caller waits for the rest of its answer. */
  isAnswering(): boolean {
    return this.open.size > 0;
  }

  /** Has somebody told, from now on, how many there are. */
  watch(told: (open: number) => void): void {
    this.tell = told;
  }

  /** The one hook of shutting down: Nest would run two of them one after the other. */
  async beforeApplicationShutdown(): Promise<void> {
    this.inFlight.stopAccepting();
    await Promise.race([this.over(), this.timeIsOver()]);
    clearTimeout(this.deadline);
  }

  /** When nothing runs and all answers are with their callers. */
  private async over(): Promise<void> {
    // Calls that came before are known of by then.
    await turns.take(() => undefined);
    await Promise.all([this.inFlight.drain(), this.left()]);
  }

  private async left(): Promise<void> {
    if (this.open.size > 0) await new Promise<void>((resolve) => (this.whenNone = resolve));
  }

  private timeIsOver(): Promise<void> {
    return new Promise((resolve) => (this.deadline = setTimeout(resolve, this.inFlight.remainingMs)));
  }

  private closed(response: ServerResponse): void {
    this.open.delete(response);
    this.tell(this.open.size);
    if (this.open.size === 0) this.whenNone?.();
  }
}
