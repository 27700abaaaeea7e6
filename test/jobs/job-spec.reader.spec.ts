import { JOB_DEFAULTS, type JobSpec } from '../../src/jobs/job-spec';
import { type JobLimits, readJobSpec } from '../../src/jobs/job-spec.reader';
import { Problem } from '../../src/problems/problem';

const LIMITS: JobLimits = {
  maxTotalMs: 120_000,
  maxBodyBytes: 52_428_800,
  maxRequestBytes: 100_000,
  rawRequests: true,
  schemes: new Set(['http:', 'https:']),
};
const NOW = Date.parse('2026-11-22T01:47:46.123Z');
const URL_TEXT = 'http://a.example/';
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** @returns the job, and in how many steps it was read */
function read(text: string | undefined, limits = LIMITS): { readonly job: JobSpec; readonly steps: number } {
  const work = readJobSpec(text, limits, NOW);
  for (let steps = 1; ; steps++) {
    const { done, value } = work.next();
    if (done === true) return { job: value, steps };
  }
}

const jobOf = (fields: object, limits?: JobLimits): JobSpec =>
  read(JSON.stringify({ requests: [{ url: URL_TEXT }], ...fields }), limits).job;

const requestsOf = (fields: object): unknown[] =>
  jobOf(fields).requests.map(({ json }) => JSON.parse(json) as unknown);

