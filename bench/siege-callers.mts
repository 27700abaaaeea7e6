import { Agent, type IncomingMessage, request } from 'node:http';
import type { Assault, HostileOrigin, Order, Tally } from './siege-contract.mts';

/** The callers, in a process of their own. */

process.on('message', (order: Order) => {
  if (order.ask === 'siege') void siege(order.assault).then((tally) => process.send?.(tally));
});
process.send?.('ready');

async function siege(assault: Assault): Promise<Tally> {
  const outcomes: Record<string, number> = {};
  const counts = { octets: 0, answers: 0 };
  const due = performance.now() + assault.ms;
  const over = AbortSignal.timeout(assault.ms);
  const call = async (caller: Caller): Promise<void> => {
    while (performance.now() < due && counts.answers < assault.count) {
      const { outcome, octets } = await caller.call(over);
      counts.answers++;
      counts.octets += octets;
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      // As Retry-After asks, or sooner.
      if (outcome.startsWith('503') || outcome.startsWith('cannot')) await afterMs(200 + caller.random(800));
    }
    caller.leave();
  };
  await Promise.all(Array.from({ length: assault.callers }, (_, n) => call(new Caller(assault, n))));
  return { outcomes, octets: counts.octets };
}

interface Called {
  readonly outcome: string;
  readonly octets: number;
}

/** How a caller treats its answer. */
type Manner = 'reads' | 'hangs up' | 'reads slowly' | 'stops reading';

/** One caller with its own keep-alive connection and its own habits. */
class Caller {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  private readonly assault: Assault;
  private state: number;

  constructor(assault: Assault, number: number) {
    this.assault = assault;
    this.state = (assault.seed * 2_654_435_761 + number * 40_503 + 1) >>> 0 || 1;
    // The first numbers of neighbours are alike.
    for (let n = 0; n < 20; n++) this.random(2);
  }

  /** Asks for one fetch, and deals with the answer as it likes.
   *  @param over aborts at the end of the siege, and the call with it */
  call(over: AbortSignal): Promise<Called> {
    const manner = this.manner();
    const content = Buffer.from(JSON.stringify(this.spec()));
    return new Promise((resolve) => {
      const hangUp = new AbortController();
      const signal = AbortSignal.any([over, hangUp.signal]);
      const outgoing = request({
        host: '127.0.0.1',
        port: this.assault.port,
        path: '/fetch',
        method: 'POST',
        agent: this.agent,
        signal,
        headers: { 'content-type': 'application/json', 'content-length': content.length },
      });
      const timer = manner === 'hangs up' ? setTimeout(() => hangUp.abort(), this.random(3_000)) : null;
      const end = (outcome: string, octets = 0): void => {
        if (timer !== null) clearTimeout(timer);
        resolve({ outcome, octets });
      };
      outgoing.on('error', (error: NodeJS.ErrnoException) =>
        end(
          over.aborted
            ? 'cut short'
            : signal.aborted
              ? 'hung up'
              : `cannot call: ${error.code ?? error.message}`,
        ),
      );
      outgoing.on('response', (incoming) => {
        void this.take(incoming, manner, hangUp).then(
          ({ outcome, octets }) => end(outcome, octets),
          () => end(over.aborted ? 'cut short' : signal.aborted ? 'hung up' : 'cannot read the answer'),
        );
      });
      outgoing.end(content);
    });
  }

  leave(): void {
    this.agent.destroy();
  }

  /** @returns a whole number from 0 to below `below` */
  random(below: number): number {
    // xorshift32: the same in every run
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    this.state >>>= 0;
    return this.state % below;
  }

  private async take(incoming: IncomingMessage, manner: Manner, hangUp: AbortController): Promise<Called> {
    let octets = 0;
    let beginning = '';
    for await (const piece of incoming as AsyncIterable<Buffer>) {
      octets += piece.length;
      if (incoming.statusCode !== 200 && beginning.length < 65_536) beginning += piece.toString('latin1');
      if (manner === 'reads slowly') await afterMs(20);
      if (manner === 'stops reading') {
        await afterMs(5_000 + this.random(15_000), hangUp.signal);
        hangUp.abort();
      }
    }
    const code = /"code":"([a-z0-9-]+)"/.exec(beginning)?.[1];
    return { outcome: `${incoming.statusCode}${code === undefined ? '' : ` ${code}`}`, octets };
  }

  private manner(): Manner {
    const die = this.assault.unruly ? this.random(20) : 19;
    if (die < 2) return 'hangs up';
    if (die < 4) return 'reads slowly';
    if (die < 5) return 'stops reading';
    return 'reads';
  }

  /** A fetch of one of the origins; one in five asks for something odd. */
  private spec(): object {
    const { origins, totalMs, unruly } = this.assault;
    const { url, kind } = origins[this.random(origins.length)]!;
    const plain = {
      url,
      timeouts: { totalMs, firstByteMs: 1_000 + this.random(totalMs) },
      tls: { verify: false },
    };
    if (uploads(kind)) return { ...plain, method: 'POST', body: { text: 'x'.repeat(this.uploadBytes()) } };
    return unruly && this.random(5) === 0 ? { ...plain, ...this.oddity(plain) } : plain;
  }

  /** Most of it is swallowed by the kernel: some is to be more than that. */
  private uploadBytes(): number {
    return this.random(10) === 0 ? 1_048_576 : 65_536;
  }

  private oddity({ timeouts }: { readonly timeouts: object }): object {
    const oddities = [
      { read: { bufferBytes: 1_048_576 } },
      { read: { bufferBytes: 1 + this.random(64) }, include: { reads: 'full' } },
      { read: { until: 'idle' }, timeouts: { ...timeouts, idleMs: 500 } },
      { read: { until: 'close' } },
      { include: { body: 'base64', rawHead: true, reads: 'full', certificates: true } },
      { include: { body: 'none' } },
      { read: { maxHeadBytes: 1_048_576 } },
      { parser: 'strict', decodeContent: false },
    ];
    return oddities[this.random(oddities.length)]!;
  }
}

function uploads(kind: HostileOrigin['kind']): boolean {
  return kind === 'reads nothing' || kind === 'refuses early';
}

function afterMs(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
