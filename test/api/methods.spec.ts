import { METHODS } from 'node:http';
import { TestService, call, useService } from '../support/app';
import { answerTo } from '../support/conversation';
import { problemOf } from './contract';

const service = useService();

const HOST = 'Host: localhost\r\nConnection: close\r\n\r\n';

const ROUTES: readonly [path: string, ...methods: string[]][] = [
  ['/fetch', 'POST'],
  ['/sessions', 'GET', 'HEAD'],
  ['/sessions/x', 'DELETE'],
  ['/sessions/x/cookies', 'GET', 'HEAD'],
  ['/health/live', 'GET', 'HEAD'],
  ['/docs', 'GET', 'HEAD'],
  ['/openapi.json', 'GET', 'HEAD'],
  ['/problems', 'GET', 'HEAD'],
  ['/problems/', 'GET', 'HEAD'],
  ['/problems/not-found', 'GET', 'HEAD'],
  ['/problems/page.css', 'GET', 'HEAD'],
];

/** The runtime keeps it from the router. */
const OTHERS = METHODS.filter((method) => method !== 'CONNECT');

describe.each(ROUTES)('%s', (path, ...methods) => {
  it.each(OTHERS.filter((method) => !methods.includes(method)))('does not allow %s', async (method) => {
    const answer = await call(`${service().url}${path}?hidden`, { method });
    expect(answer.headers.allow).toBe(methods.join(', '));
    expect(answer.status).toBe(405);
    if (method !== 'HEAD')
      expect(problemOf(answer, 'method-not-allowed')).toMatchObject({ instance: path, phase: null });
  });
});

it.each(ROUTES.filter(([, ...methods]) => methods.includes('GET') && methods.includes('HEAD')))(
  'HEAD %s says what GET would, without its content',
  async (path) => {
    const [got, head] = await Promise.all([
      call(service().url + path),
      call(service().url + path, { method: 'HEAD' }),
    ]);
    expect({ ...head.headers, date: '' }).toEqual({ ...got.headers, date: '' });
    expect([head.status, head.text]).toEqual([got.status, '']);
  },
);

it.each(OTHERS.filter((method) => method !== 'HEAD'))(
  '%s of what is not there is not-found',
  async (method) => {
    for (const path of ['/nothing', '/fetch/', '/Fetch', '/sessions/x/y', '/%zz', '/sessions//cookies/'])
      problemOf(await call(service().url + path, { method }), 'not-found');
  },
);

it.each(['OPTIONS *', 'GET *fetch', 'POST *fetch', 'GET *sessions', 'GET http://localhost:x/'])(
  'a target that is no path is not-found: %s',
  async (start) => {
    problemOf(await answerTo(service().url, `${start} HTTP/1.1\r\n${HOST}`), 'not-found');
  },
);

it('a target in absolute-form is routed by its path', async () => {
  expect((await answerTo(service().url, `GET http://localhost/health/live HTTP/1.1\r\n${HOST}`)).status).toBe(
    200,
  );
  const answer = await answerTo(service().url, `GET http://localhost/fetch HTTP/1.1\r\n${HOST}`);
  expect(answer.headers.allow).toBe('POST');
  problemOf(answer, 'method-not-allowed');
});

it('what is not there, or not allowed, is told to who has no key too', async () => {
  const locked = await TestService.start({ WIREFETCH_API_KEYS: 'key' });
  try {
    problemOf(await locked.get('/nothing'), 'not-found');
    problemOf(await locked.get('/fetch'), 'method-not-allowed');
    problemOf(await call(`${locked.url}/sessions`, { method: 'DELETE' }), 'method-not-allowed');
  } finally {
    await locked.close();
  }
});
