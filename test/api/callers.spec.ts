import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import { type Socket, connect } from 'node:net';
import type { FetchResultDto } from '../../src/fetch/dto/exchange.dto';
import { turns } from '../../src/event-loop/turns';
import { OpenAnswers } from '../../src/fetch/open-answers';
import { TestService, call, jsonOf, useService } from '../support/app';
import {
  type Origin,
  type Serve,
  answering,
  answeringThenFin,
  response,
  routes,
  useOrigins,
} from '../support/origin';
import { expectNothingLeft, nextTurn } from '../support/sockets';
import { problemOf, resultOf } from './contract';

const start = useOrigins();
const service = useService({}, { 'silent.test': 'silence' });

/** POST /fetch, octet by octet as a caller writes it. */
function post(body: unknown): string {
  const json = JSON.stringify(body);
  return (
    'POST /fetch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n' +
    `Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`
  );
}

async function dial(): Promise<Socket> {
  const caller = connect(service().port, '127.0.0.1');
  caller.on('error', () => undefined);
  await once(caller, 'connect');
  return caller;
}

/** An origin that keeps silent, and the moment it has so many requests. */
async function silentOrigin(requests: number): Promise<{ origin: Origin; asked: Promise<void> }> {
  let left = requests;
  let tell: () => void;
  const asked = new Promise<void>((resolve) => (tell = resolve));
  const origin = await start(async (peer) => {
    await peer.request();
    if (--left === 0) tell();
  });
  return { origin, asked };
}

/** When everything the origin had with the service is over. */
async function over({ peers }: Origin): Promise<void> {
  await Promise.all(peers.map(({ closed }) => closed));
}

