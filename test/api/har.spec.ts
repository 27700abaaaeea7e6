import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { HarDto, HarEntryDto } from '../../src/fetch/dto/har.dto';
import { type Answer, useService } from '../support/app';
import { selfSigned } from '../support/certificates';
import {
  type Serve,
  answering,
  answeringThenFin,
  chunkedResponse,
  response,
  routes,
  useOrigins,
} from '../support/origin';
import { FETCH_INSTANCE, harOf, problemOf } from './contract';

const start = useOrigins();
const service = useService({}, { 'name.test': ['127.0.0.1'], 'a{b}': ['127.0.0.1'] });

type Request = Readonly<Record<string, unknown>>;

function ask(url: string, request: Request = {}): Promise<Answer> {
  return service().fetch({ url, ...request }, { accept: 'application/har+json' });
}

async function harFrom(serve: Serve, request: Request = {}, path = '/'): Promise<HarDto> {
  const origin = await start(serve);
  return harOf(await ask(origin.url(path), request));
}

/** The one entry of a fetch that was not redirected. */
async function entryFrom(serve: Serve, request: Request = {}, path = '/'): Promise<HarEntryDto> {
  const { entries } = (await harFrom(serve, request, path)).log;
  expect(entries).toHaveLength(1);
  return entries[0]!;
}

const OK = answering(response('200 OK'));

