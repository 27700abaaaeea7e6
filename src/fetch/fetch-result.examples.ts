import type { FetchResultDto, HopDto } from './dto/exchange.dto';
import { FETCH_RESULT_EXAMPLE } from './fetch-result.example';

const {
  url: _,
  finalUrl: __,
  id: ___,
  hops: ____,
  body,
  chunks,
  connection,
  ...BURSTS
} = FETCH_RESULT_EXAMPLE;
const { request, timings } = BURSTS;
const { text: _____, base64: ______, ...REDIRECT_BODY } = body;
const HOP_COOKIE = { name: 'Cookie', value: 'hop=1' };

/** A response that came in one read. */
function oneRead(bytes: number, atMs: number, bucket: number, bufferBytes: number): FetchResultDto['chunks'] {
  return {
    ...chunks,
    bufferBytes,
    count: 1,
    bytes,
    min: bytes,
    max: bytes,
    mean: bytes,
    median: bytes,
    p95: bytes,
    stdev: 0,
    firstAtMs: atMs,
    lastAtMs: atMs,
    maxGapMs: null,
    bytesPerSecond: null,
    histogram: [{ le: bucket, count: 1 }],
    sizes: [bytes],
  };
}

/** What the two redirects have in common. */
const REDIRECT: Omit<
  HopDto,
  'url' | 'startedAt' | 'request' | 'headBytes' | 'headers' | 'chunks' | 'timings'
> = {
  ...BURSTS,
  status: 302,
  statusText: 'Found',
  trailers: [],
  cookies: [
    {
      name: 'hop',
      value: '1',
      domain: '127.0.0.1',
      hostOnly: true,
      path: '/',
      expires: null,
      maxAge: null,
      secure: false,
      httpOnly: false,
      sameSite: null,
      partitioned: false,
      accepted: true,
      rejectedBecause: null,
      findings: ['sent-over-http'],
    },
  ],
  body: REDIRECT_BODY,
  transferCoding: null,
  endedBy: 'content-length',
  connection,
};

function redirectFields(location: string, length: number): HopDto['headers'] {
  return [
    { name: 'Content-Type', value: 'text/plain' },
    { name: 'Location', value: location },
    { name: 'Set-Cookie', value: 'hop=1; Path=/' },
    { name: 'Content-Length', value: String(length) },
  ];
}

const REDIRECTED: FetchResultDto = {
  ...FETCH_RESULT_EXAMPLE,
  id: '01JDA2WQ5V3N7S9X1B4D6F8H0K',
  url: 'http://127.0.0.1:8081/redirect',
  startedAt: '2026-11-22T01:48:07.415Z',
  request: { ...request, headers: [...request.headers, HOP_COOKIE], headBytes: 164 },
  timings: { ...timings, chainTotal: 470.67 },
  hops: [
    {
      ...REDIRECT,
      url: 'http://127.0.0.1:8081/redirect',
      startedAt: '2026-11-22T01:48:07.405Z',
      request: { ...request, target: '/redirect', headBytes: 151 },
      headBytes: 118,
      headers: redirectFields('/redirect/2', 15),
      body: {
        ...REDIRECT_BODY,
        bytes: 15,
        wireBytes: 15,
        sha256: 'f343888b8226c9561c53d70fdc093ca85cc8b5cc5c43a41c65af91ecd1a20ec1',
      },
      chunks: oneRead(133, 2.217, 256, 1024),
      timings: {
        queue: 0.054,
        dns: null,
        connect: 0.278,
        tls: null,
        send: 0.11,
        wait: 1.545,
        receive: 0.395,
        total: 2.328,
        chainTotal: null,
      },
    },
    {
      ...REDIRECT,
      url: 'http://127.0.0.1:8081/redirect/2',
      startedAt: '2026-11-22T01:48:07.411Z',
      request: {
        ...request,
        target: '/redirect/2',
        headers: [...request.headers, HOP_COOKIE],
        headBytes: 168,
      },
      headBytes: 114,
      headers: redirectFields('/bursts', 11),
      body: {
        ...REDIRECT_BODY,
        bytes: 11,
        wireBytes: 11,
        sha256: 'a86db8270fbebff062a77b78aed38f0fab6a59db1d967c3428ff577b25950c64',
      },
      chunks: oneRead(125, 2.233, 128, 1024),
      timings: {
        queue: 0.022,
        dns: null,
        connect: 1.489,
        tls: null,
        send: 0.117,
        wait: 0.522,
        receive: 0.415,
        total: 2.543,
        chainTotal: null,
      },
    },
  ],
};

const INCOMPLETE: FetchResultDto = {
  ...FETCH_RESULT_EXAMPLE,
  id: '01JDA2WVKC5R2T8Y0M3P7Q9S1E',
  url: 'http://127.0.0.1:8081/stall',
  finalUrl: 'http://127.0.0.1:8081/stall',
  startedAt: '2026-11-22T01:48:11.879Z',
  request: { ...request, target: '/stall', headBytes: 148 },
  headBytes: 66,
  headers: [
    { name: 'Content-Type', value: 'text/plain' },
    { name: 'Content-Length', value: '100' },
  ],
  trailers: [],
  body: {
    ...body,
    text: 'half of the page',
    bytes: 16,
    wireBytes: 16,
    sha256: '7431e881788da900302c38c8c4f847bfe8634233c23fe9af602a68b6720f76a3',
  },
  chunks: oneRead(82, 0.879, 128, 65_536),
  transferCoding: null,
  complete: false,
  endedBy: 'idle-timeout',
  timings: {
    queue: 0.041,
    dns: null,
    connect: 0.278,
    tls: null,
    send: 0.357,
    wait: 0.057,
    receive: 500.493,
    total: 501.185,
    chainTotal: 501.185,
  },
  error: {
    code: 'idle-timeout',
    phase: 'receive',
    message: 'silence for idleMs before the end of the message',
  },
};

/** Named results for Swagger UI: what fetches of FETCH_EXAMPLES were answered with. */
export const FETCH_RESULT_EXAMPLES = {
  bursts: {
    summary: 'Plain: a chunked page in bursts, ended by its last-chunk',
    value: FETCH_RESULT_EXAMPLE,
  },
  redirect: { summary: 'Redirected twice: each exchange is told', value: REDIRECTED },
  stall: { summary: 'Incomplete: the page fell silent half-way', value: INCOMPLETE },
} as const satisfies Readonly<Record<string, { summary: string; value: FetchResultDto }>>;
