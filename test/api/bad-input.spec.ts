import type { Answer } from '../support/app';
import { TestService, useService } from '../support/app';
import { type Origin, answering, response, useOrigins } from '../support/origin';
import { problemOf } from './contract';

const MAX_REQUEST_BYTES = 3_000_000;
const service = useService({
  WIREFETCH_MAX_REQUEST_BYTES: String(MAX_REQUEST_BYTES),
  WIREFETCH_MAX_BODY_BYTES: '1000',
  WIREFETCH_MAX_TOTAL_MS: '5000',
});
const start = useOrigins();

let origin: Origin;
beforeEach(async () => {
  origin = await start(answering(response('200 OK')));
});
afterEach(() => {
  // Nothing is dialled before everything is known to be right.
  expect(origin.peers).toEqual([]);
});

type Fields = Readonly<Record<string, unknown>>;

/** Places that a refusal names, in its order. */
function pathsOf(answer: Answer): string[] {
  const problem = problemOf(answer, 'invalid-request');
  expect(problem).toMatchObject({
    instance: '/fetch',
    phase: 'validate',
    request: null,
    received: null,
    hops: [],
  });
  const errors = problem.errors!;
  for (const { message } of errors) expect(message).not.toBe('');
  expect(problem.errorsOmitted).toBe(0);
  return errors.map(({ path }) => path);
}

/** Fields beside the origin's URL, or in its place, and the places that their refusal names. */
type Row = [fields: Fields, ...paths: string[]];

async function expectRefused([fields, ...paths]: Row): Promise<void> {
  expect(pathsOf(await service().fetch({ url: origin.url(), ...fields }))).toEqual(paths);
}

const field = (name: string, value = 'v'): Fields => ({ headers: [{ name, value }] });
const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');
const RAW = { base64: base64('GET / HTTP/1.1\r\n\r\n') };

