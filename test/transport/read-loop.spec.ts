import type { Socket } from 'node:net';
import { Connection } from '../../src/transport/connection';
import { Deadlines } from '../../src/transport/deadlines';
import { ReadLog } from '../../src/transport/read-log';
import { type ReadEnd, type ReadLoopOptions, readLoop } from '../../src/transport/read-loop';
import { LoopbackServer, ThreadPeer, expectNothingLeft, nextTurn } from '../support/sockets';

const LONG_MS = 60_000;

/** A connection to a peer, and all that reading from it takes. */
interface Reading {
  readonly connection: Connection;
  readonly peer: Socket;
  readonly controller: AbortController;
  readonly deadlines: Deadlines;
  readonly log: ReadLog;
  readonly taken: string[];
  /** @param enough is asked after each read */
  run(options?: Partial<ReadLoopOptions>, enough?: () => boolean): Promise<ReadEnd>;
}

function dialled(port: number, bufferBytes: number): Promise<Connection> {
  return Connection.dial({
    address: '127.0.0.1',
    family: 4,
    port,
    nextReadBytes: () => bufferBytes,
    tls: null,
  }).connected;
}

describe('the read loop', () => {
  let server: LoopbackServer;
  const readings: Reading[] = [];

  beforeEach(async () => {
    server = await LoopbackServer.listen();
  });

  afterEach(async () => {
    for (const { connection, deadlines } of readings.splice(0)) {
      connection.destroy();
      deadlines.close();
    }
    await server.close();
  });

  async function begin(bufferBytes = 4, totalMs = LONG_MS): Promise<Reading> {
    const [connection, peer] = await Promise.all([dialled(server.port, bufferBytes), server.next()]);
    const controller = new AbortController();
    const deadlines = new Deadlines(performance.now() + totalMs, controller.signal);
    const log = new ReadLog(true);
    const taken: string[] = [];
    const reading: Reading = {
      connection,
      peer,
      controller,
      deadlines,
      log,
      taken,
      run: (options, enough = () => false) =>
        readLoop(connection, {
          startedAt: performance.now(),
          maxReads: null,
          log,
          deadlines,
          take: (octets) => {
            taken.push(octets.toString());
            return enough();
          },
          ...options,
        }),
    };
    readings.push(reading);
    return reading;
  }

  it('reads until the peer closes', async () => {
    const { peer, taken, run } = await begin();
    const end = run();
    peer.end('abcdefghij');
    expect(await end).toEqual({ by: 'close' });
    expect(taken.join('')).toBe('abcdefghij');
  });

  it('reads until the peer resets, and gives the error', async () => {
    const { peer, taken, run } = await begin();
    const end = run();
    peer.write('abc', () => peer.resetAndDestroy());
    expect(await end).toMatchObject({ by: 'reset', error: { code: 'ECONNRESET' } });
    expect(taken.join('')).toBe('abc');
  });

  it('reads until it is enough, and no further', async () => {
    const { peer, taken, run } = await begin();
    const end = run({}, () => taken.join('') === 'abcdefgh');
    peer.write('abcdefghijkl');
    expect(await end).toEqual({ by: 'enough' });
    peer.end('mnop');
    await nextTurn();
    expect(taken).toEqual(['abcd', 'efgh']);
  });

  it('reads until it is stopped from elsewhere, though the peer is silent', async () => {
    const { peer, taken, run } = await begin();
    let stop: () => void = () => undefined;
    const end = run({ onReading: (how) => (stop = how) }, () => {
      setImmediate(stop);
      return false;
    });
    peer.write('abcd');
    expect(await end).toEqual({ by: 'enough' });
    stop();
    peer.end('efgh');
    await nextTurn();
    expect(taken).toEqual(['abcd']);
  });

  it.each([1, 2, 3])('reads %i times when it may do no more, whatever is left', async (maxReads) => {
    const { peer, taken, run } = await begin();
    const end = run({ maxReads });
    peer.write('abcdefghijklmnop');
    expect(await end).toEqual({ by: 'read-limit' });
    await nextTurn();
    expect(taken).toEqual(['abcd', 'efgh', 'ijkl'].slice(0, maxReads));
  });

  it('has had enough rather than reached its limit, when both are so', async () => {
    const { peer, run } = await begin();
    const end = run({ maxReads: 1 }, () => true);
    peer.write('abcd');
    expect(await end).toEqual({ by: 'enough' });
  });

  it('logs each read with its time since the hop began', async () => {
    const { peer, log, run } = await begin();
    const startedAt = performance.now() - 1_000;
    const times: number[] = [];
    const end = run({ startedAt, take: (_, now) => times.push(now) > 99 });
    peer.end('abcdefghij');
    await end;
    const { count, bytes, sizes, items } = log.statistics();
    expect({ count, bytes, sizes }).toEqual({ count: 3, bytes: 10, sizes: [4, 4, 2] });
    items!.forEach(({ atMs }, i) => expect(atMs).toBeCloseTo(times[i]! - startedAt, 2));
    expect(items![0]!.atMs).toBeGreaterThanOrEqual(1_000);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(times.at(-1)).toBeLessThanOrEqual(performance.now());
  });

  it('ends when the phase runs out, with what came before', async () => {
    const { peer, deadlines, taken, run } = await begin();
    const end = run({}, () => {
      deadlines.start(30);
      return false;
    });
    peer.write('abcd');
    expect(await end).toEqual({ by: 'phase' });
    expect(taken).toEqual(['abcd']);
  });

  it('ends when the whole fetch runs out', async () => {
    const { deadlines, run } = await begin(4, 30);
    deadlines.start(LONG_MS);
    expect(await run()).toEqual({ by: 'total' });
  });

  it('ends when it is cancelled, and takes nothing more', async () => {
    const { peer, controller, taken, run } = await begin();
    const end = run();
    peer.write('abcd', () => controller.abort());
    expect(await end).toEqual({ by: 'cancelled' });
    const before = [...taken];
    peer.write('efgh');
    for (let turn = 0; turn < 20; turn++) await nextTurn();
    expect(taken).toEqual(before);
  });

  it.each<[string, (reading: Reading) => Promise<void> | void, ReadEnd['by']]>([
    ['cancelled', ({ controller }) => controller.abort(), 'cancelled'],
    [
      'over',
      ({ deadlines }) => {
        deadlines.start(1);
        return new Promise((resolve) => deadlines.listen(() => resolve()));
      },
      'phase',
    ],
  ])('that is %s before it begins takes nothing, and leaves it unread', async (_, interrupt, by) => {
    const reading = await begin();
    await new Promise<void>((resolve) => reading.peer.write('abcd', () => resolve()));
    await interrupt(reading);
    expect(await reading.run()).toEqual({ by });
    for (let turn = 0; turn < 20; turn++) await nextTurn();
    expect([reading.taken, reading.log.count]).toEqual([[], 0]);
    const unread = await new Promise<string>((resolve, reject) => {
      const read = (octets: Buffer): boolean => {
        resolve(octets.toString());
        return false;
      };
      reading.connection.read({ read, closed: reject, failed: reject });
    });
    expect(unread).toBe('abcd');
  });

  it('rejects with what is thrown by who takes the octets, and takes nothing more', async () => {
    const { peer, deadlines, taken, log, run } = await begin();
    const failure = new Error('cannot take this');
    const end = run({}, () => {
      throw failure;
    });
    peer.write('abcdefgh');
    await expect(end).rejects.toBe(failure);
    peer.end('ijkl');
    await nextTurn();
    expect([taken, log.count]).toEqual([['abcd'], 1]);
    expect(deadlines.interruption).toBeNull();
  });

  it.each<[string, (reading: Reading) => Promise<unknown>]>([
    [
      'enough',
      ({ peer, run }) => {
        peer.write('a');
        return run({}, () => true);
      },
    ],
    [
      'a read limit',
      ({ peer, run }) => {
        peer.write('a');
        return run({ maxReads: 1 });
      },
    ],
    [
      'a close',
      ({ peer, run }) => {
        peer.end();
        return run();
      },
    ],
    [
      'a reset',
      ({ peer, run }) => {
        peer.resetAndDestroy();
        return run();
      },
    ],
    [
      'silence',
      ({ deadlines, run }) => {
        deadlines.start(20);
        return run();
      },
    ],
    [
      'being cancelled',
      ({ controller, run }) => {
        const end = run();
        controller.abort();
        return end;
      },
    ],
    [
      'an error',
      ({ peer, run }) => {
        peer.write('a');
        const thrown = run({}, () => {
          throw new Error('cannot take this');
        });
        return thrown.catch(() => undefined);
      },
    ],
  ])('leaves no timer after %s, and nothing once the connection is destroyed', async (_, end) => {
    await expectNothingLeft(async (timers) => {
      const reading = await begin();
      reading.deadlines.start(LONG_MS);
      expect(timers.size).toBe(2);
      await end(reading);
      expect(timers.size).toBe(0);
      reading.connection.destroy();
      reading.peer.destroy();
    });
  });
});

