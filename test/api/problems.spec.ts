import type { ProblemDto } from '../../src/problems/problem.dto';
import type { ProblemCode } from '../../src/problems/problem-table';
import { TransportFailure } from '../../src/transport/failure';
import { TestService, call, useService } from '../support/app';
import { useLoopbackDialling } from '../support/dialling';
import { type Serve, answering, answeringThenFin, response, routes, useOrigins } from '../support/origin';
import { DeafServer } from '../support/sockets';
import { FETCH_INSTANCE, problemOf, resultOf } from './contract';

const SECRET = 'secret of 10.1.2.3';
const start = useOrigins();
const service = useService(
  {
    WIREFETCH_ALLOW_CIDRS: '127.0.0.1/32:*,127.0.0.2/32,127.0.0.3/32:*,127.9.0.0/16:*',
    WIREFETCH_DENY_CIDRS: '127.9.0.0/16',
    WIREFETCH_DENY_HOSTS: 'denied.test,*.denied.test,127.8.0.1',
    WIREFETCH_MAX_REQUEST_BYTES: '40000000',
  },
  {
    'silent.test': 'silence',
    'broken.test': new TransportFailure('dns-failed', 'dns', 'look-up of broken.test failed: ESERVFAIL'),
    'defect.test': new Error(SECRET),
    'unforeseen.test': new TransportFailure('internal-error', 'dns', SECRET, { cause: new Error(SECRET) }),
    'metadata.test': ['169.254.169.254'],
    'inside.test': ['10.0.0.1', 'fd00::1'],
    'farther.test': ['10.255.255.254'],
    'single.test': ['::1'],
    'closed.test': ['127.9.0.1'],
    'denied.test': ['127.0.0.1'],
    'loopback.test': ['127.0.0.1'],
  },
);

type Request = Readonly<Record<string, unknown>>;

/** @returns the problem of a fetch, as it is described */
async function problemFrom(code: ProblemCode, request: Request): Promise<ProblemDto> {
  const problem = problemOf(await service().fetch(request), code);
  expect(problem.instance).toMatch(FETCH_INSTANCE);
  expect(Date.parse(problem.startedAt!)).not.toBeNaN();
  expect(problem).not.toHaveProperty('errors');
  return problem;
}

const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');

