import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import path from 'node:path';
import type { CookieDto, FetchResultDto } from '../../src/fetch/dto/exchange.dto';
import type { SessionCookiesDto, SessionListDto } from '../../src/sessions/dto/session.dto';
import { SESSION_COOKIES_EXAMPLE } from '../../src/sessions/sessions.examples';
import { type Answer, TestService, call, jsonOf, useService } from '../support/app';
import { selfSigned } from '../support/certificates';
import { type Origin, response, useOrigins } from '../support/origin';
import { useDirectories } from '../support/store';
import { mistakesIn, problemOf, resultOf } from './contract';

const start = useOrigins();
const directory = useDirectories();
const service = useService({}, { 'a.example': ['127.0.0.1'], 'b.a.example': ['127.0.0.1'] });

/** An origin that sets what the query asks for. */
function setting(): Promise<Origin> {
  return start(async (peer) => {
    const [, target = ''] = (await peer.request()).split(' ', 2);
    const lines = new URL(target, 'http://x/').searchParams
      .getAll('set')
      .map((line) => `\r\nSet-Cookie: ${line}`);
    await peer.send(response(`200 OK${lines.join('')}`));
    peer.fin();
  });
}

/** @returns the path that makes `setting` set these */
function settingPath(...lines: readonly string[]): string {
  return `/?${new URLSearchParams(lines.map((line): [string, string] => ['set', line])).toString()}`;
}

function cookiesSent(origin: Origin): (string | null)[] {
  return origin.requests.map((request) => /\r\nCookie: (.*)\r\n/.exec(request)?.[1] ?? null);
}

async function fetchIn(
  session: string | null,
  url: string,
  more: object = {},
  headers: Readonly<Record<string, string>> = {},
  on: TestService = service(),
): Promise<FetchResultDto> {
  return resultOf(await on.fetch({ url, session, ...more }, headers));
}

async function cookiesOf(id: string): Promise<CookieDto[]> {
  const answer = await service().get(`/sessions/${id}/cookies`);
  expect(answer.status).toBe(200);
  return jsonOf<SessionCookiesDto>(answer).items;
}

async function idsSeen(on: TestService, headers: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const answer = await on.get('/sessions', headers);
  expect(answer.status).toBe(200);
  return jsonOf<SessionListDto>(answer).items.map(({ id }) => id);
}

function forget(
  on: TestService,
  id: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return call(`${on.url}/sessions/${id}`, { method: 'DELETE', headers });
}

describe('fetches in a session', () => {
  it('share its cookies, octet for octet', async () => {
    const origin = await setting();
    const value = 'a\xa0\xe9"b c"';
    const octets = await start(async (peer) => {
      await peer.request();
      await peer.send(response(`200 OK\r\nSet-Cookie: id=${value}; Path=/`));
      peer.fin();
    });
    await fetchIn('share', octets.url());
    await fetchIn('share', origin.url());
    expect(cookiesSent(origin)).toEqual([`id=${value}`]);
    const [told] = await cookiesOf('share');
    expect(told!.value).toBe(value);
  });

  it('share them over redirects, too', async () => {
    const last = await setting();
    const first = await start(async (peer) => {
      await peer.request();
      const location = last.url('/', 'b.a.example');
      await peer.send(response(`302 Found\r\nLocation: ${location}\r\nSet-Cookie: hop=1; Domain=a.example`));
      peer.fin();
    });
    await fetchIn('hops', first.url('/', 'a.example'));
    await fetchIn('hops', last.url('/', 'a.example'));
    expect(cookiesSent(last)).toEqual(['hop=1', 'hop=1']);
  });

  it('give Secure cookies to https alone, and take no other in their place from plain http', async () => {
    const identity = await selfSigned({ names: ['a.example'] });
    const secure = await start(
      async (peer) => {
        await peer.request();
        await peer.send(
          response('200 OK\r\nSet-Cookie: __Host-sid=1; Secure; Path=/\r\nSet-Cookie: b=2; Secure'),
        );
        peer.fin();
      },
      '127.0.0.1',
      identity,
    );
    const plain = await setting();
    const tls = { verify: false };
    const { cookies } = await fetchIn('secure', secure.url('/', 'a.example'), { tls });
    expect(cookies.map(({ accepted, findings }) => [accepted, findings.includes('sent-over-http')])).toEqual([
      [true, false],
      [true, false],
    ]);
    const spoiling = await fetchIn('secure', plain.url(settingPath('b=3'), 'a.example'));
    expect(spoiling.cookies[0]!.rejectedBecause).toBe('secure-cookie-exists');
    await fetchIn('secure', secure.url('/', 'a.example'), { tls });
    expect(cookiesSent(plain)).toEqual([null]);
    expect(cookiesSent(secure)).toEqual([null, '__Host-sid=1; b=2']);
  });

  it('share them with no other session, and with no fetch without one', async () => {
    const origin = await setting();
    await fetchIn('mine', origin.url(settingPath('id=1')));
    await fetchIn('yours', origin.url());
    await fetchIn(null, origin.url());
    expect(cookiesSent(origin)).toEqual([null, null, null]);
    expect(await idsSeen(service())).toEqual(expect.arrayContaining(['mine', 'yours']));
  });

  it('give a Cookie of the caller’s the first hop, and keep what comes', async () => {
    const origin = await setting();
    await fetchIn('given', origin.url(settingPath('id=1; Path=/')));
    await fetchIn('given', origin.url(settingPath('more=2; Path=/')), { headers: { Cookie: 'mine=0' } });
    await fetchIn('given', origin.url());
    expect(cookiesSent(origin)).toEqual([null, 'mine=0', 'id=1; more=2']);
  });

  it('lose no cookie when many run at once', async () => {
    const origin = await setting();
    const numbers = Array.from({ length: 20 }, (_, index) => index);
    await Promise.all(
      numbers.map((n) => fetchIn('busy', origin.url(settingPath(`n${n}=1; Path=/`, `last=${n}; Path=/`)))),
    );
    const names = (await cookiesOf('busy')).map(({ name }) => name);
    expect(names.toSorted()).toEqual(['last', ...numbers.map((n) => `n${n}`)].toSorted());
    await fetchIn('busy', origin.url());
    expect(cookiesSent(origin).at(-1)!.split('; ')).toHaveLength(21);
  });

  it('may name it with 64 letters, digits, dots, underscores and hyphens', async () => {
    const origin = await setting();
    const name = `${'aZ0._-'.repeat(10)}aZ0.`;
    await fetchIn(name, origin.url());
    expect(await idsSeen(service())).toContain(name);
  });
});

