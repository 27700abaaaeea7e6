import {
  type Peer,
  type Serve,
  answering,
  answeringThenFin,
  chunkedResponse,
  response,
  turn,
  useOrigins,
} from '../support/origin';
import type { ExchangeOutcome } from '../../src/exchange/outcome';
import { type SpecOverrides, endOf, exchangeWith, fetchUrl, textOf, warningCodes } from '../support/spec';

const start = useOrigins();

async function fetched(serve: Serve, overrides: SpecOverrides = {}): Promise<ExchangeOutcome> {
  return exchangeWith((await start(serve)).url(), overrides);
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0);
}

describe('the tutorial’s first program, one recv(4096)', () => {
  it('gets what one read returns of a page of 20,000 octets', async () => {
    const page = response('200 OK', 'x'.repeat(20_000));
    const outcome = await fetched(answering(page), { read: { bufferBytes: 4096, maxReads: 1 } });
    expect(outcome.head?.status).toBe(200);
    expect(endOf(outcome)).toEqual({
      complete: false,
      endedBy: 'read-limit',
      failure: 'read-limit in receive',
    });
    expect(outcome.reads).toMatchObject({ count: 1, bytes: 4096, sizes: [4096] });
    expect(outcome.bufferBytes).toBe(4096);
    expect(textOf(outcome.content)).toBe(page.slice(outcome.head!.headBytes, 4096));
    expect(outcome.timings.total).toBeLessThan(5000);
  });
});

describe('the tutorial’s second program, recv(1024) until nothing comes', () => {
  const chunks = ['a'.repeat(700), 'b'.repeat(2500), 'c'.repeat(1024), 'd'];
  const page = chunkedResponse(chunks);
  const bursts = [page.slice(0, 300), page.slice(300, 1500), page.slice(1500, 3000), page.slice(3000)];

  function expectPage(outcome: ExchangeOutcome): void {
    expect(textOf(outcome.content)).toBe(chunks.join(''));
    expect(outcome.transferCoding).toEqual({
      chunks: 4,
      sizes: [700, 2500, 1024, 1],
      extensions: [],
      sizesOmitted: 0,
    });
    const { sizes, bytes, max, count } = outcome.reads;
    expect(bytes).toBe(page.length);
    expect(sum(sizes)).toBe(page.length);
    expect(max).toBeLessThanOrEqual(1024);
    expect(count).toBeGreaterThanOrEqual(Math.ceil(page.length / 1024));
  }

  it('is over at the last-chunk, however long idleMs is', async () => {
    const outcome = await fetched(answering(...bursts), { read: { bufferBytes: 1024 } });
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'last-chunk', failure: null });
    expectPage(outcome);
  });

  it('is over after 300 ms of silence with until idle, and complete', async () => {
    const outcome = await fetched(answering(...bursts), {
      read: { until: 'idle', bufferBytes: 1024 },
      timeouts: { idleMs: 300 },
    });
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'idle-timeout', failure: null });
    expectPage(outcome);
    expect(outcome.timings.receive).toBeGreaterThanOrEqual(299);
  });
});

describe('a read', () => {
  it.each([1, 7, 1000])('returns at most bufferBytes, %d', async (bufferBytes) => {
    const wire = response('200 OK', 'y'.repeat(3000));
    const { reads, content } = await fetched(answering(wire), { read: { bufferBytes } });
    expect(reads.max).toBe(bufferBytes);
    expect(reads.bytes).toBe(wire.length);
    expect(reads.count).toBeGreaterThanOrEqual(Math.ceil(wire.length / bufferBytes));
    expect(content.bytes).toBe(3000);
  });

  it('is told one by one with its time when asked for', async () => {
    const wire = response('200 OK', 'y'.repeat(3000));
    const { reads } = await fetched(answering(wire), {
      read: { bufferBytes: 512 },
      include: { reads: 'full' },
    });
    const items = reads.items!;
    expect(items.map(({ bytes }) => bytes)).toEqual(reads.sizes);
    expect(items.map(({ atMs }) => atMs)).toEqual(items.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
    expect([items[0]!.atMs, items.at(-1)!.atMs]).toEqual([reads.firstAtMs, reads.lastAtMs]);
  });

  it('counts again on each hop with maxReads', async () => {
    const target = await start(answering(response('200 OK', 'there')));
    const origin = await start(answering(response(`302 Found\r\nLocation: ${target.url()}`)));
    const { hops, last } = await fetchUrl(origin.url(), { read: { maxReads: 1 } });
    expect([hops.length, hops[0]!.reads.count, last.reads.count]).toEqual([1, 1, 1]);
    expect(textOf(last.content)).toBe('there');
  });

  it('is not limited by maxReads once the message is over', async () => {
    const outcome = await fetched(answering(response('200 OK', 'hi')), { read: { maxReads: 1 } });
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'content-length', failure: null });
  });
});

