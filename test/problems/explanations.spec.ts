import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { Registry, collectDefaultMetrics } from 'prom-client';
import { readSettings } from '../../src/config/settings';
import { DEFAULTS } from '../../src/fetch/defaults';
import { readFetchSpec } from '../../src/fetch/fetch-spec.reader';
import { explain, explainAll } from '../../src/problems/explain';
import { PROBLEMS, type ProblemCode, isProblemCode } from '../../src/problems/problem-table';
import { isPassing } from '../../src/semantics/retry';
import { DESCRIPTION, type Schema, mistakesIn } from '../api/contract';
import { useService } from '../support/app';

const service = useService();
const CODES = Object.keys(PROBLEMS) as ProblemCode[];
const TEXTS = CODES.flatMap((code) => {
  const { meaning, causes, remedies } = explain(code);
  return [meaning, ...causes, ...remedies.map(({ what }) => what)].map((text): [ProblemCode, string] => [
    code,
    text,
  ]);
});
/** what stands between backticks, with one of the codes whose texts it is in */
const TERMS = new Map(
  TEXTS.flatMap(([code, text]) => [...text.matchAll(/`([^`]*)`/g)].map(([, term]) => [term!, code])),
);
const termsLike = (pattern: RegExp): string[] => [...TERMS.keys()].filter((term) => pattern.test(term));

const SETTING = /^WIREFETCH_/;
const METRIC = /^(?:wirefetch|http|nodejs|process)_/;
const ROUTE = /^(?:GET|POST|DELETE) (\/\S*)$/;
const FIELD_LINE = /^([A-Z][A-Za-z]*(?:-[A-Z][A-Za-z]*)*)(?:: .+)?$/;
const PATH = /^([a-z]\w*(?:\.\w+)*)(?:: (\S+))?$/;
const FIELD_NAMES = [
  'Accept',
  'Allow',
  'Authorization',
  'Content-Length',
  'Content-Type',
  'Host',
  'Idempotency-Key',
  'Location',
  'Retry-After',
  'Transfer-Encoding',
  'User-Agent',
  'X-API-Key',
];
const LIMITS = {
  maxTotalMs: 120_000,
  maxBodyBytes: 52_428_800,
  rawRequests: true,
  schemes: new Set(['http:']),
};

const DOCS = ['operations.md', 'scaling.md', 'wire-behaviour.md']
  .map((name) => readFileSync(path.join(__dirname, '../../docs', name), 'utf8'))
  .join('\n');

/** @returns whether a schema of the description has a field, "timeouts.idleMs" or "requests.1.url" */
function hasField(
  schema: Schema & { readonly items?: Schema },
  [field, ...others]: readonly string[],
): boolean {
  const { $ref, properties = {}, items, ...more } = schema;
  if (field === undefined) return true;
  const named = $ref ?? JSON.stringify(more).match(/"(#\/components\/schemas\/\w+)"/)?.[1];
  if (items !== undefined && /^\d+$/.test(field)) return hasField(items, others);
  if (Object.hasOwn(properties, field)) return hasField(properties[field]!, others);
  const name = named?.split('/').at(-1);
  return name !== undefined && hasField(DESCRIPTION.components.schemas[name]!, [field, ...others]);
}

function isFieldOf(schemas: readonly string[], term: string): boolean {
  const [, place] = PATH.exec(term) ?? [];
  return schemas.some((name) => hasField(DESCRIPTION.components.schemas[name]!, place!.split('.')));
}

describe('the explanation of', () => {
  it.each(CODES)('%s is as it is described, and says something', (code) => {
    const explained = explain(code);
    expect(mistakesIn(explained, 'ProblemExplanation')).toEqual([]);
    const { title, status, source } = PROBLEMS[code];
    expect(explained).toMatchObject({
      code,
      type: `/problems/${code}`,
      title,
      status,
      failureSource: source,
    });
    expect(explained.meaning.match(/[.:] |\.$/g)!.length).toBeGreaterThanOrEqual(2);
    expect(explained.causes.length).toBeGreaterThanOrEqual(2);
    expect(explained.remedies.filter(({ who }) => who === 'caller').length).toBeGreaterThan(0);
    expect(explained.references.length).toBeGreaterThan(0);
  });

  it.each(CODES)('%s points to others, each once', (code) => {
    const { seeAlso } = explain(code);
    expect(seeAlso.length).toBeGreaterThan(0);
    expect(seeAlso.filter((other) => !isProblemCode(other) || other === code)).toEqual([]);
    expect(new Set(seeAlso).size).toBe(seeAlso.length);
  });

  it.each(CODES)('%s tells what the operator can do, where it is the operator’s', (code) => {
    const { failureSource, remedies } = explain(code);
    const operators = remedies.filter(({ who }) => who === 'operator').length;
    if (failureSource === 'policy' || failureSource === 'service') expect(operators).toBeGreaterThan(0);
    else expect(operators).toBeLessThan(remedies.length);
  });

  it.each(CODES)('%s says of trying again what jobs do', (code) => {
    const isNoJobs = code === 'rate-limited' || code === 'request-timeout';
    expect(explain(code).mayPass).toBe(isNoJobs || isPassing(code));
  });

  it.each(TEXTS)('%s has sentences, and no backtick without another: %s', (_, text) => {
    expect(text).toMatch(/^[A-Z`].*[.?]$/);
    expect(text.split('`').length % 2).toBe(1);
    // What is named is marked as a name.
    expect(text.replace(/`[^`]*`/g, '')).not.toMatch(/WIREFETCH_|\w\.\w+Ms\b|\w_total\b/);
  });
});

describe('what the explanations name is there:', () => {
  it.each(termsLike(SETTING))('the setting %s', (term) => {
    const [name = '', value = ''] = term.split('=');
    const around = { WIREFETCH_DATABASE_URL: 'postgres://db.test/wirefetch' };
    expect(readSettings({ ...around, [name]: value }).warnings).toEqual([]);
  });

  it('the metrics', async () => {
    // Those of the process itself belong to whoever starts one.
    const ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
    const text = (await service().get('/metrics')).text + (await ofProcess.metrics());
    ofProcess.clear();
    const metrics = termsLike(METRIC);
    expect(metrics.length).toBeGreaterThan(5);
    expect(metrics.filter((name) => !text.includes(`# TYPE ${name} `))).toEqual([]);
  });

  it('the routes', () => {
    const fastify = service().app.getHttpAdapter().getInstance() as FastifyInstance;
    const routes = termsLike(ROUTE).map((term) => term.split(' '));
    expect(routes.length).toBeGreaterThan(5);
    expect(
      routes.filter(([method, url]) => !fastify.hasRoute({ method: method as 'GET', url: url! })),
    ).toEqual([]);
  });

  it.each(termsLike(/^[a-z]\w*(?:\.\w+)+(?:: \S+)?$/))('the field %s', (term) => {
    expect(isFieldOf(['FetchRequest', 'JobRequest', 'Problem', 'FetchResult'], term)).toBe(true);
  });

  it.each(termsLike(/^[a-z]\w*(?:\.\w+)*: \S+$/))('the value of %s', (term) => {
    const [, place, value] = PATH.exec(term)!;
    const json: unknown = /^(?:true|false|\d+)$/.test(value!) ? JSON.parse(value!) : value;
    const [outer, inner] = place!.split('.');
    const request = inner === undefined ? { [outer!]: json } : { [outer!]: { [inner]: json } };
    expect(() => readFetchSpec({ url: 'http://127.0.0.1/', ...request }, LIMITS)).not.toThrow();
  });

  it.each([...TERMS.keys()])('%s is something that is known', (term) => {
    const isKnown =
      SETTING.test(term) ||
      METRIC.test(term) ||
      ROUTE.test(term) ||
      isProblemCode(term) ||
      FIELD_NAMES.includes(FIELD_LINE.exec(term)?.[1] ?? '') ||
      (PATH.test(term) && isFieldOf(['FetchRequest', 'JobRequest', 'Problem', 'FetchResult'], term)) ||
      DOCS.includes(`\`${term}\``);
    expect([TERMS.get(term), isKnown]).toEqual([TERMS.get(term), true]);
  });

  it('the defaults', () => {
    const stated = TEXTS.flatMap(([, text]) => [
      ...text.matchAll(/`(\w+)\.(\w+)`(?:, which is| \(| is) ?(\w+(?:\.\d)?),? unless you say otherwise/g),
    ]);
    expect(stated.length).toBeGreaterThanOrEqual(8);
    for (const [, group, field, value] of stated) {
      const defaults = DEFAULTS[group as 'timeouts'] as Readonly<Record<string, unknown>>;
      expect([group, field, value]).toEqual([group, field, String(defaults[field!])]);
    }
  });

  it('would be missed, if it were not', () => {
    expect(isFieldOf(['FetchRequest'], 'timeouts.firstOctetMs')).toBe(false);
    expect(isFieldOf(['FetchRequest'], 'tls.ca')).toBe(true);
    expect(isFieldOf(['JobRequest'], 'requests.1.uri')).toBe(false);
    expect(readSettings({ WIREFETCH_ALLOW_CIDR: '' }).warnings).toHaveLength(1);
  });
});

