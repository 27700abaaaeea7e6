import { TestService, call, useService } from '../support/app';
import { answerTo } from '../support/conversation';
import { problemOf } from './contract';

const service = useService();

describe('bound to loopback and without keys', () => {
  it.each<[method: string, path: string]>([
    ['POST', '/fetch'],
    ['GET', '/fetch'],
    ['GET', '/sessions'],
    ['GET', '/health/live'],
    ['GET', '/docs'],
    ['GET', '/docs/swagger-ui.css'],
    ['GET', '/openapi.json'],
    ['GET', '/nothing'],
    ['GET', '/%zz'],
    ['GET', `/sessions/${'x'.repeat(200)}/cookies`],
    ['OPTIONS', '/fetch'],
  ])('a name that was made to resolve here gets nothing: %s %s', async (method, path) => {
    const answer = await call(service().url + path, { method, headers: { host: 'rebound.test' } });
    expect(problemOf(answer, 'misdirected-request')).toMatchObject({ instance: path });
  });

  it('is told before what else is wrong', async () => {
    const headers = { host: 'rebound.test', accept: 'text/html', 'content-type': 'text/plain' };
    problemOf(
      await call(`${service().url}/fetch`, { method: 'POST', headers, body: '{' }),
      'misdirected-request',
    );
  });

  it.each(['localhost', 'LOCALHOST.:80', '127.0.0.1', '127.1.2.3:8080', '[::1]', '[::ffff:127.0.0.1]:1'])(
    'Host %s is answered',
    async (host) => {
      expect((await service().get('/health/live', { host })).status).toBe(200);
    },
  );

  it('a caller without Host is no browser, when it speaks HTTP/1.0', async () => {
    expect((await answerTo(service().url, 'GET /health/live HTTP/1.0\r\n\r\n')).status).toBe(200);
  });
});

it('with keys Host may be any', async () => {
  const locked = await TestService.start({ WIREFETCH_API_KEYS: 'key' });
  try {
    expect((await locked.get('/health/live', { host: 'wirefetch.example' })).status).toBe(200);
  } finally {
    await locked.close();
  }
});

it.each<[what: string, lines: string]>([
  ['without Host', ''],
  ['with two', 'Host: localhost\r\nHost: localhost\r\n'],
])('a request %s is invalid, and the last of its connection', async (_, lines) => {
  const answer = await answerTo(service().url, `GET /health/live HTTP/1.1\r\n${lines}\r\n`);
  expect(problemOf(answer, 'invalid-request')).toMatchObject({ phase: 'validate', instance: '/health/live' });
});
