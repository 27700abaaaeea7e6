import { Socket } from 'node:net';
import { giveReadBuffer, takeReadBuffer } from './read-buffers';

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
  /** @param octets a view of the one read buffer, valid until this returns
   *  @returns whether to go on reading */
  read(octets: Buffer): boolean;
  /** The peer has sent its last octet. */
  closed(): void;
  /** The read side broke, with ECONNRESET for instance. */
  failed(error: NodeJS.ErrnoException): void;
}

/** A TCP connection that has one read buffer and loses nothing it received.
 *
 *  It does not read before `read` is called, so nothing can arrive unseen. It never ends by itself:
 *  the peer's FIN ends the read side alone. A write that fails ends only the writing: a stock net.Socket
 *  destroys itself then, and with it a reply that lies unread in the kernel, such as an early 413. */
export class Connection {
  private reader: ConnectionReader | null = null;
  private onWriteFailed: ((error: Error) => void) | null = null;
  private writeError: NodeJS.ErrnoException | null = null;

  private constructor(
    private readonly socket: Socket,
    readonly endpoints: Endpoints,
  ) {}

  /** Dials an IP address; resolves no name.
   *  @param bufferBytes the most one read may return
   *  @param onDialling gets the way to give up before the connection stands
   *  @throws NodeJS.ErrnoException as connect(2) has it */
  static dial(
    address: string,
    family: 4 | 6,
    port: number,
    bufferBytes: number,
    onDialling: (abandon: () => void) => void,
  ): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const buffer = takeReadBuffer(bufferBytes);
      let connection: Connection | null = null;
      const socket = new Socket({
        allowHalfOpen: true,
        onread: {
          buffer,
          callback: (bytes: number) =>
            connection!.deliver(bytes === buffer.length ? buffer : buffer.subarray(0, bytes)),
        },
      });
      socket.pause();
      socket.setNoDelay(true);
      socket.once('close', () => giveReadBuffer(buffer));
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        connection = new Connection(socket, endpointsOf(socket, address, family, port));
        connection.attach();
        resolve(connection);
      });
      onDialling(() => socket.destroy());
      socket.connect({ host: address, port, family, autoSelectFamily: false });
    });
  }

  /** Begins to read; what arrives goes to `reader` until it has had enough, or `destroy`. */
  read(reader: ConnectionReader): void {
    this.reader = reader;
    this.socket.resume();
  }

  /** Reads no more until `resume`: what arrives waits in the kernel. */
  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
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
    this.reader = null;
    this.socket.destroy();
  }

  private attach(): void {
    this.holdFailedWrites();
    this.socket.on('end', () => this.ended());
    this.socket.on('error', (error) => this.reader?.failed(error));
  }

  /** A reset is told once: a write that met it has left the read side what looks like a FIN. */
  private ended(): void {
    if (this.writeError?.code === 'ECONNRESET') this.reader?.failed(this.writeError);
    else this.reader?.closed();
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

  /** A reader that has had enough hears nothing more: libuv may have another read at hand. */
  private deliver(octets: Buffer): boolean {
    if (this.reader === null) return false;
    const goOn = this.reader.read(octets);
    if (!goOn) this.reader = null;
    return goOn;
  }
}

/** A peer that has reset the connection by now has no name any more: it was the one that was dialled. */
function endpointsOf(socket: Socket, address: string, family: 4 | 6, port: number): Endpoints {
  return {
    remoteAddress: socket.remoteAddress ?? address,
    remotePort: socket.remotePort ?? port,
    localAddress: socket.localAddress ?? '',
    localPort: socket.localPort ?? 0,
    family,
  };
}
