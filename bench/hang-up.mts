import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';
import { parseArgs } from 'node:util';
import { Child } from './child.mts';
import { ascending, percentile } from './verdict.mts';

/** `npm run hang-up -- [--fetches 200] [--beside 0]`
 *
 *  How long after its caller has gone a fetch still holds its target: from the caller's FIN or RST until the origin sees
 *  the service's, in each phase in which a fetch waits for its target, so many times, while so many others wait beside it.
 *  Caller and origin share a process, and its clock. The promise: under 100 ms. The exit code is 1 when a 99th percentile
 *  is above. */

const MOST_MS = 100;
/** for the service to read what the origin has sent */
const SETTLE_MS = 5;

/** phase → what the origin has said by then */
const PHASES: Readonly<Record<string, string>> = {
  tls: '',
  wait: '',
  head: 'HTTP/1.1 200 OK\r\nContent-',
  receive: 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf',
};

type Leave = (caller: Socket) => unknown;

const MANNERS: readonly Leave[] = [
  (caller) => caller.end(),
  (caller) => caller.destroy(),
  (caller) => caller.resetAndDestroy(),
];

/** Says to everybody what `beginning` is, as soon as anything is said to it, and then nothing more. */
class SilentOrigin {
  beginning = '';
  private readonly server: Server;

  private constructor(server: Server) {
    this.server = server;
  }

  static async start(): Promise<SilentOrigin> {
    const server = createServer({ noDelay: true });
    const origin = new SilentOrigin(server);
    server.listen({ host: '127.0.0.1', port: 0, backlog: 1_024 });
    await once(server, 'listening');
    return origin;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** @returns the next connection, when it has been told the beginning */
  async next(): Promise<Socket> {
    const [peer] = (await once(this.server, 'connection')) as [Socket];
    // Who is told that nobody is there any more may be told by a reset.
    peer.on('error', () => undefined);
    await once(peer, 'data');
    if (this.beginning !== '') await new Promise((resolve) => peer.write(this.beginning, resolve));
    return peer;
  }

  close(): void {
    this.server.close();
  }
}

function request(phase: string, port: number): string {
  const scheme = phase === 'tls' ? 'https' : 'http';
  const content = JSON.stringify({ url: `${scheme}://127.0.0.1:${port}/` });
  const head = 'POST /fetch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
  return `${head}Content-Length: ${content.length}\r\n\r\n${content}`;
}

async function call(port: number, text: string): Promise<Socket> {
  const caller = connect({ host: '127.0.0.1', port });
  caller.on('error', () => undefined);
  await once(caller, 'connect');
  caller.resume();
  caller.write(text);
  return caller;
}

/** @returns milliseconds from the caller's end to the target's */
async function hangUp(leave: Leave, port: number, text: string, origin: SilentOrigin): Promise<number> {
  const next = origin.next();
  const caller = await call(port, text);
  const peer = await next;
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const seen = new Promise<number>((resolve) => {
    for (const event of ['end', 'close']) peer.once(event, () => resolve(performance.now()));
  });
  const left = performance.now();
  leave(caller);
  const ms = (await seen) - left;
  peer.destroy();
  caller.destroy();
  return ms;
}

/** @returns whether the promise was kept */
async function measure(fetches: number, beside: number): Promise<boolean> {
  const service = new Child('dist/main.js', [], {
    WIREFETCH_PORT: '0',
    WIREFETCH_ALLOW_CIDRS: '127.0.0.0/8:*',
    WIREFETCH_MAX_PER_HOST: String(beside + 1),
    WIREFETCH_MAX_CONCURRENCY: String(beside + 1),
  });
  const origin = await SilentOrigin.start();
  const others: Socket[] = [];
  let kept = true;
  try {
    const port = await service.listening();
    process.stdout.write(
      `from the caller's end to the target's, ${fetches} fetches a phase, ${beside} beside\n`,
    );
    for (const [phase, beginning] of Object.entries(PHASES)) {
      origin.beginning = beginning;
      const text = request(phase, origin.port);
      while (others.length < beside) {
        const next = origin.next();
        others.push(await call(port, text));
        await next;
      }
      const times: number[] = [];
      for (let n = 0; n < fetches; n++)
        times.push(await hangUp(MANNERS[n % MANNERS.length]!, port, text, origin));
      for (const other of others.splice(0)) other.destroy();
      const sorted = ascending(times);
      const [p50, p99, max] = [0.5, 0.99, 1].map((fraction) => percentile(sorted, fraction)) as [
        number,
        number,
        number,
      ];
      kept &&= p99 < MOST_MS;
      const told = [`p50 ${p50.toFixed(2)}`, `p99 ${p99.toFixed(2)}`, `max ${max.toFixed(2)} ms`].join(', ');
      process.stdout.write(`  ${phase.padEnd(7)} ${told}${p99 < MOST_MS ? '' : ' BROKEN'}\n`);
    }
  } finally {
    for (const other of others) other.destroy();
    origin.close();
    await service.stop();
  }
  return kept;
}

const { values } = parseArgs({
  options: { fetches: { type: 'string', default: '200' }, beside: { type: 'string', default: '0' } },
});
if (!(await measure(Number(values.fetches), Number(values.beside)))) process.exitCode = 1;