/** Responses by how their end is found. */
const MESSAGES = [
  { framing: 'Content-Length', wire: response('200 OK', 'hello'), by: 'content-length' },
  { framing: 'Content-Length: 0', wire: response('404 Not Found'), by: 'content-length', content: '' },
  { framing: 'chunked', wire: chunkedResponse(['hel', 'lo']), by: 'last-chunk' },
  {
    framing: 'HEAD',
    wire: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n',
    by: 'no-content',
    method: 'HEAD',
    content: '',
  },
  {
    framing: 'HEAD of a chunked page',
    wire: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
    by: 'no-content',
    method: 'HEAD',
    content: '',
  },
  { framing: '204', wire: 'HTTP/1.1 204 No Content\r\n\r\n', by: 'no-content', content: '' },
  {
    framing: '304',
    wire: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n',
    by: 'no-content',
    content: '',
  },
] as const;

const CLOSE_DELIMITED = 'HTTP/1.1 200 OK\r\n\r\nhello';

function methodOf(message: (typeof MESSAGES)[number]): string {
  return 'method' in message ? message.method : 'GET';
}

function contentOf(message: (typeof MESSAGES)[number]): string {
  return 'content' in message ? message.content : 'hello';
}

describe('until complete', () => {
  it.each(MESSAGES)('ends with the message by $framing, at once', async (message) => {
    const outcome = await fetched(answering(message.wire), { method: methodOf(message) });
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: message.by, failure: null });
    expect(textOf(outcome.content)).toBe(contentOf(message));
    expect(outcome.extra.total).toBe(0);
  });

  it('ends with the close when nothing else delimits the content', async () => {
    const outcome = await fetched(answeringThenFin(CLOSE_DELIMITED));
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'close', failure: null });
    expect(textOf(outcome.content)).toBe('hello');
  });

  it('keeps as extra what came in the same read after the message', async () => {
    const outcome = await fetched(answering(response('200 OK', 'hello') + 'and more'));
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'content-length', failure: null });
    expect([textOf(outcome.content), textOf(outcome.extra)]).toEqual(['hello', 'and more']);
    const offset = response('200 OK', 'hello').length;
    expect(outcome.warnings).toMatchObject([{ code: 'octets-after-message', offset }]);
  });

  it('keeps as extra the content that a HEAD must not have', async () => {
    const outcome = await fetched(answering(response('200 OK', 'hello')), { method: 'HEAD' });
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'no-content', failure: null });
    expect([textOf(outcome.content), textOf(outcome.extra)]).toEqual(['', 'hello']);
    expect(warningCodes(outcome)).toEqual(['content-after-no-content']);
  });
});

