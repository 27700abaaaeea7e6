import { FetchCookies, MAX_SET_COOKIE } from '../../src/exchange/cookies';
import type { ReceivedCookie } from '../../src/exchange/outcome';
import type { FieldLine } from '../../src/http1/events';

const URL_HTTP = new URL('http://www.example.com/dir/page?query');
const URL_HTTPS = new URL('https://www.example.com/dir/page');

function setCookie(...lines: string[]): FieldLine[] {
  return lines.map((value) => ({ name: 'Set-Cookie', value }));
}

function receive(line: string, url = URL_HTTPS): ReceivedCookie {
  return new FetchCookies().receive(url, setCookie(line))[0]!;
}

/** The Cookie that goes to a URL after a response has set cookies. */
function sentTo(url: string, from: URL, ...lines: string[]): string | null {
  const cookies = new FetchCookies();
  cookies.receive(from, setCookie(...lines));
  return cookies.cookieFor(new URL(url));
}

describe('a Set-Cookie is told', () => {
  it('with what it leaves out as it is then understood', () => {
    expect(receive('id=1')).toEqual({
      name: 'id',
      value: '1',
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
    });
  });

  it('with all that it says', () => {
    const line =
      'id="a b"; Domain=.Example.COM; Path=/x; Expires=Wed, 21 Oct 2037 07:28:00 GMT; Max-Age=60; ' +
      'Secure; HttpOnly; SameSite=None; Partitioned; Priority=High';
    expect(receive(line)).toEqual({
      name: 'id',
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
    });
  });

  it.each<[line: string, told: Partial<ReceivedCookie>]>([
    ['id=', { name: 'id', value: '' }],
    ['id=a=b', { name: 'id', value: 'a=b' }],
    [' id = 1 ', { name: 'id', value: '1' }],
    ['id=\xe9\xff', { value: '\xe9\xff' }],
    ['id=1; Max-Age=0', { maxAge: 0 }],
    ['id=1; Max-Age=-1', { maxAge: -1 }],
    ['id=1; Max-Age=soon', { maxAge: null }],
    ['id=1; Expires=soon', { expires: null }],
    ['id=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT', { expires: new Date(0) }],
    ['id=1; SameSite=Strict', { sameSite: 'Strict' }],
    ['id=1; samesite=LAX', { sameSite: 'Lax' }],
    ['id=1; SameSite=Whatever', { sameSite: null }],
    ['id=1; Path=x', { path: '/dir' }],
    ['id=1; Path=', { path: '/dir' }],
    ['id=1; Path=/a; Path=/b', { path: '/b' }],
    ['id=1; Domain=', { domain: 'www.example.com', hostOnly: true }],
    ['id=1; domain=example.com', { domain: 'example.com', hostOnly: false }],
    ['id=1; httponly; SECURE', { httpOnly: true, secure: true }],
    ['id=1; PARTITIONED; Secure', { partitioned: true }],
    ['id=1; X-Partitioned', { partitioned: false }],
  ])('%j', (line, told) => {
    expect(receive(line)).toMatchObject({ ...told, accepted: true, rejectedBecause: null });
  });

  it.each([
    ['http://www.example.com/', '/'],
    ['http://www.example.com/page', '/'],
    ['http://www.example.com/dir/', '/dir'],
    ['http://www.example.com/dir/sub/page', '/dir/sub'],
  ])('with the default path of %s: %s', (url, path) => {
    expect(receive('id=1', new URL(url)).path).toBe(path);
  });
});

describe('a Set-Cookie is refused', () => {
  it.each<[why: string, line: string, url: URL]>([
    ['secure-over-http', 'id=1; Secure', URL_HTTP],
    ['samesite-none-without-secure', 'id=1; SameSite=None', URL_HTTPS],
    ['samesite-none-without-secure', 'id=1; SameSite=None', URL_HTTP],
    ['too-large', `id=${'x'.repeat(4_095)}`, URL_HTTPS],
    ['domain-mismatch', 'id=1; Domain=other.example', URL_HTTPS],
    ['domain-mismatch', 'id=1; Domain=deeper.www.example.com', URL_HTTPS],
    ['domain-mismatch', 'id=1; Domain=ample.com', URL_HTTPS],
    ['domain-mismatch', 'id=1; Domain=0.0.1', new URL('http://127.0.0.1/')],
    ['public-suffix', 'id=1; Domain=com', URL_HTTPS],
    ['public-suffix', 'id=1; Domain=co.uk', new URL('https://www.example.co.uk/')],
    ['prefix-broken', '__Secure-id=1', URL_HTTPS],
    ['prefix-broken', '__Host-id=1; Secure; Path=/dir', URL_HTTPS],
    ['prefix-broken', '__Host-id=1; Secure; Path=/; Domain=example.com', URL_HTTPS],
  ])('as %s: %j from %s, and told all the same', (why, line, url) => {
    const cookies = new FetchCookies();
    const [told] = cookies.receive(url, setCookie(line));
    expect(told).toMatchObject({ accepted: false, rejectedBecause: why });
    expect(told!.name).not.toBe('');
    expect(cookies.cookieFor(url)).toBeNull();
  });

  it.each([
    ['id=1; Secure', URL_HTTPS],
    ['id=1; SameSite=None; Secure', URL_HTTPS],
    [`id=${'x'.repeat(4_094)}`, URL_HTTPS],
    ['__Secure-id=1; Secure', URL_HTTPS],
    ['__Host-id=1; Secure; Path=/', URL_HTTPS],
    ['id=1; Domain=www.example.com', URL_HTTPS],
    ['id=1', new URL('http://localhost/')],
    ['id=1', new URL('http://127.0.0.1/')],
    ['id=1', new URL('http://[::1]/')],
  ])('not when it is as it must be: %j from %s', (line, url) => {
    expect(receive(line, url)).toMatchObject({ accepted: true, rejectedBecause: null });
  });

  it.each(['', '=', ';', '; Secure', 'id=a\x01b'])(
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
      });
    },
  );
});

