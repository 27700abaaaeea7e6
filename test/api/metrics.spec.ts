import { METHODS, STATUS_CODES } from 'node:http';
import { connect } from 'node:net';
import * as fc from 'fast-check';
import { PROBLEMS } from '../../src/problems/problem-table';
import { VERSION } from '../../src/config/version';
import { TestService, call, jsonOf } from '../support/app';
import { Scrape } from '../support/metrics';
import { type Serve, answering, answeringThenFin, response, routes, useOrigins } from '../support/origin';
import { problemOf, resultOf } from './contract';

const start = useOrigins();

let service: TestService;
beforeEach(async () => {
  service = await TestService.start(
    { WIREFETCH_MAX_CONCURRENCY: '1' },
    { 'silent.test': 'silence', 'inside.test': ['10.0.0.1'] },
  );
});
afterEach(() => service.close());

async function scrape(of = service): Promise<Scrape> {
  return new Scrape((await of.get('/metrics')).text);
}

/** Scrapes until something shows: what is counted when an answer is out may come after the answer. */
async function scrapeUntil(shows: (scrape: Scrape) => boolean): Promise<Scrape> {
  for (;;) {
    const scraped = await scrape();
    if (shows(scraped)) return scraped;
  }
}

const LONG = { timeouts: { firstByteMs: 60_000, idleMs: 60_000, totalMs: 60_000 } };

