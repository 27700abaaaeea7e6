import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020';
import type { ChunksDto, FetchResultDto, HopDto, TimingsDto } from '../../src/fetch/dto/exchange.dto';
import type { HarDto, HarEntryDto } from '../../src/fetch/dto/har.dto';
import { FETCH_EVENTS, type FetchEventDto } from '../../src/fetch/dto/fetch-event.dto';
import type { ProblemDto } from '../../src/problems/problem.dto';
import type { ProblemCode } from '../../src/problems/problem-table';
import { PROBLEMS } from '../../src/problems/problem-table';
import { type Answer, jsonOf } from '../support/app';
import { harMistakesIn } from '../support/har';

/** What the tests look at of a schema. */
export interface Schema {
  readonly description?: string;
  readonly example?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly $ref?: string;
}

interface Examples {
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

interface Content {
  readonly content: Readonly<Record<string, Examples>>;
}

interface Operation {
  readonly tags: readonly string[];
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly requestBody: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

export interface ApiDescription {
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> & {
    readonly '/fetch': { readonly post: Operation };
  };
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** The committed description of the API. */
export const DESCRIPTION = JSON.parse(
  readFileSync(path.join(__dirname, '../../openapi/openapi.json'), 'utf8'),
) as ApiDescription;

const SCHEMAS = DESCRIPTION.components.schemas;

export const POST_FETCH = DESCRIPTION.paths['/fetch'].post;

const ajv = compileClosed();

/** Every object with no other fields than are described. */
function compileClosed(): Ajv2020 {
  const compiler = new Ajv2020({ allErrors: true, allowUnionTypes: true });
  addFormats(compiler);
  compiler.addFormat('base64', true);
  compiler.addVocabulary(['example']);
  const $defs = Object.fromEntries(Object.entries(SCHEMAS).map(([name, schema]) => [name, closed(schema)]));
  return compiler.addSchema({ $id: 'api', $defs });
}

/** @param name of a schema
 *  @param field of it, if not the whole is meant
 *  @returns what is wrong with a value, nothing when it is as described */
export function mistakesIn(value: unknown, name: string, field?: string): readonly object[] {
  const place = field === undefined ? name : `${name}/properties/${field}`;
  const validate = ajv.getSchema(`api#/$defs/${place}`);
  if (validate === undefined) throw new Error(`${place} is not described`);
  return validate(value) === true ? [] : (validate.errors ?? []);
}

function closed(schema: Schema): object {
  return JSON.parse(JSON.stringify(schema), (_, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    const { $ref, properties } = value as Schema;
    if (typeof $ref === 'string')
      return { ...value, $ref: $ref.replace('#/components/schemas/', '#/$defs/') };
    return properties === undefined ? value : { ...value, additionalProperties: false };
  }) as object;
}

/** Fails unless an answer is a result as it is described, field for field.
 *  @returns the result */
export function resultOf(answer: Answer): FetchResultDto {
  expect({ status: answer.status, type: answer.headers['content-type'], text: answer.text }).toEqual({
    status: 200,
    type: 'application/json; charset=utf-8',
    text: expect.any(String) as string,
  });
  return expectResult(jsonOf<FetchResultDto>(answer));
}

function expectResult(result: FetchResultDto): FetchResultDto {
  expectValid('FetchResult', result);
  for (const exchange of [...result.hops, result]) expectCoherent(exchange);
  const { base64, sha256 } = result.body;
  if (base64 !== null) expect(hash('sha256', Buffer.from(base64, 'base64'))).toBe(sha256);
  expect(result.hops.map(({ timings }) => timings.chainTotal)).toEqual(result.hops.map(() => null));
  const chain = [...result.hops, result].reduce((sum, { timings }) => sum + timings.total, 0);
  expect(result.timings.chainTotal).toBeCloseTo(chain, 2);
  return result;
}

/** Fails unless an answer is an HTTP Archive, as its own schema and this API describe it.
 *  @returns it */
export function harOf(answer: Answer): HarDto {
  expect({ status: answer.status, type: answer.headers['content-type'], text: answer.text }).toEqual({
    status: 200,
    type: 'application/har+json; charset=utf-8',
    text: expect.any(String) as string,
  });
  const har = jsonOf<HarDto>(answer);
  expectValid('Har', har);
  expect(harMistakesIn(har)).toEqual([]);
  for (const entry of har.log.entries) expectCoherentEntry(entry);
  return har;
}

/** What HAR 1.2 says in words. */
function expectCoherentEntry({ time, timings, response }: HarEntryDto): void {
  const { ssl, send, wait, receive, ...others } = timings;
  for (const never of [send, wait, receive]) expect(never).toBeGreaterThanOrEqual(0);
  for (const phase of [ssl, ...Object.values(others)]) expect(phase === -1 || phase >= 0).toBe(true);
  expect(timings.connect).toBeGreaterThanOrEqual(ssl);
  const sum = [...Object.values(others), send, wait, receive]
    .filter((phase) => phase !== -1)
    .reduce((total, phase) => total + phase, 0);
  expect(time).toBeCloseTo(sum, 2);
  const { content, bodySize } = response;
  if (content.compression !== undefined) expect(content.size - content.compression).toBe(bodySize);
  if (content.encoding === 'base64')
    expect(hash('sha256', Buffer.from(content.text!, 'base64'))).toBe(content._sha256);
}

/** What one part of a result says holds for the others too. */
function expectCoherent(exchange: HopDto | FetchResultDto): void {
  const { body, complete, error, timings, chunks } = exchange;
  expect({ error, failed: error !== null }).toEqual({ error, failed: !complete });
  // Coded octets are not to be compared with decoded ones.
  if (body.contentEncoding.length === 0) expect(body.truncated).toBe(body.wireBytes > body.bytes);
  expect(timings.total).toBeCloseTo(phasesOf(timings), 2);
  expectCoherentReads(chunks);
}

function phasesOf({ dns, connect, tls, send, wait, receive }: TimingsDto): number {
  return [dns, connect, tls, send, wait, receive].reduce<number>((sum, phase) => sum + (phase ?? 0), 0);
}

function expectCoherentReads(chunks: ChunksDto): void {
  const { count, bytes, sizes, sizesOmitted, histogram, items, itemsOmitted } = chunks;
  const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
  expect(sizes.length + sizesOmitted).toBe(count);
  expect(total(histogram.map((bucket) => bucket.count))).toBe(count);
  if (sizesOmitted === 0) {
    expect(total(sizes)).toBe(bytes);
    expect([chunks.min, chunks.max]).toEqual(
      count === 0 ? [null, null] : [Math.min(...sizes), Math.max(...sizes)],
    );
  }
  expect(chunks.max ?? 0).toBeLessThanOrEqual(chunks.bufferBytes);
  if (items === null) return;
  expect(items.length + itemsOmitted).toBe(count);
  expect(items.slice(0, sizes.length).map((item) => item.bytes)).toEqual(sizes);
  const times = items.map(({ atMs }) => atMs);
  expect(times).toEqual(times.toSorted((one, other) => one - other));
}

const SCHEMA_OF_EVENT = new Map<string, string>(
  FETCH_EVENTS.map(({ name }) => name.replace(/Dto$/, '')).map((name) => [eventNamed(name), name]),
);

/** "TransferChunkEvent" → "transfer-chunk" */
function eventNamed(schema: string): string {
  return schema
    .replace(/Event$/, '')
    .replace(/(?<=[a-z])[A-Z]/g, '-$&')
    .toLowerCase();
}

/** Fails unless an answer is the lines of a fetch, each as it is described, in order, the last of them its end.
 *  @returns the events */
export function eventsOf(answer: Answer): FetchEventDto[] {
  expect([answer.status, answer.headers['content-type']]).toEqual([
    200,
    'application/x-ndjson; charset=utf-8',
  ]);
  expect(answer.text.endsWith('\n')).toBe(true);
  const events = answer.text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as FetchEventDto);
  for (const event of events) {
    const mistakes = mistakesIn(event, SCHEMA_OF_EVENT.get(event.event) ?? event.event);
    if (mistakes.length > 0) expect({ event, mistakes }).toEqual({ event, mistakes: [] });
  }
  const times = events.map(({ atMs }) => atMs);
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  const hops = events.map(({ hop }) => hop);
  expect(hops).toEqual(hops.toSorted((one, other) => one - other));
  const last = events.map(({ event }) => event === 'result' || event === 'problem').indexOf(true);
  expect(last).toBe(events.length - 1);
  return events;
}

/** @returns the result that the last of a fetch's events is */
export function streamedResultOf(events: readonly FetchEventDto[]): FetchResultDto {
  const last = events.at(-1)!;
  if (last.event !== 'result') throw new Error(JSON.stringify(last));
  return expectResult(last.result);
}

/** @returns the problem that the last of a fetch's events is */
export function streamedProblemOf(events: readonly FetchEventDto[], code: ProblemCode): ProblemDto {
  const last = events.at(-1)!;
  if (last.event !== 'problem') throw new Error(JSON.stringify(last));
  return expectProblem(last.problem, code);
}

/** Fails unless an answer is that problem, as it is described.
 *  @returns the problem */
export function problemOf(answer: Answer, code: ProblemCode): ProblemDto {
  const problem = expectProblem(jsonOf<ProblemDto>(answer), code);
  const { status } = PROBLEMS[code];
  expect([answer.status, answer.headers['content-type']]).toEqual([
    status,
    'application/problem+json; charset=utf-8',
  ]);
  return problem;
}

function expectProblem(problem: ProblemDto, code: ProblemCode): ProblemDto {
  expectValid('Problem', problem);
  const { status, title, source } = PROBLEMS[code];
  expect(problem).toMatchObject({ type: `/problems/${code}`, title, status, code, failureSource: source });
  for (const hop of problem.hops) expectCoherent(hop);
  if (problem.chunks !== null) expectCoherentReads(problem.chunks);
  if (problem.timings !== null) expect(problem.timings.total).toBeCloseTo(phasesOf(problem.timings), 2);
  return problem;
}

function expectValid(name: 'FetchResult' | 'Har' | 'Problem', json: unknown): void {
  const mistakes = mistakesIn(json, name);
  if (mistakes.length > 0) expect({ answer: json, mistakes }).toEqual({ answer: json, mistakes: [] });
}

/** Where the problem of a fetch happened: its id is a ULID. */
export const FETCH_INSTANCE = /^\/fetch\/[0-9A-HJKMNP-TV-Z]{26}$/;
