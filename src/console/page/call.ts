import { octetsOf } from './base64';
import { Breather } from './breather';
import type { FetchEvent, FetchResult, Problem } from './data';
import type { ConsoleRequest } from './draft';
import { type FaultCode, ServiceFault, isFitKey } from './fault';
import { LineSplitter } from './line-splitter';
import { readProblem, sayingOf } from './read-problem';

/** Calls POST /fetch, and tells what comes back as it comes. */

export interface Listener {
  /** not the content's own octets */
  event(event: FetchEvent): void;
  /** content of the final response */
  content(octets: Uint8Array<ArrayBuffer>): void;
  /** the service refused before it began */
  refusal(problem: Problem): void;
}

/** what the page draws, and no form asks for */
const INCLUDE = { body: 'base64', reads: 'full', rawHead: true, certificates: true };

/** Relative to the page, wherever a proxy has put it. */
export function endpoint(): string {
  return new URL('fetch', document.baseURI).href;
}

/** What is sent, but for what the page asks for on its own behalf.
 *  @throws ServiceFault; DOMException AbortError when the signal aborts */
export async function call(
  request: ConsoleRequest,
  key: string,
  signal: AbortSignal,
  listener: Listener,
): Promise<void> {
  const response = await reach(request, key, 'application/x-ndjson', signal);
  const mediaType = mediaTypeOf(response);
  if (isProblem(mediaType)) {
    listener.refusal(await problemIn(response, signal));
    return;
  }
  if (!response.ok || !mediaType.startsWith('application/x-ndjson') || response.body === null)
    throw new ServiceFault('stranger', statusOf(response));
  await readLines(response.body, signal, listener);
}

/** Fetches anew, for an HTTP Archive of it.
 *  @returns the archive, or what the service says instead
 *  @throws ServiceFault */
export async function callForHar(
  request: ConsoleRequest,
  key: string,
): Promise<{ readonly har: string } | { readonly problem: Problem }> {
  const response = await reach(request, key, 'application/har+json', null);
  if (isProblem(mediaTypeOf(response))) return { problem: await problemIn(response, null) };
  if (!response.ok) throw new ServiceFault('stranger', statusOf(response));
  try {
    return { har: await response.text() };
  } catch (error) {
    throw thrownFor(error, 'broken-off', null);
  }
}

function mediaTypeOf(response: Response): string {
  return response.headers.get('content-type') ?? '';
}

function isProblem(mediaType: string): boolean {
  return mediaType.startsWith('application/problem+json');
}

function statusOf(response: Response): string {
  return `HTTP ${response.status}, ${mediaTypeOf(response) || 'no media type'}`;
}

async function problemIn(response: Response, signal: AbortSignal | null): Promise<Problem> {
  let told: unknown;
  try {
    told = await response.json();
  } catch (error) {
    throw thrownFor(error, 'broken-off', signal);
  }
  const problem = readProblem(told);
  if (problem === null) throw new ServiceFault('stranger', sayingOf(response.status, told));
  return problem;
}

async function reach(
  request: ConsoleRequest,
  key: string,
  accept: string,
  signal: AbortSignal | null,
): Promise<Response> {
  if (!isFitKey(key)) throw new ServiceFault('unfit-key');
  try {
    return await fetch(endpoint(), {
      method: 'POST',
      headers: {
        accept,
        'content-type': 'application/json',
        ...(key === '' ? {} : { 'x-api-key': key }),
      },
      body: JSON.stringify({ ...request, include: INCLUDE }),
      signal,
    });
  } catch (error) {
    throw thrownFor(error, 'unreachable', signal);
  }
}

/** An abort stays one. */
function thrownFor(error: unknown, code: FaultCode, signal: AbortSignal | null): unknown {
  if (signal?.aborted === true) return error;
  return new ServiceFault(code, error instanceof Error ? error.message : null);
}

async function readLines(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  listener: Listener,
): Promise<void> {
  const [splitter, breather] = [new LineSplitter(), new Breather()];
  const pieces = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>);
  const reader = pieces.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw thrownFor(error, 'broken-off', signal);
      });
      const lines = done ? [splitter.end()].filter((line) => line !== '') : splitter.push(value);
      for (const line of lines) {
        tell(eventOf(line, done), listener);
        await breather.breathe();
      }
      if (done) return;
    }
  } finally {
    // What cannot be read is not waited for: the service stops the fetch when nobody listens.
    void reader.cancel().catch(() => undefined);
  }
}

/** @param isLast it has no end, and may have been cut */
function eventOf(line: string, isLast: boolean): FetchEvent {
  try {
    return JSON.parse(line) as FetchEvent;
  } catch (error) {
    throw new ServiceFault(isLast ? 'broken-off' : 'stranger', (error as Error).message);
  }
}

/** Octets go their own way: what is drawn is told of their number alone. */
function tell(event: FetchEvent, listener: Listener): void {
  if (event.event === 'chunk' && event.base64 !== null) {
    if (event.base64 !== '') listener.content(octetsOf(event.base64));
    listener.event({ ...event, base64: null });
    return;
  }
  if (event.event === 'result') {
    listener.event({ ...event, result: withoutContent(event.result, listener) });
    return;
  }
  listener.event(event);
}

/** Short content may come with the result. */
function withoutContent(result: FetchResult, listener: Listener): FetchResult {
  const { base64, text } = result.body;
  if (base64 !== null) listener.content(octetsOf(base64));
  else if (text !== null) listener.content(new TextEncoder().encode(text));
  return { ...result, body: { ...result.body, base64: null, text: null } };
}