describe('GET /sessions', () => {
  it('lists sessions with how many cookies they have and when they were used', async () => {
    const before = Date.now();
    const origin = await setting();
    await fetchIn(
      'listed',
      origin.url(settingPath('a=1', 'b=2; Max-Age=60', 'c=3; Max-Age=0', 'd=4; Secure')),
    );
    const { items } = jsonOf<SessionListDto>(await service().get('/sessions'));
    const listed = items.find(({ id }) => id === 'listed')!;
    expect(listed).toEqual({
      id: 'listed',
      cookies: 2,
      createdAt: expect.any(String) as string,
      lastUsedAt: expect.any(String) as string,
    });
    const [created, used] = [listed.createdAt, listed.lastUsedAt].map((time) => Date.parse(time));
    expect(created).toBeGreaterThanOrEqual(before);
    expect(used).toBeGreaterThanOrEqual(created!);
    expect(items.at(-1)!.id).toBe('listed');
  });
});

describe('GET /sessions/{id}/cookies', () => {
  it('tells cookies as the result did, but for those refused and deleted', async () => {
    const origin = await setting();
    const lines = [
      'PHPSESSID=abc; Path=/; HttpOnly; Max-Age=60',
      'theme=dark; Expires=Wed, 01 Jan 2031 00:00:00 GMT; SameSite=Lax',
      'refused=1; Secure',
      'deleted=1; Max-Age=0',
      'nameless',
    ];
    const { cookies } = await fetchIn('told', origin.url(settingPath(...lines)));
    expect(cookies.map(({ rejectedBecause }) => rejectedBecause)).toEqual([
      null,
      null,
      'secure-over-http',
      null,
      null,
    ]);
    const items = await cookiesOf('told');
    expect(items).toEqual([cookies[0], cookies[1], cookies[4]]);
    expect(items[0]!.findings).toEqual([
      'sent-over-http',
      'session-id-without-secure',
      'missing-samesite',
      'short-session-id',
      'low-entropy-session-id',
    ]);
    for (const item of items) expect(mistakesIn(item, 'Cookie')).toEqual([]);
  });

  it('has as its example what the demo’s cookies are told as', async () => {
    const origin = await setting();
    const lines = SESSION_COOKIES_EXAMPLE.items.map(({ name, value, expires, sameSite }) =>
      [
        `${name}=${value}; Path=/`,
        ...(expires === null ? [] : [`Expires=${new Date(expires).toUTCString()}`]),
        ...(sameSite === null ? [] : [`SameSite=${sameSite}`]),
      ].join('; '),
    );
    await fetchIn('example', origin.url(settingPath(...lines)));
    expect(await cookiesOf('example')).toEqual(SESSION_COOKIES_EXAMPLE.items);
  });

  it.each(['/sessions/nobody/cookies', '/sessions/constructor/cookies', '/sessions/a%2Fb/cookies'])(
    '%s is not found',
    async (path) => {
      const { instance } = problemOf(await service().get(path), 'not-found');
      expect(instance).toBe(path);
    },
  );
});

