import fc from 'fast-check';
import { CookieJar } from '../../src/exchange/cookie-jar';
import type { ReceivedCookie } from '../../src/exchange/outcome';

const NOW = Date.UTC(2026, 10, 25);
const DAY_MS = 86_400_000;
const HTTP_ROOT = 'http://a.example/';
const URL_HTTP = new URL('http://www.example.com/dir/page?query');
const URL_HTTPS = new URL('https://www.example.com/dir/page');

function receive(line: string, url = URL_HTTPS, now = NOW): ReceivedCookie {
  return new CookieJar().receive(url, [line], now)[0]!;
}

/** A jar after some responses have come, one at a time. */
function jarWith(...responses: readonly [url: string, ...lines: string[]][]): CookieJar {
  const jar = new CookieJar();
  for (const [url, ...lines] of responses) jar.receive(new URL(url), lines, NOW);
  return jar;
}

function namesIn(jar: CookieJar): string[] {
  return jar.list(NOW).map(({ name }) => name);
}

describe('a Set-Cookie is told', () => {
  it('with what it leaves out as it is then understood', () => {
    expect(receive('lang=en')).toEqual({
      name: 'lang',
      value: 'en',
      domain: 'www.example.com',
      hostOnly: true,
      path: '/dir',
      expires: null,
      maxAge: null,
      secure: false,
      httpOnly: false,
      sameSite: null,
      partitioned: false,
      accepted: true,
      rejectedBecause: null,
      findings: [],
    });
  });

  it('with all that it says, and with what makes it easy to hijack', () => {
    const line =
      'sid="a b"; Domain=.Example.COM; Path=/x; Expires=Wed, 21 Oct 2037 07:28:00 GMT; Max-Age=60; ' +
      'Secure; HttpOnly; SameSite=None; Partitioned; Priority=High';
    expect(receive(line)).toEqual({
      name: 'sid',
      value: '"a b"',
      domain: 'example.com',
      hostOnly: false,
      path: '/x',
      expires: new Date('2037-10-21T07:28:00Z'),
      maxAge: 60,
      secure: true,
      httpOnly: true,
      sameSite: 'None',
      partitioned: true,
      accepted: true,
      rejectedBecause: null,
      findings: ['domain-wide', 'short-session-id', 'low-entropy-session-id'],
    });
  });

  it.each([
    ['http://www.example.com/', '/'],
    ['http://www.example.com/page', '/'],
    ['http://www.example.com/dir/', '/dir'],
    ['http://www.example.com/dir/sub/page', '/dir/sub'],
    ['http://www.example.com/%41%20b/page', '/%41%20b'],
  ])('with the default path of %s: %s', (url, path) => {
    expect(receive('id=1', new URL(url)).path).toBe(path);
  });

  it('with findings when it is refused, too', () => {
    const { rejectedBecause, findings } = receive('__Host-sid=1; Path=/', URL_HTTP);
    expect(rejectedBecause).toBe('prefix-broken');
    expect(findings).toEqual(expect.arrayContaining(['sent-over-http', 'prefix-broken', 'missing-samesite']));
  });

  it('in wire order, refused ones among them', () => {
    const told = new CookieJar().receive(URL_HTTP, ['a=1', 'b=2; Secure', 'a=3'], NOW);
    expect(told.map(({ name, value, accepted }) => [name, value, accepted])).toEqual([
      ['a', '1', true],
      ['b', '2', false],
      ['a', '3', true],
    ]);
  });
});

