import { hash } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import {
  type AddressInfo,
  type ListenOptions as Binding,
  type Server as Listener,
  createServer,
} from 'node:net';
import { Logger } from '@nestjs/common';
import type { FastifyListenOptions } from 'fastify';
import type { Settings } from '../config/settings';

/** sockets that listen: in each turn of the event loop the runtime accepts one connection from each */
const SOCKETS = 64;
/** of connections that wait to be accepted, each socket; the system may allow fewer */
const BACKLOG = 1_024;

/** Fastify hands them all on to the runtime. */
type ListenOptions = FastifyListenOptions & { readonly reusePort?: boolean };

/** Has a server listen with more sockets than its own. From one alone a connection is accepted in each turn of the event
 *  loop: a hundred that come at once, while much is to be done, would wait for a hundred turns, and a probe with them. */
export class WideDoor {
  /** Only Linux shares out what comes to a port among the sockets that listen on it. A port that the system is to choose
   *  might be one that another service shares. */
  private readonly isWide: boolean;
  private readonly others: Listener[] = [];
  private lock: Listener | null = null;

  constructor(private readonly binding: Pick<Settings, 'host' | 'port'>) {
    this.isWide = process.platform === 'linux' && binding.port !== 0;
  }

  /** How the server is to listen.
   *  @throws NodeJS.ErrnoException EADDRINUSE when another service has the port: sockets that share it would not tell */
  async listenOptions(): Promise<ListenOptions> {
    const { host, port } = this.binding;
    if (!this.isWide) return { host, port, backlog: BACKLOG };
    // unix(7): a name in the abstract namespace has one owner, and none when its process has ended. Those who start at the
    // same time would both find the port free.
    this.lock = await listening({ path: lockName(host, port) }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        error.message = `listen EADDRINUSE: address already in use ${host}:${port}`;
      throw error;
    });
    try {
      const probe = await listening({ host, port });
      await new Promise((resolve) => probe.close(resolve));
    } catch (error) {
      this.close();
      throw error;
    }
    return { host, port, backlog: BACKLOG, reusePort: true };
  }

  attachTo(server: Server): void {
    if (this.isWide) server.once('listening', () => this.open(server));
  }

  close(): void {
    this.lock?.close();
    this.lock = null;
    for (const other of this.others.splice(0)) other.close();
  }

  private open(server: Server): void {
    const { address: host, port } = server.address() as AddressInfo;
    while (this.others.length < SOCKETS - 1) {
      // As node:http has it of its own.
      const other = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
        server.emit('connection', socket),
      );
      other.on('error', tell);
      this.others.push(other.listen({ host, port, backlog: BACKLOG, reusePort: true }));
    }
  }
}

/** Such a name has room for 107 octets, and a host may be longer. */
function lockName(host: string, port: number): string {
  return `\0wirefetch ${hash('sha256', `${host}:${port}`)}`;
}

/** The door is narrower then, no more. */
function tell(error: Error): void {
  new Logger('wirefetch').warn(`one socket less listens: ${error.message}`);
}

/** @throws NodeJS.ErrnoException */
async function listening(binding: Binding): Promise<Listener> {
  const listener = createServer().listen(binding);
  await once(listener, 'listening');
  return listener;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly wideDoor: WideDoor;
  }
}