describe('until idle', () => {
  const idle = { read: { until: 'idle' }, timeouts: { idleMs: 60 } } as const;
  /** silence that does not come between two bursts by chance */
  const longIdle = { ...idle, timeouts: { idleMs: 250 } };

  it.each(MESSAGES)('ends with silence after the message by $framing, complete', async (message) => {
    const outcome = await fetched(answering(message.wire), { ...idle, method: methodOf(message) });
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'idle-timeout', failure: null });
    expect(textOf(outcome.content)).toBe(contentOf(message));
  });

  it.each(MESSAGES)('ends with the close after the message by $framing, complete', async (message) => {
    const outcome = await fetched(answeringThenFin(message.wire), {
      read: idle.read,
      method: methodOf(message),
    });
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'close', failure: null });
    expect(textOf(outcome.content)).toBe(contentOf(message));
  });

  it('ends with silence where only a close delimits the content, and that is not complete', async () => {
    const outcome = await fetched(answering(CLOSE_DELIMITED), idle);
    expect(endOf(outcome)).toEqual({
      complete: false,
      endedBy: 'idle-timeout',
      failure: 'idle-timeout in receive',
    });
    expect(textOf(outcome.content)).toBe('hello');
  });

  it('ends with silence within the content, and that is not complete', async () => {
    const outcome = await fetched(answering(response('200 OK', 'hello').slice(0, -1)), idle);
    expect(endOf(outcome)).toEqual({
      complete: false,
      endedBy: 'idle-timeout',
      failure: 'idle-timeout in receive',
    });
    expect(textOf(outcome.content)).toBe('hell');
  });

  it('keeps as extra the octets of a second response', async () => {
    const second = response('404 Not Found', 'second');
    const outcome = await fetched(answering(response('200 OK', 'first'), second), longIdle);
    expect(outcome.head?.status).toBe(200);
    expect([textOf(outcome.content), textOf(outcome.extra)]).toEqual(['first', second]);
    const offset = response('200 OK', 'first').length;
    expect(outcome.reads.bytes).toBe(offset + second.length);
    expect(outcome.warnings).toMatchObject([{ code: 'octets-after-message', offset }]);
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'idle-timeout', failure: null });
  });

  it('keeps 64 KiB of what is extra, and counts all of it', async () => {
    const outcome = await fetched(answering(response('200 OK') + 'e'.repeat(100_000)), idle);
    expect(outcome.extra).toMatchObject({ bytes: 65_536, total: 100_000 });
    expect(outcome.extra.octets).toHaveLength(65_536);
  });

  it('reads on into extra after an error in the content, from the refused line on, and tells it', async () => {
    const wire = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nnonsense\r\n`;
    const outcome = await fetched(answering(wire, 'and on', ' it goes'), longIdle);
    expect(endOf(outcome)).toEqual({
      complete: false,
      endedBy: 'idle-timeout',
      failure: 'malformed-response in receive',
    });
    expect([textOf(outcome.content), textOf(outcome.extra)]).toEqual(['abc', 'nonsense\r\nand on it goes']);
  });

  it('is over at once when what comes is no HTTP', async () => {
    const outcome = await fetched(answering('220 smtp.example ESMTP\r\n'), { read: idle.read });
    expect(outcome.failure).toMatchObject({ code: 'malformed-response', phase: 'head' });
  });
});

describe('until close', () => {
  const untilClose = { read: { until: 'close' }, timeouts: { idleMs: 40 } } as const;

  /** Silence longer than idleMs, by the client's own clock: its timer was set before this one. */
  const silence = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 120));

  it.each(MESSAGES)('reads past the message by $framing and past silence, to the close', async (message) => {
    const outcome = await fetched(
      async (peer) => {
        await peer.request();
        await peer.send(message.wire);
        await silence();
        await peer.send('late');
        peer.fin();
      },
      { ...untilClose, method: methodOf(message) },
    );
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'close', failure: null });
    expect([textOf(outcome.content), textOf(outcome.extra)]).toEqual([contentOf(message), 'late']);
    expect(outcome.request.headers).toContainEqual({ name: 'Connection', value: 'close' });
  });

  it('takes all that comes before the close where nothing else delimits the content', async () => {
    const outcome = await fetched(async (peer) => {
      await peer.request();
      await peer.send(CLOSE_DELIMITED);
      await silence();
      await peer.send(' again');
      peer.fin();
    }, untilClose);
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'close', failure: null });
    expect(textOf(outcome.content)).toBe('hello again');
  });

  it('ends with totalMs, and the message is complete when its framing says so', async () => {
    const outcome = await fetched(answering(response('200 OK', 'hello')), {
      read: untilClose.read,
      timeouts: { totalMs: 300 },
    });
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'total-timeout', failure: null });
  });

  it('reads on into extra after an error in the content, and tells it', async () => {
    const wire = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcXY`;
    const outcome = await fetched(answeringThenFin(wire, 'Z'), untilClose);
    expect(endOf(outcome)).toEqual({
      complete: false,
      endedBy: 'close',
      failure: 'malformed-response in receive',
    });
    expect([textOf(outcome.content), textOf(outcome.extra)]).toEqual(['abc', 'XYZ']);
  });

  it('has its silence limited within the head all the same', async () => {
    const outcome = await fetched(answering('HTTP/1.1 200 OK\r\nA: b'), untilClose);
    expect(outcome.failure).toMatchObject({ code: 'head-timeout', phase: 'head' });
  });
});

