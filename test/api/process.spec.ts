import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { type Answer, call, jsonOf } from '../support/app';
import { dial, post } from '../support/caller';
import { type Origin, answering, answeringThenFin, response, routes, useOrigins } from '../support/origin';
import { Scrape } from '../support/metrics';
import { DeafServer, connecting, freePort, listeningOn, nextTurn } from '../support/sockets';
import { type LogLine, ServiceProcess, useProcesses } from '../support/service-process';
import { DESCRIPTION, problemOf, resultOf } from './contract';

const startOrigin = useOrigins();
const startService = useProcesses();

function fetchBy(
  service: ServiceProcess,
  body: object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return call(`${service.url}/fetch`, { method: 'POST', headers, body });
}

/** Lines on fetches. */
function fetchesIn({ log }: ServiceProcess): LogLine[] {
  return log.filter(({ context }) => context === 'fetch');
}

/** Lines on calls that were refused. */
function refusalsIn({ log }: ServiceProcess): LogLine[] {
  return log.filter(({ context }) => context === 'call');
}

const LONG = {
  timeouts: {
    connectMs: 60_000,
    tlsMs: 60_000,
    sendMs: 60_000,
    firstByteMs: 60_000,
    idleMs: 60_000,
    totalMs: 60_000,
  },
};

