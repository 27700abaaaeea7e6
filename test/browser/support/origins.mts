import { once } from 'node:events';
import { type AddressInfo, type Server, createServer } from 'node:net';
import { selfSignedCertificate } from '../../../demo/certificate.mts';
import { startOrigin } from '../../../demo/origin.mts';

/** The demo's origin over TCP and over TLS, and one with a long page, each on a free port. Says the ports as a line of
 *  JSON, and ends when its standard input does: it outlives no test. */

/** Octets of the long page: in reads of 1,024 they are some 10,000. */
const LONG = 10_240_000;

const plain = await startOrigin(0);
const tls = await startOrigin(0, await selfSignedCertificate());
const long = await startLongOrigin();
process.stdout.write(`${JSON.stringify({ plain: portOf(plain), tls: portOf(tls), long: portOf(long) })}\n`);
process.stdin.resume().once('end', () => process.exit(0));

/** Whatever is asked for, it answers the one page. */
async function startLongOrigin(): Promise<Server> {
  const line = `${'wirefetch '.repeat(8).trim()}\n`;
  const content = Buffer.alloc(LONG, line);
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${LONG}\r\n\r\n`);
      socket.end(content);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