describe('what a target does', () => {
  it.each<[code: ProblemCode, phase: string, what: string, serve: Serve, received: string, request: Request]>(
    [
      ['connection-reset', 'wait', 'resets', resetting(''), '', {}],
      ['connection-reset', 'head', 'resets within the head', resetting('HTTP/1.1 200'), 'HTTP/1.1 200', {}],
      ['connection-closed', 'wait', 'closes', answeringThenFin(), '', {}],
      ['connection-closed', 'head', 'closes within the head', answeringThenFin('HTTP/1.1 '), 'HTTP/1.1 ', {}],
      [
        'malformed-response',
        'head',
        'greets as a mail server',
        answering('220 mail\r\n'),
        '220 mail\r\n',
        {},
      ],
      [
        'malformed-response',
        'head',
        'speaks TLS',
        answering('\x15\x03\x01\0\x02\x02\x46\n'),
        '\x15\x03\x01\0\x02\x02\x46\n',
        {},
      ],
      [
        'malformed-response',
        'head',
        'contradicts itself',
        answering('HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n'),
        'HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n',
        {},
      ],
      [
        'malformed-response',
        'head',
        'is not strict when that is asked for',
        answering('HTTP/1.1 200 OK\n\n'),
        'HTTP/1.1 200 OK\n\n',
        { parser: 'strict' },
      ],
      [
        'head-too-large',
        'head',
        'sends a longer head than allowed',
        answering(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(2_000)}\r\n\r\n`),
        `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(1_024 - 20)}`,
        { read: { maxHeadBytes: 1_024 } },
      ],
      ['first-byte-timeout', 'wait', 'is silent', answering(), '', { timeouts: { firstByteMs: 50 } }],
      [
        'head-timeout',
        'head',
        'falls silent within the head',
        answering('HTTP/1.1 200 OK\r\nX: '),
        'HTTP/1.1 200 OK\r\nX: ',
        { timeouts: { idleMs: 50 } },
      ],
      [
        'first-byte-timeout',
        'wait',
        'is silent after a 103',
        answering('HTTP/1.1 103 Early Hints\r\n\r\n'),
        'HTTP/1.1 103 Early Hints\r\n\r\n',
        { timeouts: { firstByteMs: 1_000 } },
      ],
      ['total-timeout', 'wait', 'is silent for totalMs', answering(), '', { timeouts: { totalMs: 1_000 } }],
    ],
  )('%s in %s: %s', async (code, phase, _, serve, received, request) => {
    const origin = await start(serve);
    const problem = await problemFrom(code, { url: origin.url('/path'), ...request });
    const bytes = problem.chunks!.bytes;
    expect(problem).toMatchObject({
      phase,
      failureSource: 'target',
      request: { method: 'GET', target: '/path', headBytes: origin.requests[0]!.length },
      hops: [],
      connection: { remoteAddress: '127.0.0.1', remotePort: origin.port, attempts: [{ error: null }] },
      received: {
        bytes,
        base64: received === '' ? null : base64(received),
        truncated: bytes > received.length,
      },
    });
    await origin.peers[0]!.closed;
  });

  it('connection-refused in connect: nobody listens', async () => {
    const origin = await start(() => undefined);
    const { port } = origin;
    await origin.close();
    const problem = await problemFrom('connection-refused', { url: `http://127.0.0.1:${port}/` });
    expect(problem).toMatchObject({
      phase: 'connect',
      timings: { dns: null, connect: expect.any(Number) as number, send: null, wait: null, receive: null },
      connection: {
        remoteAddress: null,
        family: null,
        attempts: [{ address: '127.0.0.1', port, error: 'ECONNREFUSED' }],
      },
      chunks: { count: 0, min: null, sizes: [] },
      received: { bytes: 0, base64: null, truncated: false },
    });
  });

  it('connect-timeout in connect: nobody accepts', async () => {
    const deaf = await DeafServer.listen();
    try {
      const request = { url: `http://127.0.0.1:${deaf.port}/`, timeouts: { connectMs: 50 } };
      const problem = await problemFrom('connect-timeout', request);
      expect(problem).toMatchObject({
        phase: 'connect',
        connection: { remoteAddress: null, attempts: [{ port: deaf.port }] },
      });
    } finally {
      await deaf.close();
    }
  });

  it('send-timeout in send: the request is not taken', async () => {
    const origin = await start((peer) => peer.stall());
    const body = { text: 'x'.repeat(24_000_000) };
    const request = { url: origin.url(), method: 'POST', body, timeouts: { sendMs: 200 } };
    const problem = await problemFrom('send-timeout', request);
    expect(problem).toMatchObject({
      phase: 'send',
      request: { bodyBytes: 24_000_000 },
      timings: { send: expect.any(Number) as number, wait: null, receive: null },
      received: { bytes: 0 },
    });
  });

  function resetting(octets: string): Serve {
    return async (peer) => {
      await peer.request();
      if (octets !== '') await peer.send(octets);
      peer.reset();
    };
  }
});

describe('what a resolver says', () => {
  it.each<[ProblemCode, url: string]>([
    ['dns-not-found', 'http://unknown.test/'],
    ['dns-failed', 'http://broken.test/'],
    ['dns-timeout', 'http://silent.test/'],
  ])('%s', async (code, url) => {
    const problem = await problemFrom(code, { url, timeouts: { dnsMs: 50 } });
    expect(problem).toMatchObject({
      phase: 'dns',
      failureSource: 'resolver',
      timings: { dns: expect.any(Number) as number, connect: null },
      connection: { attempts: [] },
    });
  });

  it('total-timeout, when that is shorter', async () => {
    const request = { url: 'http://silent.test/', timeouts: { totalMs: 50 } };
    expect((await problemFrom('total-timeout', request)).phase).toBe('dns');
  });
});

