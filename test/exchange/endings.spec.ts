import type { ExchangeOutcome } from '../../src/exchange/outcome';
import { TransportFailure } from '../../src/transport/failure';
import {
  type Serve,
  answering,
  answeringThenFin,
  chunkedResponse,
  response,
  useOrigins,
} from '../support/origin';
import { type SpecOverrides, endOf, exchangeWith, textOf } from '../support/spec';

const start = useOrigins();

async function fetched(serve: Serve, overrides: SpecOverrides = {}): Promise<ExchangeOutcome> {
  return exchangeWith((await start(serve)).url(), overrides);
}

/** Octets that are all there when the reset comes: the kernel gives them to the reader first. */
function answeringThenReset(octets: string): Serve {
  return async (peer) => {
    await peer.request();
    await peer.send(octets);
    peer.reset();
  };
}

/** Fetches, and cancels when the answer has been read. */
async function cancelledAfter(octets: string, overrides: SpecOverrides = {}): Promise<ExchangeOutcome> {
  const canceller = new AbortController();
  const origin = await start(answering(octets));
  const world = { signal: canceller.signal, onRead: () => canceller.abort() };
  return exchangeWith(origin.url(), overrides, world);
}

const CHUNKED_HEAD = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const CLOSE_DELIMITED = 'HTTP/1.1 200 OK\r\n\r\nhello';

