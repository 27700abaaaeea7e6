import { EventEmitter, once } from 'node:events';
import type { Socket } from 'node:net';
import { Connection, type ConnectionReader } from '../../src/transport/connection';
import type { Dialling } from '../../src/transport/happy-eyeballs';
import { DeafServer, LoopbackServer, ThreadPeer, expectNothingLeft, nextTurn } from '../support/sockets';

const USUAL = 65_536;

/** Octets that show where they belong. */
function pattern(length: number): Buffer {
  const octets = Buffer.alloc(length);
  for (let i = 0; i < length; i++) octets[i] = i * 7 + (i >> 8);
  return octets;
}

/** A reader that keeps what it hears. */
class Listener implements ConnectionReader {
  readonly sizes: number[] = [];
  readonly memories = new Set<ArrayBufferLike>();
  readonly ended: Promise<'closed' | NodeJS.ErrnoException>;
  ends = 0;
  private readonly pieces: Buffer[] = [];
  private settle: (how: 'closed' | NodeJS.ErrnoException) => void;
  private readonly reads = new EventEmitter();

  /** @param enough the number of reads to stop after */
  constructor(private readonly enough = Infinity) {
    this.ended = new Promise((resolve) => (this.settle = resolve));
  }

  get octets(): Buffer {
    return Buffer.concat(this.pieces);
  }

  /** Waits until so many reads have been heard. */
  async heard(count: number): Promise<void> {
    while (this.sizes.length < count) await once(this.reads, 'read');
  }

  read(octets: Buffer): boolean {
    this.sizes.push(octets.length);
    this.memories.add(octets.buffer);
    this.pieces.push(Buffer.from(octets));
    this.reads.emit('read');
    return this.sizes.length < this.enough;
  }

  closed(): void {
    this.ends++;
    this.settle('closed');
  }

  failed(error: NodeJS.ErrnoException): void {
    this.ends++;
    this.settle(error);
  }
}

function dial(address: string, port: number, bufferBytes = USUAL): Dialling<Connection> {
  return Connection.dial({
    address,
    family: address.includes(':') ? 6 : 4,
    port,
    nextReadBytes: () => bufferBytes,
    tls: null,
  });
}

function dialled(address: string, port: number, bufferBytes = USUAL): Promise<Connection> {
  return dial(address, port, bufferBytes).connected;
}

/** Waits until the peer's kernel has acknowledged what it was given. */
function written(peer: Socket, octets: Buffer | string): Promise<void> {
  return new Promise((resolve) => peer.write(octets, () => resolve()));
}

/** Waits for the end of the peer's socket, however it comes. */
function closed(peer: Socket): Promise<void> {
  return new Promise((resolve) => peer.once('close', () => resolve()));
}

async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await nextTurn();
}

