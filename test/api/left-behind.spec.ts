import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { OctetBudget } from '../../src/exchange/octet-budget';
import type { FetchOutcome } from '../../src/exchange/outcome';
import { PROTOCOLS } from '../../src/fetch/socket-fetch.service';
import { Admission } from '../../src/limits/admission';
import type { Protocols } from '../../src/protocols/protocol';
import { SESSION_STORE, type SessionStore } from '../../src/sessions/session-store';
import { ReadLog } from '../../src/transport/read-log';
import { SystemResolver } from '../../src/transport/resolver';
import { TestService } from '../support/app';
import { BusyThreads } from '../support/busy-threads';
import { dial, post } from '../support/caller';
import { type Identity, selfSigned } from '../support/certificates';
import { noise } from '../support/coding';
import { type DnsName, DnsServer } from '../support/dns-server';
import { Origin, type Serve, answering, response } from '../support/origin';
import {
  DeafServer,
  LoopbackServer,
  connecting,
  countingResources,
  expectNothingLeft,
  nextTurn,
} from '../support/sockets';
import { resultOf } from './contract';

/** What may happen to a fetch in any of its phases. */
type Blow =
  | 'the caller closes by halves'
  | 'the caller closes'
  | 'the caller resets'
  | 'the target closes'
  | 'the target resets'
  | 'the resolver closes'
  | 'time runs out'
  | 'nothing else happens';

/** A fetch that is to be brought into a phase. */
interface Stage {
  readonly url: string;
  readonly request?: object;
  /** resolves when the fetch is in that phase */
  reached(): Promise<void>;
  /** the target's side of the fetch, once it is reached */
  readonly target?: () => { fin: () => void; reset: () => void };
  readonly closeResolver?: () => Promise<void>;
  /** resolves when the service has closed what it had open at the target */
  left(): Promise<unknown>;
  /** lets go on what the stage holds up */
  release?(): Promise<unknown>;
  /** ends all that belongs to the stage */
  close(): Promise<unknown>;
}

interface Scene {
  readonly phase: string;
  readonly set: () => Promise<Stage>;
  /** the limit that runs out */
  readonly limits?: object;
  /** whether the fetch ends only when what holds it up lets go */
  readonly waitsForRelease?: boolean;
  /** blow → how the fetch ends */
  readonly ends: Partial<Record<Blow, string>>;
}

const LONG = {
  dnsMs: 60_000,
  connectMs: 60_000,
  tlsMs: 60_000,
  sendMs: 60_000,
  firstByteMs: 60_000,
  idleMs: 60_000,
  totalMs: 60_000,
};

/** the default */
const MAX_BUFFERED_BYTES = 16_777_216;

let service: TestService;
/** a name server that knows the names of a stage alone */
let resolver: SystemResolver;
let identity: Identity;
/** what the service fetches between the blows */
let well: Origin;
let runs: jest.SpyInstance<Promise<FetchOutcome>, Parameters<Protocols[string]['run']>>;
let reads: jest.SpyInstance<void, Parameters<ReadLog['record']>>;
/** the service's side of its callers' connections */
const connections: Socket[] = [];

beforeAll(async () => {
  identity = await selfSigned();
  well = await Origin.start(answering(response('200 OK', 'hello')));
  // One place, and one that may wait: a fetch that kept its place would keep out all others.
  const env = { WIREFETCH_MAX_CONCURRENCY: '1', WIREFETCH_MAX_QUEUE: '1' };
  service = await TestService.start(env, { resolve: (...how) => resolver.resolve(...how) });
  service.app.getHttpServer().on('connection', (socket: Socket) => connections.push(socket));
  runs = jest.spyOn(service.app.get<Protocols>(PROTOCOLS)['http:']!, 'run');
  reads = jest.spyOn(ReadLog.prototype, 'record');
  await expectWell();
});
beforeEach(() => {
  runs.mockClear();
  reads.mockClear();
  connections.splice(0);
});
afterAll(async () => {
  await service.close();
  await well.close();
});

/** What fetches hold of the service: places and octets, also of requests. */
function held(): number[] {
  const { running, waiting } = service.app.get(Admission, { strict: false });
  const { grantedBytes, waitingFetches, grantableBytes } = service.app.get(OctetBudget, { strict: false });
  return [running, waiting, grantedBytes, waitingFetches, MAX_BUFFERED_BYTES - grantableBytes];
}

async function expectWell(): Promise<void> {
  const patience = performance.now() + 2_000;
  // An answer that nobody waits for is made before it is thrown away.
  while (held().some((count) => count > 0) && performance.now() < patience) await nextTurn();
  expect(held()).toEqual([0, 0, 0, 0, 0]);
  expect(resultOf(await service.fetch({ url: well.url() })).body.text).toBe('hello');
}

