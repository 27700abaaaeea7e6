import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';

/** `npm run demo` begins with this: whether the ports that it needs are free, before anything is built. */

export const SERVICE_PORT = 8080;
export const ORIGIN_PORT = 8081;
export const TLS_PORT = 8443;

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === import.meta.filename)
  for (const port of [SERVICE_PORT, ORIGIN_PORT, TLS_PORT]) await orExit(port, mustBeFree(port));

/** Ends this process, and says which port is to blame, where what needs it fails. */
export function orExit<T>(port: number, starting: Promise<T>): Promise<T> {
  return starting.catch((error: NodeJS.ErrnoException) => {
    const why =
      error.code === 'EADDRINUSE' ? 'something listens there already, "npm start" perhaps' : error.message;
    process.stderr.write(`The demo needs port ${port} of 127.0.0.1: ${why}.\n`);
    process.exit(1);
  });
}

/** @throws NodeJS.ErrnoException when another listens there */
async function mustBeFree(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}
