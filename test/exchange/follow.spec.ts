import type { FetchOutcome } from '../../src/exchange/outcome';
import { type Serve, answering, answeringThenFin, response, routes, useOrigins } from '../support/origin';
import { type SpecOverrides, type World, endOf, fetchUrl, textOf, warningCodes } from '../support/spec';

const start = useOrigins();

function redirect(status: number, location: string, content = ''): string {
  return response(`${status} Elsewhere\r\nLocation: ${location}`, content);
}

async function followed(
  serve: Serve,
  overrides: SpecOverrides = {},
  world: World = {},
): Promise<{ outcome: FetchOutcome; requests: string[]; statuses: (number | undefined)[] }> {
  const origin = await start(serve);
  const outcome = await fetchUrl(origin.url(), overrides, world);
  const statuses = [...outcome.hops, outcome.last].map(({ head }) => head?.status);
  return { outcome, requests: origin.requests, statuses };
}

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('%d leads on, and is the hop before the result', async (status) => {
    const { outcome, requests, statuses } = await followed(
      routes({ '/': redirect(status, '/next', 'moved'), '/next': response('200 OK', 'here') }),
    );
    expect(statuses).toEqual([status, 200]);
    expect(outcome.failure).toBeNull();
    expect(textOf(outcome.hops[0]!.content)).toBe('moved');
    expect(textOf(outcome.last.content)).toBe('here');
    expect(outcome.hops[0]!.url.pathname).toBe('/');
    expect(outcome.last.url.pathname).toBe('/next');
    expect(requests.map((request) => request.split(' ', 2))).toEqual([
      ['GET', '/'],
      ['GET', '/next'],
    ]);
  });

  it.each([300, 304, 305, 306, 399])('is none with %d: that is a result', async (status) => {
    const { outcome, statuses } = await followed(answeringThenFin(redirect(status, '/next')));
    expect(statuses).toEqual([status]);
    expect(outcome.failure).toBeNull();
  });

  it('is none without a Location', async () => {
    const { outcome, statuses } = await followed(answering(response('302 Found', 'nowhere')));
    expect(statuses).toEqual([302]);
    expect(outcome.failure).toBeNull();
    expect(textOf(outcome.last.content)).toBe('nowhere');
  });

  it('is none with redirects.follow false', async () => {
    const redirects = { follow: false, max: 10 };
    const { outcome, statuses } = await followed(answering(redirect(302, '/next')), { redirects });
    expect(statuses).toEqual([302]);
    expect(outcome).toMatchObject({ hops: [], failure: null });
    expect(warningCodes(outcome.last)).toEqual([]);
  });

  it('is none for raw octets, which are meant for one target', async () => {
    const raw = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
    const { outcome, requests, statuses } = await followed(answering(redirect(302, '/next')), { raw });
    expect(statuses).toEqual([302]);
    expect(outcome.failure).toBeNull();
    expect(requests).toEqual([raw]);
  });

  it('is followed with requestTarget for the first URL alone', async () => {
    const { requests } = await followed(
      routes({ '/odd?target': redirect(302, '/next'), '/next': response('200 OK') }),
      { requestTarget: '/odd?target' },
    );
    expect(requests.map((request) => request.split(' ', 2)[1])).toEqual(['/odd?target', '/next']);
  });
});

describe('method and body after a redirect', () => {
  const kept = { body: true, type: true };
  const dropped = { body: false, type: false };

  it.each([
    { status: 301, method: 'POST', becomes: 'GET', sent: dropped },
    { status: 302, method: 'POST', becomes: 'GET', sent: dropped },
    { status: 303, method: 'POST', becomes: 'GET', sent: dropped },
    { status: 307, method: 'POST', becomes: 'POST', sent: kept },
    { status: 308, method: 'POST', becomes: 'POST', sent: kept },
    { status: 301, method: 'PUT', becomes: 'PUT', sent: kept },
    { status: 302, method: 'PUT', becomes: 'PUT', sent: kept },
    { status: 303, method: 'PUT', becomes: 'GET', sent: dropped },
    { status: 303, method: 'DELETE', becomes: 'GET', sent: dropped },
  ])('$status: $method becomes $becomes', async ({ status, method, becomes, sent }) => {
    const { requests } = await followed(
      routes({ '/': redirect(status, '/next'), '/next': response('200 OK') }),
      { method, body: 'content', headers: ['Content-Type: text/plain', 'X-Kept: 1'] },
    );
    const [first, second] = requests;
    expect(first).toMatch(/^[^]*\r\nContent-Length: 7\r\n\r\ncontent$/);
    expect(second!.startsWith(`${becomes} /next HTTP/1.1\r\n`)).toBe(true);
    expect(second).toContain('\r\nX-Kept: 1\r\n');
    expect({
      body: second!.endsWith('\r\nContent-Length: 7\r\n\r\ncontent'),
      type: second!.includes('\r\nContent-Type: '),
    }).toEqual(sent);
  });

  it.each([301, 302, 303, 307, 308])('%d: HEAD stays HEAD', async (status) => {
    const { requests, statuses } = await followed(
      routes({
        '/': `HTTP/1.1 ${status} Elsewhere\r\nLocation: /next\r\nContent-Length: 9\r\n\r\n`,
        '/next': 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n',
      }),
      { method: 'HEAD' },
    );
    expect(statuses).toEqual([status, 200]);
    expect(requests[1]).toMatch(/^HEAD \/next /);
  });

  it('are the same octets once more with 308 and a large body', async () => {
    const body = Buffer.alloc(1_048_576, 'ab');
    const { outcome, requests } = await followed(
      routes({ '/': redirect(308, '/next'), '/next': response('200 OK') }),
      { method: 'POST', body },
    );
    expect(outcome.last.head?.status).toBe(200);
    for (const request of requests) expect(request.endsWith(body.toString('latin1'))).toBe(true);
  });
});