describe('an informational response', () => {
  it('is told apart from the final one, with its field lines', async () => {
    const outcome = await fetched(
      answering(
        'HTTP/1.1 100 Continue\r\n\r\n',
        'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nlink: </b.css>\r\n\r\n',
        response('200 OK', 'hello'),
      ),
    );
    expect(outcome.informational).toMatchObject([
      { status: 100, statusText: 'Continue', headers: [] },
      {
        status: 103,
        statusText: 'Early Hints',
        headers: [
          { name: 'Link', value: '</a.css>' },
          { name: 'link', value: '</b.css>' },
        ],
      },
    ]);
    expect(outcome.head?.status).toBe(200);
    expect(textOf(outcome.content)).toBe('hello');
  });

  it('is kept when no final one follows', async () => {
    const outcome = await fetched(answeringThenFin('HTTP/1.1 102 Processing\r\n\r\n'));
    expect(outcome.informational).toMatchObject([{ status: 102 }]);
    expect(outcome.failure?.code).toBe('connection-closed');
    expect(textOf(outcome.received)).toBe('HTTP/1.1 102 Processing\r\n\r\n');
  });

  it('may come 32 times and no more', async () => {
    const hint = 'HTTP/1.1 103 Early Hints\r\n\r\n';
    const most = await fetched(answering(hint.repeat(32) + response('200 OK')));
    expect([most.informational.length, most.head?.status]).toEqual([32, 200]);
    const tooMany = await fetched(answering(hint.repeat(33) + response('200 OK')));
    expect(tooMany.failure).toMatchObject({ code: 'malformed-response', phase: 'head' });
  });
});

describe('101 Switching Protocols', () => {
  const switching = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\n\r\n';
  const asked = ['Upgrade: echo', 'Connection: upgrade'];

  it.each([false, true])('ends a message that asked for it (strict: %s)', async (strict) => {
    const outcome = await fetched(answering(`${switching}\x00\x01octets`), { headers: asked, strict });
    expect(outcome.head?.status).toBe(101);
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'upgrade', failure: null });
    expect(textOf(outcome.extra)).toBe('\x00\x01octets');
    expect(warningCodes(outcome)).toEqual([]);
  });

  it('is followed by extra octets until silence with until idle', async () => {
    const outcome = await fetched(answering(switching, 'what', ' follows'), {
      headers: asked,
      read: { until: 'idle' },
      timeouts: { idleMs: 250 },
    });
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'idle-timeout', failure: null });
    expect(textOf(outcome.extra)).toBe('what follows');
  });

  it('is taken with a warning when nobody asked for it and the parser is lenient', async () => {
    const outcome = await fetched(answering(`${switching}rest`));
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'upgrade', failure: null });
    expect(warningCodes(outcome)).toEqual(['unasked-upgrade']);
    expect(textOf(outcome.extra)).toBe('rest');
  });

  it('is refused when nobody asked for it and the parser is strict', async () => {
    const outcome = await fetched(answering(`${switching}rest`), { strict: true });
    expect(outcome).toMatchObject({ head: null, endedBy: null, complete: false });
    expect(outcome.failure).toMatchObject({ code: 'malformed-response', phase: 'head' });
    expect(textOf(outcome.received)).toBe(`${switching}rest`);
  });

  it('is asked for by raw octets as well', async () => {
    const raw = 'GET / HTTP/1.1\r\nhost: x\r\nupgrade: echo\r\n\r\n';
    const outcome = await fetched(answering(switching), { raw, strict: true });
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'upgrade', failure: null });
  });
});

