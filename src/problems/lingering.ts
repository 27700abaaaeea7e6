import type { IncomingMessage } from 'node:http';

/** how long, and for how many octets, a caller is listened to that has been answered before it had said everything */
export const LINGER_MS = 2_000;
export const LINGER_BYTES = 262_144;

/** @returns whether a request announces content, RFC 9112 §6.3 */
export function hasContent({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && Number(length) !== 0);
}

/** @returns whether content of a request is still to be read */
export function isComing(request: IncomingMessage): boolean {
  return hasContent(request) && !request.complete && !request.destroyed;
}

/** An answer that is sent at once and whole, but ended only when the caller can have read it.
 *
 *  Closing a connection while octets lie unread in it resets it (RFC 9112 §9.6), and the reset may overtake the answer.
 *  So a part of what comes is thrown away until the request is whole, the caller has gone, or the time is over. Past
 *  LINGER_BYTES nothing is read any more: who looks for an answer while it writes has long found it. */
export async function* lingering(answer: string, request: IncomingMessage): AsyncGenerator<string> {
  yield answer;
  await listenOn(request);
}

function listenOn(request: IncomingMessage): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let left = LINGER_BYTES;
  const timer = setTimeout(resolve, LINGER_MS);
  request.on('data', ({ length }: Buffer) => {
    left -= length;
    if (left < 0) request.pause();
  });
  request.once('close', resolve);
  if (request.closed) resolve();
  return promise.finally(() => clearTimeout(timer));
}
