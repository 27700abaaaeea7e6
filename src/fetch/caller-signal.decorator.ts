import type { Socket } from 'node:net';
import { type ExecutionContext, createParamDecorator } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

const signals = new WeakMap<Socket, AbortSignal>();

/** An AbortSignal that aborts when the caller's connection is closed. */
export const CallerSignal = createParamDecorator((_: unknown, context: ExecutionContext): AbortSignal => {
  const { socket } = context.switchToHttp().getRequest<FastifyRequest>().raw;
  let signal = signals.get(socket);
  if (signal === undefined) {
    signal = signalOf(socket);
    signals.set(socket, signal);
  }
  return signal;
});

/** Not the response's own "close": one that is to follow others on its connection never tells of it. */
function signalOf(socket: Socket): AbortSignal {
  if (socket.destroyed) return AbortSignal.abort();
  const controller = new AbortController();
  socket.once('close', () => controller.abort());
  return controller.signal;
}