describe('a connection', () => {
  let server: LoopbackServer;
  let connections: Connection[];

  beforeEach(async () => {
    server = await LoopbackServer.listen();
    connections = [];
  });

  afterEach(async () => {
    for (const connection of connections) connection.destroy();
    await server.close();
  });

  async function connect(bufferBytes = USUAL): Promise<{ connection: Connection; peer: Socket }> {
    const [connection, peer] = await Promise.all([
      dialled('127.0.0.1', server.port, bufferBytes),
      server.next(),
    ]);
    connections.push(connection);
    return { connection, peer };
  }

  it('tells both its ends', async () => {
    const { connection, peer } = await connect();
    expect(connection.endpoints).toEqual({
      remoteAddress: '127.0.0.1',
      remotePort: server.port,
      localAddress: '127.0.0.1',
      localPort: peer.remotePort,
      family: 4,
    });
  });

  it('may be one of IPv6', async () => {
    const ipv6 = await LoopbackServer.listen('::1');
    const connection = await dialled('::1', ipv6.port, USUAL);
    const { remoteAddress, localAddress, family } = connection.endpoints;
    expect({ remoteAddress, localAddress, family }).toEqual({
      remoteAddress: '::1',
      localAddress: '::1',
      family: 6,
    });
    connection.destroy();
    await ipv6.close();
  });

  it('that is refused is an error of connect(2), and leaves nothing', async () => {
    await expectNothingLeft(async () => {
      // Nobody listens on this port at another loopback address.
      const refused = dialled('127.0.0.2', server.port, USUAL);
      await expect(refused).rejects.toMatchObject({ code: 'ECONNREFUSED', syscall: 'connect' });
    });
  });

  it('that is given up before it stands leaves nothing', async () => {
    const deaf = await DeafServer.listen();
    await expectNothingLeft(async () => {
      const dialling = dial('127.0.0.1', deaf.port);
      await someTurns();
      dialling.abandon('cancelled');
    });
    await deaf.close();
  });

  describe('reads', () => {
    it.each([1, 7, 1024, USUAL])('at most %i octets at a time, all into one buffer', async (bufferBytes) => {
      const sent = pattern(Math.min(200_000, bufferBytes * 500));
      const { connection, peer } = await connect(bufferBytes);
      const listener = new Listener();
      connection.read(listener);
      peer.end(sent);
      expect(await listener.ended).toBe('closed');
      expect(Math.max(...listener.sizes)).toBeLessThanOrEqual(bufferBytes);
      expect(listener.memories.size).toBe(1);
      expect(listener.octets.equals(sent)).toBe(true);
    });

    it('at most as many as it is told, before each', async () => {
      const sizes = [3, 1, 5, 2];
      let next = 0;
      const dialling = Connection.dial({
        address: '127.0.0.1',
        family: 4,
        port: server.port,
        nextReadBytes: () => sizes[next++ % sizes.length]!,
        tls: null,
      });
      const [connection, peer] = await Promise.all([dialling.connected, server.next()]);
      await written(peer, pattern(100));
      const listener = new Listener(8);
      connection.read(listener);
      await listener.heard(8);
      expect(new Set(listener.sizes)).toEqual(new Set(sizes));
      expect(listener.octets.equals(pattern(100).subarray(0, listener.octets.length))).toBe(true);
      connection.destroy();
    });

    it('whole buffers when there is enough to read', async () => {
      const { connection, peer } = await connect(512);
      await written(peer, pattern(2_048));
      const listener = new Listener(4);
      connection.read(listener);
      peer.end();
      await listener.heard(4);
      expect(listener.sizes).toEqual([512, 512, 512, 512]);
    });

    it('nothing before it is told to, and has lost nothing then', async () => {
      const greeting = pattern(3_000);
      const { connection, peer } = await connect();
      await written(peer, greeting);
      await someTurns();
      const listener = new Listener();
      connection.read(listener);
      peer.end();
      expect(await listener.ended).toBe('closed');
      expect(listener.octets.equals(greeting)).toBe(true);
    });

    it('what a server says and closes with as soon as it has accepted', async () => {
      const greeting = pattern(5_000);
      const hasty = await LoopbackServer.listen('127.0.0.1', (peer) => peer.end(greeting));
      const connection = await dialled('127.0.0.1', hasty.port, USUAL);
      connections.push(connection);
      await someTurns();
      const listener = new Listener();
      connection.read(listener);
      expect(await listener.ended).toBe('closed');
      expect(listener.octets.equals(greeting)).toBe(true);
      await hasty.close();
    });

    it('no more than it wants: the peer has to wait', async () => {
      const { connection, peer } = await connect(1024);
      const sent = written(peer, Buffer.alloc(16 * 1_048_576));
      await someTurns();
      const listener = new Listener(3);
      connection.read(listener);
      await listener.heard(3);
      await someTurns();
      expect(listener.sizes).toEqual([1024, 1024, 1024]);
      expect(peer.writableLength).toBeGreaterThan(0);
      connection.destroy();
      peer.destroy();
      await sent;
    });

    it('nothing after its reader has had enough, and tells no end then', async () => {
      const { connection, peer } = await connect(4);
      await written(peer, 'abcdefgh');
      const listener = new Listener(1);
      connection.read(listener);
      await listener.heard(1);
      peer.end('ijkl');
      await someTurns();
      expect([listener.sizes, listener.ends]).toEqual([[4], 0]);
    });

    it('on for another reader after one has had enough', async () => {
      const { connection, peer } = await connect(4);
      await written(peer, 'abcdefgh');
      const first = new Listener(1);
      connection.read(first);
      await first.heard(1);
      const second = new Listener();
      connection.read(second);
      peer.end();
      expect(await second.ended).toBe('closed');
      expect([first.octets.toString(), second.octets.toString()]).toEqual(['abcd', 'efgh']);
    });

    it('nothing after it was destroyed, and tells no end then', async () => {
      const { connection, peer } = await connect();
      const listener = new Listener();
      connection.read(listener);
      await written(peer, 'a');
      await listener.heard(1);
      peer.write('b');
      connection.destroy();
      peer.resume();
      await closed(peer);
      expect([listener.octets.toString(), listener.ends]).toEqual(['a', 0]);
    });
  });

  describe('ends', () => {
    it('once, as closed, when the peer has sent its FIN, after all octets', async () => {
      const { connection, peer } = await connect(16);
      const listener = new Listener();
      connection.read(listener);
      peer.end('last words of the peer');
      expect(await listener.ended).toBe('closed');
      expect(listener.octets.toString()).toBe('last words of the peer');
      await someTurns();
      expect(listener.ends).toBe(1);
    });

    it('for reading alone then: what is written afterwards arrives', async () => {
      const { connection, peer } = await connect();
      const listener = new Listener();
      connection.read(listener);
      peer.end();
      expect(await listener.ended).toBe('closed');
      await connection.write(Buffer.from('after the end'));
      peer.resume();
      const [octets] = (await once(peer, 'data')) as [Buffer];
      expect(octets.toString()).toBe('after the end');
    });

    it.each([
      ['', 'at once'],
      ['half an answer', 'after all octets'],
    ])('once, as failed, when the peer resets it after saying %j: %s', async (said) => {
      const { connection, peer } = await connect();
      const listener = new Listener();
      connection.read(listener);
      if (said !== '') await written(peer, said);
      peer.resetAndDestroy();
      expect(await listener.ended).toMatchObject({ code: 'ECONNRESET' });
      expect(listener.octets.toString()).toBe(said);
      await someTurns();
      expect(listener.ends).toBe(1);
    });
  });

  describe('writes', () => {
    it('until the kernel has all octets', async () => {
      const sent = pattern(5_000_000);
      const { connection, peer } = await connect();
      const received: Buffer[] = [];
      peer.on('data', (octets) => received.push(octets));
      peer.resume();
      await connection.write(sent.subarray(0, 4_000_000));
      await connection.write(sent.subarray(4_000_000));
      connection.destroy();
      await once(peer, 'end');
      expect(Buffer.concat(received).equals(sent)).toBe(true);
    });

    it('no more after a write has failed, and reads on', async () => {
      const { connection, peer } = await connect();
      await written(peer, 'an answer');
      await connection.write(Buffer.from('a request that nobody reads'));
      peer.destroy();
      await closed(peer);
      const failure = connection.write(Buffer.from('more of it'));
      await expect(failure).rejects.toMatchObject({ syscall: 'write' });
      const error: unknown = await failure.catch((thrown: unknown) => thrown);
      await expect(connection.write(Buffer.from('and more'))).rejects.toBe(error);

      const listener = new Listener();
      connection.read(listener);
      await listener.ended;
      expect(listener.octets.toString()).toBe('an answer');
    });

    it('and tells of a reset that met a write, not of a close', async () => {
      const { connection, peer } = await connect();
      await connection.write(Buffer.from('a request that nobody reads'));
      await written(peer, 'half an answer');
      peer.destroy();
      await closed(peer);
      // The kernel tells of the reset once, and it tells this write.
      await expect(connection.write(Buffer.from('more'))).rejects.toMatchObject({ code: 'ECONNRESET' });

      const listener = new Listener();
      connection.read(listener);
      expect(await listener.ended).toMatchObject({ code: 'ECONNRESET' });
      expect(listener.octets.toString()).toBe('half an answer');
    });

    it('and tells of a close that came before the reset of what was written after it', async () => {
      const { connection, peer } = await connect();
      await written(peer, 'a whole answer');
      peer.destroy();
      await closed(peer);
      const listener = new Listener();
      // The first write makes the peer reset, the second meets that.
      await connection.write(Buffer.from('a request'));
      await someTurns();
      await expect(connection.write(Buffer.from('more'))).rejects.toMatchObject({ code: 'EPIPE' });
      connection.read(listener);
      expect(await listener.ended).toBe('closed');
      expect(listener.octets.toString()).toBe('a whole answer');
    });

    it('nothing after it was destroyed, and a write under way then fails', async () => {
      const { connection } = await connect();
      const stuck = connection.write(Buffer.alloc(32 * 1_048_576));
      const failed = stuck.catch((error: unknown) => error);
      await nextTurn();
      connection.destroy();
      expect(await failed).toMatchObject({ code: 'ECANCELED', syscall: 'write' });
      await expect(connection.write(Buffer.from('more'))).rejects.toThrow();
    });
  });

  it('that is destroyed leaves nothing', async () => {
    await expectNothingLeft(async () => {
      const { connection, peer } = await connect();
      connection.read(new Listener());
      await written(peer, 'unread');
      connection.destroy();
      peer.resume();
      await closed(peer);
    });
  });
});