describe('what the policy refuses', () => {
  useLoopbackDialling();

  it.each<[ProblemCode, url: string, rule: RegExp]>([
    ['address-denied', 'http://169.254.169.254/latest/meta-data/', /169\.254\.0\.0\/16/],
    ['address-denied', 'http://10.0.0.1/', /10\.0\.0\.0\/8/],
    ['address-denied', 'http://[::1]/', /^Loopback is not/],
    ['address-denied', 'http://[fe80::1]/', /fe80::\/10/],
    ['address-denied', 'http://[::ffff:10.0.0.1]/', /10\.0\.0\.0\/8/],
    ['address-denied', 'http://[64:ff9b::a9fe:a9fe]/', /169\.254\.0\.0\/16/],
    ['address-denied', 'http://0xa9.0xfe.43518/', /169\.254\.0\.0\/16/],
    ['address-denied', 'http://2852039166/', /169\.254\.0\.0\/16/],
    ['address-denied', 'http://0/', /0\.0\.0\.0\/8/],
    ['address-denied', 'http://[2002:a9fe:a9fe::]/', /2002::\/16/],
    ['address-denied', 'http://10.0.0.1/', /an operator may open it by WIREFETCH_ALLOW_CIDRS$/],
    ['address-denied', 'http://127.9.0.1/', /^WIREFETCH_DENY_CIDRS covers it$/],
    ['address-denied', 'http://metadata.test/', /169\.254\.0\.0\/16/],
    ['address-denied', 'http://inside.test/', /10\.0\.0\.0\/8/],
    ['port-denied', 'http://127.0.0.2:22/', /^WIREFETCH_ALLOW_PORTS does not list 22$/],
    ['host-denied', 'http://denied.test/', /^WIREFETCH_DENY_HOSTS denied\.test$/],
    ['host-denied', 'http://denied.test../', /^WIREFETCH_DENY_HOSTS denied\.test$/],
    ['host-denied', 'http://127.8.0.1/', /^WIREFETCH_DENY_HOSTS 127\.8\.0\.1$/],
    ['host-denied', 'http://[::ffff:7f08:1]/', /^WIREFETCH_DENY_HOSTS 127\.8\.0\.1$/],
    ['host-denied', 'http://WWW.denied.test./', /^WIREFETCH_DENY_HOSTS \*\.denied\.test$/],
  ])('%s for %s, naming the rule', async (code, url, rule) => {
    const problem = await problemFrom(code, { url });
    expect(problem).toMatchObject({
      phase: 'policy',
      failureSource: 'policy',
      connection: { remoteAddress: null, attempts: [] },
      received: { bytes: 0 },
    });
    expect(problem.detail).toMatch(rule);
  });

  it.each([
    ['metadata.test', /169\.254\.169\.254|a9fe/],
    ['inside.test', /10\.0\.0\.1|fd00::1/],
    ['single.test', /::1/],
    ['closed.test', /127\.9\.0\.1/],
  ])('is denied without the address that %s resolved to', async (name, address) => {
    const { text } = await service().fetch({ url: `http://${name}/` });
    expect(text).toContain('address-denied');
    expect(text).not.toMatch(address);
  });

  it('is told alike wherever in a block the address is', async () => {
    const problems = await Promise.all(
      ['inside.test', 'farther.test'].map((name) =>
        problemFrom('address-denied', { url: `http://${name}/` }),
      ),
    );
    const [inside, farther] = problems.map(({ instance, startedAt, timings, request, ...rest }) => ({
      ...rest,
      instance: typeof instance,
      startedAt: typeof startedAt,
      phases: Object.entries(timings!).map(([phase, ms]) => [phase, ms === null]),
      target: request!.target,
    }));
    expect(inside).toEqual(farther);
  });

  it('is dialled by no detour: network.address is judged too', async () => {
    const request = { url: 'http://loopback.test/', network: { address: '10.0.0.1' } };
    expect((await problemFrom('address-denied', request)).detail).toMatch(/10\.0\.0\.0\/8/);
    const denied = { url: 'http://loopback.test/', network: { address: '::ffff:127.8.0.1' } };
    expect((await problemFrom('host-denied', denied)).detail).toBe('WIREFETCH_DENY_HOSTS 127.8.0.1');
  });

  it.each(['127.0.0.1', 'loopback.test', '[::ffff:127.0.0.1]', '0.0.0.0'])(
    'is the service’s own address, as %s',
    async (host) => {
      const url = `http://${host}:${service().port}/health/live`;
      const problem = await problemFrom('address-denied', { url });
      expect(problem.detail).toMatch(/this service listens on/);
    },
  );

  it('is not what else listens on the port of the service, at another address', async () => {
    const request = { url: `http://127.0.0.3:${service().port}/` };
    await problemFrom('connection-refused', request);
  });

  it('is whatever ALLOW_HOSTS does not list, address or name', async () => {
    const names = { 'good.test': ['127.0.0.1'], 'www.good.test': ['127.0.0.1'], 'bad.test': ['127.0.0.1'] };
    const origin = await start(answering(response('200 OK')));
    const rules = {
      WIREFETCH_ALLOW_CIDRS: '127.0.0.1/32:*',
      WIREFETCH_ALLOW_HOSTS: 'good.test,127.0.0.3,0:0::1',
      WIREFETCH_ALLOW_PORTS: String(origin.port),
    };
    const picky = await TestService.start(rules, names);
    const denied = async (request: object): Promise<string> => {
      const problem = problemOf(await picky.fetch(request), 'host-denied');
      expect(problem.phase).toBe('policy');
      return problem.detail;
    };
    try {
      resultOf(await picky.fetch({ url: origin.url('/', 'good.test') }));
      for (const name of ['www.good.test', 'bad.test'])
        expect(await denied({ url: origin.url('/', name) })).toBe(
          'WIREFETCH_ALLOW_HOSTS does not list the name',
        );
      for (const url of [origin.url('/', '127.0.0.2'), origin.url('/', '::ffff:127.0.0.2')])
        expect(await denied({ url })).toBe('WIREFETCH_ALLOW_HOSTS does not list the address');
      await denied({ url: origin.url('/', 'good.test'), network: { address: '127.0.0.2' } });
      await denied({ url: origin.url('/', 'bad.test'), network: { address: '127.0.0.1' } });
      // ALLOW_CIDRS opens an address as itself; who is listed is still to be opened
      resultOf(await picky.fetch({ url: origin.url('/', '127.0.0.1') }));
      for (const host of ['127.0.0.3', '::1'])
        problemOf(await picky.fetch({ url: origin.url('/', host) }), 'address-denied');
    } finally {
      await picky.close();
    }
    expect(origin.peers).toHaveLength(2);
  });
});

