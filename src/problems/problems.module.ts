import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { ProblemsController } from './problems.controller';
import { REPRESENTATIONS, sendAllExplained } from './send-explained';

@Module({ controllers: [ProblemsController] })
export class ProblemsModule implements OnModuleInit {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  /** Nest takes the slash off the end of a path, and so the router has to be told of this one itself. */
  onModuleInit(): void {
    const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    fastify.get('/problems/', { config: { produces: REPRESENTATIONS } }, (request, reply) =>
      sendAllExplained(request, reply),
    );
  }
}