describe('an answer that comes before the request is out', () => {
  const ROUNDS = 60;
  const PIECE = Buffer.alloc(65_536);
  const PIECES = 320;
  const ANSWER = `HTTP/1.1 413 Content Too Large\r\nContent-Length: 400\r\n\r\n${'x'.repeat(400)}`;

  /** Writes 20 MiB as far as it goes, and reads to the end.
   *  @param beforePiece is called before each write
   *  @returns what came of it */
  async function post(port: number, beforePiece: (piece: number) => Promise<void>): Promise<string> {
    const connection = await dialled('127.0.0.1', port, USUAL);
    const listener = new Listener();
    connection.read(listener);
    let sent = 'sent';
    try {
      for (let piece = 0; piece < PIECES; piece++) {
        await beforePiece(piece);
        await connection.write(PIECE);
      }
    } catch {
      sent = 'not fully sent';
    }
    const end = await listener.ended;
    connection.destroy();
    const answer = listener.octets.toString() === ANSWER ? 'whole' : `${listener.octets.length} octets`;
    return `${answer}, ${sent}, ${end === 'closed' ? end : end.code}`;
  }

  /** How often each thing came of it. */
  async function tally(round: () => Promise<string>): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (let count = 0; count < ROUNDS; count++) {
      const outcome = await round();
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
    return counts;
  }

  it.each([
    ['by a server that leaves the request unread and so resets', 1, 'ECONNRESET'],
    ['by a server that closes before the request, and resets when it comes', 0, 'closed'],
  ])('is kept whole: %s', async (_, answeredBefore, end) => {
    const server = await LoopbackServer.listen();
    const counts = await tally(() =>
      post(server.port, async (piece) => {
        if (piece !== answeredBefore) return;
        const peer = await server.next();
        await written(peer, ANSWER);
        peer.destroy();
        await closed(peer);
      }),
    );
    expect(counts).toEqual({ [`whole, not fully sent, ${end}`]: ROUNDS });
    await server.close();
  });

  it('is kept whole: by a server that runs beside its client', async () => {
    const server = await ThreadPeer.run(
      `const { parentPort, workerData } = require('node:worker_threads');
       const server = require('node:net').createServer({ pauseOnConnect: true }, (peer) => {
         peer.on('error', () => undefined);
         peer.write(workerData, () => peer.destroy());
       });
       server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`,
      ANSWER,
    );
    const counts = await tally(() => post(server.port, () => Promise.resolve()));
    const whole = Object.entries(counts).filter(([outcome]) => outcome.startsWith('whole, not fully sent'));
    expect(Object.fromEntries(whole)).toEqual(counts);
    await server.close();
  });
});
