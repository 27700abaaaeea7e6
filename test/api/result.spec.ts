import { hash } from 'node:crypto';
import type { FetchResultDto } from '../../src/fetch/dto/exchange.dto';
import {
  type Serve,
  answering,
  answeringThenFin,
  chunkedResponse,
  response,
  routes,
  useOrigins,
} from '../support/origin';
import { useService } from '../support/app';
import { resultOf } from './contract';

const start = useOrigins();
const service = useService({}, { 'name.test': ['127.0.0.1'] });

/** What is fetched, but for the URL. */
type Request = Readonly<Record<string, unknown>>;

async function fetchFrom(serve: Serve, request: Request = {}, path = '/'): Promise<FetchResultDto> {
  const origin = await start(serve);
  return resultOf(await service().fetch({ url: origin.url(path), ...request }));
}

/** What the origin was sent, with `$` for its authority. */
async function sent(request: Request): Promise<string> {
  const origin = await start(answering(response('200 OK')));
  resultOf(await service().fetch({ url: origin.url('/path?q=1#fragment'), ...request }));
  return origin.requests.join('').replaceAll(`127.0.0.1:${origin.port}`, '$');
}

/** What was sent before a reset is read before it. */
function answeringThenReset(octets: string): Serve {
  return async (peer) => {
    await peer.request();
    await peer.send(octets);
    peer.reset();
  };
}

const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');

/** Silence soon ends what an origin leaves unfinished. */
const SOON = { timeouts: { idleMs: 50 } };

