import { once } from 'node:events';
import type { Socket } from 'node:net';
import { LINGER_BYTES } from '../../src/problems/lingering';
import { type Answer, TestService, call, jsonOf } from '../support/app';
import { dial } from '../support/caller';
import { answersTo } from '../support/conversation';
import { answering, response, useOrigins } from '../support/origin';
import { expectNothingLeft, nextTurn } from '../support/sockets';
import { problemOf, resultOf } from './contract';

const start = useOrigins();

let locked: TestService;
let open: TestService;
beforeAll(async () => {
  const keys = { WIREFETCH_API_KEYS: 'first-key, second.key' };
  locked = await TestService.start(keys);
  open = await TestService.start({ ...keys, WIREFETCH_AUTH: 'off' });
});
afterAll(() => Promise.all([locked.close(), open.close()]));

async function fetchWith(headers: Readonly<Record<string, string>>, service = locked): Promise<Answer> {
  const origin = await start(answering(response('200 OK')));
  const answer = await service.fetch({ url: origin.url() }, headers);
  expect(origin.peers).toHaveLength(answer.status === 200 ? 1 : 0);
  return answer;
}

describe('with API keys', () => {
  it.each([
    { authorization: 'Bearer first-key' },
    { authorization: 'bearer second.key' },
    { 'x-api-key': 'first-key' },
    { authorization: 'Basic Zm9v', 'x-api-key': 'second.key' },
    // A proxy in between may need a Bearer of its own.
    { authorization: 'Bearer of.a.proxy', 'x-api-key': 'second.key' },
    { authorization: 'Bearer first-key', 'x-api-key': 'of-a-proxy' },
    { authorization: 'Bearer first-key', 'x-api-key': 'first-key' },
  ])('%j is let in', async (headers) => {
    resultOf(await fetchWith(headers));
  });

  it.each([
    {},
    { authorization: 'Bearer' },
    { authorization: 'Bearer ' },
    { authorization: 'first-key' },
    { authorization: 'Basic first-key' },
    { authorization: 'Bearer first-key second.key' },
    { authorization: 'Bearer first-key,second.key' },
    { authorization: 'Bearer first-ke' },
    { authorization: 'Bearer First-Key' },
    { 'x-api-key': '' },
    { 'x-api-key': 'first-key,second.key' },
    { 'x-api-key': 'third' },
    { cookie: 'X-API-Key=first-key' },
    // Whose would the session be?
    { authorization: 'Bearer first-key', 'x-api-key': 'second.key' },
    { authorization: 'Bearer third', 'x-api-key': 'fourth' },
  ])('%j is unauthorized', async (headers) => {
    const answer = await fetchWith(headers);
    const problem = problemOf(answer, 'unauthorized');
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(problem).toMatchObject({ instance: '/fetch', failureSource: 'client', received: null });
    expect(answer.text).not.toMatch(/first-key|second\.key/);
  });

  it('takes none from the query', async () => {
    const problem = await locked.get('/fetch?api_key=first-key');
    problemOf(problem, 'method-not-allowed');
  });

  it.each(['/health/live', '/health/ready', '/docs', '/openapi.json'])('%s needs none', async (path) => {
    expect((await locked.get(path)).status).toBe(200);
  });

  it('needs none with AUTH=off, whatever is shown', async () => {
    for (const headers of [{}, { authorization: 'Bearer wrong' }]) resultOf(await fetchWith(headers, open));
  });
});