describe('a Set-Cookie is refused', () => {
  const ADDRESS = new URL('http://127.0.0.1/');

  it.each<[why: ReceivedCookie['rejectedBecause'], line: string, url: URL]>([
    ['too-large', `id=${'x'.repeat(4_095)}`, URL_HTTPS],
    ['too-large', 'x'.repeat(4_097), URL_HTTPS],
    ['domain-mismatch', 'id=1; Domain=other.example', URL_HTTPS],
    ['domain-mismatch', 'id=1; Domain=deeper.www.example.com', URL_HTTPS],
    ['domain-mismatch', 'id=1; Domain=ample.com', URL_HTTPS],
    ['domain-mismatch', 'id=1; Domain=..example.com', URL_HTTPS],
    ['domain-mismatch', 'id=1; Domain=example.com.', URL_HTTPS],
    ['domain-mismatch', 'id=1; Domain=example.com:443', URL_HTTPS],
    ['domain-mismatch', 'id=1; Domain="example.com"', URL_HTTPS],
    ['domain-mismatch', 'id=1; Domain=ex\xe4mple.com', URL_HTTPS],
    ['domain-mismatch', 'id=1; Domain=0.0.1', ADDRESS],
    ['domain-mismatch', 'id=1; Domain=127.0.0.1', URL_HTTPS],
    ['domain-mismatch', 'id=1; Domain=1]', new URL('http://[::1]/')],
    ['public-suffix', 'id=1; Domain=com', URL_HTTPS],
    ['public-suffix', 'id=1; Domain=.com', URL_HTTPS],
    ['public-suffix', 'id=1; Domain=com.', new URL('https://www.example.com./')],
    ['public-suffix', 'id=1; Domain=co.uk', new URL('https://www.example.co.uk/')],
    ['public-suffix', 'id=1; Domain=co.kr', new URL('https://www.example.co.kr/')],
    ['public-suffix', 'id=1; Domain=github.io', new URL('https://project.github.io/')],
    ['public-suffix', 'id=1; Domain=intranet', new URL('https://wiki.intranet/')],
    ['public-suffix', 'id=1; Domain=localhost', new URL('http://a.localhost/')],
    ['secure-over-http', 'id=1; Secure', URL_HTTP],
    ['secure-over-http', 'id=1; Secure', ADDRESS],
    ['secure-over-http', 'id=1; Secure', new URL('http://localhost/')],
    ['secure-over-http', '__Secure-id=1; Secure', URL_HTTP],
    ['samesite-none-without-secure', 'id=1; SameSite=None', URL_HTTPS],
    ['samesite-none-without-secure', 'id=1; SameSite=None', URL_HTTP],
    ['partitioned-without-secure', 'id=1; Partitioned', URL_HTTPS],
    ['prefix-broken', '__Secure-id=1', URL_HTTPS],
    ['prefix-broken', '__SECURE-id=1', URL_HTTPS],
    ['prefix-broken', '__Host-id=1; Secure; Path=/dir', URL_HTTPS],
    ['prefix-broken', '__Host-id=1; Secure; Path=/; Domain=example.com', URL_HTTPS],
    ['prefix-broken', '__Host-id=1; Secure', new URL('https://www.example.com/')],
    ['prefix-broken', '__host-id=1; Path=/', URL_HTTPS],
    ['prefix-broken', '__Http-id=1; Secure', URL_HTTPS],
    ['prefix-broken', '__Host-Http-id=1; Secure; Path=/', URL_HTTPS],
    ['prefix-broken', '__Secure-id', URL_HTTPS],
    ['prefix-broken', '=__hOsT-id=1; Secure; Path=/', URL_HTTPS],
  ])('as %s: %.60j from %s, and told all the same', (why, line, url) => {
    const jar = new CookieJar();
    const [told] = jar.receive(url, [line], NOW);
    expect(told).toMatchObject({ accepted: false, rejectedBecause: why });
    expect(`${told!.name}${told!.value}`).not.toBe('');
    expect(jar.stored).toEqual([]);
  });

  it.each<[line: string, url: URL]>([
    ['id=1; Secure', URL_HTTPS],
    ['id=1; SameSite=None; Secure', URL_HTTPS],
    ['id=1; Partitioned; Secure', URL_HTTPS],
    [`id=${'x'.repeat(4_094)}`, URL_HTTPS],
    ['__Secure-id=1; Secure', URL_HTTPS],
    ['__Host-id=1; Secure; Path=/', URL_HTTPS],
    ['__Host-id=1; Secure; Path=/; Domain=', URL_HTTPS],
    ['__Http-id=1; Secure; HttpOnly', URL_HTTPS],
    ['__Host-Http-id=1; Secure; Path=/; HttpOnly', URL_HTTPS],
    ['__Hostess=1', URL_HTTPS],
    ['id=__Host-1', URL_HTTPS],
    ['id=1; Domain=www.example.com', URL_HTTPS],
    ['id=1; Domain=EXAMPLE.com', URL_HTTPS],
    ['id=1', new URL('http://localhost/')],
    ['id=1', new URL('http://intranet/')],
    ['id=1', ADDRESS],
    ['id=1', new URL('http://[::1]/')],
  ])('not when it is as it must be: %.60j from %s', (line, url) => {
    expect(receive(line, url)).toMatchObject({ accepted: true, rejectedBecause: null });
  });

  it.each(['', '=', ';', '; Secure', 'id=a\x01b', 'id=1; Path=/\x1f'])(
    'and told as it came when nothing can be made of it: %j',
    (line) => {
      expect(receive(line)).toEqual({
        name: '',
        value: line,
        domain: null,
        hostOnly: true,
        path: null,
        expires: null,
        maxAge: null,
        secure: false,
        httpOnly: false,
        sameSite: null,
        partitioned: false,
        accepted: false,
        rejectedBecause: 'unparsable',
        findings: [],
      });
    },
  );

  it.each([
    ['http://localhost/', 'localhost'],
    ['http://intranet/', 'intranet'],
    ['http://127.0.0.1/', '127.0.0.1'],
    ['http://[::1]/', '[::1]'],
    ['http://github.io/', 'github.io'],
  ])('not for the public suffix that %s is itself: it stays that host’s own', (url, domain) => {
    const told = receive(`id=1; Domain=${domain}`, new URL(url));
    expect(told).toMatchObject({ accepted: true, domain, hostOnly: true });
  });
});