describe('a busy event loop', () => {
  /** Says one word at once, and the next when the gate is opened: slot 0. Then slot 1 tells that it is written. */
  const PEER = `
    const { parentPort, workerData } = require('node:worker_threads');
    const gate = new Int32Array(workerData);
    const server = require('node:net').createServer((peer) => {
      peer.on('error', () => undefined);
      peer.write('one ');
      Atomics.wait(gate, 0, 0);
      peer.write('two', () => {
        Atomics.store(gate, 1, 1);
        Atomics.notify(gate, 1);
      });
    });
    server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
  `;
  const IDLE_MS = 40;

  it('does not take for silence what lies unread in the kernel', async () => {
    const gate = new Int32Array(new SharedArrayBuffer(8));
    const server = await ThreadPeer.run(PEER, gate.buffer);
    const connection = await dialled(server.port, 65_536);
    const deadlines = new Deadlines(performance.now() + LONG_MS, new AbortController().signal);
    let received = '';

    /** Keeps the event loop from running until the peer has written and the limit has passed. */
    const beBusy = (): void => {
      Atomics.store(gate, 0, 1);
      Atomics.notify(gate, 0);
      Atomics.wait(gate, 1, 0, LONG_MS);
      const until = performance.now() + 3 * IDLE_MS;
      while (performance.now() < until);
    };

    const end = await readLoop(connection, {
      startedAt: performance.now(),
      maxReads: null,
      log: new ReadLog(false),
      deadlines,
      take: (octets, now) => {
        received += octets.toString();
        if (received === 'one ') {
          deadlines.start(IDLE_MS);
          beBusy();
        } else {
          deadlines.touch(now);
        }
        return false;
      },
    });
    expect({ received, end }).toEqual({ received: 'one two', end: { by: 'phase' } });
    connection.destroy();
    await server.close();
  });
});