describe('an entry of an HTTP Archive', () => {
  it('tells a plain exchange', async () => {
    const octets = response(
      '200 Fine\r\nContent-Type: Text/Plain; charset=utf-8\r\nx-a:  1 \r\nX-A: 2',
      'hello',
    );
    let port = 0;
    const origin = await start(async (peer) => {
      port = peer.socket.remotePort!;
      await answering(octets)(peer);
    });
    const before = Date.now();
    const har = harOf(await ask(origin.url('/a%20b?q=1&r=%41+b&r#fragment')));
    const [entry] = har.log.entries;

    expect(har.log).toMatchObject({
      version: '1.2',
      creator: { name: 'wirefetch', version: '0.1.0' },
      _id: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/) as string,
    });
    expect(har.log).not.toHaveProperty('pages');
    expect(entry).toMatchObject({
      request: {
        method: 'GET',
        url: origin.url('/a%20b?q=1&r=%41+b&r'),
        httpVersion: 'HTTP/1.1',
        cookies: [],
        headers: [
          { name: 'Host', value: `127.0.0.1:${origin.port}` },
          { name: 'User-Agent', value: 'wirefetch/0.1.0' },
          { name: 'Accept', value: '*/*' },
          { name: 'Accept-Encoding', value: 'gzip, deflate, br, zstd' },
          { name: 'Connection', value: 'close' },
        ],
        queryString: [
          { name: 'q', value: '1' },
          { name: 'r', value: 'A b' },
          { name: 'r', value: '' },
        ],
        headersSize: origin.requests[0]!.length,
        bodySize: 0,
        _target: '/a%20b?q=1&r=%41+b&r',
      },
      response: {
        status: 200,
        statusText: 'Fine',
        httpVersion: 'HTTP/1.1',
        cookies: [],
        headers: [
          { name: 'Content-Type', value: 'Text/Plain; charset=utf-8' },
          { name: 'x-a', value: '1' },
          { name: 'X-A', value: '2' },
          { name: 'Content-Length', value: '5' },
        ],
        content: { text: 'hello', size: 5, mimeType: 'Text/Plain; charset=utf-8' },
        redirectURL: '',
        headersSize: octets.length - 5,
        bodySize: 5,
      },
      cache: {},
      serverIPAddress: '127.0.0.1',
      connection: String(port),
      _complete: true,
      _endedBy: 'content-length',
      _error: null,
      _chunks: { count: 1, sizes: [octets.length] },
      _tls: null,
    });
    expect(entry!.request).not.toHaveProperty('postData');
    expect(entry!.response.content).not.toHaveProperty('encoding');
    expect(entry!.response.content).not.toHaveProperty('compression');
    expect(entry!.timings).toMatchObject({ dns: -1, ssl: -1 });
    expect(entry!.timings.connect).toBeGreaterThan(0);
    const startedAt = Date.parse(entry!.startedDateTime);
    expect(startedAt >= before - 1 && startedAt <= Date.now()).toBe(true);
  });

  it('is there for each hop, and the last has the text', async () => {
    const hop = response(
      '302 Found\r\nLocation: page?x=%31#y\r\nLocation: /other\r\nSet-Cookie: a=1',
      'moved',
    );
    const origin = await start(routes({ '/': hop, '/page?x=%31': response('200 OK', 'here') }));
    const { log } = harOf(await ask(origin.url()));

    expect(
      log.entries.map(({ request, response: { status, redirectURL, content, bodySize } }) => ({
        url: request.url,
        cookies: request.cookies,
        status,
        redirectURL,
        text: content.text,
        sizes: [content.size, bodySize],
      })),
    ).toEqual([
      {
        url: origin.url(),
        cookies: [],
        status: 302,
        redirectURL: 'page?x=%31#y',
        text: undefined,
        sizes: [5, 5],
      },
      {
        url: origin.url('/page?x=%31'),
        cookies: [{ name: 'a', value: '1' }],
        status: 200,
        redirectURL: '',
        text: 'here',
        sizes: [4, 4],
      },
    ]);
    const [first, last] = log.entries;
    expect(first!.connection).not.toBe(last!.connection);
    expect(Date.parse(first!.startedDateTime)).toBeLessThanOrEqual(Date.parse(last!.startedDateTime));
    const times = log.entries.map(({ time, timings }) => time - timings.blocked);
    expect(log._chainTotal).toBeCloseTo(times[0]! + times[1]!, 2);
  });

  it('has the time of a name, and that of TLS within that of the connection', async () => {
    const { cert, key } = await selfSigned();
    const origin = await start(answeringThenFin(response('200 OK', 'x')), undefined, { cert, key });
    const [entry] = harOf(await ask(origin.url('/', 'name.test'), { tls: { verify: false } })).log.entries;
    const { dns, connect, ssl } = entry!.timings;
    expect(dns).toBeGreaterThanOrEqual(0);
    expect(ssl).toBeGreaterThan(0);
    expect(connect).toBeGreaterThan(ssl);
    expect(entry).toMatchObject({
      request: { url: origin.url('/', 'name.test') },
      _tls: { protocol: 'TLSv1.3', authorized: false },
    });
  });

  it('tells cookies, as pairs of the request and as a user agent understands those of the response', async () => {
    const lines = [
      'id=a=b; Path=/p; Expires=Tue, 02 Nov 2027 01:47:46 GMT; HttpOnly; SameSite=Lax',
      'gone=; Max-Age=0; Secure',
    ];
    const head = ['200 OK', ...lines.map((line) => `Set-Cookie: ${line}`)].join('\r\n');
    const headers = [{ name: 'Cookie', value: 'a=1; b=2=3;c;  ; =d' }];
    const { request, response: received } = await entryFrom(answering(response(head)), { headers });
    expect(request.cookies).toEqual([
      { name: 'a', value: '1' },
      { name: 'b', value: '2=3' },
      { name: '', value: 'c' },
      { name: '', value: 'd' },
    ]);
    expect(received.cookies).toMatchObject([
      {
        name: 'id',
        value: 'a=b',
        path: '/p',
        domain: '127.0.0.1',
        expires: '2027-11-02T01:47:46.000Z',
        httpOnly: true,
        secure: false,
        _sameSite: 'Lax',
        _maxAge: null,
        _accepted: true,
      },
      { name: 'gone', httpOnly: false, secure: true, _maxAge: 0, _rejectedBecause: 'secure-over-http' },
    ]);
    expect(received.cookies[1]).not.toHaveProperty('expires');
  });

  it('tells at most 1,000 parameters and cookies, and how many more there were', async () => {
    const headers = [{ name: 'Cookie', value: 'a=1; '.repeat(1_002) }];
    const { request } = await entryFrom(OK, { headers }, `/?${'a&&'.repeat(1_001)}`);
    expect([request.queryString.length, request._queryStringOmitted]).toEqual([1_000, 1]);
    expect([request.cookies.length, request._cookiesOmitted]).toEqual([1_000, 2]);
  });
});