describe('a Cookie', () => {
  it('is none before any was set', () => {
    expect(new FetchCookies().cookieFor(URL_HTTP)).toBeNull();
  });

  it.each<[to: string, from: URL, lines: string[], cookie: string | null]>([
    // by host: a host-only cookie goes back to its host, one with a Domain to all that domain-match
    ['http://www.example.com/dir/x', URL_HTTP, ['id=1'], 'id=1'],
    ['http://WWW.example.com:8080/dir/x', URL_HTTP, ['id=1'], 'id=1'],
    ['http://example.com/dir/x', URL_HTTP, ['id=1'], null],
    ['http://deep.www.example.com/dir/x', URL_HTTP, ['id=1'], null],
    ['http://example.com/dir/x', URL_HTTP, ['id=1; Domain=example.com'], 'id=1'],
    ['http://api.example.com/dir/x', URL_HTTP, ['id=1; Domain=example.com'], 'id=1'],
    ['http://badexample.com/dir/x', URL_HTTP, ['id=1; Domain=example.com'], null],
    // by path
    ['http://www.example.com/', URL_HTTP, ['id=1'], null],
    ['http://www.example.com/dirx', URL_HTTP, ['id=1'], null],
    ['http://www.example.com/dir', URL_HTTP, ['id=1'], 'id=1'],
    ['http://www.example.com/', URL_HTTP, ['id=1; Path=/'], 'id=1'],
    // by scheme
    ['http://www.example.com/dir/', URL_HTTPS, ['id=1; Secure'], null],
    ['https://www.example.com/dir/', URL_HTTPS, ['id=1; Secure'], 'id=1'],
    ['https://www.example.com/dir/', URL_HTTP, ['id=1'], 'id=1'],
    // by time
    ['http://www.example.com/dir/', URL_HTTP, ['id=1; Max-Age=0'], null],
    ['http://www.example.com/dir/', URL_HTTP, ['id=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT'], null],
    [
      'http://www.example.com/dir/',
      URL_HTTP,
      ['id=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT'],
      'id=1',
    ],
    // the later one replaces or removes the earlier one
    ['http://www.example.com/dir/', URL_HTTP, ['id=1', 'id=2'], 'id=2'],
    ['http://www.example.com/dir/', URL_HTTP, ['id=1', 'id=; Max-Age=0'], null],
    // RFC 6265bis §5.8.3: longer paths first, then earlier creation
    ['http://www.example.com/dir/', URL_HTTP, ['a=1; Path=/', 'b=2', 'c=3'], 'b=2; c=3; a=1'],
    // octets come back as they were
    ['http://www.example.com/dir/', URL_HTTP, ['id="\xe9 \xff"'], 'id="\xe9 \xff"'],
    // SameSite is for browsers: nobody else's page has asked for this
    ['http://www.example.com/dir/', URL_HTTP, ['id=1; SameSite=Strict'], 'id=1'],
  ])('to %s after %s set %j', (to, from, lines, cookie) => {
    expect(sentTo(to, from, ...lines)).toBe(cookie);
  });

  it('goes on to later hops, and takes along what they set', () => {
    const cookies = new FetchCookies();
    cookies.receive(URL_HTTP, setCookie('a=1; Domain=example.com; Path=/'));
    const next = new URL('http://example.com/');
    expect(cookies.cookieFor(next)).toBe('a=1');
    cookies.receive(next, setCookie('b=2'));
    expect(cookies.cookieFor(next)).toBe('a=1; b=2');
    expect(cookies.cookieFor(new URL('http://other.example/'))).toBeNull();
  });

  it('of one fetch is none of another', () => {
    new FetchCookies().receive(URL_HTTP, setCookie('id=1'));
    expect(new FetchCookies().cookieFor(URL_HTTP)).toBeNull();
  });
});

it('cookies are told in wire order, refused ones among them, and other fields are none', () => {
  const fields: FieldLine[] = [
    { name: 'set-cookie', value: 'a=1' },
    { name: 'Cookie', value: 'x=1' },
    { name: 'SET-COOKIE', value: 'b=2; Secure' },
    { name: 'Set-Cookie2', value: 'y=1' },
    { name: 'Set-Cookie', value: 'a=3' },
  ];
  const told = new FetchCookies().receive(URL_HTTP, fields);
  expect(told.map(({ name, value, accepted }) => [name, value, accepted])).toEqual([
    ['a', '1', true],
    ['b', '2', false],
    ['a', '3', true],
  ]);
});

it('of one response the first 50 Set-Cookie are considered', () => {
  const lines = Array.from({ length: MAX_SET_COOKIE + 1 }, (_, i) => `n${i}=${i}; Path=/`);
  const cookies = new FetchCookies();
  expect(cookies.receive(URL_HTTP, setCookie(...lines))).toHaveLength(50);
  expect(cookies.cookieFor(URL_HTTP)?.split('; ')).toHaveLength(50);
});
