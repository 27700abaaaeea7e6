import { once } from 'node:events';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { setResponseFields } from '../edge/response-fields';
import { turns } from '../event-loop/turns';
import type { OctetAccount } from '../exchange/octet-budget';
import { jsonPayload } from '../problems/json-payload';
import { type JsonAnswer, jsonInSlices } from './answer-json';

/** Sends what a fetch is answered with.
 *  @param reply has the media type of the answer
 *  @param caller aborts when the caller's connection is closed
 *  @param memory what the answer is made of; closed when the system has all of it, or the caller has gone */
export function sendAnswer(
  reply: FastifyReply,
  answer: JsonAnswer,
  caller: AbortSignal,
  memory: OctetAccount,
): void {
  lend(reply.raw, answer, caller, memory);
  if (answer.strings.length === 0) {
    void reply.send(jsonPayload(JSON.stringify(answer.json)));
    return;
  }
  sendSlices(reply, turns.each(jsonInSlices(answer)), caller);
}

/** Keeps what an answer is made of until its caller has it, has gone, or takes it too slowly while others wait for memory.
 *  @param caller aborts when the caller's connection is closed */
export function lend(
  response: ServerResponse,
  { strings }: JsonAnswer,
  caller: AbortSignal,
  memory: OctetAccount,
): void {
  whenLeft(response, caller, () => memory.close());
  if (strings.length === 0) return;
  memory.lend(() => cutSlowCaller(response));
}

export function cutSlowCaller(response: ServerResponse): void {
  new Logger('answer').warn('an answer was cut that its caller took slowly, while others waited for memory');
  response.socket?.resetAndDestroy();
}

/** Sends an answer that is made while the caller takes it, each slice when the one before was taken. Where making it
 *  fails, the connection is cut: what was sent is not all.
 *  @param caller aborts when the caller's connection is closed */
export function sendSlices(reply: FastifyReply, slices: AsyncIterable<string>, caller: AbortSignal): void {
  beginAnswer(reply);
  void writeSlices(reply.raw, slices, caller);
}

/** Sends the head of an answer. From here on Fastify has no part in it: it would read ahead, and answer once more when the
 *  caller leaves early. */
export function beginAnswer(reply: FastifyReply): void {
  reply.hijack();
  setResponseFields(reply, reply.request.routeOptions.url);
  reply.raw.writeHead(reply.statusCode, reply.getHeaders() as OutgoingHttpHeaders);
  // The first slice may be long in coming, and whoever waits is to know that there is something to wait for.
  reply.raw.flushHeaders();
}

/** Not the response's "close" alone: not every release of the runtime tells it to one that is to follow others. */
function whenLeft(response: ServerResponse, caller: AbortSignal, left: () => void): void {
  const leave = (): void => {
    response.off('close', leave);
    caller.removeEventListener('abort', leave);
    left();
  };
  response.on('close', leave);
  caller.addEventListener('abort', leave);
  if (caller.aborted) leave();
}

/** Makes each slice when the caller has taken the one before, and ends the answer. */
export async function writeSlices(
  response: ServerResponse,
  slices: AsyncIterable<string>,
  caller: AbortSignal,
): Promise<void> {
  try {
    for await (const slice of slices)
      if (!response.write(slice)) await once(response, 'drain', { signal: caller });
    response.end();
  } catch (error) {
    if (caller.aborted) return;
    new Logger('answer').error(error);
    response.destroy();
  }
}
