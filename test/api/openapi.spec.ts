import { readJobSpec } from '../../src/jobs/job-spec.reader';
import { JOB_EXAMPLES } from '../../src/jobs/jobs.examples';
import { readFetchSpec } from '../../src/fetch/fetch-spec.reader';
import type { FetchResultDto } from '../../src/fetch/dto/exchange.dto';
import { PROBLEMS, type ProblemCode } from '../../src/problems/problem-table';
import { harMistakesIn } from '../support/har';
import { DESCRIPTION, POST_FETCH, type Schema, eventsOf, mistakesIn, streamedResultOf } from './contract';

const { schemas } = DESCRIPTION.components;
const LIMITS = {
  maxTotalMs: 120_000,
  maxBodyBytes: 52_428_800,
  rawRequests: true,
  schemes: new Set(['http:']),
};

/** Sent by callers, who leave out what they do not care for. */
const OF_FETCH = [
  'FetchRequest',
  'RequestBody',
  'Timeouts',
  'ReadOptions',
  'RedirectOptions',
  'NetworkOptions',
  'TlsOptions',
  'IncludeOptions',
];
const OF_JOBS = ['JobRequest', 'FetchDefaults', 'PerHost', 'Retries', 'Webhook'];
const REQUESTS = [...OF_FETCH, ...OF_JOBS];

