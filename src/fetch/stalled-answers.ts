import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';

/** so long a caller may take nothing of its answer, and up to twice as long; a slow one that takes a little may go on */
const STALL_MS = 30_000;

/** Closes the connections of callers that do not take their answers, so that these are not kept for ever. */
@Injectable()
export class StalledAnswers implements OnModuleInit {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  onModuleInit(): void {
    const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onRequest', (_, { raw }, done) => {
      dropWhenStalled(raw, STALL_MS);
      done();
    });
  }
}

/** Resets the connection of a response of which nothing was taken for so long, or for up to twice as long. While there
 *  is nothing to take, time does not count. */
export function dropWhenStalled(response: ServerResponse, stallMs: number): void {
  // The socket's own timer, because it sees a large write progress; the server sets it anew for an idle connection. When
  // it runs out first it notes how much is queued, and fires when it runs out once more and that is as it was.
  response.setTimeout(stallMs);
  response.on('timeout', (socket: Socket) => {
    if (socket.writableLength > 0) socket.resetAndDestroy();
  });
}