describe('Location', () => {
  it.each([
    ['/c?d', '/c?d'],
    ['c', '/a/c'],
    ['../c', '/c'],
    ['?q', '/a/b?q'],
    ['./c#mine', '/a/c'],
  ])('%s is resolved against the URL it came from', async (location, target) => {
    const origin = await start(
      routes({ '/a/b': redirect(302, location), [target]: response('200 OK', 'here') }),
    );
    const { last } = await fetchUrl(origin.url('/a/b'));
    expect(textOf(last.content)).toBe('here');
  });

  it('//authority keeps the scheme', async () => {
    const other = await start(answering(response('200 OK', 'there')));
    const { outcome } = await followed(answering(redirect(302, `//127.0.0.1:${other.port}/x`)));
    expect(textOf(outcome.last.content)).toBe('there');
    expect(other.requests[0]).toMatch(/^GET \/x /);
  });

  it('inherits the fragment, unless it has its own', async () => {
    const origin = await start(
      routes({
        '/': redirect(302, '/1'),
        '/1': redirect(302, '/2#own'),
        '/2': redirect(302, '/3'),
        '/3': response('200 OK'),
      }),
    );
    const { hops, last } = await fetchUrl(origin.url('/#given'));
    expect([...hops, last].map(({ url }) => url.hash)).toEqual(['#given', '#given', '#own', '#own']);
    expect(origin.requests.join('')).not.toContain('#');
  });

  it('loses its userinfo, which would be a credential of the target’s choosing', async () => {
    const other = await start(answering(response('200 OK')));
    const location = `http://user:secret@127.0.0.1:${other.port}/`;
    const { outcome } = await followed(answering(redirect(302, location)));
    expect(outcome.last.url.href).toBe(`http://127.0.0.1:${other.port}/`);
    expect(other.requests[0]).not.toMatch(/authorization/i);
  });

  it('counts where it stands first', async () => {
    const twice = response('302 Found\r\nLocation: /first\r\nLocation: /second');
    const { statuses } = await followed(routes({ '/': twice, '/first': response('200 OK') }));
    expect(statuses).toEqual([302, 200]);
  });

  it.each(['http://[', 'http://a b/', 'http://:80/', 'ftp://127.0.0.1/x', 'mailto:a@b.example', 'data:,x'])(
    'that cannot be gone to is invalid-redirect, and its response is kept: %s',
    async (location) => {
      const { outcome } = await followed(answering(redirect(302, location, 'moved')));
      expect(outcome.failure).toMatchObject({ code: 'invalid-redirect', phase: 'head' });
      expect(outcome.hops).toEqual([]);
      expect(outcome.last.head?.status).toBe(302);
      expect(textOf(outcome.last.content)).toBe('moved');
    },
  );

  it.each(['ftp://127.0.0.1/', 'ws://127.0.0.1/', 'file:///etc/passwd'])(
    'of another scheme than http and https is invalid-redirect: %s',
    async (location) => {
      const { outcome } = await followed(answering(redirect(301, location, 'moved')));
      expect(outcome.failure).toMatchObject({ code: 'invalid-redirect', phase: 'head' });
      expect(textOf(outcome.last.content)).toBe('moved');
    },
  );

  it('with two Locations that differ leads to the first, and that is told', async () => {
    const { outcome } = await followed(
      routes({
        '/': 'HTTP/1.1 302 Found\r\nLocation: /one\r\nLocation: /two\r\nContent-Length: 0\r\n\r\n',
        '/one': response('200 OK', 'one'),
      }),
    );
    expect(textOf(outcome.last.content)).toBe('one');
    expect(warningCodes(outcome.hops[0]!)).toEqual(['location-repeated']);
  });
});

