import type { Socket } from 'node:net';
import { type ExecutionContext, createParamDecorator } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Turns } from '../event-loop/turns';

/** Hundreds may leave at once, and closing what was fetched for one takes the kernel a third of a millisecond when much
 *  has come that was not read. Of each turn so much, and before everything else: what nobody waits for makes room. */
const MAX_TURN_MS = 5;
const MAX_A_TURN = 32;
const leaving = new Turns(MAX_TURN_MS, MAX_A_TURN);

/** One for all: each of its own would have its stack written down. */
const GONE = new Error('the caller has gone');

const signals = new WeakMap<Socket, AbortSignal>();

/** An AbortSignal that aborts when the caller's connection is closed. */
export const CallerSignal = createParamDecorator((_: unknown, context: ExecutionContext): AbortSignal => {
  return callerSignal(context.switchToHttp().getRequest<FastifyRequest>().raw.socket);
});

/** @param socket of a caller's connection
 *  @returns aborts when it is closed, one after another where many are closed at once */
export function callerSignal(socket: Socket): AbortSignal {
  let signal = signals.get(socket);
  if (signal === undefined) {
    signal = signalOf(socket);
    signals.set(socket, signal);
  }
  return signal;
}

/** Not the response's own "close": one that is to follow others on its connection never tells of it. */
function signalOf(socket: Socket): AbortSignal {
  if (socket.destroyed) return AbortSignal.abort(GONE);
  const controller = new AbortController();
  socket.once('close', () => leaving.next(() => controller.abort(GONE)));
  return controller.signal;
}
