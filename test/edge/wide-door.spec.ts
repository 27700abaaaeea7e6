import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { WideDoor, listenOptions } from '../../src/edge/wide-door';
import { nextTurn } from '../support/sockets';

const host = '127.0.0.1';

let stops: (() => unknown)[];
beforeEach(() => (stops = []));
afterEach(async () => {
  for (const stop of stops.toReversed()) await stop();
});

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function serve(port: number): Promise<{ readonly server: Server; readonly door: WideDoor }> {
  const binding = { host, port };
  const server = createServer((_, response) => response.end());
  const door = new WideDoor(binding);
  door.attachTo(server);
  server.listen(await listenOptions(binding));
  await once(server, 'listening');
  await nextTurn();
  stops.push(() => {
    door.close();
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { server, door };
}

/** proc_pid_net(5): TCP sockets in the state LISTEN. */
function listening(port: number): number {
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n');
  return lines.filter((line) => new RegExp(`^ *\\d+: ${local} \\S+ 0A `).test(line)).length;
}

const onLinux = process.platform === 'linux' ? it : it.skip;

onLinux('sixteen sockets share the port, until the door is closed', async () => {
  const port = await freePort();
  const { door } = await serve(port);
  expect(listening(port)).toBe(16);
  door.close();
  await nextTurn();
  expect(listening(port)).toBe(1);
});

onLinux('more than one connection is accepted in a turn, and all are answered', async () => {
  const port = await freePort();
  const { server } = await serve(port);
  let accepted = 0;
  server.on('connection', () => accepted++);
  const callers: Socket[] = [];
  while (callers.length < 64) callers.push(connect(port, host));
  stops.push(() => callers.forEach((caller) => caller.destroy()));
  let most = 0;
  while (accepted < callers.length) {
    const before = accepted;
    await nextTurn();
    most = Math.max(most, accepted - before);
  }
  expect(most).toBeGreaterThan(1);
  const statuses = callers.map(async (caller) => {
    caller.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n');
    const [octets] = (await once(caller, 'data')) as [Buffer];
    return octets.toString('latin1', 0, 15);
  });
  expect(new Set(await Promise.all(statuses))).toEqual(new Set(['HTTP/1.1 200 OK']));
});

it('a port that another listens on is not shared', async () => {
  const port = await freePort();
  await serve(port);
  await expect(listenOptions({ host, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

onLinux('where the system chooses the port there is one socket', async () => {
  const { server } = await serve(0);
  expect(listening((server.address() as AddressInfo).port)).toBe(1);
});