describe('a body that is no request', () => {
  it.each<[name: string, body: string]>([
    ['no JSON', '{"url": '],
    ['empty', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['a string', '"http://127.0.0.1/"'],
    ['a number', '1'],
    ['two objects', '{}{}'],
    ['a list too deep for recursion', '['.repeat(500_000) + ']'.repeat(500_000)],
  ])('%s is refused as a whole', async (_, body) => {
    expect(pathsOf(await service().fetch(body))).toEqual(['']);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/xml',
    'application/octet-stream',
    'application/jsonx',
    'json',
    ';',
  ])('%s is an unsupported media type', async (type) => {
    const problem = problemOf(
      await service().fetch(JSON.stringify({ url: origin.url() }), { 'content-type': type }),
      'unsupported-media-type',
    );
    expect(problem.instance).toBe('/fetch');
  });

  it('without a media type is an unsupported one', async () => {
    problemOf(await service().fetch('{}', { 'content-type': '' }), 'unsupported-media-type');
  });

  it('is refused when it is larger than MAX_REQUEST_BYTES', async () => {
    const body = JSON.stringify({ url: origin.url(), body: { text: 'x'.repeat(MAX_REQUEST_BYTES) } });
    problemOf(await service().fetch(body), 'request-too-large');
  });
});

describe('an unknown field', () => {
  const NAMES = [
    'x',
    'Method',
    '',
    'constructor',
    'hasOwnProperty',
    'toString',
    'valueOf',
    'length',
    '__defineGetter__',
  ];
  const PLACES = ['timeouts', 'read', 'redirects', 'network', 'tls', 'include'];

  it.each(NAMES)('"%s" is refused in the request', async (name) => {
    await expectRefused([{ [name]: 1 }, name]);
  });

  it.each(PLACES.flatMap((place) => NAMES.map((name): [string, string] => [place, name])))(
    'is refused in %s: "%s"',
    async (place, name) => {
      await expectRefused([{ [place]: { [name]: 1 } }, `${place}.${name}`]);
    },
  );

  it.each<Row>([
    [{ body: { text: '', x: 1 } }, 'body.x'],
    [{ raw: { ...RAW, x: 1 } }, 'raw.x'],
    [{ headers: [{ name: 'a', value: 'b', x: 1 }] }, 'headers.0.x'],
  ])('is refused in %j', async (...row) => {
    await expectRefused(row);
  });

  it.each([
    '{"__proto__": {"url": "x"}}',
    '{"headers": {"__proto__": "x"}}',
    '{"constructor": {"prototype": 1}}',
  ])('that would change a prototype is refused with the whole: %s', async (body) => {
    expect(pathsOf(await service().fetch(body))).toEqual(['']);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe('a value of another type', () => {
  const WHOLE = [1.5, '1', true, null, [], {}, 1e300];
  const WHOLES = [
    ...['dnsMs', 'connectMs', 'tlsMs', 'sendMs', 'firstByteMs', 'idleMs', 'totalMs'].map((name) => [
      'timeouts',
      name,
    ]),
    ...['bufferBytes', 'maxReads', 'maxBodyBytes', 'maxHeadBytes'].map((name) => ['read', name]),
    ['redirects', 'max'],
  ] as [string, string][];

  it.each(WHOLES)('%s.%s is a whole number', async (object, name) => {
    const bad = name === 'maxReads' ? WHOLE.filter((value) => value !== null) : WHOLE;
    for (const value of bad) await expectRefused([{ [object]: { [name]: value } }, `${object}.${name}`]);
  });

  it.each<[path: string, ...values: unknown[]]>([
    ['defaultHeaders', 'true', 1, null, {}],
    ['decodeContent', 0, null],
    ['propagateTraceContext', 'true', 1, null],
    ['redirects.follow', 'yes', null],
    ['tls.verify', 1, null],
    ['include.rawHead', 'no', null],
    ['include.certificates', 1, null],
    ['method', 1, null, [], {}, '', 'GET /', 'a b', 'CONNECT', 'G\r\nET', 'GET\0', 'Ä', '메서드'],
    ['httpVersion', '2', 1.1, '1.2', null, ''],
    ['parser', 'loose', true, null],
    ['read.until', 'end', 1, null],
    ['include.body', 'json', null],
    ['include.reads', 'all', true, null],
    ['network.family', '4', 5, null, 'all'],
    ['network.address', 'localhost', 127, '127.0.0.1/8', '1.2.3', '', {}, ['127.0.0.1']],
    ['tls.minVersion', 'TLSv2', 1.2, null],
    ['tls.alpn', 'http/1.1', [1], {}, null],
    ['tls.serverName', 1, []],
    ['tls.ca', {}],
    ['tls.clientCertificate', 1],
    ['requestTarget', 1, {}, '', '/a b', '/\r\n', '/\0', '/\t', '/\x7f', '/글', '/\u0100'],
    ['session', 1, '', {}, 'a b', 'a/b', 'é', 'a\n', 'x'.repeat(65), ['a']],
    ['timeouts', 1, 'x', null, [], [{}]],
    ['read', 1, 'x', null, [], [{}]],
    ['redirects', true, null, []],
    ['network', '127.0.0.1', null, []],
    ['tls', 1, null, []],
    ['include', 'body', null, []],
    ['body', 'text', 1, [], true],
    ['raw', 'R0VU', 1, []],
    ['raw.base64', 1, null, 'R0VU!', 'R0V', 'R0VU\n', '-_=='],
    ['body.base64', 1, null, 'R0VU!', 'R0V', 'R0VU\n', '-_=='],
    ['body.text', 1, null, {}, '\ud800', 'a\udc00\ud800b'],
    ['headers', 'a: b', 1, null, true],
  ])('%s cannot be of %j and the like', async (path, ...values) => {
    const [name = '', nested] = path.split('.');
    for (const value of values)
      await expectRefused([{ [name]: nested === undefined ? value : { [nested]: value } }, path]);
  });

  it('may be a deep list', async () => {
    const deep = '['.repeat(9_000) + ']'.repeat(9_000);
    for (const name of ['url', 'method', 'timeouts', 'unknown'])
      expect(pathsOf(await service().fetch(`{"${name}": ${deep}}`))).toContain(name);
  });

  it('may be among as many as are read', async () => {
    const fields = Object.fromEntries(Array.from({ length: 9_000 }, (_, index) => [`a${index}`, 0]));
    for (const body of [fields, { timeouts: fields }]) {
      const { errors, errorsOmitted } = problemOf(await service().fetch(body), 'invalid-request');
      expect([errors!.length, errorsOmitted]).toEqual([100, 8_901]);
    }
  });
});

describe('null', () => {
  it('stands for absence where the contract says so', async () => {
    const closed = await start(() => undefined);
    const url = closed.url();
    await closed.close();
    const answer = await service().fetch({
      url,
      body: null,
      requestTarget: null,
      raw: null,
      session: null,
      read: { maxReads: null },
      network: { address: null },
      tls: { serverName: null, ca: null, clientCertificate: null },
    });
    problemOf(answer, 'connection-refused');
  });
});

describe('a number out of range', () => {
  it.each<Row>([
    [{ timeouts: { dnsMs: 0 } }, 'timeouts.dnsMs'],
    [{ timeouts: { idleMs: -1 } }, 'timeouts.idleMs'],
    [{ read: { bufferBytes: 0 } }, 'read.bufferBytes'],
    [{ read: { bufferBytes: 1_048_577 } }, 'read.bufferBytes'],
    [{ read: { maxReads: 0 } }, 'read.maxReads'],
    [{ read: { maxReads: 1_000_001 } }, 'read.maxReads'],
    [{ read: { maxHeadBytes: 1_023 } }, 'read.maxHeadBytes'],
    [{ read: { maxHeadBytes: 1_048_577 } }, 'read.maxHeadBytes'],
    [{ read: { maxBodyBytes: -1 } }, 'read.maxBodyBytes'],
    [{ redirects: { max: -1 } }, 'redirects.max'],
    [{ redirects: { max: 21 } }, 'redirects.max'],
  ])('%j', async (...row) => {
    await expectRefused(row);
  });

  it.each<Row>([
    [{ read: { maxBodyBytes: 1_001 } }, 'read.maxBodyBytes'],
    ...['dnsMs', 'connectMs', 'tlsMs', 'sendMs', 'firstByteMs', 'idleMs', 'totalMs'].map((name): Row => [
      { timeouts: { [name]: 5_001 } },
      `timeouts.${name}`,
    ]),
  ])('above the operator’s cap: %j', async (...row) => {
    await expectRefused(row);
  });
});

describe('the URL', () => {
  it.each<unknown>([
    undefined,
    null,
    1,
    {},
    ['http://127.0.0.1/'],
    '',
    'example.com',
    '/path',
    '//127.0.0.1/',
    'http://',
    'http://[::1',
    'http://127.0.0.1:99999/',
    'http://a b/',
    ' http://127.0.0.1/',
    'http://127.0.0.1/ ',
    'http://127.0.0.1/a b',
    'http://127.0.0.1/\r\nX: y',
    'http://127.0.0.1/\n',
    'ht\ntp://127.0.0.1/',
    'http://127.0.0.1/\t',
    'http://127.0.0.1/\0',
    'http://127.0.0.1\x7f/',
    'http://user@127.0.0.1/',
    'http://user:password@127.0.0.1/',
    'http://:password@127.0.0.1/',
  ])('%j is refused', async (url) => {
    await expectRefused([{ url }, 'url']);
  });

  it('with userinfo is refused naming Authorization, and not the password', async () => {
    const answer = await service().fetch({ url: 'http://user:hunter2@127.0.0.1/' });
    expect(problemOf(answer, 'invalid-request').errors![0]!.message).toContain('Authorization');
    expect(answer.text).not.toContain('hunter2');
  });

  it.each(['ftp://127.0.0.1/', 'file:///etc/passwd', 'javascript:1', 'data:,x', 'WS://x/'])(
    '%s has a scheme that is not spoken',
    async (url) => {
      const problem = problemOf(await service().fetch({ url }), 'unsupported-scheme');
      expect(problem).toMatchObject({ phase: 'validate', errors: [{ path: 'url' }], errorsOmitted: 0 });
    },
  );
});

describe('what would break the request that is written', () => {
  it.each(['', ' ', 'a b', 'a:', 'a\r\nb', 'a\n', '\0', 'Ä', 'ä', '이름', 'a\u0100', '(a)'])(
    'a field name %j',
    async (name) => {
      await expectRefused([field(name), 'headers.0.name']);
      await expectRefused([{ headers: { [name]: 'v' } }, `headers.${name}`]);
    },
  );

  it.each(['a\r\nX: y', '\r', '\n', 'a\0', '\x01', '\x7f', 'a\u0100', '값', '\u2028', '\ud800'])(
    'a field value %j',
    async (value) => {
      await expectRefused([field('a', value), 'headers.0.value']);
      await expectRefused([{ headers: { a: value } }, 'headers.a']);
      await expectRefused([{ headers: { a: ['good', value] } }, 'headers.a.1']);
    },
  );

  it.each<Row>([
    [{ headers: [null] }, 'headers.0.name', 'headers.0.value'],
    [{ headers: ['a: b'] }, 'headers.0.name', 'headers.0.value'],
    [{ headers: [{ name: 'a' }] }, 'headers.0.value'],
    [{ headers: [{ value: 'a' }] }, 'headers.0.name'],
    [{ headers: [{ name: 1, value: null }] }, 'headers.0.name', 'headers.0.value'],
    [{ headers: { a: 1, b: null, c: [1], d: {} } }, 'headers.a', 'headers.b', 'headers.c.0', 'headers.d'],
    [{ headers: Array.from({ length: 1_001 }, () => ({ name: 'a', value: 'b' })) }, 'headers'],
    [{ headers: { a: Array.from({ length: 1_001 }, () => 'b') } }, 'headers'],
  ])('fields of another form: %#', async (...row) => {
    await expectRefused(row);
  });

  it.each<Row>([
    [field('Transfer-Encoding', 'chunked'), 'headers'],
    [field('transfer-encoding', 'identity'), 'headers'],
    [{ headers: { Host: ['a', 'b'] } }, 'headers'],
    [{ headers: { Host: 'a', hOST: 'a' } }, 'headers'],
    [field('Content-Length', '1'), 'headers'],
    [{ ...field('Content-Length', '1'), body: { text: '12' } }, 'headers'],
    [{ ...field('Content-Length', '+2'), body: { text: '12' } }, 'headers'],
    [{ ...field('Content-Length', '02'), body: { text: '12' } }, 'headers'],
    [{ headers: { 'Content-Length': ['2', '2'] }, body: { text: '12' } }, 'headers'],
    [{ body: {} }, 'body'],
    [{ body: { text: 'a', base64: 'YQ==' } }, 'body'],
  ])('the framing of the request: %j', async (...row) => {
    await expectRefused(row);
  });

  it.each<Row>([
    [{ raw: RAW, method: 'GET' }, 'method'],
    [{ raw: RAW, headers: [] }, 'headers'],
    [{ raw: RAW, body: { text: '' } }, 'body'],
    [{ raw: RAW, httpVersion: '1.1' }, 'httpVersion'],
    [{ raw: RAW, requestTarget: '/' }, 'requestTarget'],
    [{ raw: RAW, propagateTraceContext: true }, 'propagateTraceContext'],
    [{ raw: RAW, method: 'GET', requestTarget: '*' }, 'method', 'requestTarget'],
    [{ raw: {} }, 'raw.base64'],
  ])('raw beside what it stands for: %j', async (...row) => {
    await expectRefused(row);
  });

  it.each<Row>([
    [{ network: { address: '127.0.0.1', family: 6 } }, 'network.address'],
    [{ network: { address: '::1', family: 4 } }, 'network.address'],
  ])('an address of the other family: %j', async (...row) => {
    await expectRefused(row);
  });

  it.each(['fe80::1%eth0', 'fe80::1%1', '::1%lo', '2606:4700::1111%eth0'])(
    'an address with a zone, in so many words: %s',
    async (address) => {
      for (const network of [{ address }, { address, family: 4 }, { address, family: 6 }]) {
        const { errors } = problemOf(
          await service().fetch({ url: 'http://a.test/', network }),
          'invalid-request',
        );
        expect(errors).toEqual([
          { path: 'network.address', message: 'must not have a zone (what follows the %)' },
        ]);
      }
    },
  );
});

describe('several mistakes', () => {
  it('are all told at once', async () => {
    const problem = problemOf(
      await service().fetch({
        url: 'nowhere',
        method: 'CONNECT',
        colour: 'red',
        headers: { 'a b': 'c', host: 'd\n' },
        timeouts: { idleMs: 0, totalMs: 1e9, x: 1 },
        read: { until: 'x' },
        session: 'my own',
      }),
      'invalid-request',
    );
    expect(problem.errors!.map(({ path }) => path).toSorted()).toEqual([
      'colour',
      'headers.a b',
      'headers.host',
      'method',
      'read.until',
      'session',
      'timeouts.idleMs',
      'timeouts.totalMs',
      'timeouts.x',
      'url',
    ]);
    expect(problem.detail).toContain('10 mistakes');
  });

  it('are told to the hundredth, then counted', async () => {
    const headers = Array.from({ length: 150 }, () => ({ name: '', value: '' }));
    const problem = problemOf(await service().fetch({ url: origin.url(), headers }), 'invalid-request');
    expect(problem.errors).toHaveLength(100);
    expect(problem.errors!.at(-1)!.path).toBe('headers.99.name');
    expect(problem.errorsOmitted).toBe(50);
  });
});

describe('RAW_REQUESTS=off', () => {
  it('refuses raw requests, and no others', async () => {
    const strict = await TestService.start({ WIREFETCH_RAW_REQUESTS: 'off' });
    try {
      expect(pathsOf(await strict.fetch({ url: origin.url(), raw: RAW }))).toEqual(['raw']);
      const other = await start(answering(response('200 OK')));
      expect((await strict.fetch({ url: other.url(), raw: null })).status).toBe(200);
    } finally {
      await strict.close();
    }
  });
});
