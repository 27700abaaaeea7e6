import { once } from 'node:events';
import { type Socket, connect } from 'node:net';

/** A caller of a service, octet by octet. It reads nothing until it is told to.
 *  @param url of the service */
export async function dial(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const caller = connect({ host: hostname, port: Number(port) });
  // Services cut, and tests reset.
  caller.on('error', () => undefined);
  caller.pause();
  await once(caller, 'connect');
  return caller;
}

/** POST /fetch, as a caller writes it that asks for nothing more on its connection. */
export function post(body: unknown): string {
  const json = JSON.stringify(body);
  return (
    'POST /fetch HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n' +
    `Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`
  );
}