function refusalOf(fields: object | string | undefined, limits = LIMITS): Problem {
  try {
    if (typeof fields === 'object') jobOf(fields, limits);
    else read(fields, limits);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('nothing is refused');
}

/** @returns "path: message" of each mistake */
const mistakesIn = (...given: Parameters<typeof refusalOf>): string[] =>
  refusalOf(...given).more.errors!.map(({ path, message }) => `${path}: ${message}`);

const placesIn = (...given: Parameters<typeof refusalOf>): string[] =>
  refusalOf(...given).more.errors!.map(({ path }) => path);

describe('a job of requests alone', () => {
  it('gets the defaults of the contract', () => {
    expect(jobOf({})).toEqual({
      requests: [{ json: `{"url":"${URL_TEXT}"}`, host: 'a.example:80' }],
      concurrency: 16,
      perHost: { concurrency: 2, minGapMs: 0 },
      retries: { max: 2, backoffMs: 1_000 },
      priority: 0,
      startAfter: null,
      webhook: null,
      keepResultsMs: 86_400_000,
    });
  });

  it('may come as its pieces', () => {
    const work = readJobSpec(['{"requests":[{"url":"http:', '//a.example/"}]}'], LIMITS, NOW);
    let step = work.next();
    while (step.done !== true) step = work.next();
    expect(step.value).toEqual(jobOf({}));
  });
});

it('what a job says is taken', () => {
  const said = {
    concurrency: 256,
    perHost: { concurrency: 64, minGapMs: 3_600_000 },
    retries: { max: 10, backoffMs: 0 },
    priority: -100,
    keepResultsMs: 2_592_000_000,
  };
  expect(jobOf(said)).toMatchObject(said);
  expect(jobOf({ perHost: { minGapMs: 5 }, retries: { max: 0 } })).toMatchObject({
    perHost: { concurrency: 2, minGapMs: 5 },
    retries: { max: 0, backoffMs: 1_000 },
  });
});

describe('a field out of its range is refused', () => {
  it.each<[path: string, fields: object]>([
    ['concurrency', { concurrency: 0 }],
    ['concurrency', { concurrency: 257 }],
    ['concurrency', { concurrency: 1.5 }],
    ['concurrency', { concurrency: '16' }],
    ['concurrency', { concurrency: null }],
    ['perHost', { perHost: 2 }],
    ['perHost', { perHost: null }],
    ['perHost.concurrency', { perHost: { concurrency: 0 } }],
    ['perHost.concurrency', { perHost: { concurrency: 65 } }],
    ['perHost.minGapMs', { perHost: { minGapMs: -1 } }],
    ['perHost.minGapMs', { perHost: { minGapMs: 3_600_001 } }],
    ['perHost.gap', { perHost: { gap: 1 } }],
    ['retries.max', { retries: { max: 11 } }],
    ['retries.max', { retries: { max: -1 } }],
    ['retries.backoffMs', { retries: { backoffMs: 3_600_001 } }],
    ['priority', { priority: 101 }],
    ['priority', { priority: -101 }],
    ['keepResultsMs', { keepResultsMs: 59_999 }],
    ['keepResultsMs', { keepResultsMs: 2_592_000_001 }],
    ['defaults', { defaults: [] }],
    ['defaults', { defaults: null }],
    ['webhook', { webhook: 'https://a.example/' }],
    ['request', { request: [] }],
  ])('%s: %j', (path, fields) => {
    expect(placesIn(fields)).toEqual([path]);
  });
});

describe('startAfter', () => {
  it.each([
    '2026-11-22T01:47:46Z',
    '2026-11-22T01:47Z',
    '2026-11-22T10:47:46.123456+09:00',
    '1999-01-01T00:00:00-05:00',
    '2027-11-23T01:47:46.123Z',
  ])('may be %s', (startAfter) => {
    expect(jobOf({ startAfter }).startAfter).toEqual(new Date(startAfter));
  });

  it.each([
    '',
    'tomorrow',
    '2026-11-22',
    '2026-11-22T01:47:46',
    '2026-11-22 01:47:46Z',
    '2026-W47-1T00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-11-22T24:00:00Z',
    '2026-11-22T25:00:00Z',
    '2026-11-22T01:47:46+99:99',
    1_795_312_066_123,
    {},
  ])('must not be %j', (startAfter) => {
    expect(mistakesIn({ startAfter })).toEqual([
      'startAfter: must be an ISO 8601 date and time with an offset, "2026-11-22T01:47:46Z", or null',
    ]);
  });

  it('must not be more than a year ahead', () => {
    expect(mistakesIn({ startAfter: '2027-11-23T01:47:46.124Z' })).toEqual([
      'startAfter: must be at most a year ahead',
    ]);
  });

  it('may be null, which is at once', () => {
    expect(jobOf({ startAfter: null }).startAfter).toBeNull();
  });
});

describe('a webhook', () => {
  const WEBHOOK = { url: 'HTTPS://Hooks.Example', secret: SECRET };

  it('is told everything unless it says', () => {
    const { url: _, ...others } = WEBHOOK;
    expect(jobOf({ webhook: WEBHOOK }).webhook).toEqual({
      ...others,
      url: 'https://hooks.example/',
      events: ['job.completed', 'job.cancelled'],
    });
    const events = ['job.cancelled'];
    expect(jobOf({ webhook: { ...WEBHOOK, events } }).webhook!.events).toEqual(events);
    expect(jobOf({ webhook: null }).webhook).toBeNull();
  });

  it.each<[places: string[], webhook: object]>([
    [['webhook.secret', 'webhook.url'], {}],
    [['webhook.url'], { ...WEBHOOK, url: 'ftp://hooks.example/' }],
    [['webhook.url'], { ...WEBHOOK, url: '/here' }],
    [['webhook.url'], { ...WEBHOOK, url: 'https://me:secret@hooks.example/' }],
    [['webhook.secret'], { ...WEBHOOK, secret: SECRET.slice(6) }],
    [['webhook.secret'], { ...WEBHOOK, secret: 'whsec_c2hvcnQ=' }],
    [['webhook.secret'], { ...WEBHOOK, secret: [SECRET] }],
    [['webhook.events'], { ...WEBHOOK, events: [] }],
    [['webhook.events'], { ...WEBHOOK, events: ['job.started'] }],
    [['webhook.events'], { ...WEBHOOK, events: ['job.completed', 'job.completed'] }],
    [['webhook.events'], { ...WEBHOOK, events: 'job.completed' }],
    [['webhook.events'], { ...WEBHOOK, events: null }],
    [['webhook.token'], { ...WEBHOOK, token: 1 }],
  ])('is refused for %j: %j', (places, webhook) => {
    const problem = refusalOf({ webhook });
    expect(problem.code).toBe('invalid-request');
    expect(problem.more.errors!.map(({ path }) => path).sort()).toEqual(places);
    expect(JSON.stringify(problem.toJson('/jobs'))).not.toContain(SECRET.slice(6));
  });
});

describe('the requests', () => {
  it.each<[mistake: string, text: string | undefined]>([
    [': is empty, and must be a JSON object', undefined],
    ['requests: is required', '{}'],
    ['requests: must be a list of 1 to 10000 requests', '{"requests":[]}'],
    ['requests: must be a list of 1 to 10000 requests', '{"requests":{}}'],
    ['requests: must be a list of 1 to 10000 requests', '{"requests":null}'],
    ['requests: must be a list of 1 to 10000 requests', '{"requests":"http://a.example/"}'],
    ['requests.0: must be a JSON object', '{"requests":["http://a.example/"]}'],
    ['requests.0: must be a JSON object', '{"requests":[null]}'],
    ['requests.0.url: is required', '{"requests":[{}]}'],
    ['requests.0: is not JSON', '{"requests":[{"url":}]}'],
    ['requests.0: is not JSON', '{"requests":[{"url":"http://a.example/",}]}'],
    [
      'requests.0: must not hold a member __proto__, or a constructor with a prototype',
      '{"requests":[{"url":"http://a.example/","tls":{"__proto__":{}}}]}',
    ],
  ])('%s: %s', (mistake, text) => {
    expect(mistakesIn(text)).toEqual([mistake]);
  });

  it('are refused together, with every mistake and its place', () => {
    const requests = [
      { url: URL_TEXT, timeouts: { totalMs: 0 } },
      { url: URL_TEXT },
      { url: 'gopher://a.example/', metod: 'GET' },
      {
        url: URL_TEXT,
        headers: [
          { name: 'a', value: 'b' },
          { name: 'no token', value: '' },
        ],
      },
      { url: URL_TEXT, read: { maxBodyBytes: 60_000_000 } },
    ];
    expect(placesIn({ requests, concurrency: 0, defaults: { method: '' } })).toEqual([
      'concurrency',
      'defaults.method',
      'requests.0.timeouts.totalMs',
      'requests.2.metod',
      'requests.2.url',
      'requests.3.headers.1.name',
      'requests.4.read.maxBodyBytes',
    ]);
  });

  it('have a hundred mistakes told, and the others counted', () => {
    const requests = Array.from({ length: 250 }, () => ({ url: '', method: '' }));
    const { detail, more } = refusalOf({ requests });
    expect(detail).toBe('The request has 500 mistakes; nothing was sent.');
    expect([more.errors!.length, more.errorsOmitted]).toEqual([100, 400]);
    expect(more.errors!.at(-1)!.path).toBe('requests.49.url');
  });

  it('of a scheme that is not spoken are refused by the code of their own, where nothing else is wrong', () => {
    const gopher = { url: 'gopher://a.example/' };
    expect(refusalOf({ requests: [{ url: URL_TEXT }, gopher] })).toMatchObject({
      code: 'unsupported-scheme',
      more: { errors: [{ path: 'requests.1.url' }] },
    });
    expect(refusalOf({ requests: [gopher, gopher] }).code).toBe('invalid-request');
  });

  it.each<[host: string, request: object]>([
    ['a.example:80', { url: 'http://A.example./' }],
    ['a.example:443', { url: 'https://a.example/' }],
    ['a.example:8080', { url: 'http://a.example:8080/' }],
    ['::1:80', { url: 'http://[0:0::1]/' }],
    ['192.0.2.7:80', { url: 'http://[::ffff:192.0.2.7]/' }],
    ['192.0.2.7:80', { url: URL_TEXT, network: { address: '192.0.2.7' } }],
    ['2001:db8::1:80', { url: URL_TEXT, network: { address: '2001:DB8:0::1' } }],
  ])('are counted for %s: %j', (host, request) => {
    expect(jobOf({ requests: [request] }).requests[0]!.host).toBe(host);
  });
});

describe('defaults', () => {
  it.each<[what: string, defaults: object, request: object, merged: object]>([
    ['are a field that is not there', { method: 'HEAD' }, {}, { method: 'HEAD' }],
    ['are no field that is there', { method: 'HEAD' }, { method: 'PUT' }, { method: 'PUT' }],
    [
      'are merged within',
      { timeouts: { dnsMs: 1, totalMs: 2 }, tls: { verify: false } },
      { timeouts: { totalMs: 3 }, read: { maxReads: 1 } },
      { timeouts: { dnsMs: 1, totalMs: 3 }, tls: { verify: false }, read: { maxReads: 1 } },
    ],
    [
      'are replaced by null',
      { session: 'a', body: { text: 'x' } },
      { session: null, body: null },
      { session: null, body: null },
    ],
    [
      'have headers replaced whole',
      { headers: { a: '1', b: '2' } },
      { headers: { a: '3' } },
      { headers: { a: '3' } },
    ],
    [
      'have headers replaced whole by a list',
      { headers: { a: '1' } },
      { headers: [{ name: 'b', value: '2' }] },
      { headers: [{ name: 'b', value: '2' }] },
    ],
    [
      'have the body replaced whole',
      { body: { text: 'a' } },
      { body: { base64: 'YQ==' } },
      { body: { base64: 'YQ==' } },
    ],
    [
      'have lists replaced whole',
      { tls: { alpn: ['a', 'b'] } },
      { tls: { alpn: [] } },
      { tls: { alpn: [] } },
    ],
    [
      'give a request of raw octets nothing that they exclude',
      { method: 'PUT', headers: { a: '1' }, body: { text: '' }, include: { reads: 'full' } },
      { raw: { base64: 'R0VUIC8K' } },
      { raw: { base64: 'R0VUIC8K' }, include: { reads: 'full' } },
    ],
  ])('%s', (_, defaults, request, merged) => {
    const url = URL_TEXT;
    expect(requestsOf({ defaults, requests: [{ url, ...request }, { url }] })).toEqual([
      { url, ...merged },
      { url, ...defaults },
    ]);
  });

  it('may be a URL', () => {
    const requests = [{}, { url: 'http://b.example/' }];
    expect(jobOf({ defaults: { url: URL_TEXT }, requests }).requests.map(({ host }) => host)).toEqual([
      'a.example:80',
      'b.example:80',
    ]);
  });

  it.each<[places: string[], defaults: object]>([
    [['defaults.timeouts.totalMs'], { timeouts: { totalMs: 0 } }],
    [['defaults.timeouts'], { timeouts: null }],
    [['defaults.url'], { url: 'nowhere' }],
    [['defaults.header'], { header: {} }],
    [['defaults.constructor'], { constructor: 1 }],
    [['defaults.body'], { body: {} }],
    [['defaults.headers'], { headers: { host: ['a', 'b'] } }],
    [['defaults.method'], { raw: { base64: 'R0VUIC8K' }, method: 'GET' }],
  ])('have their mistakes told once: %j', (places, defaults) => {
    const url = 'url' in defaults ? {} : { url: URL_TEXT };
    const requests = Array.from({ length: 100 }, () => url);
    expect(placesIn({ defaults, requests })).toEqual(places);
    expect(placesIn({ defaults, requests: [...requests, { ...url, session: '' }] })).toEqual([
      ...places,
      'requests.100.session',
    ]);
  });

  it('give a request mistakes that neither has alone', () => {
    const defaults = { network: { family: 6 } };
    const request = { url: URL_TEXT, network: { address: '192.0.2.7' } };
    expect(placesIn({ defaults, requests: [request] })).toEqual(['requests.0.network.address']);
  });

  it('must not make a request longer than it may be', () => {
    const defaults = { body: { text: 'x'.repeat(60_000) } };
    const request = { url: URL_TEXT, requestTarget: '/'.repeat(60_000) };
    expect(mistakesIn({ defaults, requests: [{ url: URL_TEXT }, request] })).toEqual([
      'requests.1: must be at most 100000 characters of JSON, with the defaults',
    ]);
  });

  it('must not make the requests together longer than they may be', () => {
    const defaults = { body: { text: 'x'.repeat(80_000) } };
    const requests = Array.from({ length: 9 }, () => ({ url: URL_TEXT }));
    expect(jobOf({ defaults, requests }).requests).toHaveLength(9);
    expect(mistakesIn({ defaults, requests: [...requests, ...requests] })).toEqual([
      'defaults: make the requests together longer than 800000 characters of JSON',
    ]);
  });
});

it('10,000 requests are read one in a step', () => {
  const requests = Array.from({ length: 10_000 }, (_, index) => ({ url: `http://a${index}.example/` }));
  const text = JSON.stringify({ requests, defaults: { timeouts: { totalMs: 10_000 } } });
  const { job, steps } = read(text, { ...LIMITS, maxRequestBytes: 8_388_608 });
  expect(job.requests.length).toBe(10_000);
  expect(job.requests.at(-1)).toEqual({
    json: '{"timeouts":{"totalMs":10000},"url":"http://a9999.example/"}',
    host: 'a9999.example:80',
  });
  expect(steps).toBe(10_000 + Math.ceil(text.length / 65_536) + 3);
  expect(job.concurrency).toBe(JOB_DEFAULTS.concurrency);
});