/** What may be left out of an answer: mistakes of a request, and fields that HAR 1.2 leaves out where there is nothing. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  Problem: ['errors', 'errorsOmitted'],
  HarEntry: ['serverIPAddress', 'connection'],
  HarRequest: ['postData'],
  HarPostData: ['text'],
  HarContent: ['text', 'encoding', 'compression'],
  HarCookie: ['path', 'domain', 'expires'],
};

const FIELDS = Object.entries(schemas).flatMap(([name, { properties = {} }]) =>
  Object.entries(properties).map(([field, schema]): [string, string, Schema] => [name, field, schema]),
);

const REQUEST_EXAMPLES = Object.entries(POST_FETCH.requestBody.content['application/json']!.examples!);
const ANSWERS = POST_FETCH.responses['200']!.content;
const RESULT_EXAMPLES = Object.entries(ANSWERS['application/json']!.examples!).map(
  ([name, { value }]): [string, FetchResultDto] => [name, value as FetchResultDto],
);
const RESULT_EXAMPLE = RESULT_EXAMPLES[0]![1];
const LINES_EXAMPLES = Object.entries(ANSWERS['application/x-ndjson']!.examples!).map(
  ([name, { value }]): [string, string] => [name, value as string],
);
const HAR_EXAMPLE = ANSWERS['application/har+json']!.example;
const PROBLEM_EXAMPLES = Object.entries(POST_FETCH.responses).flatMap(([status, { content }]) =>
  Object.entries(content['application/problem+json']?.examples ?? {}).map(
    ([code, { value }]): [string, ProblemCode, unknown] => [status, code as ProblemCode, value],
  ),
);

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

describe('the description of the API', () => {
  it.each(Object.entries(schemas))('describes %s', (_, { description }) => {
    expect(description).toMatch(/\S/);
  });

  it.each(FIELDS)('describes %s.%s, with an example that is valid', (name, field, schema) => {
    expect(schema.description).toMatch(/\S/);
    // What refers to another schema has the examples of that one's fields.
    if (schema.example === undefined) expect(JSON.stringify(schema)).toContain('"$ref"');
    else expect(mistakesIn(schema.example, name, field)).toEqual([]);
  });

  it.each(Object.keys(schemas).filter((name) => !REQUESTS.includes(name)))(
    'has no field of %s left out, but those that may be',
    (name) => {
      const { properties = {}, required = [] } = schemas[name]!;
      const optional = Object.keys(properties).filter((field) => !required.includes(field));
      expect(new Set(optional)).toEqual(new Set(LEFT_OUT[name]));
    },
  );

  it('refers to nothing that is not there', () => {
    const referred = new Set(
      [...JSON.stringify(DESCRIPTION).matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name),
    );
    expect([...referred].filter((name) => schemas[name!] === undefined)).toEqual([]);
  });

  it('has every code of a problem that POST /fetch answers with, under its status', () => {
    const described = PROBLEM_EXAMPLES.map(([status, code]) => [code, Number(status)]);
    const others = ['not-found', 'method-not-allowed', 'idempotency-mismatch'];
    const codes = Object.entries(PROBLEMS).filter(([code]) => !others.includes(code));
    expect(new Map(described as [string, number][])).toEqual(
      new Map(codes.map(([code, { status }]) => [code, status])),
    );
  });
});

describe('the operations', () => {
  const operations = Object.values(DESCRIPTION.paths).flatMap((methods) => Object.values(methods));

  it('have tags that are described, and need a key but for pages and probes', () => {
    const tags = new Map(DESCRIPTION.tags.map(({ name, description }) => [name, description]));
    const open = new Set<string>();
    for (const { tags: own, security = [] } of operations) {
      expect(own.map((tag) => tags.get(tag))).toEqual([expect.stringMatching(/\S/)]);
      if (security.length === 0) open.add(own[0]!);
      else
        expect(
          security.toSorted((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other))),
        ).toEqual([{ apiKey: [] }, { bearer: [] }]);
    }
    expect([...open].sort()).toEqual(['health', 'problems']);
  });

  it('are called where the description was found, whatever a proxy puts before it', () => {
    const [server, ...others] = DESCRIPTION.servers;
    expect(others).toEqual([]);
    for (const place of ['/docs', '/openapi.json', '/docs#/fetch/fetch'])
      expect(new URL(server!.url, `https://proxy.test/wirefetch${place}`).href).toBe(
        'https://proxy.test/wirefetch/',
      );
  });
});

describe('the examples', () => {
  it.each(REQUEST_EXAMPLES)('of a request are accepted: %s', (_, { value }) => {
    expect(mistakesIn(value, 'FetchRequest')).toEqual([]);
    expect(readFetchSpec(value, LIMITS).url.host).toBe('127.0.0.1:8081');
  });

  it('of each field of a request are accepted', () => {
    for (const [name, { properties = {} }] of Object.entries(schemas)) {
      if (!OF_FETCH.includes(name) || name === 'RequestBody') continue;
      const parent = Object.entries(schemas['FetchRequest']!.properties!).find(([, schema]) =>
        JSON.stringify(schema).includes(`/schemas/${name}"`),
      )?.[0];
      for (const [field, { example }] of Object.entries(properties)) {
        if (example === undefined) continue;
        const object = { [field]: example };
        const body = parent === undefined ? object : { [parent]: object };
        expect(() => readFetchSpec({ url: 'http://127.0.0.1/', ...body }, LIMITS)).not.toThrow();
      }
    }
  });

  it.each(Object.entries(JOB_EXAMPLES))('of a job are accepted: %s', (_, { value }) => {
    expect(mistakesIn(value, 'JobRequest')).toEqual([]);
    const steps = readJobSpec(JSON.stringify(value), { ...LIMITS, maxRequestBytes: 8_192 }, Date.now());
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    expect(step.value.requests.map(({ host }) => host)).toEqual(['127.0.0.1:8081', '127.0.0.1:8081']);
  });

  it.each(RESULT_EXAMPLES)('of a result are some, but for the cut of a text: %s', (_, result) => {
    expect(mistakesIn(result, 'FetchResult')).toEqual([]);
    for (const { chunks, headBytes, body, transferCoding, timings } of [...result.hops, result]) {
      expect([sum(chunks.sizes), chunks.sizes.length]).toEqual([chunks.bytes, chunks.count]);
      if (transferCoding === null) expect(headBytes + body.wireBytes).toBe(chunks.bytes);
      else expect(sum(transferCoding.sizes)).toBe(body.wireBytes);
      const { connect, send, wait, receive, total } = timings;
      expect(total).toBeCloseTo(sum([connect!, send!, wait!, receive!]), 3);
    }
    const totals = [...result.hops, result].map(({ timings }) => timings.total);
    expect(result.timings.chainTotal).toBeCloseTo(sum(totals), 3);
    expect(result.error === null).toBe(result.complete);
  });

  it('of results are a plain one, one that was redirected and one that is incomplete', () => {
    const kinds = RESULT_EXAMPLES.map(([, { hops, complete }]) => [hops.length, complete]);
    expect(kinds).toEqual([
      [0, true],
      [2, true],
      [0, false],
    ]);
  });

  it.each(LINES_EXAMPLES)('of NDJSON are lines as they are answered: %s', (_, text) => {
    const headers = { 'content-type': 'application/x-ndjson; charset=utf-8' };
    const events = eventsOf({ status: 200, headers, text });
    const { body, transferCoding } = streamedResultOf(events);
    expect(sum(events.map((event) => (event.event === 'chunk' ? event.bytes : 0)))).toBe(body.bytes);
    const chunks = events.filter((event) => event.event === 'transfer-chunk');
    expect(chunks.map(({ size }) => size)).toEqual(transferCoding!.sizes);
  });

  it('of HAR is one', () => {
    expect(mistakesIn(HAR_EXAMPLE, 'Har')).toEqual([]);
    expect(harMistakesIn(HAR_EXAMPLE)).toEqual([]);
  });

  it.each(PROBLEM_EXAMPLES)('of problems are some: %s %s', (status, code, value) => {
    expect(mistakesIn(value, 'Problem')).toEqual([]);
    expect(value).toMatchObject({ type: `/problems/${code}`, code, status: Number(status) });
  });
});

describe('the check against the description', () => {
  const { timings, ...others } = RESULT_EXAMPLE;

  it.each<[what: string, result: object]>([
    ['a field more', { ...RESULT_EXAMPLE, x: 1 }],
    ['a field more within', { ...RESULT_EXAMPLE, timings: { ...timings, x: 1 } }],
    ['a field less', others],
    ['a field less within', { ...RESULT_EXAMPLE, request: { method: 'GET' } }],
    ['null where none may be', { ...RESULT_EXAMPLE, status: null }],
    ['another type', { ...RESULT_EXAMPLE, chunks: { ...RESULT_EXAMPLE.chunks, sizes: ['1'] } }],
    ['a word that is none', { ...RESULT_EXAMPLE, endedBy: 'boredom' }],
    ['a date that is none', { ...RESULT_EXAMPLE, startedAt: 'now' }],
    ['a hop with a text', { ...RESULT_EXAMPLE, hops: [{ ...others, timings }] }],
  ])('finds %s', (_, result) => {
    expect(mistakesIn(result, 'FetchResult')).not.toEqual([]);
  });
});