describe('the references', () => {
  it.each(CODES)('of %s lead to the sections that they name', (code) => {
    for (const { name, url } of explain(code).references) {
      const [, number, section] = /^RFC (\d+)(?: §([\d.]+))?$/.exec(name)!;
      expect(url).toBe(
        `https://www.rfc-editor.org/rfc/rfc${number}.html${section === undefined ? '' : `#section-${section}`}`,
      );
    }
  });
});

describe('the list of all', () => {
  const list = explainAll();

  it('is as it is described', () => {
    expect(mistakesIn(list, 'ProblemList')).toEqual([]);
  });

  it('has every code once, under its status, the lowest first', () => {
    const listed = list.items.flatMap(({ status, problems }) => problems.map(({ code }) => [code, status]));
    expect(Object.fromEntries(listed)).toEqual(
      Object.fromEntries(CODES.map((code) => [code, PROBLEMS[code].status])),
    );
    expect(listed).toHaveLength(CODES.length);
    const statuses = list.items.map(({ status }) => status);
    expect(statuses).toEqual(statuses.toSorted((one, other) => one - other));
    expect(list.items.find(({ status }) => status === 504)).toMatchObject({ statusText: 'Gateway Timeout' });
  });

  it('says of each what is said of it alone', () => {
    for (const { problems } of list.items)
      for (const problem of problems) expect(problem).toEqual(explain(problem.code));
  });
});
