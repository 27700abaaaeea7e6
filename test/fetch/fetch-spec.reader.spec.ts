import { type SpecLimits, readFetchSpec } from '../../src/fetch/fetch-spec.reader';
import { Problem } from '../../src/problems/problem';

const LIMITS: SpecLimits = {
  maxTotalMs: 120_000,
  maxBodyBytes: 52_428_800,
  rawRequests: true,
  schemes: new Set(['http:']),
};
const URL_TEXT = 'http://example.com/';

const specOf = (fields: object = {}, limits: Partial<SpecLimits> = {}): ReturnType<typeof readFetchSpec> =>
  readFetchSpec({ url: URL_TEXT, ...fields }, { ...LIMITS, ...limits });

/** @returns the places that a refusal names */
function mistakesIn(fields: object, limits: Partial<SpecLimits> = {}): string[] {
  try {
    specOf(fields, limits);
  } catch (error) {
    if (error instanceof Problem) return error.more.errors!.map(({ path }) => path);
    throw error;
  }
  return [];
}

describe('a request with a URL alone', () => {
  it('gets the defaults of the contract', () => {
    expect(specOf()).toEqual({
      url: new URL(URL_TEXT),
      method: 'GET',
      headers: [],
      defaultHeaders: true,
      body: null,
      httpVersion: '1.1',
      requestTarget: null,
      raw: null,
      timeouts: {
        dnsMs: 5_000,
        connectMs: 5_000,
        tlsMs: 5_000,
        sendMs: 10_000,
        firstByteMs: 10_000,
        idleMs: 10_000,
        totalMs: 30_000,
      },
      read: {
        until: 'complete',
        bufferBytes: 65_536,
        maxReads: null,
        maxBodyBytes: 10_485_760,
        maxHeadBytes: 65_536,
      },
      redirects: { follow: true, max: 10 },
      network: { family: 'any', address: null },
      tls: {
        verify: true,
        serverName: null,
        minVersion: 'TLSv1.2',
        alpn: ['http/1.1'],
        ca: null,
        clientCertificate: null,
      },
      strict: false,
      decodeContent: true,
      session: null,
      trace: null,
      propagateTraceContext: false,
      include: { body: 'auto', rawHead: false, reads: 'summary', certificates: false },
    });
  });

  it('gets those lowered that are above the operator’s caps', () => {
    const { timeouts, read } = specOf({}, { maxTotalMs: 6_000, maxBodyBytes: 1_000 });
    expect(timeouts).toEqual({
      dnsMs: 5_000,
      connectMs: 5_000,
      tlsMs: 5_000,
      sendMs: 6_000,
      firstByteMs: 6_000,
      idleMs: 6_000,
      totalMs: 6_000,
    });
    expect(read.maxBodyBytes).toBe(1_000);
  });

  it('has a shorter idleMs with until idle, unless it gives one', () => {
    const read = { until: 'idle' };
    expect(specOf({ read }).timeouts.idleMs).toBe(2_000);
    expect(specOf({ read }, { maxTotalMs: 1_500 }).timeouts.idleMs).toBe(1_500);
    expect(specOf({ read, timeouts: { idleMs: 10_000 } }).timeouts.idleMs).toBe(10_000);
    expect(specOf({ read: { until: 'close' } }).timeouts.idleMs).toBe(10_000);
  });
});

describe('what is given', () => {
  it('is taken as it is', () => {
    const spec = specOf({
      method: 'post',
      headers: { A: ['1', '2'] },
      defaultHeaders: false,
      body: { base64: 'AP8=' },
      httpVersion: '1.0',
      requestTarget: '*',
      timeouts: { dnsMs: 1, totalMs: 120_000 },
      read: { until: 'close', bufferBytes: 1, maxReads: 1_000_000, maxBodyBytes: 0, maxHeadBytes: 1_024 },
      redirects: { follow: false, max: 0 },
      network: { family: 6, address: '::1' },
      parser: 'strict',
      decodeContent: false,
      session: 'crawl-7',
      propagateTraceContext: true,
      include: { body: 'none', rawHead: true, reads: 'full', certificates: true },
    });
    expect(spec).toMatchObject({
      method: 'post',
      headers: [
        { name: 'A', value: '1' },
        { name: 'A', value: '2' },
      ],
      defaultHeaders: false,
      body: Buffer.from([0, 255]),
      httpVersion: '1.0',
      requestTarget: '*',
      timeouts: { dnsMs: 1, connectMs: 5_000, totalMs: 120_000 },
      read: { until: 'close', bufferBytes: 1, maxReads: 1_000_000, maxBodyBytes: 0, maxHeadBytes: 1_024 },
      redirects: { follow: false, max: 0 },
      network: { family: 6, address: '::1' },
      strict: true,
      decodeContent: false,
      session: 'crawl-7',
      propagateTraceContext: true,
      include: { body: 'none', rawHead: true, reads: 'full', certificates: true },
    });
  });

  it('may reach the limits, and not pass them', () => {
    const read = {
      bufferBytes: 1_048_576,
      maxReads: 1_000_000,
      maxBodyBytes: 52_428_800,
      maxHeadBytes: 1_048_576,
    };
    expect(specOf({ read, redirects: { max: 20 }, timeouts: { totalMs: 120_000 } }).read).toMatchObject(read);
    expect(mistakesIn({ timeouts: { totalMs: 120_001 }, read: { maxBodyBytes: 52_428_801 } })).toEqual([
      'timeouts.totalMs',
      'read.maxBodyBytes',
    ]);
  });

  it('may be a thousand field lines', () => {
    const lines = (count: number): object => ({ headers: { a: Array.from({ length: count }, String) } });
    expect(specOf(lines(1_000)).headers).toHaveLength(1_000);
    expect(mistakesIn(lines(1_001))).toEqual(['headers']);
  });

  it.each([
    [{ text: 'ü' }, 'c3bc'],
    [{ text: '' }, ''],
    [{ base64: '' }, ''],
    [{ base64: '+/8=' }, 'fbff'],
  ])('may be the body %j', (body, hex) => {
    expect(specOf({ body }).body!.toString('hex')).toBe(hex);
  });

  it('may be the Content-Length that the body has', () => {
    expect(mistakesIn({ headers: { 'Content-Length': '2' }, body: { text: 'ü' } })).toEqual([]);
    expect(mistakesIn({ headers: { 'Content-Length': '0' } })).toEqual([]);
  });

  it('may be one Host, and fields of any octets', () => {
    expect(specOf({ headers: { HOST: '', X: '\t \x80\xff~' } }).headers).toEqual([
      { name: 'HOST', value: '' },
      { name: 'X', value: '\t \x80\xff~' },
    ]);
  });

  it('may be raw octets, without looking at them', () => {
    expect(specOf({ raw: { base64: 'AA0K' } }).raw).toEqual(Buffer.from([0, 13, 10]));
    expect(mistakesIn({ raw: { base64: '' } }, { rawRequests: false })).toEqual(['raw', 'raw.base64']);
  });

  it.each([
    ['HTTP://EXAMPLE.com:80', 'http://example.com/'],
    ['http://example.com/ü?ü#ü', 'http://example.com/%C3%BC?%C3%BC#%C3%BC'],
    ['http://bücher.example/', 'http://xn--bcher-kva.example/'],
    ['http://0x7f.1/', 'http://127.0.0.1/'],
    ['http://[::FFFF:127.0.0.1]:8080/', 'http://[::ffff:7f00:1]:8080/'],
  ])('may be the URL %s', (url, href) => {
    expect(specOf({ url }).url.href).toBe(href);
  });
});