describe('the result of POST /fetch', () => {
  it('tells a plain response from its status line to its last octet', async () => {
    const octets = response('200 Fine\r\nContent-Type: Text/Plain\r\nx-a:  1 \r\nX-A: 2', 'hello');
    const origin = await start(answering(octets));
    const before = Date.now();
    const result = resultOf(await service().fetch({ url: origin.url('/a%20b?q=1#fragment') }));

    expect(result).toMatchObject({
      id: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/) as string,
      url: origin.url('/a%20b?q=1#fragment'),
      finalUrl: origin.url('/a%20b?q=1#fragment'),
      request: {
        method: 'GET',
        target: '/a%20b?q=1',
        httpVersion: '1.1',
        headers: [
          { name: 'Host', value: `127.0.0.1:${origin.port}` },
          { name: 'User-Agent', value: 'wirefetch/0.1.0' },
          { name: 'Accept', value: '*/*' },
          { name: 'Accept-Encoding', value: 'gzip, deflate, br, zstd' },
          { name: 'Connection', value: 'close' },
        ],
        headBytes: origin.requests[0]!.length,
        bodyBytes: 0,
        rawHead: null,
      },
      status: 200,
      statusText: 'Fine',
      httpVersion: '1.1',
      headBytes: octets.length - 5,
      rawHead: null,
      headers: [
        { name: 'Content-Type', value: 'Text/Plain' },
        { name: 'x-a', value: '1' },
        { name: 'X-A', value: '2' },
        { name: 'Content-Length', value: '5' },
      ],
      trailers: [],
      informational: [],
      cookies: [],
      body: {
        text: 'hello',
        base64: null,
        bytes: 5,
        wireBytes: 5,
        contentEncoding: [],
        decoded: true,
        mediaType: 'text/plain',
        charset: 'UTF-8',
        charsetSource: 'default',
        sha256: hash('sha256', 'hello'),
        truncated: false,
      },
      extra: { bytes: 0, base64: null, truncated: false },
      chunks: {
        layer: 'tcp',
        bufferBytes: 65_536,
        count: 1,
        bytes: octets.length,
        sizes: [octets.length],
        items: null,
        estimated: false,
      },
      transferCoding: null,
      complete: true,
      endedBy: 'content-length',
      connection: {
        remoteAddress: '127.0.0.1',
        remotePort: origin.port,
        localAddress: '127.0.0.1',
        family: 4,
        reused: false,
        attempts: [{ address: '127.0.0.1', port: origin.port, error: null }],
        tls: null,
      },
      hops: [],
      warnings: [],
      error: null,
    });
    expect(result.timings).toMatchObject({ queue: expect.any(Number) as number, dns: null, tls: null });
    const startedAt = Date.parse(result.startedAt);
    expect(startedAt >= before && startedAt <= Date.now()).toBe(true);
  });

  it('has its keys in the order of the contract', async () => {
    const page = 'HTTP/1.1 200 OK\nSet-Cookie: a=1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n';
    const origin = await start(routes({ '/': response('302 Found\r\nLocation: /page'), '/page': page }));
    const result = resultOf(await service().fetch({ url: origin.url(), include: { reads: 'full' } }));
    const hop = result.hops[0]!;

    const message =
      'status statusText httpVersion headBytes rawHead headers trailers informational cookies body';
    const reading = 'extra chunks transferCoding complete endedBy timings connection';
    const keys = (object: object | null | undefined): string => Object.keys(object ?? {}).join(' ');
    expect(keys(result)).toBe(`id url finalUrl startedAt request ${message} ${reading} hops warnings error`);
    expect(keys(hop)).toBe(`url startedAt request ${message} ${reading} warnings error`);
    const body = 'bytes wireBytes contentEncoding decoded mediaType charset charsetSource sha256 truncated';
    expect(keys(result.body)).toBe(`text base64 ${body}`);
    expect(keys(hop.body)).toBe(body);
    for (const { request, extra, chunks, timings, connection } of [result, hop]) {
      expect(keys(request)).toBe('method target httpVersion headers headBytes bodyBytes rawHead');
      expect(keys(request.headers[0])).toBe('name value');
      expect(keys(extra)).toBe('bytes base64 truncated');
      expect(keys(chunks)).toBe(
        'layer bufferBytes count bytes min max mean median p95 stdev firstAtMs lastAtMs maxGapMs ' +
          'bytesPerSecond histogram sizes items sizesOmitted itemsOmitted estimated',
      );
      expect(keys(chunks.items?.[0])).toBe('atMs bytes');
      expect(keys(chunks.histogram[0])).toBe('le count');
      expect(keys(timings)).toBe('queue dns connect tls send wait receive total chainTotal');
      expect(keys(connection)).toBe(
        'remoteAddress remotePort localAddress localPort family reused attempts tls',
      );
      expect(keys(connection.attempts[0])).toBe('address port ms error');
    }
    expect(keys(result.cookies[0])).toBe(
      'name value domain hostOnly path expires maxAge secure httpOnly sameSite partitioned accepted ' +
        'rejectedBecause findings',
    );
    expect(keys(result.transferCoding)).toBe('chunks sizes extensions sizesOmitted');
    expect(keys(result.warnings[0])).toBe('code message offset');
    expect(keys(result.error)).toBe('code phase message');
  });

  it('tells chunks, their extensions and the trailer section apart from reads and headers', async () => {
    const coded = '4;a=1\r\nWiki\r\n6\r\npedia!\r\n0;last\r\nX-Sum: 10\r\nSet-Cookie: t=1\r\n\r\n';
    const result = await fetchFrom(
      answering(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${coded}`),
    );
    expect(result).toMatchObject({
      body: { text: 'Wikipedia!', bytes: 10, wireBytes: 10 },
      transferCoding: { chunks: 2, sizes: [4, 6], sizesOmitted: 0 },
      headers: [{ name: 'Transfer-Encoding', value: 'chunked' }],
      trailers: [
        { name: 'X-Sum', value: '10' },
        { name: 'Set-Cookie', value: 't=1' },
      ],
      cookies: [],
      complete: true,
      endedBy: 'last-chunk',
    });
    expect(result.transferCoding!.extensions[0]).toContain('a=1');
  });

  it('tells the responses that came before the final one', async () => {
    const result = await fetchFrom(
      answering(
        'HTTP/1.1 100 Continue\r\n\r\n',
        'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nLink: </b.css>\r\n\r\n',
        response('200 OK', 'done'),
      ),
    );
    expect(result.informational).toEqual([
      { status: 100, statusText: 'Continue', headers: [] },
      {
        status: 103,
        statusText: 'Early Hints',
        headers: [
          { name: 'Link', value: '</a.css>' },
          { name: 'Link', value: '</b.css>' },
        ],
      },
    ]);
    expect(result).toMatchObject({ status: 200, body: { text: 'done' } });
  });

  it('follows redirects, and tells each hop as a whole', async () => {
    const origin = await start(
      routes({
        '/form': response('303 See Other\r\nLocation: two?x=1\r\nSet-Cookie: sid=1; Path=/', 'go on'),
        '/two?x=1': chunkedResponse(['away']).replace('200 OK', '302 Found\r\nLocation: /end'),
        '/end': response('200 OK', 'arrived'),
      }),
    );
    const result = resultOf(
      await service().fetch({ url: origin.url('/form#top'), method: 'POST', body: { text: 'a=1' } }),
    );

    expect(result).toMatchObject({ url: origin.url('/form#top'), finalUrl: origin.url('/end#top') });
    expect(result.hops).toMatchObject([
      {
        url: origin.url('/form#top'),
        request: { method: 'POST', target: '/form', bodyBytes: 3 },
        status: 303,
        cookies: [{ name: 'sid', accepted: true }],
        body: { bytes: 5, sha256: hash('sha256', 'go on') },
        complete: true,
        endedBy: 'content-length',
      },
      {
        url: origin.url('/two?x=1#top'),
        request: { method: 'GET', target: '/two?x=1', bodyBytes: 0 },
        status: 302,
        transferCoding: { chunks: 1, sizes: [4] },
        endedBy: 'last-chunk',
      },
    ]);
    expect(result.request).toMatchObject({ method: 'GET', target: '/end' });
    expect(result.request.headers).toContainEqual({ name: 'Cookie', value: 'sid=1' });
  });

  it('gives a redirect that is not to be followed as it is', async () => {
    const serve = answering(response('301 Moved Permanently\r\nLocation: http://other.test/', 'there'));
    const result = await fetchFrom(serve, { redirects: { follow: false } });
    expect(result).toMatchObject({ status: 301, hops: [], body: { text: 'there' }, warnings: [] });
  });

  it('says of each cookie what a browser would do with it', async () => {
    const lines = [
      'plain=1',
      'all=v; Path=/a; Max-Age=60; HttpOnly; SameSite=lax; Expires=Wed, 01 Jan 2031 00:00:00 GMT',
      'secure=1; Secure; SameSite=None; Partitioned',
      'other=1; Domain=example.com',
      '__Host-id=1; Path=/',
      'none=1; SameSite=None',
      `large=${'x'.repeat(4096)}`,
    ];
    const fields = lines.map((line) => `\r\nSet-Cookie: ${line}`).join('');
    const result = await fetchFrom(answering(response(`200 OK${fields}`)), {}, '/dir/page');
    expect(result.cookies.map((cookie) => [cookie.name, cookie.accepted, cookie.rejectedBecause])).toEqual([
      ['plain', true, null],
      ['all', true, null],
      ['secure', false, 'secure-over-http'],
      ['other', false, 'domain-mismatch'],
      ['__Host-id', false, 'prefix-broken'],
      ['none', false, 'samesite-none-without-secure'],
      ['large', false, 'too-large'],
    ]);
    expect(result.cookies.slice(0, 2)).toMatchObject([
      {
        value: '1',
        domain: '127.0.0.1',
        hostOnly: true,
        path: '/dir',
        expires: null,
        maxAge: null,
        sameSite: null,
      },
      {
        path: '/a',
        expires: '2031-01-01T00:00:00.000Z',
        maxAge: 60,
        httpOnly: true,
        sameSite: 'Lax',
        findings: ['sent-over-http'],
      },
    ]);
    expect(result.cookies[2]).toMatchObject({ secure: true, partitioned: true, sameSite: 'None' });
  });

  it('takes a 404 and a 500 for results', async () => {
    for (const status of ['404 Not Found', '500 Oops'])
      expect(await fetchFrom(answering(response(status, 'no')))).toMatchObject({
        status: Number(status.slice(0, 3)),
        body: { text: 'no' },
        complete: true,
        error: null,
      });
  });

  it('resolves a name, and tells how long that took', async () => {
    const origin = await start(answering(response('200 OK', 'hi')));
    const result = resultOf(await service().fetch({ url: origin.url('/', 'name.test') }));
    expect(result.timings.dns).toEqual(expect.any(Number));
    expect(result).toMatchObject({ body: { text: 'hi' }, connection: { remoteAddress: '127.0.0.1' } });
    expect(origin.requests[0]).toContain(`\r\nHost: name.test:${origin.port}\r\n`);
  });

  it('dials network.address instead of resolving the name', async () => {
    const origin = await start(answering(response('200 OK', 'six')), '::1');
    const url = `http://unknown.test:${origin.port}/`;
    const result = resultOf(await service().fetch({ url, network: { address: '::1', family: 6 } }));
    expect(result.connection).toMatchObject({ remoteAddress: '::1', family: 6 });
    expect(result.timings.dns).toBeNull();
  });

  it('keeps the heads as octets when asked to', async () => {
    const head = 'HTTP/1.1 200 OK\r\nx: \xe9\r\nContent-Length: 0\r\n\r\n';
    const result = await fetchFrom(answering(head), { include: { rawHead: true } });
    expect(result.rawHead).toBe(base64(head));
    const { rawHead, headBytes } = result.request;
    expect(Buffer.from(rawHead!, 'base64').toString('latin1')).toMatch(
      /^GET \/ HTTP\/1\.1\r\nHost: [^]*\r\n\r\n$/,
    );
    expect(Buffer.from(rawHead!, 'base64')).toHaveLength(headBytes);
    expect(result.headers[0]).toEqual({ name: 'x', value: '\xe9' });
  });

  it('tells the time and size of each read when asked to', async () => {
    const result = await fetchFrom(answering(response('200 OK', 'x'.repeat(100))), {
      read: { bufferBytes: 40 },
      include: { reads: 'full' },
    });
    expect(result.chunks).toMatchObject({ bufferBytes: 40, count: 4, max: 40, sizes: [40, 40, 40, 20] });
    expect(result.chunks.items).toHaveLength(4);
  });

  it.each<[name: string, serve: Serve, request: Request, expected: Request]>([
    [
      'HEAD, with what came after the head in extra',
      answering(response('200 OK', 'no content')),
      { method: 'HEAD' },
      {
        endedBy: 'no-content',
        body: { text: '', bytes: 0 },
        extra: { bytes: 10, base64: base64('no content'), truncated: false },
      },
    ],
    ['204', answering('HTTP/1.1 204 No Content\r\n\r\n'), {}, { status: 204, endedBy: 'no-content' }],
    ['304', answering('HTTP/1.1 304 Not Modified\r\n\r\n'), {}, { status: 304, endedBy: 'no-content' }],
    [
      'an upgrade that was asked for',
      answering('HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\nframes'),
      { headers: { Upgrade: 'x', Connection: 'upgrade' } },
      { status: 101, endedBy: 'upgrade', extra: { bytes: 6, base64: base64('frames') } },
    ],
    ['the close', answeringThenFin('HTTP/1.0 200 OK\r\n\r\nuntil close'), {}, { endedBy: 'close' }],
    [
      'silence after the message, with until idle',
      answering(response('200 OK', 'one') + response('200 OK', 'two')),
      { read: { until: 'idle' }, ...SOON },
      { endedBy: 'idle-timeout', body: { text: 'one' }, extra: { bytes: 41 } },
    ],
    [
      'the close after the message, with until close',
      answeringThenFin(`${response('200 OK', 'one')}extra`),
      { read: { until: 'close' } },
      { endedBy: 'close', body: { text: 'one' }, extra: { bytes: 5, base64: base64('extra') } },
    ],
  ])('is complete by %s', async (_, serve, request, expected) => {
    expect(await fetchFrom(serve, request)).toMatchObject({ ...expected, complete: true, error: null });
  });

  it.each<[endedBy: string, code: string, serve: Serve, request: Request, body: Request]>([
    [
      'size-limit',
      'size-limit',
      answering(response('200 OK', 'content')),
      { read: { maxBodyBytes: 4 } },
      { text: 'cont', bytes: 4, wireBytes: 7, truncated: true },
    ],
    [
      'read-limit',
      'read-limit',
      answering(response('200 OK', 'x'.repeat(100))),
      { read: { bufferBytes: 60, maxReads: 2 } },
      { bytes: 80, truncated: false },
    ],
    [
      'idle-timeout',
      'idle-timeout',
      answering('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'),
      SOON,
      { text: 'half' },
    ],
    [
      'total-timeout',
      'total-timeout',
      answering('HTTP/1.1 200 OK\r\n\r\nand then'),
      { read: { until: 'close' }, timeouts: { totalMs: 1_000 } },
      { text: 'and then' },
    ],
    [
      'close',
      'connection-closed',
      answeringThenFin('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'),
      {},
      { text: 'half' },
    ],
    [
      'reset',
      'connection-reset',
      answeringThenReset('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'),
      {},
      { text: 'half' },
    ],
    [
      'parse-error',
      'malformed-response',
      answering('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nWiki\r\nzz\r\n'),
      {},
      { text: 'Wiki' },
    ],
  ])(
    'is incomplete by %s, with the error %s and what had come',
    async (endedBy, code, serve, request, body) => {
      expect(await fetchFrom(serve, request)).toMatchObject({
        status: 200,
        complete: false,
        endedBy,
        body,
        error: { code, phase: 'receive' },
      });
    },
  );

  it('tells departures from the standards, which a strict parser refuses', async () => {
    const result = await fetchFrom(answering('HTTP/1.1 200 OK\nContent-Length: 3\n\nabc'));
    expect(result.body.text).toBe('abc');
    expect(result.warnings[0]).toMatchObject({ code: 'bare-lf', offset: expect.any(Number) as number });
  });
});

describe('what is sent', () => {
  const defaults =
    'User-Agent: wirefetch/0.1.0\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n';

  it('has the fields of a list in their order and case, duplicates kept', async () => {
    const headers = [
      { name: 'x-b', value: '1' },
      { name: 'X-A', value: '' },
      { name: 'X-B', value: '\xe9 2' },
    ];
    expect(await sent({ headers })).toBe(
      `GET /path?q=1 HTTP/1.1\r\nHost: $\r\nx-b: 1\r\nX-A: \r\nX-B: \xe9 2\r\n${defaults}Connection: close\r\n\r\n`,
    );
  });

  it('has the fields of an object of strings and lists of strings', async () => {
    const headers = { 'X-Many': ['1', '2'], 'x-one': '3', 'X-None': [], constructor: 'a name like others' };
    expect(await sent({ headers, defaultHeaders: false })).toBe(
      'GET /path?q=1 HTTP/1.1\r\nHost: $\r\nX-Many: 1\r\nX-Many: 2\r\nx-one: 3\r\nconstructor: a name like others\r\n\r\n',
    );
  });

  it.each([
    ['text, as UTF-8', { text: 'é' }, '\xc3\xa9'],
    ['octets', { base64: '/wAN' }, '\xff\x00\r'],
    ['no octet', { text: '' }, ''],
  ])('has a body of %s, and its Content-Length', async (_, body, content) => {
    expect(await sent({ method: 'PUT', body, defaultHeaders: false })).toBe(
      `PUT /path?q=1 HTTP/1.1\r\nHost: $\r\nContent-Length: ${content.length}\r\n\r\n${content}`,
    );
  });

  it('has another request target and version', async () => {
    expect(
      await sent({ method: 'OPTIONS', requestTarget: '*', httpVersion: '1.0', defaultHeaders: false }),
    ).toBe('OPTIONS * HTTP/1.0\r\nHost: $\r\n\r\n');
  });

  it('is the raw octets and nothing else, and is told as far as they show it', async () => {
    const raw = 'get  /x HTTP/1.1\nhost: \x01me\n\nbody';
    const origin = await start(async (peer) => {
      await peer.until(() => peer.bytes === raw.length);
      await peer.send(response('200 OK', 'ok'));
    });
    const result = resultOf(
      await service().fetch({ url: origin.url(), raw: { base64: base64(raw) }, include: { rawHead: true } }),
    );
    expect(origin.requests).toEqual([raw]);
    const { rawHead, headBytes, bodyBytes } = result.request;
    expect(headBytes + bodyBytes).toBe(raw.length);
    expect(Buffer.from(rawHead!, 'base64').toString('latin1')).toBe(raw.slice(0, headBytes));
    expect(result.body.text).toBe('ok');
  });
});
