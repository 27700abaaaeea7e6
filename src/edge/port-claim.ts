import { hash } from 'node:crypto';
import { once } from 'node:events';
import { type ListenOptions, type Server, createServer } from 'node:net';
import type { Settings } from '../config/settings';

export type Binding = Pick<Settings, 'host' | 'port'>;

/** Whether sockets, of one process or of several, can share this port. Only Linux shares out what comes to it among those
 *  that listen; and a port that the system is to choose might be one that another service shares. */
export function canBeShared({ port }: Binding): boolean {
  return process.platform === 'linux' && port !== 0;
}

/** A port that is to be shared, and by nobody else: sockets that share it would not tell that another service has it. */
export class PortClaim {
  private constructor(private readonly lock: Server) {}

  /** @throws NodeJS.ErrnoException EADDRINUSE when another service has the port */
  static async make({ host, port }: Binding): Promise<PortClaim> {
    // unix(7): a name in the abstract namespace has one owner, and none when its process has ended. Those who start at the
    // same time would both find the port free.
    const lock = await listening({ path: lockName(host, port) }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        error.message = `listen EADDRINUSE: address already in use ${host}:${port}`;
      throw error;
    });
    const claim = new PortClaim(lock);
    try {
      const probe = await listening({ host, port });
      await new Promise((resolve) => probe.close(resolve));
    } catch (error) {
      claim.giveUp();
      throw error;
    }
    return claim;
  }

  giveUp(): void {
    this.lock.close();
  }
}

/** Such a name has room for 107 octets, and a host may be longer. */
function lockName(host: string, port: number): string {
  return `\0wirefetch ${hash('sha256', `${host}:${port}`)}`;
}

/** @throws NodeJS.ErrnoException */
async function listening(binding: ListenOptions): Promise<Server> {
  const listener = createServer().listen(binding);
  await once(listener, 'listening');
  return listener;
}