/** Holds the event loop. */
function hold(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

const LONG = { timeouts: { firstByteMs: 60_000, idleMs: 60_000, totalMs: 60_000 } };

describe('a caller that leaves', () => {
  it('before its turn has come is not waited for, and fetches nothing', async () => {
    let requests = 0;
    const origin = await start(async (peer) => {
      await peer.request();
      requests++;
    });
    const callers = await Promise.all(Array.from({ length: 10 }, dial));
    // One of these takes a whole turn.
    let ahead = 100;
    for (let piece = ahead; piece > 0; piece--)
      turns.next(() => {
        ahead--;
        hold(3);
      });
    const answers = service().app.get(OpenAnswers);
    const before = answers.calls();
    const asking: Socket[] = [];
    const note = ({ socket }: IncomingMessage): void => void asking.push(socket);
    const server = (service().app.getHttpServer() as Server).on('request', note);
    for (const caller of callers) caller.write(post({ url: origin.url(), ...LONG }));
    while (asking.length < callers.length) await nextTurn();
    expect(ahead).toBeGreaterThan(0);
    for (const caller of callers) caller.destroy();
    while (asking.some(({ destroyed }) => !destroyed)) await nextTurn();
    expect(ahead).toBeGreaterThan(0);
    await turns.take(() => undefined);
    await nextTurn();
    server.off('request', note);
    expect([requests, answers.calls() - before, answers.isAnswering()]).toEqual([0, 0, false]);
  });

  it('is not counted when it only asked whether the service lives', async () => {
    const answers = service().app.get(OpenAnswers);
    const before = answers.calls();
    const probes = answers.probes();
    for (const path of ['/health/live', '/health/ready', '/health/live?now'])
      await call(service().url + path);
    expect([answers.calls(), answers.probes()]).toEqual([before, probes + 3]);
    await call(`${service().url}/openapi.json`);
    expect([answers.calls(), answers.probes()]).toEqual([before + 1, probes + 3]);
  });

  it('is counted among those who wait for an answer until then', async () => {
    const { origin, asked } = await silentOrigin(2);
    const counts: number[] = [];
    service()
      .app.get(OpenAnswers)
      .watch((open) => void counts.push(open));
    const callers = await Promise.all(Array.from({ length: 2 }, dial));
    for (const caller of callers) caller.write(post({ url: origin.url(), ...LONG }));
    await asked;
    for (const caller of callers) caller.destroy();
    while (counts.length < 4) await nextTurn();
    expect(counts).toEqual([1, 2, 1, 0]);
  });

  it.each<[how: string, leave: (caller: Socket) => void]>([
    ['closes', (caller) => caller.destroy()],
    ['closes by halves', (caller) => caller.end()],
    ['resets', (caller) => caller.resetAndDestroy()],
  ])('and %s takes its fetch along', async (_, leave) => {
    const { origin, asked } = await silentOrigin(1);
    const caller = await dial();
    caller.write(post({ url: origin.url(), ...LONG }));
    await asked;
    leave(caller);
    await over(origin);
  });

  it('takes along all that it had asked for on one connection', async () => {
    const { origin, asked } = await silentOrigin(20);
    const caller = await dial();
    caller.write(post({ url: origin.url(), ...LONG }).repeat(20));
    await asked;
    caller.destroy();
    await over(origin);
  });

  it('while a name is being resolved leaves nothing behind', async () => {
    await expectNothingLeft(async (timers) => {
      const caller = await dial();
      caller.write(post({ url: 'http://silent.test/', ...LONG }));
      while (timers.size === 0) await nextTurn();
      caller.destroy();
      while (timers.size > 0) await nextTurn();
    });
  });

  it('within the content takes its fetch along', async () => {
    const caller = await dial();
    const origin = await start(async (peer) => {
      await peer.request();
      await peer.send('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf');
      caller.destroy();
      await peer.closed;
    });
    caller.write(post({ url: origin.url(), ...LONG }));
    await once(caller, 'close');
    await over(origin);
  });
});

describe('callers at the same time', () => {
  it('get each their own answer', async () => {
    const origin = await start(async (peer) => {
      const path = (await peer.request()).split(' ')[1]!;
      await peer.send(response('200 OK\r\nConnection: close', `page ${path}`));
      peer.fin();
    });
    const paths = Array.from({ length: 50 }, (_, index) => `/${index}`);
    const results = await Promise.all(
      paths.map(async (path) => resultOf(await service().fetch({ url: origin.url(path) }))),
    );
    expect(results.map(({ body }) => body.text)).toEqual(paths.map((path) => `page ${path}`));
    expect(results.map(({ request }) => request.target)).toEqual(paths);
    expect(new Set(results.map(({ id }) => id)).size).toBe(50);
  });

  it('are not held up by one another', async () => {
    const { origin, asked } = await silentOrigin(50);
    const slow = Array.from({ length: 50 }, () => service().fetch({ url: origin.url(), ...LONG }));
    await asked;
    const quick = await start(answering(response('200 OK')));
    resultOf(await service().fetch({ url: quick.url() }));
    await origin.dropAll();
    for (const answer of await Promise.all(slow)) problemOf(answer, 'connection-closed');
  });

  it('on one connection are answered in their order', async () => {
    const origin = await start(
      routes({ '/a': response('200 OK', 'first'), '/b': response('200 OK', 'second') }),
    );
    const caller = await dial();
    caller.write(post({ url: origin.url('/a') }) + post({ url: origin.url('/b') }));
    let answers = '';
    for await (const octets of caller) {
      answers += String(octets);
      if (answers.includes('second')) break;
    }
    expect(answers.match(/"text":"\w+"/g)).toEqual(['"text":"first"', '"text":"second"']);
  });
});

describe('nothing is left in the process', () => {
  const SERVES: Readonly<Record<string, readonly [serve: Serve, request?: object]>> = {
    'a result': [answering(response('200 OK', 'x'.repeat(200_000)))],
    'a close': [answeringThenFin()],
    garbage: [answering('\0\xff'.repeat(1_000))],
    'endless octets': [endless, { read: { maxBodyBytes: 100_000 } }],
    'silence in the head': [answering('HTTP'), { timeouts: { idleMs: 20 } }],
    'silence in the content': [answering('HTTP/1.1 200 OK\r\n\r\nx'), { timeouts: { idleMs: 20 } }],
    'silence at once': [answering(), { timeouts: { firstByteMs: 20 } }],
    'too many redirects': [routes({ '/': response('302 Found\r\nLocation: /') })],
    'a request that is not taken': [
      (peer) => peer.stall(),
      { method: 'POST', body: { text: 'x'.repeat(4_000_000) }, timeouts: { totalMs: 50 } },
    ],
    'one read': [answering(response('200 OK', 'x'.repeat(100))), { read: { maxReads: 1, bufferBytes: 1 } }],
    'a mistake': [() => undefined, { method: 'G T' }],
  };

  it.each(Object.keys(SERVES))('after %s', async (name) => {
    const [serve, request = {}] = SERVES[name]!;
    const origin = await start(serve);
    await expectNothingLeft(async () => {
      const { status } = await service().fetch({ url: origin.url(), ...request });
      expect([200, 400, 502, 504]).toContain(status);
      // What the service had not closed would still be open at its own end.
      await origin.dropAll();
    });
  });

  async function endless(peer: Parameters<Serve>[0]): Promise<void> {
    await peer.request();
    await peer.send('HTTP/1.1 200 OK\r\n\r\n');
    while (!peer.socket.destroyed) await peer.send('x'.repeat(65_536));
  }
});

describe('nonsense from a caller', () => {
  it.each<[what: string, octets: string]>([
    ['is no HTTP', 'hello\r\n\r\n'],
    ['is TLS', '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03'],
    ['has no Host', 'GET /health/live HTTP/1.1\r\n\r\n'],
    ['has a head too large', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
    [
      'has two lengths',
      'POST /fetch HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}',
    ],
    [
      'has a broken chunk',
      'POST /fetch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    ],
    ['asks for a tunnel', 'CONNECT 10.0.0.1:80 HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ])('that %s ends its connection, and nothing else', async (_, octets) => {
    const caller = await dial();
    caller.write(Buffer.from(octets, 'latin1'));
    caller.resume();
    await once(caller, 'close');
    expect((await service().get('/health/live')).status).toBe(200);
  });

  it('that stops within its body costs nothing but a connection', async () => {
    await expectNothingLeft(async () => {
      const caller = await dial();
      caller.write(post({ url: 'http://127.0.0.1/' }).slice(0, -5));
      await service().get('/health/live');
      caller.destroy();
      await once(caller, 'close');
    });
    expect(jsonOf<Partial<FetchResultDto>>(await service().get('/health/live'))).toMatchObject({
      status: 'ok',
    });
  });
});

it('a call whose turn has not come when the service stops is answered', async () => {
  const stopping = await TestService.start();
  const server = stopping.app.getHttpServer() as Server;
  let asking = 0;
  server.on('request', () => asking++);
  for (let piece = 0; piece < 20; piece++) turns.next(() => hold(3));
  const answers = Array.from({ length: 5 }, () => stopping.fetch({ url: 'http://127.0.0.1:1/' }));
  while (asking < answers.length) await nextTurn();
  const closed = stopping.close();
  for (const answer of await Promise.all(answers)) problemOf(answer, 'overloaded');
  await closed;
});
