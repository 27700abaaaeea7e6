import { type CookieAccess, FetchCookies, MAX_SET_COOKIE } from '../../src/exchange/cookies';
import type { ReceivedCookie } from '../../src/exchange/outcome';
import { answering, response, routes, useOrigins } from '../support/origin';
import { exchangeWith, fetchUrl } from '../support/spec';

const start = useOrigins();

/** Writes down what a fetch asks of its cookies. */
class Recorder implements CookieAccess {
  readonly calls: [what: string, path: string, ...lines: string[]][] = [];
  private readonly cookies = new FetchCookies();

  cookieFor(url: URL): Promise<string | null> {
    this.calls.push(['cookieFor', url.pathname]);
    return this.cookies.cookieFor(url);
  }

  receive(url: URL, lines: readonly string[]): Promise<ReceivedCookie[]> {
    this.calls.push(['receive', url.pathname, ...lines]);
    return this.cookies.receive(url, lines);
  }
}

describe('a fetch', () => {
  it('asks for its cookies before each hop, and gives those of a response all at once', async () => {
    const origin = await start(
      routes({
        '/1': response('302 Found\r\nLocation: /2\r\nSet-Cookie: a=1\r\nX: y\r\nset-cookie: b=2'),
        '/2': response('302 Found\r\nLocation: /3'),
        '/3': response('404 Not Found\r\nSET-COOKIE: c=3\r\nCookie: d=4\r\nSet-Cookie2: e=5'),
      }),
    );
    const cookies = new Recorder();
    const { hops, last } = await fetchUrl(origin.url('/1'), {}, { cookies });
    expect(cookies.calls).toEqual([
      ['cookieFor', '/1'],
      ['receive', '/1', 'a=1', 'b=2'],
      ['cookieFor', '/2'],
      ['cookieFor', '/3'],
      ['receive', '/3', 'c=3'],
    ]);
    expect([...hops, last].map((hop) => hop.cookies.map(({ name }) => name))).toEqual([
      ['a', 'b'],
      [],
      ['c'],
    ]);
  });

  it('gives the first 50 Set-Cookie of a response', async () => {
    const lines = Array.from({ length: MAX_SET_COOKIE + 2 }, (_, index) => `Set-Cookie: c${index}=x`);
    const origin = await start(answering(response(['200 OK', ...lines].join('\r\n'))));
    const cookies = new Recorder();
    const { warnings, ...outcome } = await exchangeWith(origin.url(), {}, { cookies });
    expect(cookies.calls[1]).toHaveLength(2 + 50);
    expect(outcome.cookies).toHaveLength(50);
    expect(warnings).toEqual([
      { code: 'set-cookie-limit', message: '2 Set-Cookie after the first 50 were left out', offset: null },
    ]);
  });

  it('gives what a whole head has set, also when the content breaks off', async () => {
    const origin = await start(async (peer) => {
      await peer.request();
      await peer.send('HTTP/1.1 200 OK\r\nContent-Length: 9\r\nSet-Cookie: a=1\r\n\r\nhalf');
      peer.fin();
    });
    const cookies = new Recorder();
    const outcome = await exchangeWith(origin.url(), {}, { cookies });
    expect(outcome).toMatchObject({ complete: false, cookies: [{ name: 'a', accepted: true }] });
  });

  it('gives nothing of a head that never was whole', async () => {
    const origin = await start(async (peer) => {
      await peer.request();
      await peer.send('HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\n');
      peer.fin();
    });
    const cookies = new Recorder();
    expect(await exchangeWith(origin.url(), {}, { cookies })).toMatchObject({ head: null, cookies: [] });
    expect(cookies.calls).toEqual([['cookieFor', '/']]);
  });
});

it('the cookies of one fetch are none of another', async () => {
  const url = new URL('http://a.example/');
  const one = new FetchCookies();
  expect(await one.cookieFor(url)).toBeNull();
  await one.receive(url, ['id=1']);
  expect(await one.cookieFor(url)).toBe('id=1');
  expect(await new FetchCookies().cookieFor(url)).toBeNull();
});
