import path from 'node:path';
import fastifyStatic from '@fastify/static';
import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';

/** Where the build puts the page, for what runs from src too. */
const PAGE = path.join(__dirname, '../../dist/console/page');

/** Serves the console page at / and its assets below /console/. */
@Module({})
export class ConsoleModule implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost) {}

  onModuleInit(): void {
    const server: FastifyInstance = this.host.httpAdapter.getInstance();
    // Each asset is a route of its own: what is not there is told as everywhere. What they may do and how long they
    // are kept, all answers say by their route.
    // Not waited for: Fastify would be ready before Nest has given it what makes a problem of an error.
    void server.register(fastifyStatic, {
      root: path.join(PAGE, 'assets'),
      prefix: '/console/',
      wildcard: false,
      index: false,
      cacheControl: false,
    });
    server.get('/', (_, reply) => reply.sendFile('index.html', PAGE));
  }
}