describe('a Secure cookie', () => {
  const secure = 'https://www.example.com/';

  it.each([
    ['http://www.example.com/login', 'id=2; Path=/login'],
    ['http://www.example.com/login', 'id=2; Path=/login/en'],
    ['http://www.example.com/login', 'id=2; Path=/login; Domain=example.com'],
    ['http://deep.www.example.com/login', 'id=2; Path=/login'],
    ['http://example.com/login', 'id=2; Path=/login; Domain=example.com'],
    ['http://www.example.com/login', 'id=; Path=/login; Max-Age=0'],
  ])('is left alone by plain http: %s sets %j', (url, line) => {
    const jar = jarWith([secure, 'id=1; Secure; Path=/login; Domain=www.example.com']);
    const [told] = jar.receive(new URL(url), [line], NOW);
    expect(told).toMatchObject({ accepted: false, rejectedBecause: 'secure-cookie-exists' });
    expect(jar.list(NOW)).toMatchObject([{ value: '1', secure: true }]);
  });

  it.each([
    ['http://www.example.com/login', 'id=2; Path=/'],
    ['http://www.example.com/login', 'id=2; Path=/loginx'],
    ['http://www.example.com/login', 'other=2; Path=/login'],
    ['http://api.example.com/login', 'id=2; Path=/login'],
    ['https://www.example.com/login', 'id=2; Path=/login'],
  ])('does not keep out what overlays nothing, or comes as safely: %s sets %j', (url, line) => {
    const jar = jarWith([secure, 'id=1; Secure; Path=/login']);
    expect(jar.receive(new URL(url), [line], NOW)[0]).toMatchObject({ accepted: true });
  });

  it('keeps nothing out once it has expired', () => {
    const jar = jarWith([secure, 'id=1; Secure; Max-Age=60']);
    const [told] = jar.receive(URL_HTTP, ['id=2; Path=/'], NOW + 60_000);
    expect(told).toMatchObject({ accepted: true });
  });
});

