import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { knownOwnerOf } from '../access/caller';
import { refusalOf } from '../problems/refusal';
import { traceOf } from './caller-trace.decorator';
import { CallMetrics } from './call-metrics';
import { RefusalLog } from './refusal-log';

/** Watches every call of the service: counts it, and writes a line when it was refused. */
@Injectable()
export class CallObserver implements OnModuleInit {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly metrics: CallMetrics,
    private readonly log: RefusalLog,
  ) {}

  onModuleInit(): void {
    const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onRequest', (request, reply, done) => {
      this.begin(request, reply);
      done();
    });
    fastify.refusals.listen(({ code }) => this.metrics.refuse(code));
    // Comes also where another hook has answered before ours was asked.
    fastify.addHook('onResponse', (request, reply, done) => {
      this.answered(request, reply);
      done();
    });
  }

  private begin(request: FastifyRequest, reply: FastifyReply): void {
    const { method } = request;
    this.metrics.begin(method);
    reply.raw.once('close', () => {
      this.metrics.end(method);
      if (reply.raw.writableFinished) return;
      this.metrics.time({ method, route: routeOf(request), status: null, ms: reply.elapsedTime });
    });
  }

  private answered(request: FastifyRequest, reply: FastifyReply): void {
    const { method } = request;
    const route = routeOf(request);
    this.metrics.time({ method, route, status: reply.statusCode, ms: reply.elapsedTime });
    const problem = refusalOf(reply);
    // A fetch that failed has its own line.
    if (problem === null) return;
    const { code, status } = problem;
    this.metrics.refuse(code);
    // Whoever asks for what there is not is no caller: anybody could fill the log.
    if (route === null) return;
    const owner = knownOwnerOf(request);
    const callerAddress = request.socket.remoteAddress ?? null;
    this.log.write({ code, status, method, route, owner, trace: traceOf(request), callerAddress });
  }
}

/** @returns the pattern of the route, null where there is none */
function routeOf({ routeOptions }: FastifyRequest): string | null {
  return routeOptions.url ?? null;
}
