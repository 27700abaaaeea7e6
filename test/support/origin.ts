import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { type TlsOptions, createServer as createTlsServer } from 'node:tls';
import { octetsOf } from './split';

/** What an origin does with a connection; when it is done, the connection stays as it is. */
export type Serve = (peer: Peer) => Promise<void> | void;

const MAX_BEGINNING = 65_536;
/** a head with its empty line, be its lines ended by CRLF or LF */
const HEAD = /^[^]*?\n\r?\n/;

/** Thrown to a script that waits for octets when the connection has ended. */
class PeerLeft extends Error {}

/** One connection, seen from the origin. */
export class Peer {
  /** resolves when nothing of the connection is left on this side */
  readonly closed: Promise<void>;
  /** octets received so far */
  bytes = 0;

  private readonly pieces: Buffer[] = [];
  /** the first octets, enough for any head */
  private beginning = '';
  private left = false;
  private waiting: (() => void)[] = [];

  constructor(readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (octets) => {
      this.pieces.push(octets);
      this.bytes += octets.length;
      if (this.beginning.length < MAX_BEGINNING) this.beginning += octets.toString('latin1');
      this.wake();
    });
    // Clients come and go as they like: what a script cares for it waits for.
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.left = true;
        this.wake();
        resolve();
      });
    });
  }

  /** All that was received, one character per octet. */
  get received(): string {
    return Buffer.concat(this.pieces).toString('latin1');
  }

  /** @returns the request, one character per octet, when its head and its content are there */
  async request(): Promise<string> {
    await this.head();
    const head = HEAD.exec(this.beginning)![0];
    const length = Number(/^content-length:[ \t]*(\d+)/im.exec(head)?.[1] ?? 0);
    await this.until(() => this.bytes >= head.length + length);
    return this.received;
  }

  /** Waits for a whole head, whatever follows it. */
  head(): Promise<void> {
    return this.until(() => HEAD.test(this.beginning));
  }

  async until(enough: () => boolean): Promise<void> {
    while (!enough()) {
      if (this.left) throw new PeerLeft('the client left before its request was whole');
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** Writes octets; resolves when the kernel has them, or when nobody is there to take them. */
  send(octets: string | Buffer): Promise<void> {
    return new Promise((resolve) => this.socket.write(octetsOf(octets), () => resolve()));
  }

  /** Writes each piece as a segment of its own, and lets the event loop look for input after each. */
  async burst(pieces: Iterable<string | Buffer>): Promise<void> {
    for (const piece of pieces) {
      await this.send(piece);
      await turn();
    }
  }

  /** Ends the sending; what the client sends is still read. */
  fin(): void {
    this.socket.end();
  }

  reset(): void {
    this.socket.resetAndDestroy();
  }

  /** Closes both directions at once: with octets unread the kernel resets the connection. */
  drop(): void {
    this.socket.destroy();
  }

  /** Reads nothing more, so that the client's octets pile up in the kernel. */
  stall(): void {
    this.socket.pause();
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

/** A server on loopback, over TCP or TLS, that does what a script says, and remembers what it was sent. */
export class Origin {
  /** its connections, in order; under TLS those whose handshake has ended */
  readonly peers: Peer[] = [];
  private readonly scripts: Promise<unknown>[] = [];
  /** TCP connections, whatever became of their handshakes */
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly host: string,
    private readonly scheme: 'http' | 'https',
    serve: Serve,
  ) {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    server.on(scheme === 'https' ? 'secureConnection' : 'connection', (socket: Socket) => {
      const peer = new Peer(socket);
      this.peers.push(peer);
      this.scripts.push(
        Promise.resolve(serve(peer)).then(
          () => null,
          (error: unknown) => error,
        ),
      );
    });
  }

  /** @param tls certificate and key of an origin that speaks TLS */
  static async start(serve: Serve, host = '127.0.0.1', tls: TlsOptions | null = null): Promise<Origin> {
    const server = tls === null ? createServer() : createTlsServer(tls);
    server.listen(0, host);
    await once(server, 'listening');
    return new Origin(server, host, tls === null ? 'http' : 'https', serve);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** @param host a name that leads here, instead of the address */
  url(path = '/', host = this.host): string {
    return `${this.scheme}://${host.includes(':') ? `[${host}]` : host}:${this.port}${path}`;
  }

  /** What each connection received, one character per octet. */
  get requests(): string[] {
    return this.peers.map((peer) => peer.received);
  }

  /** Drops every connection, and waits until nothing of them is left. */
  async dropAll(): Promise<void> {
    for (const peer of this.peers) peer.drop();
    await Promise.all(this.peers.map((peer) => peer.closed));
  }

  /** @throws what a script threw, but for clients that left it waiting */
  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    await this.dropAll();
    for (const socket of this.sockets) socket.destroy();
    await closed;
    for (const error of await Promise.all(this.scripts))
      if (error !== null && !(error instanceof PeerLeft)) throw error as Error;
  }
}

/** @returns what starts an origin that lives as long as the test */
export function useOrigins(): (serve: Serve, host?: string, tls?: TlsOptions) => Promise<Origin> {
  const origins: Origin[] = [];
  afterEach(async () => {
    await Promise.all(origins.splice(0).map((origin) => origin.close()));
  });
  return async (serve, host, tls) => {
    const origin = await Origin.start(serve, host, tls);
    origins.push(origin);
    return origin;
  };
}

/** Waits for the request, then answers, and leaves the connection open and silent. */
export function answering(...pieces: readonly (string | Buffer)[]): Serve {
  return async (peer) => {
    await peer.request();
    await peer.burst(pieces);
  };
}

/** Answers and closes. */
export function answeringThenFin(...pieces: readonly (string | Buffer)[]): Serve {
  return async (peer) => {
    await peer.request();
    await peer.burst(pieces);
    peer.fin();
  };
}

/** Answers each path in its own way, and closes. */
export function routes(table: Readonly<Record<string, string>>): Serve {
  return async (peer) => {
    const [, path = ''] = (await peer.request()).split(' ', 2);
    const response = table[path];
    if (response === undefined) throw new Error(`${path} was not expected`);
    await peer.send(response);
    peer.fin();
  };
}

/** A response with a Content-Length.
 *  @param head status code, reason phrase and field lines, as "302 Found" or "200 OK\r\nA: b" */
export function response(head: string, content = ''): string {
  return `HTTP/1.1 ${head}\r\nContent-Length: ${content.length}\r\n\r\n${content}`;
}

/** A chunked response. */
export function chunkedResponse(chunks: readonly string[], trailers = ''): string {
  const coded = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('');
  return `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${coded}0\r\n${trailers}\r\n`;
}

/** One turn of the event loop, in which it looks for input once. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export function afterMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