describe('a Cookie', () => {
  it('is none before any was set', () => {
    expect(new CookieJar().cookieFor(URL_HTTP, NOW)).toBeNull();
  });

  const HTTP = URL_HTTP.href;
  const HTTPS = URL_HTTPS.href;

  it.each<[to: string, from: string, lines: string[], cookie: string | null]>([
    // by host: a host-only cookie goes back to its host, one with a Domain to all that domain-match
    ['http://www.example.com/dir/x', HTTP, ['id=1'], 'id=1'],
    ['http://WWW.example.com:8080/dir/x', HTTP, ['id=1'], 'id=1'],
    ['http://example.com/dir/x', HTTP, ['id=1'], null],
    ['http://deep.www.example.com/dir/x', HTTP, ['id=1'], null],
    ['http://example.com/dir/x', HTTP, ['id=1; Domain=example.com'], 'id=1'],
    ['http://api.example.com/dir/x', HTTP, ['id=1; Domain=example.com'], 'id=1'],
    ['http://badexample.com/dir/x', HTTP, ['id=1; Domain=example.com'], null],
    ['http://a.localhost/', 'http://localhost/', ['id=1'], null],
    // by path, as it stands in the URL
    ['http://www.example.com/', HTTP, ['id=1'], null],
    ['http://www.example.com/dirx', HTTP, ['id=1'], null],
    ['http://www.example.com/dir', HTTP, ['id=1'], 'id=1'],
    ['http://www.example.com/', HTTP, ['id=1; Path=/'], 'id=1'],
    ['http://www.example.com/Dir', HTTP, ['id=1'], null],
    ['http://www.example.com/%64ir/', HTTP, ['id=1'], null],
    ['http://www.example.com/%64ir/', HTTP, ['id=1; Path=/%64ir'], 'id=1'],
    ['http://www.example.com/dir//x', HTTP, ['id=1; Path=/dir/'], 'id=1'],
    // by scheme
    ['http://www.example.com/dir/', HTTPS, ['id=1; Secure'], null],
    ['https://www.example.com/dir/', HTTPS, ['id=1; Secure'], 'id=1'],
    ['https://www.example.com/dir/', HTTP, ['id=1'], 'id=1'],
    ['http://localhost/', 'https://localhost/', ['id=1; Secure'], null],
    // the later one replaces or removes the earlier one, and takes its place
    ['http://www.example.com/dir/', HTTP, ['id=1', 'id=2'], 'id=2'],
    ['http://www.example.com/dir/', HTTP, ['id=1', 'b=1', 'id=2'], 'id=2; b=1'],
    ['http://www.example.com/dir/', HTTP, ['id=1', 'id=; Max-Age=0'], null],
    ['http://www.example.com/dir/', HTTP, ['id=1', 'b=1', 'id=; Max-Age=0', 'id=2'], 'b=1; id=2'],
    ['http://www.example.com/dir/', HTTP, ['id=1', 'ID=; Max-Age=0'], 'id=1'],
    // a cookie is known by name, domain, host-only-flag and path
    ['http://www.example.com/dir/', HTTP, ['id=1', 'id=2; Domain=www.example.com'], 'id=1; id=2'],
    ['http://www.example.com/dir/', HTTP, ['id=1; Path=/', 'id=2'], 'id=2; id=1'],
    ['http://www.example.com/dir/', HTTP, ['id=1; Path=/', 'id=; Max-Age=0'], 'id=1'],
    // nameless ones are one cookie, and have no "="
    ['http://www.example.com/dir/', HTTP, ['a', 'b=', '=c'], 'c; b='],
    // RFC 6265bis §5.8.3: longer paths first, then earlier creation
    ['http://www.example.com/dir/', HTTP, ['a=1; Path=/', 'b=2', 'c=3'], 'b=2; c=3; a=1'],
    // octets come back as they were
    ['http://www.example.com/dir/', HTTP, ['id="\xe9 \xff"', 'b=\xa0\x85'], 'id="\xe9 \xff"; b=\xa0\x85'],
    // SameSite is for browsers: nobody else's page has asked for this
    ['http://www.example.com/dir/', HTTP, ['id=1; SameSite=Strict'], 'id=1'],
    // names that objects have of themselves
    ['http://www.example.com/dir/', HTTP, ['__proto__=1', 'constructor=2'], '__proto__=1; constructor=2'],
  ])('to %s after %s set %j', (to, from, lines, cookie) => {
    expect(jarWith([from, ...lines]).cookieFor(new URL(to), NOW)).toBe(cookie);
  });

  it.each<[line: string, lifetimeMs: number]>([
    ['id=1; Max-Age=60', 60_000],
    ['id=1; Expires=Wed, 25 Nov 2026 00:01:00 GMT', 60_000],
    // RFC 6265bis §5.7: Max-Age beats Expires, whichever is first
    ['id=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 60_000],
    ['id=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60', 60_000],
    // §5.5: no cookie lasts more than 400 days
    ['id=1; Max-Age=99999999999999999999', 400 * DAY_MS],
    ['id=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT', 400 * DAY_MS],
  ])('has %j until it expires, and not then', (line, lifetimeMs) => {
    const jar = jarWith([HTTP, line]);
    expect(jar.cookieFor(URL_HTTP, NOW + lifetimeMs - 1)).toBe('id=1');
    expect(jar.cookieFor(URL_HTTP, NOW + lifetimeMs)).toBeNull();
    expect(jar.list(NOW + lifetimeMs)).toEqual([]);
  });

  it.each(['id=1', 'id=1; Max-Age=soon', 'id=1; Expires=soon'])(
    'has %j as long as the jar is kept',
    (line) => {
      expect(jarWith([HTTP, line]).cookieFor(URL_HTTP, NOW + 10_000 * DAY_MS)).toBe('id=1');
    },
  );

  it.each(['Max-Age=0', 'Max-Age=-1', 'Expires=Thu, 01 Jan 1970 00:00:00 GMT'])(
    'that is expired on arrival is accepted, and is not there: %s',
    (attribute) => {
      const jar = new CookieJar();
      expect(jar.receive(URL_HTTP, [`id=1; ${attribute}`], NOW)).toMatchObject([{ accepted: true }]);
      expect(jar.stored).toEqual([]);
    },
  );
});

describe('too many cookies', () => {
  function lines(from: number, to: number, attributes = ''): string[] {
    return Array.from({ length: to - from }, (_, index) => `n${from + index}=x; Path=/${attributes}`);
  }

  it('of a domain: 180 stay, that goes which was used least recently', () => {
    const jar = new CookieJar();
    const apart = Array.from({ length: 180 }, (_, index) => `n${index}=x; Path=/${index}`);
    jar.receive(new URL('https://a.example/'), apart, NOW);
    expect(jar.stored).toHaveLength(180);
    jar.cookieFor(new URL('https://a.example/0'), NOW + 1);
    jar.receive(new URL('https://a.example/'), ['new=x', 'newer=x'], NOW + 2);
    const gone = ['n1', 'n2'];
    expect(namesIn(jar)).toEqual([
      ...apart.map((line) => line.split('=')[0]!).filter((name) => !gone.includes(name)),
      'new',
      'newer',
    ]);
  });

  it('of a domain: those without Secure go before all others', () => {
    const jar = new CookieJar();
    jar.receive(new URL('https://a.example/'), lines(0, 179, '; Secure'), NOW);
    jar.receive(new URL('https://a.example/'), ['plain=x', 'late=x; Secure'], NOW + 1);
    expect(namesIn(jar)).toHaveLength(180);
    expect(namesIn(jar)).not.toContain('plain');
  });

  it('of a domain: expired ones make room', () => {
    const jar = new CookieJar();
    jar.receive(new URL('https://a.example/'), lines(0, 90, '; Max-Age=1'), NOW);
    jar.receive(new URL('https://a.example/'), lines(90, 180), NOW);
    jar.receive(new URL('https://a.example/'), lines(180, 270), NOW + 1_000);
    expect(namesIn(jar)).toEqual(lines(90, 270).map((line) => line.split('=')[0]));
  });

  it('do not push out those of another domain', () => {
    const jar = jarWith(['https://b.example/', 'b=1']);
    jar.receive(new URL('https://a.example/'), lines(0, 400), NOW + 1);
    expect(namesIn(jar)).toContain('b');
    expect(jar.stored).toHaveLength(181);
  });

  it('in all: 3,000 stay, those that were used least recently go', () => {
    const jar = new CookieJar();
    for (let host = 0; host < 30; host++)
      jar.receive(new URL(`https://h${host}.example/`), lines(0, 100), NOW + host);
    jar.cookieFor(new URL('https://h0.example/'), NOW + 30);
    jar.receive(new URL('https://h30.example/'), lines(0, 10), NOW + 31);
    const counts = Object.groupBy(jar.stored, ({ cookie }) => cookie.domain);
    expect(jar.stored).toHaveLength(3_000);
    expect([counts['h0.example'], counts['h1.example'], counts['h30.example']].map((x) => x?.length)).toEqual(
      [100, 90, 10],
    );
  });

  it('in octets: 1 MiB stays', () => {
    const jar = new CookieJar();
    const large = Array.from({ length: 50 }, (_, index) => `n${index}=${'x'.repeat(4_000)}`);
    for (let host = 0; host < 6; host++) jar.receive(new URL(`https://h${host}.example/`), large, NOW + host);
    const octets = jar.stored.reduce((sum, { cookie }) => sum + cookie.name.length + cookie.value.length, 0);
    expect(octets).toBeGreaterThan(1_000_000);
    expect(octets).toBeLessThanOrEqual(1_048_576);
    expect(jar.stored.at(-1)?.cookie.domain).toBe('h5.example');
    expect(jar.stored.some(({ cookie }) => cookie.domain === 'h0.example')).toBe(true);
  });
});

it('any octets that a cookie may have come back as they were', () => {
  const octets = (none: RegExp) =>
    fc.array(fc.integer({ min: 0x20, max: 0xff }), { maxLength: 40 }).map((codes) =>
      String.fromCharCode(...codes)
        .replace(none, '')
        .replace(/^[ \t]+|[ \t]+$/g, ''),
    );
  fc.assert(
    fc.property(octets(/[;=\x7f]/g), octets(/[;\x7f]/g), (name, value) => {
      fc.pre(name !== '' && !name.startsWith('__'));
      expect(jarWith([HTTP_ROOT, `${name}=${value}`]).cookieFor(new URL(HTTP_ROOT), NOW)).toBe(
        `${name}=${value}`,
      );
    }),
  );
});

it('a jar can be kept as data, and made of it again', () => {
  const jar = jarWith(['https://a.example/', 'a=1; Path=/', 'b=2; Secure; Max-Age=60', 'c']);
  const again = new CookieJar(structuredClone(jar.stored));
  for (const each of [jar, again])
    expect(each.cookieFor(new URL('https://a.example/'), NOW)).toBe('a=1; b=2; c');
  again.receive(new URL('https://a.example/'), ['a=3; Path=/'], NOW);
  expect(again.cookieFor(new URL('https://a.example/'), NOW)).toBe('a=3; b=2; c');
  expect(jar.cookieFor(new URL('https://a.example/'), NOW)).toBe('a=1; b=2; c');
});