describe('a complete message ends by', () => {
  it.each([
    ['content-length', response('200 OK', 'hello')],
    ['content-length', response('200 OK')],
    ['last-chunk', chunkedResponse(['hello'])],
    ['last-chunk', chunkedResponse([])],
    ['no-content', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['upgrade', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['close', CLOSE_DELIMITED],
    ['close', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello'],
  ] as const)('%s: %j', async (endedBy, wire) => {
    const outcome = await fetched(answeringThenFin(wire));
    expect(endOf(outcome)).toEqual({ complete: true, endedBy, failure: null });
    expect(outcome.head).not.toBeNull();
  });
});

describe('an incomplete message ends by', () => {
  interface Case {
    readonly endedBy: string;
    readonly when: string;
    readonly serve: Serve;
    readonly overrides?: SpecOverrides;
    readonly failure: string;
    readonly content: string;
  }

  const cases: readonly Case[] = [
    {
      endedBy: 'close',
      when: 'the peer closes before Content-Length is reached',
      serve: answeringThenFin('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello'),
      failure: 'connection-closed',
      content: 'hello',
    },
    {
      endedBy: 'close',
      when: 'the peer closes within a chunk',
      serve: answeringThenFin(`${CHUNKED_HEAD}9\r\nhello`),
      failure: 'connection-closed',
      content: 'hello',
    },
    {
      endedBy: 'close',
      when: 'the peer closes before the last-chunk',
      serve: answeringThenFin(`${CHUNKED_HEAD}5\r\nhello\r\n`),
      failure: 'connection-closed',
      content: 'hello',
    },
    {
      endedBy: 'close',
      when: 'the peer closes within the trailers',
      serve: answeringThenFin(`${CHUNKED_HEAD}5\r\nhello\r\n0\r\nA: b\r\n`),
      failure: 'connection-closed',
      content: 'hello',
    },
    {
      endedBy: 'reset',
      when: 'the peer resets within the content',
      serve: answeringThenReset('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello'),
      failure: 'connection-reset',
      content: 'hello',
    },
    {
      endedBy: 'reset',
      when: 'the peer resets what only its close would have ended',
      serve: answeringThenReset(CLOSE_DELIMITED),
      failure: 'connection-reset',
      content: 'hello',
    },
    {
      endedBy: 'idle-timeout',
      when: 'the peer falls silent within the content',
      serve: answering('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello'),
      overrides: { timeouts: { idleMs: 60 } },
      failure: 'idle-timeout',
      content: 'hello',
    },
    {
      endedBy: 'idle-timeout',
      when: 'the peer falls silent and does not close',
      serve: answering(CLOSE_DELIMITED),
      overrides: { timeouts: { idleMs: 60 } },
      failure: 'idle-timeout',
      content: 'hello',
    },
    {
      endedBy: 'total-timeout',
      when: 'totalMs runs out within the content',
      serve: answering('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello'),
      overrides: { timeouts: { totalMs: 300 } },
      failure: 'total-timeout',
      content: 'hello',
    },
    {
      endedBy: 'parse-error',
      when: 'a chunk-size is none',
      serve: answering(`${CHUNKED_HEAD}5\r\nhello\r\nnone\r\n`),
      failure: 'malformed-response',
      content: 'hello',
    },
    {
      endedBy: 'parse-error',
      when: 'the trailers are longer than maxHeadBytes',
      serve: answering(`${CHUNKED_HEAD}5\r\nhello\r\n0\r\nA: ${'b'.repeat(1100)}\r\n\r\n`),
      overrides: { read: { maxHeadBytes: 1024 } },
      failure: 'malformed-response',
      content: 'hello',
    },
    {
      endedBy: 'parse-error',
      when: 'the peer closes within a chunk-size that could not become one',
      serve: answeringThenFin(`${CHUNKED_HEAD}5\r\nhello\r\n5 x`),
      failure: 'malformed-response',
      content: 'hello',
    },
  ];

  it.each(cases)('$endedBy when $when', async ({ serve, overrides, endedBy, failure, content }) => {
    const outcome = await fetched(serve, overrides);
    expect(endOf(outcome)).toEqual({ complete: false, endedBy, failure: `${failure} in receive` });
    expect(outcome.head?.status).toBe(200);
    expect(textOf(outcome.content)).toBe(content);
  });

  it('cancelled when the caller cancels within the content', async () => {
    const outcome = await cancelledAfter('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello');
    expect(endOf(outcome)).toEqual({
      complete: false,
      endedBy: 'cancelled',
      failure: 'cancelled in receive',
    });
    expect(textOf(outcome.content)).toBe('hello');
  });
});

describe('a message that is complete stays so when the reading ends by', () => {
  const untilIdle: SpecOverrides = { read: { until: 'idle' } };

  it('reset', async () => {
    const outcome = await fetched(answeringThenReset(response('200 OK', 'hello')), untilIdle);
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'reset', failure: null });
  });

  it('total-timeout', async () => {
    const outcome = await fetched(answering(response('200 OK', 'hello')), {
      ...untilIdle,
      timeouts: { totalMs: 300 },
    });
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'total-timeout', failure: null });
  });

  it('read-limit', async () => {
    const outcome = await fetched(answering(response('200 OK', 'hello')), {
      read: { until: 'idle', maxReads: 1 },
    });
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'read-limit', failure: null });
  });

  it('cancelled', async () => {
    const outcome = await cancelledAfter(response('200 OK', 'hello'), untilIdle);
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'cancelled', failure: null });
  });
});

describe('maxBodyBytes', () => {
  const content = 'x'.repeat(5000);
  const framings = [
    ['Content-Length', response('200 OK', content)],
    ['chunked', chunkedResponse([content.slice(0, 1800), content.slice(1800)])],
    ['a close', `HTTP/1.1 200 OK\r\n\r\n${content}`],
  ] as const;

  it.each(framings)('lets exactly so much pass, delimited by %s', async (_, wire) => {
    const outcome = await fetched(answeringThenFin(wire), { read: { maxBodyBytes: 5000 } });
    expect(outcome).toMatchObject({ complete: true, failure: null });
    expect(textOf(outcome.content)).toBe(content);
  });

  it.each(framings)('ends the reading one octet later, delimited by %s', async (_, wire) => {
    const outcome = await fetched(answering(wire), { read: { maxBodyBytes: 4999 } });
    expect(endOf(outcome)).toEqual({
      complete: false,
      endedBy: 'size-limit',
      failure: 'size-limit in receive',
    });
    expect(textOf(outcome.content)).toBe(content.slice(0, 4999));
    expect(outcome.content.total).toBeGreaterThan(4999);
  });

  it('of 0 lets a head pass, and an empty content', async () => {
    const outcome = await fetched(answering(response('200 OK')), { read: { maxBodyBytes: 0 } });
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'content-length', failure: null });
  });

  it('of 0 keeps no content', async () => {
    const outcome = await fetched(answering(response('200 OK', 'x')), { read: { maxBodyBytes: 0 } });
    expect(endOf(outcome)).toMatchObject({ complete: false, endedBy: 'size-limit' });
    expect(outcome.head?.status).toBe(200);
    expect(outcome.content.octets).toHaveLength(0);
  });

  it('is why the message is not complete, whatever follows in the same read', async () => {
    const outcome = await fetched(answering(`${CHUNKED_HEAD}5\r\nhello\r\nnone\r\n`), {
      read: { maxBodyBytes: 3 },
    });
    expect(endOf(outcome)).toMatchObject({ endedBy: 'size-limit', failure: 'size-limit in receive' });
  });

  it('holds for content that is digested and not kept', async () => {
    const outcome = await fetched(answering(response('200 OK', content)), {
      read: { maxBodyBytes: 100 },
      include: { body: 'none' },
    });
    expect(endOf(outcome)).toMatchObject({ complete: false, endedBy: 'size-limit' });
    expect(outcome.content.bytes).toBe(100);
  });
});