describe('GET /metrics', () => {
  it('is Prometheus’ text format', async () => {
    const answer = await service.get('/metrics');
    expect([answer.status, answer.headers['content-type']]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    const scraped = new Scrape(answer.text);
    expect(scraped.series.length).toBeGreaterThan(10);
    expect(scraped.value('wirefetch_build_info', { version: VERSION })).toBe(1);
  });

  it('needs a key where there are keys', async () => {
    const locked = await TestService.start({ WIREFETCH_API_KEYS: 'the-key' });
    try {
      problemOf(await locked.get('/metrics'), 'unauthorized');
      expect((await locked.get('/metrics', { 'x-api-key': 'the-key' })).status).toBe(200);
    } finally {
      await locked.close();
    }
  });

  it('has, before anything happens, what alerts wait for', async () => {
    const scraped = await scrape();
    expect(scraped.labelsOf('wirefetch_fetches_total', 'code')).toEqual(['internal-error', 'ok']);
    expect(scraped.labelsOf('wirefetch_denied_total', 'code')).toEqual([
      'address-denied',
      'host-denied',
      'port-denied',
    ]);
    expect(scraped.labelsOf('wirefetch_refused_total', 'code')).toEqual([
      'internal-error',
      'overloaded',
      'rate-limited',
      'unauthorized',
    ]);
  });

  it('is of one service alone, also where a process has several', async () => {
    const other = await TestService.start();
    try {
      problemOf(await service.fetch({ url: 'http://10.0.0.1/' }), 'address-denied');
      expect((await scrape()).value('wirefetch_denied_total')).toBe(1);
      expect((await scrape(other)).value('wirefetch_denied_total')).toBe(0);
    } finally {
      await other.close();
    }
  });
});

describe('a fetch', () => {
  it('counts with its octets, its reads and the phases that happened', async () => {
    const origin = await start(answering(response('200 OK', 'content')));
    const { request, chunks } = resultOf(
      await service.fetch({ url: origin.url(), method: 'POST', body: { text: 'body' } }),
    );
    const scraped = await scrape();
    expect(scraped.value('wirefetch_fetches_total', { code: 'ok' })).toBe(1);
    expect(scraped.value('wirefetch_fetches_total')).toBe(1);
    expect(scraped.value('wirefetch_fetches_ended_total', { ended_by: 'content-length' })).toBe(1);
    expect(scraped.value('wirefetch_sent_bytes_total')).toBe(request.headBytes + request.bodyBytes);
    expect(scraped.value('wirefetch_received_bytes_total')).toBe(chunks.bytes);
    expect(scraped.value('wirefetch_reads_total')).toBe(chunks.count);
    const phases = ['queue', 'dns', 'connect', 'tls', 'send', 'wait', 'receive'].map((phase) =>
      scraped.value('wirefetch_fetch_phase_duration_seconds_count', { phase }),
    );
    expect(phases).toEqual([1, null, 1, null, 1, 1, 1]);
  });

  it('is measured in seconds', async () => {
    const origin = await start(answering(response('200 OK')));
    const { timings } = resultOf(await service.fetch({ url: origin.url() }));
    const scraped = await scrape();
    const sum = (phase: string): number | null =>
      scraped.value('wirefetch_fetch_phase_duration_seconds_sum', { phase });
    expect(sum('wait')).toBeCloseTo(timings.wait! / 1_000, 9);
    expect(scraped.value('http_client_request_duration_seconds_sum')).toBeCloseTo(timings.total / 1_000, 9);
  });

  it('is as many requests as it has hops, each with its status', async () => {
    const origin = await start(
      routes({ '/': response('302 Found\r\nLocation: /two'), '/two': response('404 Not Found') }),
    );
    resultOf(await service.fetch({ url: origin.url(), method: 'PUT' }));
    const scraped = await scrape();
    const labels = scraped.series
      .filter(({ name }) => name === 'http_client_request_duration_seconds_count')
      .map((series) => series.labels);
    expect(labels).toEqual([
      { http_request_method: 'PUT', http_response_status_code: '302' },
      { http_request_method: 'PUT', http_response_status_code: '404', error_type: '404' },
    ]);
    expect(scraped.value('wirefetch_fetches_total', { code: 'ok' })).toBe(1);
    expect(scraped.value('wirefetch_fetch_phase_duration_seconds_count', { phase: 'wait' })).toBe(2);
  });

  it.each<[code: string, serve: Serve, request: object, labels: object | null, endedBy: string | null]>([
    [
      'malformed-response',
      answering('garbage\r\n'),
      {},
      { http_request_method: 'GET', error_type: 'malformed-response' },
      null,
    ],
    [
      'first-byte-timeout',
      () => undefined,
      { timeouts: { firstByteMs: 20 } },
      { http_request_method: 'GET', error_type: 'first-byte-timeout' },
      null,
    ],
    [
      'connection-closed',
      answeringThenFin('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'),
      {},
      { http_request_method: 'GET', http_response_status_code: '200', error_type: 'incomplete' },
      'close',
    ],
    [
      'too-many-redirects',
      answering(response('302 Found\r\nLocation: /')),
      { redirects: { max: 0 } },
      { http_request_method: 'GET', http_response_status_code: '302' },
      null,
    ],
    ['address-denied', answering(), { network: { address: '10.0.0.1' } }, null, null],
    ['address-denied', answering(), { url: 'http://inside.test/' }, null, null],
  ])('that fails counts by its code: %s', async (code, serve, request, labels, endedBy) => {
    const origin = await start(serve);
    await service.fetch({ url: origin.url(), ...request });
    const scraped = await scrapeUntil(
      (shown) =>
        shown.value('http_server_request_duration_seconds_count', { http_request_method: 'POST' }) === 1,
    );
    expect(scraped.value('wirefetch_fetches_total', { code })).toBe(1);
    expect(scraped.value('wirefetch_fetches_total')).toBe(1);
    expect(scraped.labelsOf('wirefetch_fetches_ended_total', 'ended_by')).toEqual(
      endedBy === null ? [] : [endedBy],
    );
    const requests = scraped.series.filter(
      ({ name }) => name === 'http_client_request_duration_seconds_count',
    );
    // What was denied was no request.
    expect(requests.map((series) => series.labels)).toEqual(labels === null ? [] : [labels]);
    expect(scraped.value('wirefetch_denied_total')).toBe(code === 'address-denied' ? 1 : 0);
    // A fetch that failed was none that was refused.
    expect(scraped.value('wirefetch_refused_total')).toBe(0);
  });

  it('is among those that run and those that wait, until it is over', async () => {
    const load = (scraped: Scrape): (number | null)[] =>
      ['wirefetch_fetches_running', 'wirefetch_fetches_waiting'].map((name) => scraped.value(name));
    expect(load(await scrape())).toEqual([0, 0]);
    const origin = await start(async (peer) => {
      await peer.request();
    });
    const answers = [1, 2, 3].map(() => service.fetch({ url: origin.url(), ...LONG }));
    await scrapeUntil((scraped) => load(scraped).join() === '1,2');
    const served = new Set<unknown>();
    while (served.size < 3) {
      const peer = origin.peers.find((one) => !served.has(one));
      if (peer === undefined) await scrape();
      else {
        served.add(peer);
        await peer.request();
        await peer.send(response('200 OK'));
      }
    }
    for (const answer of await Promise.all(answers)) resultOf(answer);
    const scraped = await scrape();
    expect(load(scraped)).toEqual([0, 0]);
    expect(scraped.value('wirefetch_fetch_phase_duration_seconds_count', { phase: 'queue' })).toBe(3);
  });

  it('holds what it has received, until its answer is out', async () => {
    const held = 'x'.repeat(500_000);
    const origin = await start(async (peer) => {
      await peer.request();
      await peer.send(`HTTP/1.1 200 OK\r\nContent-Length: ${held.length + 1}\r\n\r\n${held}`);
    });
    const answer = service.fetch({ url: origin.url(), ...LONG });
    await scrapeUntil((scraped) => scraped.value('wirefetch_buffered_bytes')! > held.length / 2);
    await origin.peers[0]!.send('x');
    expect(resultOf(await answer).body.bytes).toBe(held.length + 1);
    const scraped = await scrapeUntil((shown) => shown.value('wirefetch_buffered_bytes') === 0);
    expect(scraped.value('wirefetch_fetches_held')).toBe(0);
  });
});

describe('a call', () => {
  it.each<[code: string, status: string, body: unknown, headers: Record<string, string>]>([
    ['invalid-request', '400', {}, {}],
    ['unsupported-scheme', '400', { url: 'gopher://a/' }, {}],
    ['unsupported-media-type', '415', 'x', { 'content-type': 'text/plain' }],
  ])('that is refused counts by its code, and is no fetch: %s', async (code, status, body, headers) => {
    await service.fetch(body, headers);
    const scraped = await scrapeUntil((shown) => shown.value('wirefetch_refused_total', { code }) === 1);
    expect(scraped.value('wirefetch_fetches_total')).toBe(0);
    const labels = { http_route: '/fetch', http_request_method: 'POST', http_response_status_code: status };
    expect(scraped.value('http_server_request_duration_seconds_count', labels)).toBe(1);
  });

  it('counts as active until it is answered', async () => {
    const origin = await start(async (peer) => {
      await peer.request();
    });
    const active = (scraped: Scrape): number | null =>
      scraped.value('http_server_active_requests', { http_request_method: 'POST', url_scheme: 'http' });
    const answer = service.fetch({ url: origin.url(), ...LONG });
    await scrapeUntil((scraped) => active(scraped) === 1 && origin.peers.length === 1);
    await origin.peers[0]!.request();
    await origin.peers[0]!.send(response('200 OK'));
    resultOf(await answer);
    const scraped = await scrapeUntil((shown) => active(shown) === 0);
    const labels = { http_route: '/fetch', http_response_status_code: '200', url_scheme: 'http' };
    expect(scraped.value('http_server_request_duration_seconds_count', labels)).toBe(1);
  });

  it('whose caller leaves has no status, and is no more active', async () => {
    const origin = await start(async (peer) => {
      await peer.request();
    });
    const body = JSON.stringify({ url: origin.url(), ...LONG });
    const caller = connect(service.port, '127.0.0.1');
    const post =
      'POST /fetch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n' +
      `Content-Length: ${body.length}\r\n\r\n${body}`;
    // The second follows on the same connection, and is never answered either.
    caller.write(post + post);
    await scrapeUntil((scraped) => scraped.value('http_server_active_requests') === 3);
    caller.destroy();
    const scraped = await scrapeUntil((shown) => shown.value('http_server_active_requests') === 1);
    const left = scraped.series.filter(
      ({ name, labels }) =>
        name === 'http_server_request_duration_seconds_count' && labels['error_type'] === 'aborted',
    );
    expect(left.map(({ labels, value }) => [labels, value])).toEqual([
      [{ http_request_method: 'POST', url_scheme: 'http', http_route: '/fetch', error_type: 'aborted' }, 2],
    ]);
    const over = await scrapeUntil(
      (shown) => shown.value('wirefetch_fetches_total', { code: 'cancelled' }) === 2,
    );
    // The one that waited for the other sent no request.
    expect(over.value('http_client_request_duration_seconds_count')).toBe(1);
  });

  it('counts by the pattern of its route, and by none where there is none', async () => {
    await service.get('/sessions/my-session/cookies?key=my-key');
    await service.get('/my-path?key=my-key');
    const name = 'http_server_request_duration_seconds_count';
    const scraped = await scrapeUntil(
      (shown) => shown.value(name, { http_response_status_code: '404' }) === 2,
    );
    expect(scraped.labelsOf(name, 'http_route')).toContain('/sessions/:id/cookies');
    expect(JSON.stringify(scraped.series)).not.toContain('my-');
  });
});

/** All values that a label may ever have. */
const METHOD_LABELS = [
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'TRACE',
  '_OTHER',
];
const STATUS_LABELS = [...Object.keys(STATUS_CODES), '1xx', '2xx', '3xx', '4xx', '5xx', '_OTHER'];
const FETCH_CODES = [
  ...Object.keys(PROBLEMS),
  ...'ok idle-timeout size-limit read-limit content-decoding-failed cancelled'.split(' '),
];
const ENDED_BY = (
  'content-length last-chunk no-content close idle-timeout total-timeout size-limit read-limit reset ' +
  'parse-error upgrade cancelled'
).split(' ');
const ROUTES = (
  '/ /fetch /metrics /sessions /sessions/:id /sessions/:id/cookies /health/live /health/ready /openapi.json ' +
  '/problems /problems/ /problems/:code /problems/page.css /docs /docs/ /docs/* /docs/index.html /docs/swagger-ui-init.js'
).split(' ');
const LABELS: Readonly<Record<string, (value: string) => boolean>> = {
  http_request_method: (value) => METHOD_LABELS.includes(value),
  http_response_status_code: (value) => STATUS_LABELS.includes(value),
  http_route: (value) => ROUTES.includes(value),
  url_scheme: (value) => value === 'http',
  error_type: (value) => [...STATUS_LABELS, ...FETCH_CODES, 'incomplete', 'aborted'].includes(value),
  code: (value) => FETCH_CODES.includes(value),
  ended_by: (value) => ENDED_BY.includes(value),
  outcome: (value) => ['succeeded', 'failed', 'cancelled', 'deferred'].includes(value),
  phase: (value) => ['queue', 'dns', 'connect', 'tls', 'send', 'wait', 'receive'].includes(value),
  kind: (value) => ['major', 'minor', 'incremental', 'weakcb'].includes(value),
  version: (value) => value === VERSION,
  le: (value) => value === '+Inf' || Number(value) > 0,
};

describe('whatever callers and targets write', () => {
  /** answers with the status that the path names */
  const asAsked: Serve = async (peer) => {
    const [, status] = /^\S+ \/(\d+)/.exec(await peer.request()) ?? [];
    await peer.send(`HTTP/1.1 ${status ?? 200} whatever\r\nContent-Length: 0\r\n\r\n`);
  };
  const TOKENS = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}$/);
  const FETCHES = fc.record({
    method: fc.oneof(TOKENS, fc.constantFrom('get', 'QUERY', '__proto__', 'constructor', 'BREW')),
    status: fc.oneof(fc.integer({ min: 100, max: 999 }), fc.constantFrom(0, 99, 299, 520, 600, 999)),
    path: fc.webPath(),
    header: TOKENS,
    session: fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/),
    host: fc.constantFrom('127.0.0.1', 'localhost', 'silent.test', 'no.such.test', '10.0.0.1', '[::1]'),
  });
  const CALLS = fc.record({
    method: fc.constantFrom(...METHODS.filter((method) => method !== 'CONNECT')),
    path: fc.oneof(
      fc.webPath(),
      fc.constantFrom(
        ...'/fetch /sessions/x /sessions/%C3%A9%00/cookies /% /docs /docs/swagger-ui.css /docs/my-file'.split(
          ' ',
        ),
      ),
    ),
    query: fc.webQueryParameters(),
    header: TOKENS,
  });

  it('makes no series but those of a fixed list', async () => {
    const origin = await start(asAsked);
    for (const { method, status, path, header, session, host } of fc.sample(FETCHES, {
      numRuns: 150,
      seed: 4,
    })) {
      const url = `${origin.url('', host)}/${status}${path}`;
      const headers = { [header]: header };
      await service.fetch({ url, method, headers, session, timeouts: { dnsMs: 1, firstByteMs: 100 } });
    }
    for (const { method, path, query, header } of fc.sample(CALLS, { numRuns: 150, seed: 4 }))
      await call(`${service.url}${path === '' ? '/' : path}?${query}`, {
        method,
        headers: { 'x-odd': header, traceparent: header },
      }).catch((error: unknown) => error);
    const scraped = await scrape();
    const strange = scraped.series.filter(({ labels }) =>
      Object.entries(labels).some(([label, value]) => LABELS[label]?.(value) !== true),
    );
    expect(strange).toEqual([]);
    // It has seen something.
    const statuses = scraped.labelsOf(
      'http_client_request_duration_seconds_count',
      'http_response_status_code',
    );
    expect(statuses).toEqual(expect.arrayContaining(['_OTHER', '2xx', '5xx']));
  });
});

it('is described', async () => {
  const { paths } = jsonOf<{ paths: Record<string, { get: { security: unknown[]; responses: object } }> }>(
    await service.get('/openapi.json'),
  );
  expect(paths['/metrics']!.get).toMatchObject({
    security: [{ apiKey: [] }, { bearer: [] }],
    responses: {
      '200': { content: { 'text/plain': { example: expect.stringContaining('# TYPE wirefetch_') } } },
    },
  });
});