describe('a route', () => {
  interface Described {
    readonly security?: readonly object[];
    readonly parameters?: readonly {
      readonly name: string;
      readonly schema: { readonly example?: string };
    }[];
  }

  it('needs a key where the description says so, and nowhere else', async () => {
    const { paths } = jsonOf<{ paths: Record<string, Record<string, Described>> }>(
      await locked.get('/openapi.json'),
    );
    const statuses: Record<string, number> = {};
    const expected: Record<string, unknown> = {};
    for (const [path, operations] of Object.entries(paths))
      for (const [method, { security = [], parameters = [] }] of Object.entries(operations)) {
        const example = (name: string): string =>
          parameters.find((one) => one.name === name)!.schema.example!;
        const asked = path.replace(/\{(\w+)\}/g, (_, name: string) => example(name));
        const { status } = await call(locked.url + asked, { method: method.toUpperCase() });
        statuses[`${method} ${path}`] = status;
        expected[`${method} ${path}`] = security.length > 0 ? 401 : 200;
      }
    expect(Object.keys(statuses).length).toBeGreaterThanOrEqual(6);
    expect(statuses).toEqual(expected);
  });

  it('needs one unless it is on the list of open ones', async () => {
    const open = [
      '/docs',
      '/docs/',
      '/docs/index.html',
      '/docs/swagger-ui.css',
      '/openapi.json',
      '/health/live',
      '/problems',
      '/problems/',
      '/problems/unauthorized',
      '/problems/page.css',
    ];
    for (const path of open) expect([path, (await locked.get(path)).status < 400]).toEqual([path, true]);
    const closed = [
      '/metrics',
      '/sessions',
      '/sessions/x/cookies',
      '/sessions//cookies',
      '/sessions/..%2fhealth/cookies',
    ];
    for (const path of closed) problemOf(await locked.get(path), 'unauthorized');
  });
});

describe('a request without a key', () => {
  const HEAD =
    'POST /fetch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 8000000\r\n\r\n';

  /** A caller, and the service's end of its connection. */
  async function connected(): Promise<[caller: Socket, peer: Socket]> {
    const accepted = once(locked.app.getHttpServer(), 'connection') as Promise<[Socket]>;
    const caller = await dial(locked.url);
    const [peer] = await accepted;
    return [caller, peer];
  }

  it('is refused on sight of its head, and its connection closed', async () => {
    const [caller] = await connected();
    caller.write(HEAD);
    const [answer] = await answersTo(caller, 1);
    problemOf(answer!, 'unauthorized');
    expect(answer!.headers.connection).toBe('close');
    caller.destroy();
  });

  it('has hardly any of its content read, and the answer lies ready all the same', async () => {
    const [caller, peer] = await connected();
    caller.write(HEAD + 'x'.repeat(8_000_000));
    const [answer] = await answersTo(caller, 1);
    problemOf(answer!, 'unauthorized');
    // The service gives up.
    await once(peer, 'close');
    // what was read when it looked the last time
    expect(peer.bytesRead).toBeLessThan(2 * LINGER_BYTES);
    caller.destroy();
  });

  it('that is soon whole is waited for', async () => {
    const [caller, peer] = await connected();
    const content = 'x'.repeat(LINGER_BYTES / 2);
    caller.write(HEAD.replace('8000000', String(content.length)));
    const [answer] = await answersTo(caller, 1);
    problemOf(answer!, 'unauthorized');
    caller.write(content);
    expect(await answersTo(caller)).toEqual([]);
    expect(peer.bytesRead).toBeGreaterThan(content.length);
    caller.destroy();
  });

  it('leaves nothing behind when its caller leaves', async () => {
    await expectNothingLeft(async (timers) => {
      const [caller, peer] = await connected();
      caller.write(HEAD + '{');
      await answersTo(caller, 1);
      caller.destroy();
      await once(peer, 'close');
      while (timers.size > 0) await nextTurn();
    });
  });

  it('is not asked for the content that it keeps back', async () => {
    const [caller] = await connected();
    caller.write(HEAD.replace('\r\n\r\n', '\r\nExpect: 100-continue\r\n\r\n'));
    const [answer] = await answersTo(caller, 1);
    problemOf(answer!, 'unauthorized');
    caller.destroy();
  });
});

it('a request with a key is asked for the content that it keeps back', async () => {
  const caller = await dial(locked.url);
  caller.write(
    'POST /fetch HTTP/1.1\r\nHost: localhost\r\nX-API-Key: first-key\r\nExpect: 100-continue\r\n' +
      'Connection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n',
  );
  expect((await answersTo(caller, 1)).map(({ status }) => status)).toEqual([100]);
  caller.write('{}');
  const [answer] = await answersTo(caller);
  problemOf(answer!, 'invalid-request');
  caller.destroy();
});