/** How the last fetch ended, when it has. */
async function ending(): Promise<string> {
  const { last, failure } = (await runs.mock.results.at(-1)!.value) as FetchOutcome;
  const told = failure ?? last.failure;
  return told === null ? last.endedBy! : `${told.code} in ${told.phase}`;
}

/** Waits until the service has read so many octets from its targets. */
async function untilRead(octets: number): Promise<void> {
  const read = (): number => reads.mock.calls.reduce((sum, [, bytes]) => sum + bytes, 0);
  while (read() < octets) await nextTurn();
}

/** A target that serves until the phase is reached.
 *  @param octets that the service must have read by then */
async function targetOf(
  serve: Serve,
  octets = 0,
  tls: Identity | null = null,
): Promise<Stage & { origin: Origin }> {
  let served: () => void;
  const isServed = new Promise<void>((resolve) => (served = resolve));
  const origin = await Origin.start(
    async (peer) => {
      await serve(peer);
      served();
    },
    '127.0.0.1',
    tls,
  );
  return {
    origin,
    url: origin.url(),
    reached: async () => {
      await isServed;
      await untilRead(octets);
    },
    target: () => origin.peers.at(-1)!,
    left: () => Promise.all(origin.peers.map((peer) => peer.closed)),
    close: () => origin.close(),
  };
}

/** A target that has answered so much of a response. */
function partly(octets: string): () => Promise<Stage> {
  return () => targetOf(answering(octets), octets.length);
}

/** A fetch that waits because another runs. */
async function queued(): Promise<Stage> {
  const own = await targetOf(answering(response('200 OK')));
  const other = await targetOf(answering());
  const running = service.fetch({ url: other.url, timeouts: LONG });
  await other.reached();
  return {
    ...own,
    reached: async () => {
      while (service.app.get(Admission).waiting === 0) await nextTurn();
    },
    target: other.target!,
    close: async () => {
      await other.close();
      await running;
      await own.close();
    },
  };
}

/** A name server that says this of the name.
 *  @param overTcp whether somebody listens there over TCP too, and keeps silent */
function named(name: DnsName, overTcp = false): () => Promise<Stage> {
  return async () => {
    const origin = await targetOf(answering(response('200 OK')));
    const { tcp, ...servers } = await nameServer(overTcp);
    let { dns } = servers;
    dns.zone = { 'a.test': name };
    resolver = new SystemResolver({ hostsFile: '/nowhere', servers: [dns.address] });
    return {
      ...origin,
      url: origin.origin.url('/', 'a.test'),
      reached: async () => {
        await dns.untilAsked('a.test');
        await tcp?.next();
      },
      closeResolver: async () => {
        await dns.close();
        // So that its own socket makes no room for one that is left.
        dns = await DnsServer.listen();
      },
      left: async () => {
        await Promise.all((tcp?.accepted ?? []).map(hungUp));
        await origin.left();
      },
      close: async () => {
        await dns.close();
        await tcp?.close();
        await origin.close();
      },
    };
  };
}

/** Waits for the end of what the service says to a peer that has been silent. */
async function hungUp(peer: Socket): Promise<void> {
  peer.resume();
  if (!peer.readableEnded) await new Promise((resolve) => peer.once('end', resolve));
  peer.destroy();
}

async function nameServer(overTcp: boolean): Promise<{ dns: DnsServer; tcp: LoopbackServer | null }> {
  for (;;) {
    const dns = await DnsServer.listen();
    if (!overTcp) return { dns, tcp: null };
    try {
      const port = Number(dns.address.split(':')[1]);
      return { dns, tcp: await LoopbackServer.listen('127.0.0.1', undefined, port) };
    } catch {
      // Over TCP somebody else has the port.
      await dns.close();
    }
  }
}

/** A target to which no connection ever stands. */
async function deaf(): Promise<Stage> {
  const server = await DeafServer.listen();
  const before = connecting(server.port);
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => (closing ??= server.close());
  return {
    url: `http://127.0.0.1:${server.port}/`,
    reached: async () => {
      while (connecting(server.port) <= before) await nextTurn();
    },
    target: () => ({ fin: () => void close(), reset: () => void close() }),
    left: async () => {
      while (connecting(server.port) > before) await nextTurn();
    },
    close,
  };
}

/** A target that says this instead of a handshake. */
function unsecured(octets: string): () => Promise<Stage> {
  return async () => {
    const stage = await targetOf(async (peer) => {
      await peer.until(() => peer.bytes > 0);
      await peer.send(octets);
    });
    return { ...stage, url: stage.url.replace('http:', 'https:') };
  };
}

