import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import type { FastifyListenOptions } from 'fastify';
import type { Settings } from '../config/settings';

/** sockets that listen: in each turn of the event loop the runtime accepts one connection from each */
const SOCKETS = 16;
/** of connections that wait to be accepted, each socket; the system may allow fewer */
const BACKLOG = 1_024;

/** Fastify hands them all on to the runtime. */
type ListenOptions = FastifyListenOptions & { readonly reusePort?: boolean };

type Binding = Pick<Settings, 'host' | 'port'>;

/** Only Linux shares out what comes to a port among the sockets that listen on it. A port that the system is to choose
 *  might be one that another service shares. */
function isWide({ port }: Binding): boolean {
  return process.platform === 'linux' && port !== 0;
}

/** How a server is to listen that has a WideDoor.
 *  @throws NodeJS.ErrnoException EADDRINUSE when another service does, which shared ports would not tell */
export async function listenOptions({ host, port }: Binding): Promise<ListenOptions> {
  if (!isWide({ host, port })) return { host, port, backlog: BACKLOG };
  const probe = createServer().listen({ host, port });
  await once(probe, 'listening');
  await new Promise((resolve) => probe.close(resolve));
  return { host, port, backlog: BACKLOG, reusePort: true };
}

/** Has a server listen with more sockets than its own. From one alone a connection is accepted in each turn of the event
 *  loop: a hundred that come at once, while much is to be done, would wait for a hundred turns, and a probe with them. */
export class WideDoor {
  private readonly others: ReturnType<typeof createServer>[] = [];

  constructor(private readonly binding: Binding) {}

  attachTo(server: Server): void {
    if (isWide(this.binding)) server.once('listening', () => this.open(server));
  }

  close(): void {
    for (const other of this.others) other.close();
  }

  private open(server: Server): void {
    const { address: host, port } = server.address() as AddressInfo;
    while (this.others.length < SOCKETS - 1) {
      // As node:http has it of its own.
      const other = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
        server.emit('connection', socket),
      );
      // It is narrower then, no more.
      other.on('error', () => undefined);
      this.others.push(other.listen({ host, port, backlog: BACKLOG, reusePort: true }));
    }
  }
}