describe('without a head there is a failure, and what arrived is kept:', () => {
  interface Case {
    readonly failure: string;
    readonly when: string;
    readonly serve: Serve;
    readonly overrides?: SpecOverrides;
    readonly received?: string;
  }

  const begun = 'HTTP/1.1 200 OK\r\nContent-T';
  const cases: readonly Case[] = [
    {
      failure: 'connection-closed in wait',
      when: 'the peer closes without an answer',
      serve: answeringThenFin(),
    },
    {
      failure: 'connection-closed in head',
      when: 'the peer closes within the head',
      serve: answeringThenFin(begun),
      received: begun,
    },
    {
      failure: 'connection-closed in head',
      when: 'the peer closes before the empty line',
      serve: answeringThenFin('HTTP/1.1 200 OK\r\n'),
      received: 'HTTP/1.1 200 OK\r\n',
    },
    {
      failure: 'connection-reset in wait',
      when: 'the peer resets without an answer',
      serve: answeringThenReset(''),
    },
    {
      failure: 'connection-reset in head',
      when: 'the peer resets within the head',
      serve: answeringThenReset(begun),
      received: begun,
    },
    {
      failure: 'first-byte-timeout in wait',
      when: 'nothing comes',
      serve: answering(),
      overrides: { timeouts: { firstByteMs: 60 } },
    },
    {
      failure: 'head-timeout in head',
      when: 'the peer falls silent within the head',
      serve: answering(begun),
      overrides: { timeouts: { idleMs: 60 } },
      received: begun,
    },
    {
      failure: 'total-timeout in wait',
      when: 'totalMs runs out and nothing has come',
      serve: answering(),
      overrides: { timeouts: { totalMs: 300 } },
    },
    {
      failure: 'total-timeout in head',
      when: 'totalMs runs out within the head',
      serve: answering(begun),
      overrides: { timeouts: { totalMs: 300 } },
      received: begun,
    },
    {
      failure: 'malformed-response in head',
      when: 'what comes is no HTTP',
      serve: answering('SSH-2.0-OpenSSH_9.6\r\n'),
      received: 'SSH-2.0-OpenSSH_9.6\r\n',
    },
    {
      failure: 'malformed-response in head',
      when: 'the status line is none',
      serve: answering('HTTP/1.1 OK\r\n'),
      received: 'HTTP/1.1 OK\r\n',
    },
    {
      failure: 'malformed-response in head',
      when: 'the head contradicts itself about the length',
      serve: answering('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx'),
      received: 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx',
    },
    {
      failure: 'head-too-large in head',
      when: 'the head is longer than maxHeadBytes, of which no more is kept',
      serve: answering(`HTTP/1.1 200 OK\r\nA: ${'b'.repeat(2000)}\r\n\r\n`),
      overrides: { read: { maxHeadBytes: 1024 } },
      received: `HTTP/1.1 200 OK\r\nA: ${'b'.repeat(1004)}`,
    },
    {
      failure: 'head-too-large in head',
      when: 'there are more than 1,000 field lines',
      serve: answering(`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(1001)}\r\n`),
      received: `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(1001)}\r\n`,
    },
    {
      failure: 'head-too-large in head',
      when: 'maxReads is reached within the head',
      serve: answering(begun),
      overrides: { read: { maxReads: 1 } },
      received: begun,
    },
  ];

  it.each(cases)('$failure when $when', async ({ serve, overrides, failure, received = '' }) => {
    const outcome = await fetched(serve, overrides);
    expect(endOf(outcome)).toEqual({ complete: false, endedBy: null, failure });
    expect(outcome.head).toBeNull();
    expect(textOf(outcome.received)).toBe(received);
    expect(outcome.reads.bytes).toBeGreaterThanOrEqual(received.length);
    expect(outcome.endpoints).toMatchObject({ remoteAddress: '127.0.0.1' });
    expect(outcome.attempts).toMatchObject([{ address: '127.0.0.1', error: null }]);
  });

  it('a head of exactly maxHeadBytes is whole', async () => {
    const head = `HTTP/1.1 204 No Content\r\nA: ${'b'.repeat(1024 - 32)}\r\n\r\n`;
    expect(head).toHaveLength(1024);
    const outcome = await fetched(answering(head), { read: { maxHeadBytes: 1024 } });
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'no-content', failure: null });
  });

  it('a head that maxReads reads make whole is a result', async () => {
    const outcome = await fetched(answering(response('200 OK', 'x'.repeat(100))), {
      read: { bufferBytes: 30, maxReads: 2 },
    });
    expect(outcome.head?.status).toBe(200);
    expect(endOf(outcome)).toMatchObject({ complete: false, endedBy: 'read-limit' });
  });

  it('connection-reset in send when the peer resets within a large request', async () => {
    const body = Buffer.alloc(20 * 1_048_576);
    const seen = new Set<string | null>();
    for (let times = 0; times < 30; times++) {
      const origin = await start(async (peer) => {
        await peer.until(() => peer.bytes >= 1_100_000 + times * 10_000);
        peer.reset();
      });
      seen.add(endOf(await exchangeWith(origin.url(), { method: 'POST', body })).failure);
    }
    expect([...seen]).toEqual(['connection-reset in send']);
  });

  it('connection-reset in head when the peer resets within both the request and its head', async () => {
    const origin = await start(async (peer) => {
      await peer.head();
      peer.stall();
      await peer.send(begun);
      peer.reset();
    });
    const body = Buffer.alloc(20 * 1_048_576);
    const outcome = await exchangeWith(origin.url(), { method: 'POST', body });
    expect(endOf(outcome).failure).toBe('connection-reset in head');
    expect(textOf(outcome.received)).toBe(begun);
  });

  it('send-timeout in send when the peer does not read', async () => {
    const body = Buffer.alloc(20 * 1_048_576);
    const origin = await start((peer) => peer.stall());
    const outcome = await exchangeWith(origin.url(), { method: 'POST', body, timeouts: { sendMs: 100 } });
    expect(endOf(outcome)).toEqual({ complete: false, endedBy: null, failure: 'send-timeout in send' });
    expect(outcome.timings.send).toBeGreaterThanOrEqual(99);
    expect(outcome.timings.wait).toBeNull();
  });

  it('send-timeout in send though half a head has come', async () => {
    const body = Buffer.alloc(20 * 1_048_576);
    const origin = await start(async (peer) => {
      await peer.head();
      peer.stall();
      await peer.send(begun);
    });
    const outcome = await exchangeWith(origin.url(), { method: 'POST', body, timeouts: { sendMs: 250 } });
    expect(endOf(outcome).failure).toBe('send-timeout in send');
    expect(textOf(outcome.received)).toBe(begun);
  });

  it('connection-refused in connect where nobody listens', async () => {
    // The port is held on 127.0.0.1, so that nobody else can listen on all addresses.
    const { port } = await start(() => undefined);
    const outcome = await exchangeWith(`http://127.0.0.2:${port}/`);
    expect(endOf(outcome)).toEqual({
      complete: false,
      endedBy: null,
      failure: 'connection-refused in connect',
    });
    expect(outcome.attempts).toMatchObject([{ address: '127.0.0.2', port, error: 'ECONNREFUSED' }]);
    expect(outcome).toMatchObject({ endpoints: null, reads: { count: 0 } });
  });

  it('connection-reset when the peer resets at once', async () => {
    const origin = await start((peer) => peer.reset());
    const outcome = await exchangeWith(origin.url());
    expect(outcome.failure?.code).toBe('connection-reset');
  });

  it.each([
    ['dns-not-found', new TransportFailure('dns-not-found', 'dns', 'no such name')],
    ['dns-failed', new TransportFailure('dns-failed', 'dns', 'SERVFAIL')],
    ['dns-timeout', null],
  ] as const)('%s in dns, with nothing dialled', async (code, answer) => {
    const names = { 'a.example': answer };
    const outcome = await exchangeWith('http://a.example/', { timeouts: { dnsMs: 60 } }, { names });
    expect(endOf(outcome)).toEqual({ complete: false, endedBy: null, failure: `${code} in dns` });
    expect(outcome.timings.dns).not.toBeNull();
    expect([outcome.attempts, outcome.endpoints]).toEqual([[], null]);
  });

  it.each(['127.0.0.9', '::1'])('address-denied in policy, with nothing dialled: %s', async (address) => {
    const origin = await start(() => undefined, address);
    const outcome = await exchangeWith(origin.url(), {}, { deny: [`127.0.0.9/32`, '::1/128'] });
    expect(endOf(outcome).failure).toBe('address-denied in policy');
    expect(outcome.attempts).toEqual([]);
    expect(origin.peers).toHaveLength(0);
  });

  it('address-denied in policy for what a name leads to', async () => {
    const origin = await start(() => undefined, '127.0.0.9');
    const world = { names: { 'a.example': '127.0.0.9' }, deny: ['127.0.0.8/29'] };
    const outcome = await exchangeWith(origin.url('/', 'a.example'), {}, world);
    expect(endOf(outcome).failure).toBe('address-denied in policy');
    expect(outcome.failure!.message).not.toContain('127.0.0.9');
    expect(origin.peers).toHaveLength(0);
  });
});