describe('the content of a response', () => {
  it('is counted as it came and as it was decoded', async () => {
    const text = 'x'.repeat(10_000);
    const coded = gzipSync(text);
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${coded.length}\r\n\r\n`;
    const { content, bodySize } = (await entryFrom(answering(head, coded))).response;
    expect(bodySize).toBe(coded.length);
    expect(content).toMatchObject({ text, size: 10_000, compression: 10_000 - coded.length, mimeType: '' });
  });

  it('has no compression where its coding did not come to its end', async () => {
    const coded = gzipSync(randomBytes(10_000)).subarray(0, 5_000);
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${coded.length}\r\n\r\n`;
    const entry = await entryFrom(answering(head, coded));
    expect(entry.response.content).not.toHaveProperty('compression');
    expect(entry).toMatchObject({ _complete: false, _error: { code: 'content-decoding-failed' } });
  });

  it('is base64 where it is no text', async () => {
    const octets = 'HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 4\r\n\r\n\x89PNG';
    const { content } = (await entryFrom(answering(octets))).response;
    expect(content).toMatchObject({ text: 'iVBORw==', encoding: 'base64', size: 4, mimeType: 'image/png' });
  });

  it('is left out where it is not wanted', async () => {
    const { content } = (await entryFrom(answering(response('200 OK', 'x')), { include: { body: 'none' } }))
      .response;
    expect(content).not.toHaveProperty('text');
    expect(content).toMatchObject({ size: 1 });
  });

  it('is none after HEAD and with 304', async () => {
    const head = await entryFrom(answering(response('200 OK')), { method: 'HEAD' });
    const unmodified = await entryFrom(answering('HTTP/1.1 304 Not Modified\r\n\r\n'));
    for (const { response: received } of [head, unmodified])
      expect(received).toMatchObject({ bodySize: 0, content: { size: 0, text: '' } });
  });

  it.each([
    ['text', 'text/plain', Buffer.alloc(3_000_000, '"\\é\0')],
    ['base64', 'image/png', randomBytes(3_000_000)],
  ])('is whole where it is long: %s', async (_, type, octets) => {
    const head = `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${octets.length}\r\n\r\n`;
    const origin = await start(answeringThenFin(Buffer.from(head), octets));
    const answer = await ask(origin.url());
    const { text, encoding, size } = harOf(answer).log.entries[0]!.response.content;
    expect(size).toBe(octets.length);
    expect(Buffer.from(text!, encoding ?? 'utf8').equals(octets)).toBe(true);
    expect(answer.headers['content-length']).toBeUndefined();
    expect(answer.text === JSON.stringify(JSON.parse(answer.text))).toBe(true);
  });

  it('tells trailers, transfer coding, 1xx responses and what comes after the message', async () => {
    const early = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';
    const entry = await entryFrom(answering(early + chunkedResponse(['abc'], 'X-T: 1\r\n') + 'more'));
    expect(entry.response).toMatchObject({
      bodySize: 3,
      _informational: [{ status: 103, headers: [{ name: 'Link', value: '</a>' }] }],
      _trailers: [{ name: 'X-T', value: '1' }],
      _transferCoding: { chunks: 1, sizes: [3] },
      _extra: { bytes: 4 },
    });
    expect(entry._warnings.map(({ code }) => code)).toContain('octets-after-message');
  });
});

