import type { Chunks, FetchEvent, FetchResult, Problem, Timings } from '../../src/console/page/data';
import { FETCH_RESULT_EXAMPLE } from '../../src/fetch/fetch-result.example';

/** Events as the service tells them, for what folds them. */

const NONE: Timings = {
  queue: 0,
  dns: null,
  connect: null,
  tls: null,
  send: null,
  wait: null,
  receive: null,
  total: 0,
  chainTotal: null,
};

export function timings(given: Partial<Timings>): Timings {
  const { dns, connect, tls, send, wait, receive } = given;
  const total = [dns, connect, tls, send, wait, receive].reduce<number>((sum, ms) => sum + (ms ?? 0), 0);
  return { ...NONE, ...given, total };
}

export const resolved = (atMs: number, hop = 0): FetchEvent => ({
  event: 'resolved',
  atMs,
  hop,
  host: 'a.example',
  addresses: ['192.0.2.7'],
});

export const connected = (atMs: number, hop = 0, remoteAddress = '192.0.2.7'): FetchEvent => ({
  event: 'connected',
  atMs,
  hop,
  remoteAddress,
  remotePort: 80,
  localAddress: '192.0.2.2',
  localPort: 51_234,
  family: 4,
  attempts: [],
});

export const sent = (atMs: number, hop = 0): FetchEvent => ({
  event: 'sent',
  atMs,
  hop,
  request: FETCH_RESULT_EXAMPLE.request,
});

export const head = (atMs: number, hop = 0, status = 200): FetchEvent => ({
  event: 'head',
  atMs,
  hop,
  status,
  statusText: 'OK',
  httpVersion: '1.1',
  headBytes: 17,
  rawHead: null,
  headers: [],
});

export const read = (atMs: number, bytes: number, hop = 0): FetchEvent => ({
  event: 'read',
  atMs,
  hop,
  bytes,
});

export const transferChunk = (atMs: number, size: number, hop = 0): FetchEvent => ({
  event: 'transfer-chunk',
  atMs,
  hop,
  size,
  extension: null,
});

export const chunk = (atMs: number, bytes: number, hop = 0): FetchEvent => ({
  event: 'chunk',
  atMs,
  hop,
  bytes,
  text: null,
  base64: null,
});

export const redirect = (atMs: number, url: string, took: Timings, hop = 0): FetchEvent => ({
  event: 'redirect',
  atMs,
  hop,
  status: 302,
  url,
  timings: took,
});

export const chunks = (given: Partial<Chunks> = {}): Chunks => ({
  ...(FETCH_RESULT_EXAMPLE.chunks as Chunks),
  ...given,
});

export const exchange = (given: Partial<FetchResult>): FetchResult => ({
  ...(FETCH_RESULT_EXAMPLE as FetchResult),
  hops: [],
  ...given,
});

export const result = (atMs: number, given: Partial<FetchResult>, hop = 0): FetchEvent => ({
  event: 'result',
  atMs,
  hop,
  result: exchange(given),
});

export const problem = (given: Partial<Problem> = {}): Problem => ({
  type: '/problems/first-byte-timeout',
  title: 'The target did not answer in time',
  status: 504,
  detail: 'nothing came within firstByteMs (10000)',
  instance: '/fetch/01JDA2W6T1M4Z8K5Q9R7X3Y2BC',
  code: 'first-byte-timeout',
  phase: 'wait',
  failureSource: 'target',
  startedAt: null,
  request: null,
  hops: [],
  timings: null,
  chunks: null,
  connection: null,
  warnings: [],
  received: null,
  ...given,
});
