import type { Server } from 'node:http';
import { type AddressInfo, type Server as Listener, createServer } from 'node:net';
import { Logger } from '@nestjs/common';
import type { FastifyListenOptions } from 'fastify';
import { type Binding, PortClaim, canBeShared } from './port-claim';

/** sockets that listen: in each turn of the event loop the runtime accepts one connection from each. Of a thousand that come at once
 *  the last is accepted after some eleven turns, because the system spreads them at random; with 64 it was some twenty-six */
const SOCKETS = 256;
/** of connections that wait to be accepted, each socket; the system may allow fewer */
const BACKLOG = 1_024;

/** Fastify hands them all on to the runtime. */
type ListenOptions = FastifyListenOptions & { readonly reusePort?: boolean };

/** Has a server listen with more sockets than its own. From one alone a connection is accepted in each turn of the event
 *  loop: a hundred that come at once, while much is to be done, would wait for a hundred turns, and a probe with them. */
export class WideDoor {
  private readonly isWide: boolean;
  private readonly others: Listener[] = [];
  private claim: PortClaim | null = null;

  constructor(private readonly binding: Binding) {
    this.isWide = canBeShared(binding);
  }

  /** How the server is to listen.
   *  @param isClaimed whether somebody has claimed the port for the service already
   *  @throws NodeJS.ErrnoException EADDRINUSE when another service has the port */
  async listenOptions({ isClaimed = false } = {}): Promise<ListenOptions> {
    const { host, port } = this.binding;
    if (!this.isWide) return { host, port, backlog: BACKLOG };
    if (!isClaimed) this.claim = await PortClaim.make(this.binding);
    return { host, port, backlog: BACKLOG, reusePort: true };
  }

  attachTo(server: Server): void {
    if (this.isWide) server.once('listening', () => this.open(server));
  }

  close(): void {
    this.claim?.giveUp();
    this.claim = null;
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

/** The door is narrower then, no more. */
function tell(error: Error): void {
  new Logger('wirefetch').warn(`one socket less listens: ${error.message}`);
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly wideDoor: WideDoor;
  }
}
