import { FetchCookies } from '../../src/exchange/cookies';
import { type Serve, answering, chunkedResponse, response, routes, useOrigins } from '../support/origin';
import { exchangeWith, fetchUrl } from '../support/spec';

const start = useOrigins();
const LOOPBACK = {
  names: { 'a.example': '127.0.0.1', 'b.a.example': '127.0.0.1', 'c.example': '127.0.0.1' },
};

/** The values of one field in a request, in wire order. */
function valuesOf(request: string | undefined, name: string): string[] {
  return [...request!.matchAll(new RegExp(`\\r\\n${name}: (.*)\\r`, 'gi'))].map(([, value]) => value!);
}

function redirect(location: string, ...fields: readonly string[]): string {
  return response(['302 Found', `Location: ${location}`, ...fields].join('\r\n'));
}

describe('the jar of one fetch', () => {
  it('gives a cookie that hop 1 has set to hop 2, where it matches', async () => {
    const origin = await start(
      routes({
        '/': redirect(
          '/deep/next',
          'Set-Cookie: all=1; Path=/',
          'set-cookie: deep=2; Path=/deep',
          'Set-Cookie: other=3; Path=/other',
          'Set-Cookie: gone=4; Max-Age=0',
          'Set-Cookie: secure=5; Secure; Path=/',
        ),
        '/deep/next': response('200 OK'),
      }),
    );
    const { hops } = await fetchUrl(origin.url('/', 'a.example'), {}, LOOPBACK);
    expect(valuesOf(origin.requests[0], 'Cookie')).toEqual([]);
    const [sent] = valuesOf(origin.requests[1], 'Cookie');
    expect(sent!.split('; ').toSorted()).toEqual(['all=1', 'deep=2']);
    expect(hops[0]!.cookies.map(({ name, accepted }) => [name, accepted])).toEqual([
      ['all', true],
      ['deep', true],
      ['other', true],
      ['gone', true],
      ['secure', false],
    ]);
  });

  it('gives a cookie of the domain to its other hosts, and a host’s own to none', async () => {
    const other = await start(answering(response('200 OK')));
    const origin = await start(
      answering(
        redirect(
          other.url('/', 'b.a.example'),
          'Set-Cookie: domain=1; Domain=a.example',
          'Set-Cookie: host=2',
          'Set-Cookie: alien=3; Domain=c.example',
        ),
      ),
    );
    await fetchUrl(origin.url('/', 'a.example'), {}, LOOPBACK);
    expect(valuesOf(other.requests[0], 'Cookie')).toEqual(['domain=1']);
  });

  it('gives nothing to another host', async () => {
    const other = await start(answering(response('200 OK')));
    const location = other.url('/', 'c.example');
    const origin = await start(answering(redirect(location, 'Set-Cookie: a=1; Domain=a.example')));
    await fetchUrl(origin.url('/', 'a.example'), {}, LOOPBACK);
    expect(valuesOf(other.requests[0], 'Cookie')).toEqual([]);
  });

  it('knows no ports, as RFC 6265 has it', async () => {
    const other = await start(answering(response('200 OK')));
    const origin = await start(answering(redirect(other.url(), 'Set-Cookie: a=1')));
    await fetchUrl(origin.url());
    expect(valuesOf(other.requests[0], 'Cookie')).toEqual(['a=1']);
  });

  it('replaces and deletes what later hops set anew', async () => {
    const origin = await start(
      routes({
        '/1': redirect('/2', 'Set-Cookie: a=1', 'Set-Cookie: b=1'),
        '/2': redirect('/3', 'Set-Cookie: a=2', 'Set-Cookie: b=; Max-Age=0'),
        '/3': response('200 OK'),
      }),
    );
    await fetchUrl(origin.url('/1'));
    expect(origin.requests.map((request) => valuesOf(request, 'Cookie'))).toEqual([
      [],
      ['a=1; b=1'],
      ['a=2'],
    ]);
  });

  it('is not the jar of the next fetch', async () => {
    const origin = await start(answering(response('200 OK\r\nSet-Cookie: a=1')));
    await exchangeWith(origin.url());
    await exchangeWith(origin.url());
    expect(origin.requests.map((request) => valuesOf(request, 'Cookie'))).toEqual([[], []]);
  });

  it('takes nothing from trailers', async () => {
    const page = chunkedResponse(['x'], 'Set-Cookie: trailer=1\r\n').replace(
      '200 OK',
      '302 Found\r\nLocation: /next',
    );
    const origin = await start(routes({ '/': page, '/next': response('200 OK') }));
    const { hops } = await fetchUrl(origin.url());
    expect(hops[0]!.cookies).toEqual([]);
    expect(hops[0]!.trailers).toEqual([{ name: 'Set-Cookie', value: 'trailer=1' }]);
    expect(valuesOf(origin.requests[1], 'Cookie')).toEqual([]);
  });

  it('considers 50 Set-Cookie of a response, and warns of more', async () => {
    const lines = Array.from({ length: 52 }, (_, index) => `Set-Cookie: c${index}=x`);
    const origin = await start(answering(response(['200 OK', ...lines].join('\r\n'))));
    const { cookies, warnings } = await exchangeWith(origin.url());
    expect(cookies.map(({ name }) => name)).toEqual(Array.from({ length: 50 }, (_, index) => `c${index}`));
    expect(warnings.map(({ code }) => code)).toEqual(['set-cookie-limit']);
  });
});