describe('a redirect that is not to be followed', () => {
  useLoopbackDialling();

  it.each<[ProblemCode, location: string, phase: string]>([
    ['address-denied', 'http://169.254.169.254/', 'policy'],
    ['address-denied', 'http://inside.test/', 'policy'],
    ['host-denied', 'http://www.denied.test/', 'policy'],
    ['port-denied', 'http://127.0.0.2:22/', 'policy'],
    ['dns-not-found', 'http://unknown.test/', 'dns'],
    ['invalid-redirect', 'ftp://127.0.0.1/', 'head'],
    ['invalid-redirect', 'file:///etc/passwd', 'head'],
    ['invalid-redirect', 'http://[', 'head'],
  ])('%s for %s has the exchange that carried it for its last hop', async (code, location, phase) => {
    const origin = await start(
      routes({
        '/': response('302 Found\r\nLocation: /two'),
        '/two': response(`302 Found\r\nLocation: ${location}`, 'away'),
      }),
    );
    const problem = await problemFrom(code, { url: origin.url() });
    expect(problem.phase).toBe(phase);
    expect(problem.hops).toMatchObject([
      { url: origin.url(), status: 302, endedBy: 'content-length' },
      { url: origin.url('/two'), status: 302, body: { bytes: 4, wireBytes: 4 }, complete: true },
    ]);
    expect(origin.peers).toHaveLength(2);
  });

  it('too-many-redirects has every hop', async () => {
    const origin = await start(routes({ '/': response('307 Again\r\nLocation: /') }));
    const problem = await problemFrom('too-many-redirects', { url: origin.url(), redirects: { max: 3 } });
    expect(problem.hops.map(({ status }) => status)).toEqual([307, 307, 307, 307]);
    expect(origin.peers).toHaveLength(4);
  });
});

describe('what the service is to blame for', () => {
  it.each(['defect.test', 'unforeseen.test'])(
    'is an internal-error that tells nothing of its cause: %s',
    async (name) => {
      const answer = await service().fetch({ url: `http://${name}/` });
      const problem = problemOf(answer, 'internal-error');
      expect(problem).toMatchObject({ failureSource: 'service', detail: 'The failure has been logged.' });
      expect(answer.text).not.toContain('secret');
      expect(answer.text).not.toContain('    at ');
    },
  );

  it('has what the fetch had come to, when that is known', async () => {
    const problem = await problemFrom('internal-error', { url: 'http://unforeseen.test/' });
    expect(problem).toMatchObject({ phase: 'dns', request: { method: 'GET' }, received: { bytes: 0 } });
  });
});

describe('what is not there', () => {
  it.each([
    ['GET', '/nothing'],
    ['POST', '/fetch/'],
    ['POST', '/fetch/01J'],
    ['DELETE', '/console'],
    ['GET', '/%'],
    ['GET', '/%ff'],
    ['GET', '/..%2f..%2fetc/passwd'],
    ['PROPFIND', '/x'],
  ])('%s %s is not-found', async (method, path) => {
    const problem = problemOf(await call(`${service().url}${path}?key=hidden`, { method }), 'not-found');
    expect(problem).toMatchObject({ instance: path, phase: null, startedAt: null, timings: null });
  });
});
