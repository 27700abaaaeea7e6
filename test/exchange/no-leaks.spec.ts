import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { getEventListeners } from 'node:events';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { noise } from '../support/coding';
import { type Serve, answering, answeringThenFin, response, turn, useOrigins } from '../support/origin';
import { type SpecOverrides, type World, endOf, fetchUrl } from '../support/spec';

const start = useOrigins();

const LARGE: SpecOverrides = { method: 'POST', body: Buffer.alloc(20 * 1_048_576) };
const HALF = 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf';

function sayingAndLeaving(octets: string, how: 'reset' | 'drop'): Serve {
  return async (peer) => {
    await peer.head();
    peer.stall();
    await peer.send(octets);
    peer[how]();
  };
}

/** Content in two codings, followed by nothing.
 *  @param length what it says of itself */
function codedTwice(content: Buffer, length = content.length): Buffer {
  const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip, br\r\nContent-Length: ${length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), content]);
}

const CODED = brotliCompressSync(gzipSync(noise(50_000)));
const HALF_CODED = codedTwice(CODED.subarray(0, 25_000), 50_000);

interface Case {
  readonly ending: string;
  readonly serve: Serve;
  readonly overrides?: SpecOverrides;
  readonly world?: World;
  /** the path of the URL, or a whole one that nobody answers */
  readonly url?: string;
}

const stall: Serve = (peer) => peer.stall();

const CASES: readonly Case[] = [
  { ending: 'content-length', serve: answering(response('200 OK', 'hello')) },
  { ending: 'no-content', serve: answering('HTTP/1.1 204 No Content\r\n\r\n') },
  { ending: 'close', serve: answeringThenFin('HTTP/1.1 200 OK\r\n\r\nhello') },
  { ending: 'upgrade', serve: answering('HTTP/1.1 101 Switching Protocols\r\n\r\n') },
  { ending: 'reset', serve: sayingAndLeaving(HALF, 'reset') },
  { ending: 'idle-timeout', serve: answering(HALF), overrides: { timeouts: { idleMs: 60 } } },
  { ending: 'total-timeout', serve: answering(HALF), overrides: { timeouts: { totalMs: 300 } } },
  { ending: 'size-limit', serve: answering(HALF), overrides: { read: { maxBodyBytes: 2 } } },
  { ending: 'read-limit', serve: answering(HALF), overrides: { read: { maxReads: 1 } } },
  {
    ending: 'parse-error',
    serve: answering('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnone\r\n'),
  },
  { ending: 'content-length, decoded', serve: answering(codedTwice(CODED)) },
  {
    ending: 'content-length, damaged',
    serve: answering(codedTwice(Buffer.from(CODED).fill(0xff, 30_000, 30_100))),
  },
  {
    ending: 'content-length, followed by octets',
    serve: answering(codedTwice(Buffer.concat([CODED, Buffer.from('JUNK')]))),
  },
  {
    ending: 'size-limit, decoded',
    serve: answering(codedTwice(brotliCompressSync(gzipSync(Buffer.alloc(16 * 1_048_576))))),
  },
  {
    // More than is decoded at a time, so that the outer coding is still at work.
    ending: 'size-limit, decoded within a coding',
    serve: answering(codedTwice(brotliCompressSync(gzipSync(Buffer.alloc(128 * 1_048_576))))),
    overrides: { read: { maxBodyBytes: 1_048_576 } },
  },
  {
    ending: 'content-length, damaged within a coding',
    serve: answering(codedTwice(brotliCompressSync(noise(200_000)))),
  },
  { ending: 'close, half decoded', serve: answeringThenFin(HALF_CODED) },
  {
    ending: 'idle-timeout, half decoded',
    serve: answering(HALF_CODED),
    overrides: { timeouts: { idleMs: 60 } },
  },
  {
    ending: 'total-timeout, half decoded',
    serve: answering(HALF_CODED),
    overrides: { timeouts: { totalMs: 300 } },
  },
  { ending: 'connection-closed in wait', serve: answeringThenFin() },
  { ending: 'connection-reset in wait', serve: sayingAndLeaving('', 'reset') },
  { ending: 'malformed-response in head', serve: answering('nothing of HTTP\r\n') },
  {
    ending: 'first-byte-timeout in wait',
    serve: answering(),
    overrides: { timeouts: { firstByteMs: 60 } },
  },
  {
    ending: 'head-timeout in head',
    serve: answering('HTTP/1.1 2'),
    overrides: { timeouts: { idleMs: 60 } },
  },
  {
    ending: 'send-timeout in send',
    serve: stall,
    overrides: { ...LARGE, timeouts: { sendMs: 60 } },
  },
  {
    ending: 'total-timeout in send',
    serve: stall,
    overrides: { ...LARGE, timeouts: { totalMs: 300 } },
  },
  {
    ending: 'content-length, early',
    serve: sayingAndLeaving(response('413 Content Too Large', 'no'), 'drop'),
    overrides: LARGE,
  },
  { ending: 'address-denied in policy', serve: stall, world: { deny: ['127.0.0.0/8'] } },
  { ending: 'dns-not-found in dns', serve: stall, url: 'http://a.example/' },
  {
    ending: 'dns-timeout in dns',
    serve: stall,
    url: 'http://a.example/',
    overrides: { timeouts: { dnsMs: 60 } },
    world: { names: { 'a.example': null } },
  },
  {
    ending: 'too-many-redirects in head',
    serve: answeringThenFin(response('302 Found\r\nLocation: /')),
  },
];