describe('a fetch that its caller cancels', () => {
  it('before it begins dials nothing', async () => {
    const origin = await start(() => undefined);
    const outcome = await exchangeWith(origin.url(), {}, { signal: AbortSignal.abort() });
    expect(endOf(outcome)).toMatchObject({ complete: false, endedBy: null });
    expect(outcome.failure?.code).toBe('cancelled');
    expect(origin.peers).toHaveLength(0);
  });

  it('during the look-up of the name ends there', async () => {
    const canceller = new AbortController();
    const fetching = exchangeWith(
      'http://a.example/',
      {},
      { names: { 'a.example': null }, signal: canceller.signal },
    );
    canceller.abort();
    expect(endOf(await fetching).failure).toBe('cancelled in dns');
  });

  it('while it sends ends there', async () => {
    const canceller = new AbortController();
    const origin = await start(async (peer) => {
      await peer.head();
      peer.stall();
      canceller.abort();
    });
    const outcome = await exchangeWith(
      origin.url(),
      { method: 'POST', body: Buffer.alloc(20 * 1_048_576) },
      { signal: canceller.signal },
    );
    expect(endOf(outcome).failure).toBe('cancelled in send');
  });

  it('while it waits ends there', async () => {
    const canceller = new AbortController();
    const origin = await start(async (peer) => {
      await peer.request();
      canceller.abort();
    });
    const outcome = await exchangeWith(origin.url(), {}, { signal: canceller.signal });
    expect(endOf(outcome).failure).toBe('cancelled in wait');
  });

  it('within the head keeps what arrived', async () => {
    const outcome = await cancelledAfter('HTTP/1.1 2');
    expect(endOf(outcome).failure).toBe('cancelled in head');
    expect(textOf(outcome.received)).toBe('HTTP/1.1 2');
  });
});
