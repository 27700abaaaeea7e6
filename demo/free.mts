import { once } from 'node:events';
import { createServer } from 'node:net';
import { ORIGIN_PORT, SERVICE_PORT, TLS_PORT, orExit } from './ports.mts';

/** `npm run demo` begins with this: whether the ports that it needs are free, before ten seconds are spent on building. */

for (const port of [SERVICE_PORT, ORIGIN_PORT, TLS_PORT]) await orExit(port, mustBeFree(port));

/** @throws NodeJS.ErrnoException when another listens there */
async function mustBeFree(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}
