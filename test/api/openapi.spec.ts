import { readJobSpec } from '../../src/jobs/job-spec.reader';
import { JOB_EXAMPLES } from '../../src/jobs/jobs.examples';
import { readFetchSpec } from '../../src/fetch/fetch-spec.reader';
import type { FetchResultDto } from '../../src/fetch/dto/exchange.dto';
import { PROBLEMS, type ProblemCode } from '../../src/problems/problem-table';
import { harMistakesIn } from '../support/har';
import { DESCRIPTION, POST_FETCH, type Schema, mistakesIn } from './contract';

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
const RESULT_EXAMPLE = POST_FETCH.responses['200']!.content['application/json']!.example as FetchResultDto;
const HAR_EXAMPLE = POST_FETCH.responses['200']!.content['application/har+json']!.example;
const PROBLEM_EXAMPLES = Object.entries(POST_FETCH.responses).flatMap(([status, { content }]) =>
  Object.entries(content['application/problem+json']?.examples ?? {}).map(
    ([code, { value }]): [string, ProblemCode, unknown] => [status, code as ProblemCode, value],
  ),
);

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

  it('of a result is one, but for the cut of its text', () => {
    expect(mistakesIn(RESULT_EXAMPLE, 'FetchResult')).toEqual([]);
    const { chunks, body, transferCoding, timings } = RESULT_EXAMPLE;
    const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);
    expect([sum(chunks.sizes), chunks.sizes.length]).toEqual([chunks.bytes, chunks.count]);
    expect(sum(transferCoding!.sizes)).toBe(body.wireBytes);
    const { connect, send, wait, receive, total } = timings;
    expect(total).toBeCloseTo(sum([connect!, send!, wait!, receive!]), 3);
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