async function secured(): Promise<Stage> {
  const stage = await targetOf(answering(HALF), HALF.length, identity);
  return { ...stage, request: { tls: { verify: false } } };
}

/** A target that takes the head and a little more. */
async function stalled(tls: Identity | null): Promise<Stage> {
  const serve: Serve = async (peer) => {
    await peer.head();
    peer.stall();
  };
  const stage = await targetOf(serve, 0, tls);
  return {
    ...stage,
    request: { method: 'POST', body: { text: 'x'.repeat(8_000_000) }, tls: { verify: false } },
    left: () => {
      // Who reads nothing does not see the end either.
      for (const { socket } of stage.origin.peers) socket.resume();
      return stage.left();
    },
  };
}

/** Coded content that nothing can be decoded of.
 *  @param content so much of it, and with its head so much is read of it */
function undecoded(content: Buffer, sentBytes: number, readBytes: number): () => Promise<Stage> {
  return async () => {
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${content.length}\r\n\r\n`;
    const sent = Buffer.concat([Buffer.from(head), content.subarray(0, sentBytes)]);
    const stage = await targetOf(answering(sent));
    const threads = new BusyThreads();
    return {
      ...stage,
      // What was served may lie in the kernel.
      reached: () => untilRead(readBytes),
      release: () => threads.release(),
      close: async () => {
        await threads.release();
        await stage.close();
      },
    };
  };
}

/** A fetch that reads no more until others give back memory. */
async function outOfMemory(): Promise<Stage> {
  const stage = await targetOf(answering(HALF));
  const budget = service.app.get(OctetBudget, { strict: false });
  const others = budget.open();
  others.hold(1_000_000_000);
  return {
    ...stage,
    reached: async () => {
      while (budget.waitingFetches === 0) await nextTurn();
    },
    release: async () => others.close(),
    close: async () => {
      others.close();
      await stage.close();
    },
  };
}

const SMALL = gzipSync(noise(40_000));
const LARGE = gzipSync(noise(700_000));
/** more coded octets than wait to be decoded */
const PAUSES_BYTES = 65_537;

/** @param first what "/" answers, and "/next" is answered to the end */
function redirected(first: string): () => Promise<Stage> {
  return () =>
    targetOf(async (peer) => {
      const [, path] = (await peer.request()).split(' ', 2);
      await peer.send(path === '/' ? first : response('200 OK', 'next'));
    }, first.length);
}

async function atSecondHop(): Promise<Stage> {
  let asked: () => void;
  const isAsked = new Promise<void>((resolve) => (asked = resolve));
  const stage = await targetOf(async (peer) => {
    const [, path] = (await peer.request()).split(' ', 2);
    if (path === '/') await peer.send(response('302 Found\r\nLocation: /next'));
    else asked();
  });
  return { ...stage, reached: () => isAsked };
}

/** A store that has yet to say which cookies go along. */
async function cookiesAwaited(): Promise<Stage> {
  const stage = await targetOf(answering(response('200 OK')));
  const store = service.app.get<SessionStore>(SESSION_STORE);
  let asked: () => void;
  let answer: () => void;
  const isAsked = new Promise<void>((resolve) => (asked = resolve));
  const isAnswered = new Promise<void>((resolve) => (answer = resolve));
  const using = jest.spyOn(store, 'use').mockImplementationOnce(async () => {
    asked();
    await isAnswered;
    return null;
  });
  return {
    ...stage,
    request: { session: 'a' },
    reached: () => isAsked,
    release: async () => answer(),
    close: async () => {
      answer();
      using.mockRestore();
      await stage.close();
    },
  };
}

/** More than the kernel holds of an answer that is not read. */
async function answerUnread(): Promise<Stage> {
  const stage = await targetOf(answering(response('200 OK', '\0'.repeat(8_000_000))));
  return {
    ...stage,
    reached: async () => {
      await stage.reached();
      await ending();
      while (connections.at(-1)!.writableLength === 0) await nextTurn();
    },
  };
}

/** more than a fetch holds without asking */
const MUCH = 'x'.repeat(50_000);
const HALF_HEAD = `HTTP/1.1 200 OK\r\nX: ${MUCH}`;
const HALF = `HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n${MUCH}`;
const HALF_CHUNKED = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n${MUCH}`;
const UNTIL_CLOSE = `HTTP/1.1 200 OK\r\n\r\n${MUCH}`;
const HALF_REDIRECT = 'HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 9\r\n\r\nhalf';
const SERVER_HELLO = '\x16\x03\x03\0\x7a\x02\0\0\x76\x03\x03half';

function cancelledIn(phase: string): Scene['ends'] {
  return {
    'the caller closes by halves': `cancelled in ${phase}`,
    'the caller closes': `cancelled in ${phase}`,
    'the caller resets': `cancelled in ${phase}`,
  };
}

function brokenIn(phase: string): Scene['ends'] {
  return {
    'the target closes': `connection-closed in ${phase}`,
    'the target resets': `connection-reset in ${phase}`,
  };
}

const SCENES: readonly Scene[] = [
  {
    phase: 'the queue',
    set: queued,
    ends: {
      ...cancelledIn('connect'),
      'the target closes': 'content-length',
      'the target resets': 'content-length',
    },
  },
  {
    phase: "the session's store",
    set: cookiesAwaited,
    waitsForRelease: true,
    ends: cancelledIn('connect'),
  },
  {
    phase: 'dns',
    set: named({ A: 'silence', AAAA: 'silence' }),
    limits: { dnsMs: 60 },
    ends: {
      ...cancelledIn('dns'),
      'the resolver closes': 'dns-timeout in dns',
      'time runs out': 'dns-timeout in dns',
    },
  },
  {
    phase: 'dns, with half an answer',
    set: named({ A: ['127.0.0.1'], AAAA: 'silence' }),
    ends: { 'the resolver closes': 'content-length' },
  },
  {
    phase: 'dns over TCP',
    set: named({ A: 'truncated', AAAA: 'truncated' }, true),
    limits: { dnsMs: 60 },
    ends: { ...cancelledIn('dns'), 'time runs out': 'dns-timeout in dns' },
  },
  ...(['garbage', 'cut', 'truncated'] as const).map((answer): Scene => ({
    phase: `dns, where the answer is ${answer}`,
    set: named({ A: answer, AAAA: answer }),
    ends: { 'nothing else happens': 'dns-failed in dns' },
  })),
  {
    phase: 'connect',
    set: deaf,
    limits: { connectMs: 60 },
    ends: {
      ...cancelledIn('connect'),
      'the target closes': 'connection-refused in connect',
      'time runs out': 'connect-timeout in connect',
    },
  },
  ...(['', SERVER_HELLO] as const).map((octets): Scene => ({
    phase: octets === '' ? 'tls' : 'tls, within a ServerHello',
    set: unsecured(octets),
    limits: { tlsMs: 60 },
    ends: {
      ...cancelledIn('tls'),
      'the target closes': 'tls-handshake-failed in tls',
      'the target resets': 'tls-handshake-failed in tls',
      'time runs out': 'tls-timeout in tls',
    },
  })),
  {
    phase: 'send',
    set: () => stalled(null),
    limits: { sendMs: 60 },
    ends: { ...cancelledIn('send'), ...brokenIn('send'), 'time runs out': 'send-timeout in send' },
  },
  {
    phase: 'send over TLS',
    set: () => stalled(identity),
    limits: { sendMs: 60 },
    ends: {
      ...cancelledIn('send'),
      'the target closes': 'connection-closed in send',
      'time runs out': 'send-timeout in send',
    },
  },
  {
    phase: 'wait',
    set: partly(''),
    limits: { firstByteMs: 60 },
    ends: {
      ...cancelledIn('wait'),
      ...brokenIn('wait'),
      'time runs out': 'first-byte-timeout in wait',
    },
  },
  {
    phase: 'head',
    set: partly(HALF_HEAD),
    limits: { idleMs: 60 },
    ends: { ...cancelledIn('head'), ...brokenIn('head'), 'time runs out': 'head-timeout in head' },
  },
  ...([HALF, HALF_CHUNKED] as const).map((octets): Scene => ({
    phase: octets === HALF ? 'receive' : 'receive, within a chunk',
    set: partly(octets),
    limits: { idleMs: 60 },
    ends: { ...cancelledIn('receive'), ...brokenIn('receive'), 'time runs out': 'idle-timeout in receive' },
  })),
  {
    phase: 'receive, until close',
    set: partly(UNTIL_CLOSE),
    limits: { idleMs: 60 },
    ends: {
      ...cancelledIn('receive'),
      'the target closes': 'close',
      'the target resets': 'connection-reset in receive',
      'time runs out': 'idle-timeout in receive',
    },
  },
  {
    phase: 'receive over TLS',
    set: secured,
    limits: { idleMs: 60 },
    ends: {
      ...cancelledIn('receive'),
      'the target closes': 'connection-closed in receive',
      'time runs out': 'idle-timeout in receive',
    },
  },
  {
    phase: 'receive, waiting for memory',
    set: outOfMemory,
    limits: { idleMs: 60 },
    ends: { ...cancelledIn('receive'), ...brokenIn('receive'), 'time runs out': 'idle-timeout in receive' },
  },
  {
    phase: 'receive, paused for decoding',
    set: undecoded(LARGE, 600_000, PAUSES_BYTES),
    limits: { idleMs: 60 },
    ends: { ...cancelledIn('receive'), ...brokenIn('receive'), 'time runs out': 'idle-timeout in receive' },
  },
  {
    phase: 'decode',
    set: undecoded(SMALL, SMALL.length, SMALL.length),
    ends: cancelledIn('decode'),
  },
  {
    phase: "receive, a redirect's content",
    set: redirected(HALF_REDIRECT),
    limits: { idleMs: 60 },
    ends: {
      ...cancelledIn('receive'),
      'the target closes': 'content-length',
      'the target resets': 'content-length',
      'time runs out': 'content-length',
    },
  },
  {
    phase: 'wait at the second hop',
    set: atSecondHop,
    limits: { firstByteMs: 60 },
    ends: {
      ...cancelledIn('wait'),
      ...brokenIn('wait'),
      'time runs out': 'first-byte-timeout in wait',
    },
  },
  {
    phase: 'the answer',
    set: answerUnread,
    ends: {
      'the caller closes by halves': 'content-length',
      'the caller closes': 'content-length',
      'the caller resets': 'content-length',
    },
  },
];

const LEAVE: Partial<Record<Blow, (caller: Socket) => void>> = {
  'the caller closes by halves': (caller) => caller.end(),
  'the caller closes': (caller) => caller.destroy(),
  'the caller resets': (caller) => caller.resetAndDestroy(),
};

const ENDED_BY_TIME: ReadonlySet<Blow> = new Set(['time runs out', 'the resolver closes']);
/** Where nothing holds the fetch up, it may have left the phase before anybody looks. */
const BY_ITSELF: ReadonlySet<Blow> = new Set(['time runs out', 'nothing else happens']);

async function strike(blow: Blow, { target, closeResolver }: Stage): Promise<void> {
  if (blow === 'the target closes') target!().fin();
  if (blow === 'the target resets') target!().reset();
  if (blow === 'the resolver closes') await closeResolver!();
}

/** Reads until nothing of the connection is left. */
function drain(caller: Socket): Promise<void> {
  caller.resume();
  return closed(caller);
}

/** Whatever error closes it. */
async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

const ROWS = SCENES.flatMap((scene) =>
  Object.keys(scene.ends).map((blow) => ({ ...scene, blow: blow as Blow })),
);

describe('nothing is left behind, and the next is served, when', () => {
  it.each(ROWS)('$blow in $phase', async ({ blow, set, limits = {}, waitsForRelease = false, ends }) => {
    await expectNothingLeft(async (timers) => {
      const stage = await set();
      const expectNoMore = countingResources();
      const { size } = timers;
      try {
        const caller = await dial(service.url);
        const timeouts = { ...LONG, ...(ENDED_BY_TIME.has(blow) ? limits : {}) };
        caller.write(post({ url: stage.url, timeouts, ...stage.request }));
        if (!BY_ITSELF.has(blow) || stage.release !== undefined) await stage.reached();
        const leave = LEAVE[blow];
        if (leave === undefined) {
          await strike(blow, stage);
          await stage.release?.();
          await drain(caller);
        } else {
          leave(caller);
          await drain(caller);
          // Whatever the others do, the service sees that nobody is there.
          await closed(connections.at(-1)!);
          // Its fetch is told of it in turn.
          await nextTurn();
          if (waitsForRelease) await stage.release?.();
        }
        expect(await ending()).toBe(ends[blow]);
        await stage.left();
        await closed(connections.at(-1)!);
        // Before the others end.
        await expectNoMore();
        expect(timers.size).toBeLessThanOrEqual(size);
      } finally {
        await stage.close();
      }
      await expectWell();
    });
  });
});

it.each([
  ['content', { method: 'POST', body: { text: 'x'.repeat(4_000_000) } }],
  [
    'raw octets',
    { raw: { base64: Buffer.from('POST / HTTP/1.1\r\n\r\n'.padEnd(4_000_000)).toString('base64') } },
  ],
])('%s to be sent leave less for what is received', async (_, request) => {
  const stage = await stalled(null);
  const caller = await dial(service.url);
  caller.write(post({ url: stage.url, timeouts: LONG, ...request }));
  await stage.reached();
  expect(held().at(-1)).toBe(4_000_000);
  caller.destroy();
  await stage.left();
  await stage.close();
  await expectWell();
});