describe('the built service', () => {
  const authorization = { authorization: 'Bearer key-SECRET' };
  let service: ServiceProcess;
  beforeAll(async () => {
    service = await ServiceProcess.start({ WIREFETCH_API_KEYS: 'key-SECRET', WIREFETCH_LOG_LEVEL: 'trace' });
  });
  afterAll(async () => {
    service.signal('SIGTERM');
    expect(await service.ended).toEqual({ code: 0, signal: null });
    expect(service.stdout).not.toContain('SECRET');
    expect(service.stderr).toBe('');
  });

  it('serves the committed description', async () => {
    expect(jsonOf(await call(`${service.url}/openapi.json`))).toEqual(DESCRIPTION);
  });

  it('tells of its process, and of the lag of its event loop', async () => {
    const metrics = await call(`${service.url}/metrics`, { headers: authorization });
    const scraped = new Scrape(metrics.text);
    for (const name of [
      'process_cpu_user_seconds_total',
      'process_resident_memory_bytes',
      'process_open_fds',
      'process_max_fds',
      'nodejs_eventloop_lag_p99_seconds',
      'nodejs_heap_size_used_bytes',
      'nodejs_external_memory_bytes',
    ])
      expect([name, scraped.value(name)]).toEqual([name, expect.any(Number)]);
    expect(scraped.value('process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
    expect(scraped.value('process_open_fds')).toBeLessThan(scraped.value('process_max_fds')!);
  });

  it('serves a Swagger UI that asks nobody else', async () => {
    const page = await call(`${service.url}/docs`);
    expect([page.status, page.headers['content-type']]).toEqual([200, expect.stringMatching(/^text\/html/)]);
    const links = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link!);
    expect(links.length).toBeGreaterThanOrEqual(5);
    for (const link of links) {
      const url = new URL(link, `${service.url}/docs`);
      expect(url.origin).toBe(service.url);
      const asset = await call(url.href);
      expect([link, asset.status, asset.text.length > 100]).toEqual([link, 200, true]);
    }
    expect(page.text.replace(/xmlns(?::\w+)?="[^"]*"/g, '')).not.toMatch(/https?:|\/\/[a-z]/);
    // Where the page is not on localhost it would have its description judged by validator.swagger.io.
    expect((await call(`${service.url}/docs/swagger-ui-init.js`)).text).toContain('"validatorUrl": null');
  });

  it('writes one line a fetch or a refusal, and no secret', async () => {
    const origin = await startOrigin(
      routes({
        '/a?q=query-SECRET': response(
          '302 Found\r\nLocation: /b?q=query-SECRET\r\nSet-Cookie: sid=cookie-SECRET',
        ),
        '/b?q=query-SECRET': response('200 OK\r\nSet-Cookie: sid=cookie-SECRET', 'content-SECRET'),
        '/cut': 'HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\ncontent-SECRET',
        '/garbage?SECRET': 'SECRET\r\n',
      }),
    );
    const headers = {
      Authorization: 'Basic auth-SECRET',
      Cookie: 'own=cookie-SECRET',
      'X-API-Key': 'SECRET',
    };
    const requests = [
      { url: origin.url('/a?q=query-SECRET#SECRET'), method: 'POST', headers, body: { text: 'body-SECRET' } },
      { url: origin.url('/cut'), headers },
      { url: origin.url('/garbage?SECRET'), headers },
      { url: 'http://10.0.0.1/?SECRET', headers },
    ];
    const answers: Answer[] = [];
    for (const request of requests) answers.push(await fetchBy(service, request, authorization));
    // A mistake, a stranger, and what there is not for a known caller.
    await fetchBy(
      service,
      { url: 'http://user:SECRET@127.0.0.1/', headers: { a: 'SECRET\n' } },
      authorization,
    );
    await fetchBy(service, { url: origin.url('/?SECRET') }, { authorization: 'Bearer SECRET' });
    await call(`${service.url}/sessions/SECRET/cookies?SECRET`, { headers: authorization });
    // A path that there is not makes no line, nor does what is no HTTP.
    await call(`${service.url}/SECRET?SECRET`, { headers: { cookie: 'SECRET' } });
    const caller = connect(Number(new URL(service.url).port), '127.0.0.1').resume();
    caller.end('GET /SECRET HTTP/1.1\r\nHost: SECRET\r\nSECRET\r\n\r\n');
    await once(caller, 'close');
    await service.until(() => fetchesIn(service).length >= requests.length);
    await service.until(() => refusalsIn(service).length >= 3);

    const lines = fetchesIn(service);
    expect(lines).toMatchObject([
      {
        method: 'POST',
        url: origin.url('/a'),
        finalUrl: origin.url('/b'),
        status: 200,
        endedBy: 'content-length',
        hops: 1,
      },
      { method: 'GET', url: origin.url('/cut'), status: 200, endedBy: 'close', code: 'connection-closed' },
      { method: 'GET', url: origin.url('/garbage'), status: null, endedBy: null, code: 'malformed-response' },
      { method: 'GET', url: 'http://10.0.0.1/', status: null, code: 'address-denied', octets: 0, reads: 0 },
    ]);
    const ids = answers.map((answer) => {
      const { id, instance } = jsonOf<{ id?: string; instance?: string }>(answer);
      return id ?? instance!.slice('/fetch/'.length);
    });
    expect(lines.map(({ id }) => id)).toEqual(ids);
    expect(refusalsIn(service)).toMatchObject([
      { code: 'invalid-request', status: 400, method: 'POST', route: '/fetch' },
      { code: 'unauthorized', status: 401, method: 'POST', route: '/fetch' },
      { code: 'not-found', status: 404, method: 'GET', route: '/sessions/:id/cookies' },
    ]);
    const { timings, chunks } = resultOf(answers[0]!);
    const { queue: _, chainTotal, ...phases } = timings;
    expect(lines[0]).toMatchObject({ timings: phases, octets: chunks.bytes, reads: chunks.count });
    expect(lines[0]!['chainTotalMs']).toBeCloseTo(chainTotal!, 2);
  });

  it('survives what targets and callers send', async () => {
    const nonsense = [
      '',
      '\0',
      'HTTP/1.1 200',
      '\r\n'.repeat(9_999),
      'HTTP/1.1 999 \xff\r\n\r\n',
      `HTTP/1.1 200 OK\r\n${':'.repeat(9_000)}`,
    ];
    for (const octets of nonsense) {
      const origin = await startOrigin(answeringThenFin(octets));
      expect([200, 502]).toContain((await fetchBy(service, { url: origin.url() }, authorization)).status);
    }
    for (const body of ['', '{', '[]', '\0', '"x"'])
      expect(
        (await call(`${service.url}/fetch`, { method: 'POST', headers: authorization, body })).status,
      ).toBe(400);
    expect((await call(`${service.url}/health/live`)).status).toBe(200);
  });
});

describe('SIGTERM', () => {
  /** A fetch that is under way: its origin has been asked. */
  async function underWay(
    service: ServiceProcess,
    beginning = '',
  ): Promise<{ origin: Origin; answer: Promise<Answer> }> {
    let tell: () => void;
    const asked = new Promise<void>((resolve) => (tell = resolve));
    const origin = await startOrigin(async (peer) => {
      await peer.request();
      if (beginning !== '') await peer.send(beginning);
      tell();
    });
    const answer = fetchBy(service, { url: origin.url(), ...LONG });
    await asked;
    return { origin, answer };
  }

  async function untilWaiting(service: ServiceProcess, fetches: number): Promise<void> {
    const waiting = async (): Promise<number | null> =>
      new Scrape((await call(`${service.url}/metrics`)).text).value('wirefetch_fetches_waiting');
    while ((await waiting()) !== fetches) await nextTurn();
  }

  async function stopping(service: ServiceProcess): Promise<void> {
    service.signal('SIGTERM');
    await service.until(() => service.stdout.includes('SIGTERM'));
  }

  /** A caller that has written something, and neither writes nor reads any more. */
  async function holding(service: ServiceProcess, octets: string): Promise<void> {
    const caller = connect(Number(new URL(service.url).port), '127.0.0.1');
    callers.push(caller);
    caller.on('error', () => undefined).pause();
    await once(caller, 'connect');
    if (octets !== '') await new Promise((resolve) => caller.write(octets, resolve));
  }

  const callers: Socket[] = [];
  afterEach(() => {
    for (const caller of callers.splice(0)) caller.destroy();
  });

  it('lets what is under way end, takes nothing more, and tells the probes', async () => {
    const service = await startService({ WIREFETCH_SHUTDOWN_MS: '600000' });
    await holding(service, '');
    await holding(service, 'POST /fetch HTTP/1.1\r\nHost: localhost\r\n');
    const { origin, answer } = await underWay(service);
    await stopping(service);

    const refused = await fetchBy(service, { url: origin.url() });
    expect(problemOf(refused, 'overloaded').instance).toBe('/fetch');
    expect(refused.headers['retry-after']).toMatch(/^\d+$/);
    expect((await call(`${service.url}/health/ready`)).status).toBe(503);
    expect((await call(`${service.url}/health/live`)).status).toBe(200);

    const [peer] = origin.peers;
    await peer!.send(response('200 OK', 'in time'));
    expect(resultOf(await answer)).toMatchObject({ body: { text: 'in time' }, complete: true });
    expect(await service.ended).toEqual({ code: 0, signal: null });
    expect(origin.peers).toHaveLength(1);
    expect(service.stderr).toBe('');
  });

  it('cuts what takes longer than SHUTDOWN_MS, and answers with what had come', async () => {
    const service = await startService({ WIREFETCH_SHUTDOWN_MS: '2000' });
    await holding(service, 'POST /fetch HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{');
    const half = await underWay(service, 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf');
    const long = 'x'.repeat(1_000_000);
    const longHalf = await underWay(service, `HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n${long}`);
    const silent = await underWay(service);
    await stopping(service);

    const refused = await silent.answer;
    expect(problemOf(refused, 'overloaded')).toMatchObject({ phase: 'wait', received: { bytes: 0 } });
    expect(refused.headers['retry-after']).toMatch(/^\d+$/);
    expect(resultOf(await half.answer)).toMatchObject({
      body: { text: 'half' },
      complete: false,
      endedBy: 'cancelled',
      error: { code: 'cancelled' },
    });
    const cut = resultOf(await longHalf.answer);
    expect([cut.body.text, cut.endedBy]).toEqual([long, 'cancelled']);
    expect(await service.ended).toEqual({ code: 0, signal: null });
    expect(fetchesIn(service)).toHaveLength(3);
    expect(service.stderr).toBe('');
  });

  it('is over in time, in whatever phase fetches and answers are', async () => {
    const SHUTDOWN_MS = 1_000;
    const service = await startService({
      WIREFETCH_SHUTDOWN_MS: String(SHUTDOWN_MS),
      WIREFETCH_MAX_CONCURRENCY: '3',
    });
    // An answer that its caller does not take.
    const page = await startOrigin(answering(response('200 OK', 'x'.repeat(8_000_000))));
    const slow = await dial(service.url);
    callers.push(slow);
    slow.write(post({ url: page.url() }));
    await new Promise((resolve) => slow.once('readable', resolve));

    const deaf = await DeafServer.listen();
    const pending = connecting(deaf.port);
    const connects = fetchBy(service, { url: `http://127.0.0.1:${deaf.port}/`, ...LONG });
    while (connecting(deaf.port) <= pending) await nextTurn();
    const mute = await startOrigin((peer) => peer.until(() => peer.bytes > 0));
    const secures = fetchBy(service, { url: mute.url().replace('http:', 'https:'), ...LONG });
    const stalled = await startOrigin((peer) => peer.stall());
    const body = { text: 'x'.repeat(8_000_000) };
    const sends = fetchBy(service, { url: stalled.url(), method: 'POST', body, ...LONG });
    while (mute.peers.length + stalled.peers.length < 2) await nextTurn();
    const waits = fetchBy(service, { url: mute.url(), ...LONG });
    await untilWaiting(service, 1);
    await stopping(service);

    for (const [answer, phase] of [
      [connects, 'connect'],
      [secures, 'tls'],
      [sends, 'send'],
      [waits, 'connect'],
    ] as const)
      expect(problemOf(await answer, 'overloaded').phase).toBe(phase);
    expect(await service.ended).toEqual({ code: 0, signal: null });
    await deaf.close();
    const { time: asked } = service.log.find(({ msg }) => String(msg).startsWith('SIGTERM'))!;
    const { time: ended } = service.log.find(({ msg }) => msg === 'stopped')!;
    // A busy machine is late, but not by as much again.
    expect((ended as number) - (asked as number)).toBeLessThan(2 * SHUTDOWN_MS);
    expect(service.stderr).toBe('');
  });
});

it('a second signal ends the service at once, whichever it is', async () => {
  const service = await startService({ WIREFETCH_SHUTDOWN_MS: '600000' });
  const origin = await startOrigin(answering());
  const cut = fetchBy(service, { url: origin.url(), ...LONG }).catch(
    ({ code }: NodeJS.ErrnoException) => code,
  );
  while (origin.peers.length === 0) await nextTurn();
  service.signal('SIGTERM');
  await service.until(() => service.stdout.includes('SIGTERM'));
  service.signal('SIGINT');
  expect(await service.ended).toEqual({ code: 1, signal: null });
  expect(await cut).toBe('ECONNRESET');
});

describe('a port of its own', () => {
  const onLinux = process.platform === 'linux' ? it : it.skip;

  onLinux('is listened on by 256 sockets, which all answer alike, and by none after SIGTERM', async () => {
    const port = await freePort();
    const service = await startService({ WIREFETCH_PORT: String(port) });
    expect(listeningOn(port)).toBe(256);
    const answers = Array.from({ length: 768 }, async (_, n) => {
      const caller = connect(port, '127.0.0.1');
      caller.write(n % 2 === 0 ? 'GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n' : 'no HTTP\r\n\r\n');
      const [octets] = (await once(caller, 'data')) as [Buffer];
      caller.destroy();
      return octets.toString('latin1', 9, 12);
    });
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['200', '400']));
    service.signal('SIGTERM');
    expect(await service.ended).toEqual({ code: 0, signal: null });
    expect(service.stderr).toBe('');
    expect(listeningOn(port)).toBe(0);
  });
});

describe('a start that fails', () => {
  it('names every wrong setting', async () => {
    const service = await ServiceProcess.fail({ WIREFETCH_PORT: 'eighty', WIREFETCH_AUTH: 'maybe' });
    expect(service.code).toBe(1);
    expect(service.stderr).toMatch(/^wirefetch cannot start:\nWIREFETCH_PORT: .*\nWIREFETCH_AUTH: .*\n$/);
    expect(service.stdout).toBe('');
  });

  it.each<[string, () => Promise<NodeJS.ProcessEnv>, string]>([
    [
      'the port is in use',
      async () => ({ WIREFETCH_PORT: String((await startOrigin(answering())).port) }),
      'address already in use 127.0.0.1:',
    ],
    // RFC 5737: no machine has it.
    [
      'the address is not here',
      async () => ({ WIREFETCH_HOST: '192.0.2.1', WIREFETCH_AUTH: 'off' }),
      'address not available 192.0.2.1',
    ],
  ])('tells that %s, and which settings say where to listen', async (_, env, why) => {
    const service = await ServiceProcess.fail(await env());
    expect(service.code).toBe(1);
    expect(service.stderr).toContain(why);
    expect(service.stderr).toMatch(/; WIREFETCH_HOST and WIREFETCH_PORT say where to listen\n$/);
    expect(service.stderr).not.toContain('    at ');
  });
});

it('warns of settings that there are not, answers over IPv6, and stops at once when it is idle', async () => {
  const service = await startService({
    WIREFETCH_HOST: '::1',
    WIREFETCH_COLOUR: 'red',
    WIREFETCH_WORKERS: '1',
  });
  const warnings = service.log.filter(({ level }) => level === 40).map(({ msg }) => msg);
  expect(warnings).toEqual([expect.stringContaining('WIREFETCH_COLOUR')]);

  const origin = await startOrigin(answering(response('200 OK', 'six')), '::1');
  expect(resultOf(await fetchBy(service, { url: origin.url() })).body.text).toBe('six');
  expect(service.url).toMatch(/^http:\/\/\[::1\]:/);
  problemOf(await fetchBy(service, { url: service.url }), 'address-denied');

  service.signal('SIGINT');
  expect(await service.ended).toEqual({ code: 0, signal: null });
});
