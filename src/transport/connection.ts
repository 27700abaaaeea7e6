import { Socket, type SocketConstructorOpts } from 'node:net';
import { type ConnectionOptions, type TLSSocket, connect as connectTls } from 'node:tls';
import type { Dialling } from './happy-eyeballs';
import { readBuffer } from './read-buffers';
import { ReadTurns, type TurnTaker } from './read-turns';
import { type TlsClient, type TlsFacts, tlsFacts } from './tls';

/** Who is at the two ends of a connection. */
export interface Endpoints {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
  readonly family: 4 | 6;
}

/** What a connection tells whoever reads from it. Exactly one of `closed` and `failed` comes, and last. */
export interface ConnectionReader {
  /** @param octets a view of what every connection reads into, valid until this returns
   *  @returns whether to go on reading */
  read(octets: Buffer): boolean;
  /** The peer has sent its last octet. */
  closed(): void;
  /** The read side broke, with ECONNRESET for instance. */
  failed(error: NodeJS.ErrnoException): void;
}

/** What is dialled, and how it is read. */
export interface DialOptions {
  /** an IP address: no name is resolved */
  readonly address: string;
  readonly family: 4 | 6;
  readonly port: number;
  /** the most that the next read may return; asked before each */
  readonly nextReadBytes: () => number;
  /** null: octets go over TCP as they are */
  readonly tls: TlsClient | null;
}

/** of all connections of the process */
const readTurns = new ReadTurns();

/** How a connection ended that nobody was reading from. */
type UnreadEnd = { readonly by: 'close' } | { readonly by: 'failure'; readonly error: NodeJS.ErrnoException };

/** A TCP connection, plain or under TLS, that loses nothing it received.
 *
 *  It never ends by itself: the peer's FIN ends the read side alone. A write that fails ends only the writing:
 *  a stock net.Socket destroys itself then, and with it a reply that lies unread in the kernel, such as an
 *  early 413. What TLS has decrypted before `read` is called (it reads for its handshake's sake) is kept. */
export class Connection {
  private reader: ConnectionReader | null = null;
  private onWriteFailed: ((error: Error) => void) | null = null;
  private writeError: NodeJS.ErrnoException | null = null;
  /** decrypted before anybody read, a piece a read */
  private readonly unread: Buffer[] = [];
  private unreadEnd: UnreadEnd | null = null;
  private isDestroyed = false;
  private readonly taker: TurnTaker;

  private constructor(
    private readonly socket: Socket,
    readonly endpoints: Endpoints,
    /** settles when the TLS handshake has ended; null without TLS */
    private readonly handshake: Promise<TlsFacts> | null,
  ) {
    this.taker = { lastRead: 0, stop: () => void socket.pause(), goOn: () => void socket.resume() };
  }