/** Sockets, and what the system was asked to do with them. Timers are counted apart: the runtime also
 *  tells those of the test runner. */
const KINDS = /^(?:TCPSocketWrap|ConnectWrap|SimpleWriteWrap|WriteWrap|ShutdownWrap|QueryReqWrap)$/;
const MAX_TURNS = 1_000;

const fetching = new AsyncLocalStorage<true>();
/** set by a fetch, and neither run out nor cleared */
const timers = new Set<number>();
/** made by a fetch, and not closed */
const decompressors = new Set<number>();
/** decompressors so far */
let made = 0;
const watching = createHook({
  init(asyncId, type, _, resource) {
    if (fetching.getStore() !== true) return;
    if (type === 'Timeout') timers.add(asyncId);
    if (type === 'ZLIB') watchClose(asyncId, resource as { close: () => void });
  },
  destroy: (asyncId) => void timers.delete(asyncId),
});

beforeAll(() => void watching.enable());
afterAll(() => void watching.disable());

/** The runtime tells that a decompressor is gone only when its memory is. */
function watchClose(asyncId: number, handle: { close: () => void }): void {
  const { close } = handle;
  decompressors.add(asyncId);
  made++;
  handle.close = () => {
    decompressors.delete(asyncId);
    close.call(handle);
  };
}

const watched: typeof fetchUrl = (...how) => fetching.run(true, () => fetchUrl(...how));

/** What others in this process have open for good */
let others: readonly string[] = [];

/** What is left, after the turns of the event loop that closing takes. */
async function leftOver(): Promise<string[]> {
  for (let turns = 0; ; turns++) {
    const left = process.getActiveResourcesInfo().filter((kind) => KINDS.test(kind));
    for (const kind of others) if (left.includes(kind)) left.splice(left.indexOf(kind), 1);
    for (let timer = 0; timer < timers.size; timer++) left.push('timer');
    for (let open = 0; open < decompressors.size; open++) left.push('decompressor');
    if (left.length === 0 || turns === MAX_TURNS) return left;
    await turn();
  }
}

beforeAll(async () => {
  others = await leftOver();
});

describe('nothing is left after', () => {
  it.each(CASES)('$ending', async ({ ending, serve, overrides, world, url }) => {
    const origin = await start(serve);
    const canceller = new AbortController();
    made = 0;
    const { last, failure } = await watched(url ?? origin.url(), overrides, {
      ...world,
      signal: canceller.signal,
    });
    const told = failure === null ? last.endedBy : `${failure.code} in ${failure.phase}`;
    expect(told).toBe(ending.split(',')[0]);
    expect(made > 0).toBe(/decoded|damaged|octets/.test(ending));
    expect(getEventListeners(canceller.signal, 'abort')).toEqual([]);
    await origin.dropAll();
    expect(await leftOver()).toEqual([]);
  });

  it('connection-refused in connect', async () => {
    const { port } = await start(() => undefined);
    const { last } = await watched(`http://127.0.0.2:${port}/`);
    expect(endOf(last).failure).toBe('connection-refused in connect');
    expect(await leftOver()).toEqual([]);
  });

  it.each([
    ['send', stall, LARGE],
    ['wait', answering(), {}],
    ['receive', answering(HALF), {}],
    ['receive', answering(HALF_CODED), {}],
  ] as const)('cancelled in %s', async (phase, serve, overrides) => {
    const canceller = new AbortController();
    const origin = await start(async (peer) => {
      await serve(peer);
      if (phase !== 'receive') setImmediate(() => canceller.abort());
    });
    const { last } = await watched(origin.url(), overrides, {
      signal: canceller.signal,
      onRead: () => canceller.abort(),
    });
    expect(endOf(last).failure).toBe(`cancelled in ${phase}`);
    expect(getEventListeners(canceller.signal, 'abort')).toEqual([]);
    await origin.dropAll();
    expect(await leftOver()).toEqual([]);
  });

  it('a chain of redirects, while the origins still keep their side open', async () => {
    const origin = await start(async (peer) => {
      const [, path] = (await peer.request()).split(' ', 2);
      await peer.send(path === '/' ? response('302 Found\r\nLocation: /next') : response('200 OK'));
    });
    await watched(origin.url());
    // The client closes each connection when its hop is over: the origin sees both closed.
    expect(origin.peers).toHaveLength(2);
    await Promise.all(origin.peers.map((peer) => peer.closed));
    expect(await leftOver()).toEqual([]);
  });

  it('fifty fetches at once', async () => {
    const origin = await start(answering(response('200 OK', 'hello')));
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => watched(origin.url())));
    expect(outcomes.map(({ last }) => last.complete)).toEqual(Array(50).fill(true));
    await Promise.all(origin.peers.map((peer) => peer.closed));
    expect(await leftOver()).toEqual([]);
  });
});
