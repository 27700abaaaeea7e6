import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { PortClaim } from '../../src/edge/port-claim';
import { WideDoor } from '../../src/edge/wide-door';
import { freePort, listeningOn, nextTurn } from '../support/sockets';

const host = '127.0.0.1';

let stops: (() => unknown)[];
beforeEach(() => (stops = []));
afterEach(async () => {
  for (const stop of stops.toReversed()) await stop();
});

async function serve(
  port: number,
  how: { isClaimed?: boolean } = {},
): Promise<{ readonly server: Server; readonly door: WideDoor }> {
  const binding = { host, port };
  const server = createServer((_, response) => response.end());
  const door = new WideDoor(binding);
  door.attachTo(server);
  server.listen(await door.listenOptions(how));
  await once(server, 'listening');
  await nextTurn();
  stops.push(() => {
    door.close();
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { server, door };
}

const onLinux = process.platform === 'linux' ? it : it.skip;

onLinux('256 sockets share the port, until the door is closed', async () => {
  const port = await freePort();
  const { door } = await serve(port);
  expect(listeningOn(port)).toBe(256);
  door.close();
  await nextTurn();
  expect(listeningOn(port)).toBe(1);
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
  await expect(new WideDoor({ host, port }).listenOptions()).rejects.toMatchObject({
    code: 'EADDRINUSE',
    message: `listen EADDRINUSE: address already in use ${host}:${port}`,
  });
});

onLinux('nor is one that another service, or two at the same time, are about to listen on', async () => {
  const port = await freePort();
  const doors = [1, 2, 3].map(() => new WideDoor({ host, port }));
  const asked = await Promise.allSettled(doors.map((door) => door.listenOptions()));
  expect(asked.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
  for (const door of doors) door.close();
  const next = new WideDoor({ host, port });
  await expect(next.listenOptions()).resolves.toMatchObject({ reusePort: true });
  next.close();
});

it('nor is one that something else listens on, and nothing is kept then', async () => {
  const port = await freePort();
  const stranger = createServer().listen(port, host);
  await once(stranger, 'listening');
  const door = new WideDoor({ host, port });
  await expect(door.listenOptions()).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await new Promise((resolve) => stranger.close(resolve));
  await expect(door.listenOptions()).resolves.toMatchObject({ port });
  door.close();
});

onLinux('a port that is claimed for several is shared by them, and by nobody else', async () => {
  const port = await freePort();
  const claim = await PortClaim.make({ host, port });
  stops.push(() => claim.giveUp());
  await serve(port, { isClaimed: true });
  await serve(port, { isClaimed: true });
  expect(listeningOn(port)).toBe(512);
  await expect(new WideDoor({ host, port }).listenOptions()).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

onLinux('where the system chooses the port there is one socket', async () => {
  const { server } = await serve(0);
  expect(listeningOn((server.address() as AddressInfo).port)).toBe(1);
});