  /** Dials. The promise stands for the TCP connection; under TLS the handshake has then begun.
   *  @throws NodeJS.ErrnoException (in the promise) as connect(2) has it */
  static dial(options: DialOptions): Dialling<Connection> {
    const { nextReadBytes } = options;
    let buffer = readBuffer(nextReadBytes());
    let connection: Connection | null = null;
    const onread = {
      buffer: () => {
        const bytes = nextReadBytes();
        if (bytes !== buffer.length) buffer = readBuffer(bytes);
        return buffer;
      },
      callback: (bytes: number) =>
        // A socket that was given up may still have had octets at hand.
        connection?.deliver(bytes === buffer.length ? buffer : buffer.subarray(0, bytes)) ?? false,
    };
    const socket = options.tls === null ? dialPlain(options, onread) : dialTls(options, options.tls, onread);
    socket.setNoDelay(true);
    const connected = new Promise<Connection>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        const handshake = options.tls === null ? null : handshakeOf(socket as TLSSocket, options.tls);
        connection = new Connection(socket, endpointsOf(socket, options), handshake);
        connection.attach();
        resolve(connection);
      });
    });
    return { connected, abandon: () => void socket.destroy() };
  }

  /** Waits for the TLS handshake, whatever the certificate says.
   *  @returns null without TLS
   *  @throws NodeJS.ErrnoException when there was none to be had */
  secured(): Promise<TlsFacts | null> {
    return this.handshake ?? Promise.resolve(null);
  }

  /** Begins to read; what arrives goes to `reader` until it has had enough, or `destroy`. Nothing is told before
   *  this returns. */
  read(reader: ConnectionReader): void {
    queueMicrotask(() => this.begin(reader));
  }

  /** Reads no more until `resume`: what arrives waits in the kernel. */
  pause(): void {
    readTurns.leave(this.taker);
    this.socket.pause();
  }

  resume(): void {
    readTurns.join(this.taker);
  }

  /** Whether octets may have arrived that are not told yet because others were read from. */
  get isBehind(): boolean {
    return readTurns.isBehind(this.taker);
  }

  /** Writes octets, once those before are written.
   *  @returns when the kernel has them all
   *  @throws Error when writing failed; reading goes on */
  write(octets: Buffer): Promise<void> {
    if (this.writeError !== null) return Promise.reject(this.writeError);
    return new Promise((resolve, reject) => {
      this.onWriteFailed = reject;
      this.socket.write(octets, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Closes both directions at once; the reader hears nothing more. */
  destroy(): void {
    this.isDestroyed = true;
    this.reader = NOBODY;
    readTurns.leave(this.taker);
    this.socket.destroy();
  }

  private begin(reader: ConnectionReader): void {
    if (this.isDestroyed) return;
    this.reader = reader;
    for (const octets of this.unread.splice(0)) if (!this.deliver(octets)) return;
    if (this.unreadEnd === null) readTurns.join(this.taker);
    else this.tellEnd(this.unreadEnd);
  }

  private attach(): void {
    this.holdFailedWrites();
    this.socket.on('end', () => this.ended());
    this.socket.on('error', (error) => this.tellEnd({ by: 'failure', error }));
  }

  /** A reset is told once: a write that met it has left the read side what looks like a FIN. */
  private ended(): void {
    const { writeError } = this;
    this.tellEnd(writeError?.code === 'ECONNRESET' ? { by: 'failure', error: writeError } : { by: 'close' });
  }

  private tellEnd(end: UnreadEnd): void {
    if (this.reader === null) this.unreadEnd ??= end;
    else if (end.by === 'close') this.reader.closed();
    else this.reader.failed(end.error);
  }

  /** The callback of a failed write is held for good: to call it would destroy the socket, and whoever
   *  reads destroys it when the read side has ended. */
  private holdFailedWrites(): void {
    const { socket } = this;
    const write = socket._write.bind(socket);
    socket._write = (chunk: unknown, encoding, callback) =>
      write(chunk, encoding, (error) => {
        if (error === undefined || error === null) return callback();
        this.writeError = error;
        this.onWriteFailed?.(error);
      });
  }

  /** @returns whether to go on reading: a reader that has had enough hears nothing more, even when libuv has
   *    another read at hand */
  private deliver(octets: Buffer): boolean {
    if (this.reader === null) {
      this.unread.push(Buffer.from(octets));
      return false;
    }
    const began = performance.now();
    const goOn = this.reader.read(octets);
    if (!goOn) {
      this.reader = NOBODY;
      readTurns.leave(this.taker);
    }
    readTurns.done(this.taker, began);
    return goOn;
  }
}

/** Reads of a connection that is done with. */
const NOBODY: ConnectionReader = { read: () => false, closed: () => undefined, failed: () => undefined };

type OnRead = NonNullable<SocketConstructorOpts['onread']>;

function dialPlain({ address, port, family }: DialOptions, onread: OnRead): Socket {
  const socket = new Socket({ allowHalfOpen: true, onread });
  // Nothing is read before `read` is called.
  socket.pause();
  return socket.connect({ host: address, port, family, autoSelectFamily: false });
}

/** A `tls.connect` of its own: the runtime ignores `onread` where TLS wraps a socket that exists. */
function dialTls({ address, port }: DialOptions, tls: TlsClient, onread: OnRead): TLSSocket {
  // The types do not say that tls.connect takes a socket's own options too.
  const options: ConnectionOptions & SocketConstructorOpts = { ...tls.options, allowHalfOpen: true, onread };
  return connectTls(port, address, options);
}

function handshakeOf(socket: TLSSocket, tls: TlsClient): Promise<TlsFacts> {
  const handshake = new Promise<TlsFacts>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      socket.off('error', reject);
      // A peer's certificates may be anything: what cannot be read is a failure, thrown where it is awaited.
      resolve(Promise.resolve().then(() => tlsFacts(socket, tls)));
    });
  });
  // Whoever loses the race is not waited for.
  handshake.catch(() => undefined);
  return handshake;
}

/** A peer that has reset the connection by now has no name any more: it was the one that was dialled. */
function endpointsOf(socket: Socket, { address, family, port }: DialOptions): Endpoints {
  return {
    remoteAddress: socket.remoteAddress ?? address,
    remotePort: socket.remotePort ?? port,
    localAddress: socket.localAddress ?? '',
    localPort: socket.localPort ?? 0,
    family,
  };
}