describe('redirects.max', () => {
  const counting: Serve = async (peer) => {
    const hop = Number((await peer.request()).split(' ')[1]!.slice(1));
    await peer.send(redirect(302, `/${hop + 1}`));
    peer.fin();
  };

  it.each([0, 1, 3, 20])('%d: one more is too-many-redirects, and all responses are kept', async (max) => {
    const { outcome, requests, statuses } = await followed(counting, { redirects: { follow: true, max } });
    expect(outcome.failure).toMatchObject({ code: 'too-many-redirects', phase: 'head' });
    expect(outcome.hops).toHaveLength(max);
    expect(statuses).toEqual(Array(max + 1).fill(302));
    expect(requests).toHaveLength(max + 1);
  });

  it('leaves the octets of the redirect that was refused as evidence', async () => {
    const wire = redirect(302, '/next', 'moved');
    const { outcome } = await followed(answering(wire), { redirects: { follow: true, max: 0 } });
    expect(textOf(outcome.last.received)).toBe(wire);
  });

  it('is not passed by exactly so many', async () => {
    const table = { '/': redirect(302, '/1'), '/1': redirect(302, '/2'), '/2': response('200 OK') };
    const { outcome, statuses } = await followed(routes(table), { redirects: { follow: true, max: 2 } });
    expect(outcome.failure).toBeNull();
    expect(statuses).toEqual([302, 302, 200]);
  });
});

describe('the content of a redirect', () => {
  const KIB_64 = 65_536;

  it('is kept up to 64 KiB, and no more of it is read', async () => {
    const { outcome, statuses } = await followed(
      routes({ '/': redirect(302, '/next', 'x'.repeat(KIB_64 + 1)), '/next': response('200 OK', 'here') }),
    );
    expect(statuses).toEqual([302, 200]);
    const [hop] = outcome.hops;
    expect(endOf(hop!)).toEqual({
      complete: false,
      endedBy: 'size-limit',
      failure: 'size-limit in receive',
    });
    expect(hop!.content.bytes).toBe(KIB_64);
    expect(outcome.failure).toBeNull();
  });

  it('of exactly 64 KiB is complete', async () => {
    const { outcome } = await followed(
      routes({ '/': redirect(302, '/next', 'x'.repeat(KIB_64)), '/next': response('200 OK') }),
    );
    expect(outcome.hops.map(endOf)).toEqual([{ complete: true, endedBy: 'content-length', failure: null }]);
  });

  it('is limited by a smaller maxBodyBytes', async () => {
    const { outcome } = await followed(
      routes({ '/': redirect(302, '/next', 'moved'), '/next': response('200 OK') }),
      { read: { maxBodyBytes: 3 } },
    );
    expect(textOf(outcome.hops[0]!.content)).toBe('mov');
    expect(outcome.last.head?.status).toBe(200);
  });

  it('is not limited to 64 KiB when redirects are not followed', async () => {
    const { outcome } = await followed(answering(redirect(302, '/next', 'x'.repeat(KIB_64 + 1))), {
      redirects: { follow: false, max: 10 },
    });
    expect(outcome.last.content.bytes).toBe(KIB_64 + 1);
    expect(outcome.last.complete).toBe(true);
  });

  it.each(['idle', 'close'] as const)('is read by framing with until %s too', async (until) => {
    // The first connection stays open and silent: what only silence or a close could end would go on.
    const serve: Serve = async (peer) => {
      if ((await peer.request()).startsWith('GET / ')) return peer.send(redirect(302, '/next', 'moved'));
      await peer.send(response('200 OK', 'here'));
      peer.fin();
    };
    const { outcome } = await followed(serve, { read: { until } });
    expect(endOf(outcome.hops[0]!)).toEqual({ complete: true, endedBy: 'content-length', failure: null });
    expect(endOf(outcome.last)).toEqual({ complete: true, endedBy: 'close', failure: null });
    expect(textOf(outcome.last.content)).toBe('here');
  });

  it.each([
    ['is cut short', answeringThenFin, 'connection-closed'],
    ['falls silent', answering, 'idle-timeout'],
  ] as const)('does not matter to where it leads when it %s', async (_, serve, code) => {
    const target = await start(answering(response('200 OK', 'here')));
    const cut = `HTTP/1.1 302 Found\r\nLocation: ${target.url()}\r\nContent-Length: 9\r\n\r\nhalf`;
    const { outcome } = await followed(serve(cut), { timeouts: { idleMs: 150 } });
    expect(outcome.hops[0]!.failure?.code).toBe(code);
    expect(textOf(outcome.last.content)).toBe('here');
    expect(outcome.failure).toBeNull();
  });

  it('that is cancelled leads nowhere', async () => {
    const target = await start(answering(response('200 OK')));
    const cut = `HTTP/1.1 302 Found\r\nLocation: ${target.url()}\r\nContent-Length: 9\r\n\r\nhalf`;
    const canceller = new AbortController();
    const { outcome } = await followed(
      answering(cut),
      {},
      {
        signal: canceller.signal,
        onRead: () => canceller.abort(),
      },
    );
    expect(outcome.failure).toMatchObject({ code: 'cancelled', phase: 'receive' });
    expect(outcome.last.head?.status).toBe(302);
    expect(target.peers).toHaveLength(0);
  });
});