describe('DELETE /sessions/{id}', () => {
  it('forgets a session, once', async () => {
    const origin = await setting();
    await fetchIn('gone', origin.url(settingPath('id=1; Path=/')));
    const answer = await forget(service(), 'gone');
    expect([answer.status, answer.text]).toEqual([204, '']);
    problemOf(await forget(service(), 'gone'), 'not-found');
    problemOf(await service().get('/sessions/gone/cookies'), 'not-found');
    expect(await idsSeen(service())).not.toContain('gone');
    await fetchIn('gone', origin.url());
    expect(cookiesSent(origin)).toEqual([null, null]);
  });
});

describe('with API keys', () => {
  const mine = { authorization: 'Bearer mine' };
  const yours = { 'x-api-key': 'yours' };
  let locked: TestService;
  beforeAll(async () => {
    locked = await TestService.start({ WIREFETCH_API_KEYS: 'mine,yours' });
  });
  afterAll(() => locked.close());

  it('a session is its key’s, however the key is shown', async () => {
    const origin = await setting();
    await fetchIn('s', origin.url(settingPath('id=1; Path=/')), {}, mine, locked);
    await fetchIn('s', origin.url(), {}, yours, locked);
    await fetchIn('s', origin.url(), {}, { 'x-api-key': 'mine' }, locked);
    expect(cookiesSent(origin)).toEqual([null, null, 'id=1']);
  });

  it('another key’s is not found', async () => {
    const origin = await setting();
    await fetchIn('private', origin.url(settingPath('id=1')), {}, mine, locked);
    expect(await idsSeen(locked, mine)).toContain('private');
    expect(await idsSeen(locked, yours)).not.toContain('private');
    problemOf(await locked.get('/sessions/private/cookies', yours), 'not-found');
    problemOf(await forget(locked, 'private', yours), 'not-found');
    expect((await locked.get('/sessions/private/cookies', mine)).status).toBe(200);
    expect((await forget(locked, 'private', mine)).status).toBe(204);
  });

  it.each([{}, { authorization: 'Bearer theirs' }])('%j is unauthorized', async (headers) => {
    for (const path of ['/sessions', '/sessions/s/cookies'])
      problemOf(await locked.get(path, headers), 'unauthorized');
    problemOf(await forget(locked, 's', headers), 'unauthorized');
  });
});

it('a session is gone when it was not used for SESSION_TTL_MS', async () => {
  const shortLived = await TestService.start({ WIREFETCH_SESSION_TTL_MS: '60000' });
  const clock = jest.spyOn(Date, 'now');
  try {
    const origin = await setting();
    clock.mockReturnValue(1_800_000_000_000);
    await fetchIn('s', origin.url(settingPath('id=1; Path=/')), {}, {}, shortLived);
    clock.mockReturnValue(1_800_000_059_999);
    expect(await idsSeen(shortLived)).toEqual(['s']);
    clock.mockReturnValue(1_800_000_060_000);
    expect(await idsSeen(shortLived)).toEqual([]);
    await fetchIn('s', origin.url(), {}, {}, shortLived);
    expect(cookiesSent(origin)).toEqual([null, null]);
  } finally {
    clock.mockRestore();
    await shortLived.close();
  }
});

describe('without a store', () => {
  it('fetches in a session, and sessions, are unavailable, and say nothing of why; other fetches go on', async () => {
    const file = path.join(directory(), 'file');
    writeFileSync(file, '');
    const storeless = await TestService.start({ WIREFETCH_DATA_DIR: file });
    try {
      const origin = await setting();
      const answers = [
        await storeless.fetch({ url: origin.url(), session: 's' }),
        await storeless.get('/sessions'),
        await storeless.get('/sessions/s/cookies'),
        await forget(storeless, 's'),
      ];
      for (const answer of answers) {
        const { failureSource, request } = problemOf(answer, 'store-unavailable');
        expect([failureSource, request]).toEqual(['service', null]);
        expect(answer.headers['retry-after']).toBe('1');
        expect(answer.text).not.toContain(file);
      }
      expect(origin.requests).toEqual([]);
      expect((await fetchIn(null, origin.url(), {}, {}, storeless)).status).toBe(200);
    } finally {
      await storeless.close();
    }
  });

  it('that answers, a fetch in a session ends with its totalMs', async () => {
    const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    const sockets: Socket[] = [];
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const waiting = await TestService.start({ WIREFETCH_DATABASE_URL: `postgres://127.0.0.1:${port}/x` });
    try {
      const origin = await setting();
      const answer = await waiting.fetch({ url: origin.url(), session: 's', timeouts: { totalMs: 100 } });
      problemOf(answer, 'store-unavailable');
      expect(origin.requests).toEqual([]);
    } finally {
      for (const socket of sockets) socket.destroy();
      silent.close();
      await waiting.close();
    }
  });
});