describe('the head', () => {
  it('is given in wire order and case, duplicates kept, with its octets when asked for', async () => {
    const head = 'HTTP/1.0 299 So \xfc\r\nX-B: 1\r\nx-a:  2 \r\nX-B: \xe9\r\nContent-Length: 0\r\n\r\n';
    const outcome = await fetched(answering(head), { include: { rawHead: true } });
    expect(outcome.head).toMatchObject({
      status: 299,
      statusText: 'So \xfc',
      httpVersion: '1.0',
      headBytes: head.length,
      rawHead: head,
    });
    expect(outcome.head!.headers).toEqual([
      { name: 'X-B', value: '1' },
      { name: 'x-a', value: '2' },
      { name: 'X-B', value: '\xe9' },
      { name: 'Content-Length', value: '0' },
    ]);
  });

  it('brings warnings with it, each with its offset', async () => {
    const outcome = await fetched(answering('HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n'));
    expect(outcome.warnings).toEqual([{ code: 'bare-lf', message: expect.any(String), offset: 15 }]);
  });

  it('is refused by the strict parser where the lenient one warns', async () => {
    const outcome = await fetched(answering('HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n'), { strict: true });
    expect(outcome.failure).toMatchObject({ code: 'malformed-response', phase: 'head' });
  });
});

describe('trailers', () => {
  it('are given apart from the head’s field lines', async () => {
    const outcome = await fetched(answering(chunkedResponse(['x'], 'Digest: abc\r\nX-T: 1\r\n')));
    expect(outcome.trailers).toEqual([
      { name: 'Digest', value: 'abc' },
      { name: 'X-T', value: '1' },
    ]);
    expect(outcome.head!.headers).toEqual([{ name: 'Transfer-Encoding', value: 'chunked' }]);
  });
});

describe('the digest', () => {
  it('and the number of octets are told when the content is not kept', async () => {
    const { content } = await fetched(answering(response('200 OK', 'hello')), { include: { body: 'none' } });
    expect(content.octets).toHaveLength(0);
    expect([content.bytes, content.total]).toEqual([5, 5]);
    expect(content.sha256).toBe('2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824');
  });
});

interface SplitCase {
  readonly name: string;
  readonly wire: string;
  /** how the origin leaves; without it the connection stays open, and silent */
  readonly leave?: (peer: Peer) => void;
  readonly overrides?: SpecOverrides;
}

/** What is made of these must not depend on how they were split. */
const SPLIT_CASES: readonly SplitCase[] = [
  { name: 'a page with a Content-Length', wire: response('200 OK\r\nSet-Cookie: a=b', 'hello') },
  { name: 'a chunked page with trailers', wire: chunkedResponse(['he', 'llo'], 'X-T: 1\r\n') },
  { name: 'a page that the close ends', wire: CLOSE_DELIMITED, leave: (peer) => peer.fin() },
  {
    name: 'a page after 1xx',
    wire: `HTTP/1.1 103 Early Hints\r\n\r\n${response('200 OK', 'hello')}`,
  },
  { name: 'a page with bare LF', wire: 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok' },
  {
    name: 'a chunk-size that is none',
    wire: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  },
  { name: 'a page cut short', wire: response('200 OK', 'hello').slice(0, -2), leave: (peer) => peer.fin() },
  { name: 'a head cut short', wire: 'HTTP/1.1 200 OK\r\nContent-Le', leave: (peer) => peer.fin() },
  { name: 'what is no HTTP', wire: 'SSH-2.0-OpenSSH' },
  {
    name: 'more than maxBodyBytes',
    wire: response('200 OK', 'hello'),
    overrides: { read: { maxBodyBytes: 3 } },
  },
];

describe('octets that arrive one at a time', () => {
  /** All but times and reads. */
  function essence(outcome: ExchangeOutcome): unknown {
    const { head, informational, trailers, cookies, content, warnings, transferCoding } = outcome;
    const told = { head, informational, trailers, cookies, warnings, transferCoding };
    const { failure } = outcome;
    return { ...told, ...endOf(outcome), message: failure?.message, content: textOf(content) };
  }

  it.each(SPLIT_CASES)('make of $name what all of them at once make', async ({ wire, leave, overrides }) => {
    const outcomes: unknown[] = [];
    for (const pieces of [[wire], wire]) {
      const outcome = await fetched(async (peer) => {
        await peer.request();
        await peer.burst(pieces);
        await turn();
        leave?.(peer);
      }, overrides);
      outcomes.push(essence(outcome));
    }
    expect(outcomes[1]).toEqual(outcomes[0]);
  });
});