describe('a redirect to where nothing may be dialled', () => {
  it('is address-denied in the policy phase; the hops hold its response, and nothing is dialled', async () => {
    const denied = await start(() => undefined, '127.0.0.9');
    const { outcome } = await followed(
      answering(redirect(302, denied.url(), 'moved')),
      {},
      { deny: ['127.0.0.9/32'] },
    );
    expect(outcome.failure).toMatchObject({ code: 'address-denied', phase: 'policy' });
    expect(outcome.hops.map(({ head }) => head?.status)).toEqual([302]);
    expect(textOf(outcome.hops[0]!.content)).toBe('moved');
    expect(outcome.last).toMatchObject({ head: null, endpoints: null, attempts: [] });
    expect(outcome.last.url.href).toBe(denied.url());
    expect(denied.peers).toHaveLength(0);
  });

  it('is address-denied by a name as well', async () => {
    const denied = await start(() => undefined, '127.0.0.9');
    const { outcome } = await followed(
      answering(redirect(307, denied.url('/', 'inner.example'))),
      {},
      { deny: ['127.0.0.9/32'], names: { 'inner.example': '127.0.0.9' } },
    );
    expect(outcome.failure).toMatchObject({ code: 'address-denied', phase: 'policy' });
    expect(denied.peers).toHaveLength(0);
  });

  it('is the failure of that hop when nobody listens there', async () => {
    const held = await start(() => undefined);
    const { outcome } = await followed(answering(redirect(302, `http://127.0.0.2:${held.port}/`)));
    expect(outcome.failure).toMatchObject({ code: 'connection-refused', phase: 'connect' });
    expect(outcome.hops).toHaveLength(1);
  });
});

describe('network.address', () => {
  it('is dialled for the first URL’s host and port, on later hops too', async () => {
    const { outcome, requests } = await followedFrom(
      'only.example',
      routes({ '/': redirect(302, '/next'), '/next': response('200 OK', 'here') }),
    );
    expect(textOf(outcome.last.content)).toBe('here');
    expect(requests.map((request) => /\r\nHost: (.*):/.exec(request)![1])).toEqual([
      'only.example',
      'only.example',
    ]);
  });

  it('is not dialled for another host or port', async () => {
    const port = await start(answering(redirect(302, 'http://other.example/')));
    const { outcome } = await followedFrom(
      'only.example',
      answering(redirect(302, port.url('/', 'only.example'))),
    );
    expect(outcome.failure).toMatchObject({ code: 'dns-not-found', phase: 'dns' });
    expect(outcome.last.url.port).toBe(String(port.port));
    expect(port.peers).toHaveLength(0);
  });

  async function followedFrom(
    name: string,
    serve: Serve,
  ): Promise<{ outcome: FetchOutcome; requests: string[] }> {
    const origin = await start(serve);
    const outcome = await fetchUrl(origin.url('/', name), { network: { address: '127.0.0.1' } });
    return { outcome, requests: origin.requests };
  }
});

describe('Host on later hops', () => {
  it('names the hop’s own authority', async () => {
    const other = await start(answering(response('200 OK')));
    const { requests } = await followed(answering(redirect(302, other.url())));
    expect(requests[0]).not.toContain(`127.0.0.1:${other.port}`);
    expect(other.requests[0]).toContain(`\r\nHost: 127.0.0.1:${other.port}\r\n`);
  });

  it('is the caller’s within the origin, and not beyond it', async () => {
    const other = await start(answering(response('200 OK')));
    const table = { '/': redirect(302, '/next'), '/next': redirect(302, other.url()) };
    const { requests } = await followed(routes(table), { headers: ['host: given.example'] });
    for (const request of requests)
      expect(request.match(/\r\nhost:.*/gi)).toEqual(['\r\nhost: given.example']);
    expect(other.requests[0]!.match(/\r\nhost:.*/gi)).toEqual([`\r\nHost: 127.0.0.1:${other.port}`]);
  });
});