describe('the content of a request', () => {
  const typed = (value: string): object => ({ headers: [{ name: 'content-type', value }] });
  const base64 = (octets: string): object => ({ base64: Buffer.from(octets, 'latin1').toString('base64') });

  it.each<[what: string, request: object, postData: object]>([
    [
      'a form',
      { ...typed('application/x-www-form-urlencoded'), body: { text: 'a=1&b=é' } },
      { text: 'a=1&b=é', mimeType: 'application/x-www-form-urlencoded' },
    ],
    ['text without a type', { body: { text: 'é' } }, { text: 'é', mimeType: '' }],
    [
      'text in EUC-KR',
      { ...typed('text/plain; charset=euc-kr'), body: base64('\xbc\xd2') },
      { text: '소', mimeType: 'text/plain; charset=euc-kr' },
    ],
    [
      'text that is none',
      { ...typed('text/plain'), body: base64('\xff') },
      { _base64: '/w==', mimeType: 'text/plain' },
    ],
    ['an image', { ...typed('image/png'), body: base64('PNG') }, { _base64: 'UE5H', mimeType: 'image/png' }],
    ['octets without a type', { body: base64('\0') }, { _base64: 'AA==', mimeType: '' }],
  ])('is told: %s', async (_, request, postData) => {
    const entry = await entryFrom(OK, { method: 'POST', ...request });
    expect(entry.request.postData).toEqual('text' in postData ? { _base64: null, ...postData } : postData);
    expect(entry.request.bodySize).toBeGreaterThan(0);
  });

  it('is that of each hop which had it', async () => {
    const origin = await start(
      routes({
        '/': response('307 Temporary Redirect\r\nLocation: /kept'),
        '/kept': response('303 See Other\r\nLocation: /gone'),
        '/gone': response('200 OK'),
      }),
    );
    const { entries } = harOf(await ask(origin.url(), { method: 'POST', body: { text: 'a' } })).log;
    expect(entries.map(({ request }) => [request.method, request.bodySize, request.postData?.text])).toEqual([
      ['POST', 1, 'a'],
      ['POST', 1, 'a'],
      ['GET', 0, undefined],
    ]);
  });

  it.each([
    ['text', 'text/plain', Buffer.alloc(100_000, '"\\é\0'), Buffer.alloc(100_000, 'é')],
    ['base64', 'image/png', randomBytes(100_001), randomBytes(100_001)],
  ])(
    'is whole where it is long, in each hop, beside a long response: %s',
    async (_, type, sent, received) => {
      const kept = response('307 Temporary Redirect\r\nLocation: /kept');
      const head = `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${received.length}\r\n\r\n`;
      const origin = await start(async (peer) => {
        const isFirst = (await peer.request()).startsWith('POST / ');
        await peer.send(isFirst ? kept : Buffer.concat([Buffer.from(head), received]));
        peer.fin();
      });
      const request = { method: 'POST', ...typed(type), body: { base64: sent.toString('base64') } };
      const { entries } = harOf(await ask(origin.url(), request)).log;
      expect(entries).toHaveLength(2);
      for (const entry of entries) {
        const { text, _base64 } = entry.request.postData!;
        expect(Buffer.from(text ?? _base64!, _base64 === null ? 'utf8' : 'base64').equals(sent)).toBe(true);
      }
      const { text, encoding } = entries[1]!.response.content;
      expect(Buffer.from(text!, encoding ?? 'utf8').equals(received)).toBe(true);
    },
  );
});

describe('what is no URI, method or head', () => {
  it.each<[url: string, uri: string]>([
    ['/a|b^c[d]?{e}|%zz`\\', '/a%7Cb%5Ec%5Bd%5D?%7Be%7D%7C%25zz%60%5C'],
    ["/é%C3%A9'()*!~?é", "/%C3%A9%C3%A9'()*!~?%C3%A9"],
  ])('%s is percent-encoded, and told as it was sent', async (path, uri) => {
    const origin = await start(OK);
    const { request } = harOf(await ask(origin.url(path))).log.entries[0]!;
    expect(request.url).toBe(origin.url(uri));
    expect(origin.requests[0]).toContain(`GET ${request._target} HTTP/1.1\r\n`);
  });

  it('a host of odd characters is too', async () => {
    const origin = await start(OK);
    const { request } = harOf(await ask(origin.url('/', 'a{b}'))).log.entries[0]!;
    expect(request.url).toBe(origin.url('/', 'a%7Bb%7D'));
  });

  it.each<[raw: string, told: object]>([
    ['\r\n\r\n', { method: '', httpVersion: '', _target: null, headers: [], headersSize: 4, bodySize: 0 }],
    ['\t\n\n', { method: '', httpVersion: '', _target: null }],
    [
      'GET\n\nrest',
      {
        method: 'GET',
        httpVersion: '',
        headersSize: 5,
        bodySize: 4,
        postData: { text: 'rest', _base64: null, mimeType: '' },
      },
    ],
    [
      'GET / HTTP/1.0\ncookie: a=1\n\n',
      { method: 'GET', httpVersion: 'HTTP/1.0', cookies: [{ name: 'a', value: '1' }] },
    ],
  ])('raw octets are told as far as they say: %j', async (raw, told) => {
    const { request } = await entryFrom(
      async (peer) => {
        await peer.until(() => peer.bytes >= raw.length);
        await peer.send(response('200 OK'));
      },
      { raw: { base64: Buffer.from(raw, 'latin1').toString('base64') } },
    );
    expect(request).toMatchObject(told);
  });
});

it('a fetch that has no response is the problem that it ever was', async () => {
  const origin = await start(answering('220 mail.example ESMTP\r\n'));
  const problem = problemOf(await ask(origin.url()), 'malformed-response');
  expect(problem.instance).toMatch(FETCH_INSTANCE);
  expect(problem.received).toMatchObject({ bytes: 24 });
});

it('a request that is none is a problem too', async () => {
  problemOf(await ask('gopher://127.0.0.1/'), 'unsupported-scheme');
});
