import type { Timings } from '../../src/exchange/outcome';
import { afterMs, answering, answeringThenFin, response, useOrigins } from '../support/origin';
import { endOf, exchangeWith, fetchUrl } from '../support/spec';

const start = useOrigins();

/** What the clock's rounding to a microsecond may add up to, over six phases. */
const ROUNDING_MS = 0.004;

function phasesOf({ dns, connect, tls, send, wait, receive }: Timings): (number | null)[] {
  return [dns, connect, tls, send, wait, receive];
}

/** Checks what holds for every exchange.
 *  @param elapsedMs what went by outside, which phases that overlap would exceed */
function expectPhases(timings: Timings, elapsedMs: number): void {
  const phases = phasesOf(timings).filter((phase) => phase !== null);
  for (const phase of phases) expect(phase).toBeGreaterThanOrEqual(0);
  const sum = phases.reduce((total, phase) => total + phase, 0);
  expect(Math.abs(timings.total - sum)).toBeLessThanOrEqual(ROUNDING_MS);
  expect(timings.total).toBeLessThanOrEqual(elapsedMs + ROUNDING_MS);
}

async function timed<T>(work: () => Promise<T>): Promise<[result: T, elapsedMs: number]> {
  const began = performance.now();
  const result = await work();
  return [result, performance.now() - began];
}

describe('the phases of an exchange', () => {
  it('are not negative, do not overlap, and add up to the total', async () => {
    const origin = await start(answering(response('200 OK', 'hello')));
    const [{ timings }, elapsedMs] = await timed(() => exchangeWith(origin.url()));
    expectPhases(timings, elapsedMs);
    expect(phasesOf(timings).map((phase) => phase === null)).toEqual([
      true,
      false,
      true,
      false,
      false,
      false,
    ]);
  });

  it('tell the look-up of a name, and none for an address', async () => {
    const origin = await start(answering(response('200 OK')));
    const names = { 'a.example': '127.0.0.1' };
    const [named, elapsedMs] = await timed(() => exchangeWith(origin.url('/', 'a.example'), {}, { names }));
    expect(named.timings.dns).toBeGreaterThanOrEqual(0);
    expectPhases(named.timings, elapsedMs);
    const network = { address: '127.0.0.1' };
    const addressed = await exchangeWith(origin.url('/', 'b.example'), { network });
    expect(addressed.timings.dns).toBeNull();
  });

  it('count what the origin takes its time for', async () => {
    const origin = await start(async (peer) => {
      await peer.request();
      await afterMs(60);
      await peer.send('HTTP/1.1 200 OK\r\n');
      await afterMs(60);
      await peer.send('\r\nhello');
      await afterMs(60);
      peer.fin();
    });
    const [{ timings, reads }, elapsedMs] = await timed(() => exchangeWith(origin.url()));
    expectPhases(timings, elapsedMs);
    // A timer may be early by a millisecond.
    expect(timings.wait).toBeGreaterThanOrEqual(58);
    expect(timings.receive).toBeGreaterThanOrEqual(116);
    expect(reads.maxGapMs).toBeGreaterThanOrEqual(58);
  });

  it('hold for a response that comes before the request is sent', async () => {
    const body = Buffer.alloc(20 * 1_048_576);
    const origin = await start(async (peer) => {
      await peer.head();
      peer.stall();
      await peer.send(response('413 Content Too Large'));
    });
    const [{ timings }, elapsedMs] = await timed(() => exchangeWith(origin.url(), { method: 'POST', body }));
    expectPhases(timings, elapsedMs);
    expect(timings.wait).toBe(0);
  });

  it.each([
    ['no connection', { connect: true, send: false, wait: false, receive: false }, 'refused'],
    ['no answer', { connect: true, send: true, wait: true, receive: false }, ''],
    ['half a head', { connect: true, send: true, wait: true, receive: true }, 'HTTP/1.1 200'],
  ] as const)('hold for a failure, with %s', async (_, happened, octets) => {
    const origin = await start(answeringThenFin(octets));
    const url = octets === 'refused' ? `http://127.0.0.2:${origin.port}/` : origin.url();
    const [{ timings, head }, elapsedMs] = await timed(() => exchangeWith(url));
    expect(head).toBeNull();
    expectPhases(timings, elapsedMs);
    const { connect, send, wait, receive } = timings;
    expect({
      connect: connect !== null,
      send: send !== null,
      wait: wait !== null,
      receive: receive !== null,
    }).toEqual(happened);
  });

  it('of all hops add up to chainTotal', async () => {
    const second = await start(answering(response('200 OK')));
    const first = await start(async (peer) => {
      await peer.request();
      await afterMs(60);
      await peer.send(response(`302 Found\r\nLocation: ${second.url()}`));
    });
    const [{ hops, last, chainTotalMs }, elapsedMs] = await timed(() => fetchUrl(first.url()));
    expect(hops).toHaveLength(1);
    expect(chainTotalMs).toBeCloseTo(hops[0]!.timings.total + last.timings.total, 3);
    expect(chainTotalMs).toBeGreaterThanOrEqual(58);
    expect(chainTotalMs).toBeLessThanOrEqual(elapsedMs + ROUNDING_MS);
  });
});

