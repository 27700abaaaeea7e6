import { octetsOf } from './base64';
import { Breather } from './breather';
import type { FetchEvent, FetchResult, Problem } from './data';
import type { ConsoleRequest } from './draft';
import { LineSplitter } from './line-splitter';

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
 *  @throws TypeError when the service cannot be reached, DOMException AbortError when the signal aborts */
export async function call(
  request: ConsoleRequest,
  key: string,
  signal: AbortSignal,
  listener: Listener,
): Promise<void> {
  const response = await post(request, key, 'application/x-ndjson', signal);
  const mediaType = mediaTypeOf(response);
  if (mediaType.startsWith('application/problem+json'))
    return listener.refusal((await response.json()) as Problem);
  if (!response.ok || !mediaType.startsWith('application/x-ndjson') || response.body === null)
    throw new TypeError(`HTTP ${response.status}, ${mediaType === '' ? 'no media type' : mediaType}`);
  await readLines(response.body, listener);
}

/** Fetches anew, for an HTTP Archive of it.
 *  @returns the archive, or what the service says instead
 *  @throws TypeError when the service cannot be reached */
export async function callForHar(
  request: ConsoleRequest,
  key: string,
): Promise<{ readonly har: string } | { readonly problem: Problem }> {
  const response = await post(request, key, 'application/har+json', null);
  const mediaType = mediaTypeOf(response);
  if (mediaType.startsWith('application/problem+json'))
    return { problem: (await response.json()) as Problem };
  if (!response.ok) throw new TypeError(`HTTP ${response.status}`);
  return { har: await response.text() };
}

function post(
  request: ConsoleRequest,
  key: string,
  accept: string,
  signal: AbortSignal | null,
): Promise<Response> {
  return fetch(endpoint(), {
    method: 'POST',
    headers: {
      accept,
      'content-type': 'application/json',
      ...(key === '' ? {} : { 'x-api-key': key }),
    },
    body: JSON.stringify({ ...request, include: INCLUDE }),
    signal,
  });
}

function mediaTypeOf(response: Response): string {
  return response.headers.get('content-type') ?? '';
}

async function readLines(body: ReadableStream<Uint8Array>, listener: Listener): Promise<void> {
  const [splitter, breather] = [new LineSplitter(), new Breather()];
  const pieces = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>);
  const reader = pieces.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    const lines = done ? [splitter.end()].filter((line) => line !== '') : splitter.push(value);
    for (const line of lines) {
      tell(JSON.parse(line) as FetchEvent, listener);
      await breather.breathe();
    }
    if (done) return;
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
