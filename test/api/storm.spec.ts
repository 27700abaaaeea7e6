import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { call } from '../support/app';
import { dial, post } from '../support/caller';
import { selfSigned } from '../support/certificates';
import { noise } from '../support/coding';
import { Scrape } from '../support/metrics';
import { Origin, type Serve, answering, answeringThenFin, response, turn } from '../support/origin';
import { ServiceProcess } from '../support/service-process';

/** A fetch that fails, or a caller who does. */
interface Failure {
  /** of the origin that it asks; none is at a port where nobody listens */
  readonly serve: Serve | null;
  /** https is asked of an origin that does not speak it, or of one that nobody vouches for */
  readonly https?: 'unspoken' | 'untrusted';
  readonly request?: object;
  /** what the caller does when it has asked; it waits for the answer if nothing is said */
  readonly caller?: (caller: Socket, origin: Origin) => Promise<void> | void;
}

const SHORT = { tlsMs: 60, sendMs: 60, firstByteMs: 60, idleMs: 60, totalMs: 2_000 };
const HALF = 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf';
const CODED = gzipSync(noise(50_000));

function coded(content: Buffer): Serve {
  const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${content.length}\r\n\r\n`;
  return answering(Buffer.concat([Buffer.from(head), content]));
}

function sayingAndResetting(octets: string): Serve {
  return async (peer) => {
    await peer.request();
    await peer.send(octets);
    peer.reset();
  };
}

/** Waits until the origin was asked, by this fetch or one beside it. */
async function asked({ peers }: Origin): Promise<void> {
  while (peers.length === 0) await turn();
  await peers.at(-1)!.head();
}

const FAILURES: readonly Failure[] = [
  { serve: null },
  { serve: answering() },
  { serve: answeringThenFin() },
  { serve: sayingAndResetting('') },
  { serve: answering('HTTP/1.1 2') },
  { serve: answeringThenFin('HTTP/1.1 2') },
  { serve: sayingAndResetting('HTTP/1.1 2') },
  { serve: answering('no HTTP\r\n\r\n') },
  { serve: answering(HALF) },
  { serve: answeringThenFin(HALF) },
  { serve: sayingAndResetting(HALF) },
  { serve: answering('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnone\r\n') },
  { serve: answering('HTTP/1.1 101 Switching Protocols\r\n\r\n') },
  { serve: coded(CODED.subarray(0, 30_000)) },
  { serve: coded(Buffer.from(CODED).fill(0xff, 20_000, 20_100)) },
  { serve: coded(gzipSync(Buffer.alloc(16_777_216))), request: { read: { maxBodyBytes: 1_048_576 } } },
  { serve: answering(response('302 Found\r\nLocation: /')), request: { redirects: { max: 3 } } },
  { serve: answering(response('302 Found\r\nLocation: ftp://127.0.0.1/')) },
  {
    serve: answering(response('200 OK', 'x'.repeat(100))),
    request: { read: { maxReads: 1, bufferBytes: 9 } },
  },
  { serve: (peer) => peer.stall(), request: { method: 'POST', body: { text: 'x'.repeat(6_000_000) } } },
  { serve: (peer) => peer.stall(), https: 'unspoken' },
  { serve: (peer) => peer.send('no TLS'), https: 'unspoken' },
  { serve: (peer) => peer.drop(), https: 'unspoken' },
  { serve: answering(response('200 OK')), https: 'untrusted' },
  { serve: null, request: { method: 'G T' } },
  {
    serve: answering(),
    request: { timeouts: {} },
    caller: async (caller, origin) => {
      await asked(origin);
      caller.destroy();
    },
  },
  {
    serve: answering(HALF),
    request: { timeouts: {} },
    caller: async (caller, origin) => {
      await asked(origin);
      caller.resetAndDestroy();
    },
  },
  {
    serve: answering(response('200 OK', 'x'.repeat(6_000_000))),
    caller: async (caller) => {
      await new Promise((resolve) => caller.once('readable', resolve));
      caller.resetAndDestroy();
    },
  },
  { serve: null, caller: (caller) => void caller.end('POST /fetch HTTP/1.1\r\nHost: localhost\r\n\r\n{') },
];

/** Where failures happen. */
interface Target {
  readonly failure: Failure;
  readonly origin: Origin;
  readonly url: string;
}

async function targetOf(failure: Failure): Promise<Target> {
  const { serve, https } = failure;
  const identity = https === 'untrusted' ? await selfSigned() : null;
  const origin = await Origin.start(serve ?? (() => undefined), '127.0.0.1', identity);
  const url = https === 'unspoken' ? origin.url().replace('http:', 'https:') : origin.url();
  if (serve === null) await origin.close();
  return { failure, origin, url };
}

async function fail(service: ServiceProcess, { failure, origin, url }: Target): Promise<void> {
  const caller = await dial(service.url);
  const closed = new Promise((resolve) => caller.once('close', resolve));
  caller.write(post({ url, timeouts: SHORT, ...failure.request }));
  await failure.caller?.(caller, origin);
  caller.resume();
  await closed;
}

/** pino's number of the level */
const ERROR = 50;

const ROUNDS = 12;
/** under way at a time */
const WIDTH = 32;

async function storm(service: ServiceProcess, targets: readonly Target[]): Promise<void> {
  let begun = 0;
  const failing = async (): Promise<void> => {
    while (begun < ROUNDS * targets.length) await fail(service, targets[begun++ % targets.length]!);
  };
  await Promise.all(Array.from({ length: WIDTH }, failing));
}

async function scrape({ url }: ServiceProcess): Promise<Scrape> {
  return new Scrape((await call(`${url}/metrics`)).text);
}

/** What an operator sees of it, as long as it is more than at first.
 *  @param openFiles at first */
async function whatIsLeft(service: ServiceProcess, openFiles: number): Promise<object> {
  const patience = performance.now() + 5_000;
  for (;;) {
    const scraped = await scrape(service);
    const more = scraped.value('process_open_fds')! - openFiles;
    const running = scraped.value('wirefetch_fetches_running');
    const octets = scraped.value('wirefetch_buffered_bytes');
    const left = { more: Math.max(0, more), running, octets };
    if (Object.values(left).every((count) => count === 0) || performance.now() > patience) return left;
  }
}

describe('the built service', () => {
  let service: ServiceProcess;
  let targets: readonly Target[] = [];
  beforeAll(async () => {
    service = await ServiceProcess.start();
    targets = await Promise.all(FAILURES.map(targetOf));
  });
  afterAll(async () => {
    await service.kill();
    const started = targets.filter(({ failure }) => failure.serve !== null);
    await Promise.all(started.map(({ origin }) => origin.close()));
  });

  it('has no more open after hundreds of failures than before, has said nothing, and stops at once', async () => {
    const openFiles = (await scrape(service)).value('process_open_fds')!;
    await storm(service, targets);
    expect(await whatIsLeft(service, openFiles)).toEqual({ more: 0, running: 0, octets: 0 });

    service.signal('SIGTERM');
    expect(await service.ended).toEqual({ code: 0, signal: null });
    expect(service.stderr).toBe('');
    const errors = service.log.filter(({ level }) => (level as number) >= ERROR);
    expect(errors).toEqual([]);
    expect(service.log.filter(({ context }) => context === 'fetch').length).toBeGreaterThan(200);
  });
});