describe('the time of a read', () => {
  it('counts from the start of its hop', async () => {
    const second = await start(answering(response('200 OK', 'hello')));
    const first = await start(async (peer) => {
      await peer.request();
      await afterMs(300);
      await peer.send(response(`302 Found\r\nLocation: ${second.url()}`));
    });
    const { hops, last } = await fetchUrl(first.url(), { include: { reads: 'full' } });
    expect(hops[0]!.reads.firstAtMs).toBeGreaterThanOrEqual(298);
    const { connect, send, wait } = last.timings;
    const beforeFirst = connect! + send! + wait!;
    const { firstAtMs, items } = last.reads;
    expect(firstAtMs).toBeGreaterThanOrEqual(beforeFirst - ROUNDING_MS);
    expect(firstAtMs! - beforeFirst).toBeLessThan(298);
    expect(items![0]).toEqual({ atMs: firstAtMs, bytes: last.reads.bytes });
  });
});

describe('firstByteMs', () => {
  it('runs from the last octet sent, not from the connection', async () => {
    const body = Buffer.alloc(20 * 1_048_576);
    const origin = await start(async (peer) => {
      await peer.head();
      peer.stall();
      await afterMs(300);
      peer.socket.resume();
    });
    const outcome = await exchangeWith(origin.url(), {
      method: 'POST',
      body,
      timeouts: { firstByteMs: 100 },
    });
    expect(endOf(outcome).failure).toBe('first-byte-timeout in wait');
    expect(outcome.timings.send).toBeGreaterThanOrEqual(290);
    expect(outcome.timings.wait).toBeGreaterThanOrEqual(99);
  });

  it('begins anew after each informational response', async () => {
    const origin = await start(async (peer) => {
      await peer.request();
      for (const status of [102, 103]) {
        await afterMs(60);
        await peer.send(`HTTP/1.1 ${status} Wait\r\n\r\n`);
      }
    });
    const outcome = await exchangeWith(origin.url(), { timeouts: { firstByteMs: 250 } });
    expect(endOf(outcome).failure).toBe('first-byte-timeout in wait');
    expect(outcome.informational.map(({ status }) => status)).toEqual([102, 103]);
    // From the first of them on: the second, and then the whole limit.
    expect(outcome.timings.receive).toBeGreaterThanOrEqual(58 + 249);
  });

  it('gives way to idleMs when a head has begun', async () => {
    const origin = await start(answering('HTTP/1.1 103 Early Hints\r\n\r\n', 'HTTP/1.1 2'));
    const outcome = await exchangeWith(origin.url(), { timeouts: { idleMs: 150 } });
    expect(endOf(outcome).failure).toBe('head-timeout in head');
    expect(outcome.informational).toHaveLength(1);
  });
});

describe('idleMs', () => {
  it('is the longest gap, not the whole time, in the head and in the content', async () => {
    const wire = response('200 OK\r\nA: b', 'hello');
    const origin = await start(async (peer) => {
      await peer.request();
      for (const piece of wire.match(/[^]{1,5}/g)!) {
        await afterMs(30);
        await peer.send(piece);
      }
    });
    const outcome = await exchangeWith(origin.url(), { timeouts: { idleMs: 200 } });
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'content-length', failure: null });
    expect(outcome.timings.receive).toBeGreaterThan(200);
  });

  it('does not count before the first octet', async () => {
    const origin = await start(async (peer) => {
      await peer.request();
      await afterMs(150);
      await peer.send(response('200 OK'));
    });
    const outcome = await exchangeWith(origin.url(), { timeouts: { idleMs: 50 } });
    expect(outcome.head?.status).toBe(200);
  });

  it('wins when a busy process finds that it and totalMs have run out', async () => {
    const origin = await start(answering('HTTP/1.1 200 OK\r\n\r\n'));
    const began = performance.now();
    const onRead = (): void => {
      while (performance.now() < began + 450);
    };
    const timeouts = { idleMs: 100, totalMs: 300 };
    const outcome = await exchangeWith(origin.url(), { timeouts }, { onRead });
    expect(outcome.endedBy).toBe('idle-timeout');
  });
});

describe('totalMs', () => {
  it('spans the chain', async () => {
    const origin = await start(async (peer) => {
      const hop = Number((await peer.request()).split(' ')[1]!.slice(1));
      await afterMs(70);
      await peer.send(response(`302 Found\r\nLocation: /${hop + 1}`));
      peer.fin();
    });
    const { hops, last, failure, chainTotalMs } = await fetchUrl(origin.url('/0'), {
      redirects: { follow: true, max: 20 },
      timeouts: { totalMs: 300 },
    });
    expect(failure?.code).toBe('total-timeout');
    expect(last.failure?.code).toBe('total-timeout');
    expect(hops.length).toBeGreaterThanOrEqual(1);
    expect(hops.length).toBeLessThanOrEqual(4);
    expect(chainTotalMs).toBeGreaterThan(hops.length * 68);
  });

  it('alone ends a head that is dripped: each octet begins idleMs anew', async () => {
    const origin = await start(async (peer) => {
      await peer.request();
      for (const octet of `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100)}`) {
        await afterMs(20);
        await peer.send(octet);
      }
    });
    const timeouts = { idleMs: 300, totalMs: 700 };
    const outcome = await exchangeWith(origin.url(), { timeouts });
    expect(endOf(outcome).failure).toBe('total-timeout in head');
  });

  it('that runs out within a redirect’s content lets nothing more be dialled', async () => {
    const second = await start(answering(response('200 OK')));
    const first = await start(
      answering(`HTTP/1.1 302 Found\r\nLocation: ${second.url()}\r\nContent-Length: 9\r\n\r\nhalf`),
    );
    const { hops, last, failure } = await fetchUrl(first.url(), { timeouts: { totalMs: 300 } });
    expect(failure).toMatchObject({ code: 'total-timeout', phase: 'receive' });
    expect(hops).toEqual([]);
    expect(last.head?.status).toBe(302);
    expect(second.peers).toHaveLength(0);
  });
});