describe('a Cookie given by the caller', () => {
  const given = { headers: ['cookie: mine=1; shared=old'] };

  it('is sent as given on the first hop', async () => {
    const origin = await start(answering(response('200 OK')));
    await exchangeWith(origin.url(), given);
    expect(valuesOf(origin.requests[0], 'Cookie')).toEqual(['mine=1; shared=old']);
  });

  it('goes on within the origin while the jar has nothing', async () => {
    const origin = await start(routes({ '/': redirect('/next'), '/next': response('200 OK') }));
    await fetchUrl(origin.url(), given);
    expect(valuesOf(origin.requests[1], 'Cookie')).toEqual(['mine=1; shared=old']);
  });

  it('goes with what the jar has from the second hop on, in one field; what a response set wins', async () => {
    const origin = await start(
      routes({
        '/': redirect('/next', 'Set-Cookie: shared=new', 'Set-Cookie: session=2'),
        '/next': response('200 OK'),
      }),
    );
    await fetchUrl(origin.url(), given);
    expect(origin.requests.map((request) => valuesOf(request, 'Cookie'))).toEqual([
      ['mine=1; shared=old'],
      ['mine=1; shared=new; session=2'],
    ]);
  });
});

it('what a session held before gives way to the caller’s Cookie on later hops, and what a response set does not', async () => {
  const origin = await start(
    routes({
      '/login': response('200 OK\r\nSet-Cookie: sid=SESSION\r\nSet-Cookie: lang=ko'),
      '/': redirect('/next', 'Set-Cookie: tab=2'),
      '/next': response('200 OK'),
    }),
  );
  const cookies = new FetchCookies();
  await fetchUrl(origin.url('/login'), {}, { cookies });
  await fetchUrl(origin.url(), { headers: ['cookie: sid=CALLER; tab=1'] }, { cookies });
  expect(origin.requests.slice(1).map((request) => valuesOf(request, 'Cookie'))).toEqual([
    ['sid=CALLER; tab=1'],
    ['sid=CALLER; lang=ko; tab=2'],
  ]);
});

it('a nameless cookie of a response replaces no pair of the caller’s that has a name', async () => {
  const origin = await start(
    routes({ '/': redirect('/next', 'Set-Cookie: theme'), '/next': response('200 OK') }),
  );
  await fetchUrl(origin.url(), { headers: ['cookie: theme=dark; other=1'] });
  expect(valuesOf(origin.requests[1], 'Cookie')).toEqual(['theme=dark; other=1; theme']);
});

describe('credentials given by the caller', () => {
  const names = ['Authorization', 'Cookie', 'Proxy-Authorization'];
  const headers = names.map((name) => `${name.toUpperCase()}: secret=${name}`).concat('X-Kept: yes');

  function sentBy(requests: readonly string[]): string[][] {
    return requests.map((request) => names.filter((name) => valuesOf(request, name).length > 0));
  }

  it('go on within the origin', async () => {
    const origin = await start(routes({ '/': redirect('/next'), '/next': response('200 OK') }));
    await fetchUrl(origin.url(), { headers });
    expect(sentBy(origin.requests)).toEqual([names, names]);
  });

  it('do not cross to another port of the host, and other fields do', async () => {
    const other = await start(answering(response('200 OK')));
    const origin = await start(answering(redirect(other.url())));
    await fetchUrl(origin.url(), { headers });
    expect(sentBy(other.requests)).toEqual([[]]);
    expect(valuesOf(other.requests[0], 'X-Kept')).toEqual(['yes']);
  });

  it('do not cross to another name of the host', async () => {
    const serve: Serve = async (peer) => {
      const first = (await peer.request()).includes('Host: a.example');
      await peer.send(first ? redirect(`http://c.example:${origin.port}/`) : response('200 OK'));
      peer.fin();
    };
    const origin = await start(serve);
    await fetchUrl(origin.url('/', 'a.example'), { headers }, LOOPBACK);
    expect(sentBy(origin.requests)).toEqual([names, []]);
  });

  it('are not given back when the chain comes back to their origin', async () => {
    const home = await start(async (peer) => {
      const [, path] = (await peer.request()).split(' ', 2);
      await peer.send(path === '/' ? redirect(away.url()) : response('200 OK'));
      peer.fin();
    });
    const away = await start(answering(redirect(home.url('/back'))));
    const { last } = await fetchUrl(home.url(), { headers });
    expect(last.head?.status).toBe(200);
    expect(sentBy([...home.requests, ...away.requests])).toEqual([names, [], []]);
  });
});
