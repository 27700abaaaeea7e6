import fc from 'fast-check';
import type { BodyDto, CookieDto, FetchResultDto } from '../../../src/fetch/dto/exchange.dto';
import type { HarDto } from '../../../src/fetch/dto/har.dto';
import { type JsonAnswer, jsonInSlices } from '../../../src/fetch/answer-json';
import type { FetchAnswer } from '../../../src/fetch/fetch-result.mapper';
import { FETCH_RESULT_EXAMPLE } from '../../../src/fetch/fetch-result.example';
import { toHarAnswer } from '../../../src/fetch/har/har.mapper';
import { harMistakesIn } from '../../support/har';

const BASE = FETCH_RESULT_EXAMPLE;

type Sent = Parameters<typeof toHarAnswer>[0];

function answerFor(sent: Sent, answer: FetchAnswer): JsonAnswer {
  const steps = toHarAnswer(sent, answer);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

function harOf(result: FetchResultDto, sent: Sent = { raw: null, body: null }): HarDto {
  return JSON.parse([...jsonInSlices(answerFor(sent, { result, content: null }))].join('')) as HarDto;
}

function nullable<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.option(arbitrary, { nil: null });
}

/** what a peer may send to be taken for the place of a long string */
const HOSTILE = ['"content":{"text":"', '"postData":{"text":"', '\\"postData\\":{\\"_base64\\":\\"', '\\'];
const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE));
const fields = fc.array(
  fc.record({ name: fc.oneof(fc.constantFrom('Cookie', 'Location', 'content-type'), text), value: text }),
);
const url = fc
  .tuple(fc.webUrl(), fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }))
  .map(([base, path, query]) => new URL(`/${encodeLoosely(path)}?${encodeLoosely(query)}#x`, base).href);
const ms = fc.double({ min: 0, max: 1e6, noNaN: true });
const date = fc
  .date({ min: new Date(0), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
  .map((at) => at.toISOString());
const size = fc.nat();

const cookie: fc.Arbitrary<CookieDto> = fc.record({
  name: text,
  value: text,
  domain: nullable(text),
  hostOnly: fc.boolean(),
  path: nullable(text),
  expires: nullable(date),
  maxAge: nullable(fc.integer()),
  secure: fc.boolean(),
  httpOnly: fc.boolean(),
  sameSite: fc.constantFrom('Strict', 'Lax', 'None', null),
  partitioned: fc.boolean(),
  accepted: fc.boolean(),
  rejectedBecause: nullable(fc.constant('unparsable')),
  findings: fc.constant([]),
});

const body = fc
  .record({ text, field: fc.constantFrom('text', 'base64', 'neither'), coded: fc.boolean() })
  .map(({ text: content, field, coded }): BodyDto => ({
    ...BASE.body,
    text: field === 'text' ? content : null,
    base64: field === 'base64' ? Buffer.from(content).toString('base64') : null,
    contentEncoding: coded ? ['gzip'] : [],
  }));

const exchange = fc.record({
  url,
  startedAt: date,
  request: fc.record({
    method: nullable(text),
    target: nullable(text),
    httpVersion: nullable(fc.constantFrom('1.0', '1.1')),
    headers: fields,
    headBytes: size,
    bodyBytes: fc.constantFrom(0, 3),
    rawHead: nullable(text),
  }),
  status: fc.integer({ min: 200, max: 999 }),
  statusText: text,
  headers: fields,
  trailers: fields,
  cookies: fc.array(cookie, { maxLength: 3 }),
  complete: fc.boolean(),
  timings: fc.record({
    queue: nullable(ms),
    dns: nullable(ms),
    connect: nullable(ms),
    tls: nullable(ms),
    send: nullable(ms),
    wait: nullable(ms),
    receive: nullable(ms),
    total: ms,
    chainTotal: ms,
  }),
  connection: fc
    .record({
      remoteAddress: nullable(fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant('fe80::1%eth0'))),
      localPort: nullable(size),
    })
    .map((connection) => ({ ...BASE.connection, ...connection })),
});

/** Lets stand what a URL may hold and a URI may not. */
function encodeLoosely(path: string): string {
  return path.replace(/[\ud800-\udfff#]/g, '').replace(/^[/\\]+/, '');
}

it('whatever was exchanged is a valid HTTP Archive, with an entry for each exchange', () => {
  fc.assert(
    fc.property(exchange, body, fc.array(exchange, { maxLength: 3 }), (last, content, before) => {
      const { text: _, base64: __, ...hopBody } = content;
      const hops = before.map((hop) => ({ ...BASE, ...hop, body: hopBody }));
      const result = { ...BASE, ...last, finalUrl: last.url, body: content, hops };
      const har = harOf(result, { raw: null, body: Buffer.from('abc') });
      expect(harMistakesIn(har)).toEqual([]);
      expect(har.log.entries.map(({ response }) => response.status)).toEqual([
        ...before.map(({ status }) => status),
        last.status,
      ]);
      for (const { time, timings } of har.log.entries) {
        const { ssl: _ssl, ...parts } = timings;
        const sum = Object.values(parts).reduce((total, part) => total + (part === -1 ? 0 : part), 0);
        expect(time).toBeCloseTo(sum, 2);
      }
    }),
    { numRuns: 500 },
  );
});

it('long strings are written where they belong, whatever stands around them', () => {
  const long = (unit: string): string => unit.repeat(10_000);
  fc.assert(
    fc.property(
      fc.constantFrom(...HOSTILE),
      fc.constantFrom('text', 'base64'),
      fc.boolean(),
      (hostile, field, isText) => {
        const type = { name: 'Content-Type', value: isText ? 'text/plain' : `image/png; x=${hostile}` };
        const headers = [{ name: hostile, value: hostile }, type];
        const octets = Buffer.from(long('"\\é\n'));
        const request = { ...BASE.request, headers, bodyBytes: octets.length };
        const hop = { ...BASE, request, statusText: hostile };
        const unsent = { ...hop, request: { ...request, bodyBytes: 0 } };
        const received = Buffer.from(long('é"\\'));
        const body = {
          ...BASE.body,
          text: field === 'text' ? '' : null,
          base64: field === 'text' ? null : '',
        };
        const result = { ...BASE, request, statusText: hostile, headers, body, hops: [hop, unsent] };
        const pieces = [received.toString(field === 'text' ? 'utf8' : 'base64')];
        const answer = answerFor({ raw: null, body: octets }, { result, content: { field, pieces } });
        const { entries } = (JSON.parse([...jsonInSlices(answer)].join('')) as HarDto).log;

        const sent = entries.map(({ request: { postData } }) => postData?.text ?? postData?._base64);
        const shown = octets.toString(isText ? 'utf8' : 'base64');
        expect(sent.map((told) => told === shown)).toEqual([true, false, true]);
        expect(sent[1]).toBeUndefined();
        expect(entries[2]!.response.content.text === pieces[0]).toBe(true);
        expect(entries[2]!.response.statusText).toBe(hostile);
      },
    ),
    { numRuns: 30 },
  );
});

it('an exchange begins with its wait in the queue, which is blocked, and part of its time', () => {
  const timings = {
    ...BASE.timings,
    queue: 1_500.4,
    dns: 2,
    connect: 3,
    tls: 4,
    send: 5,
    wait: 6,
    receive: 7,
  };
  const [entry] = harOf({ ...BASE, startedAt: '2026-11-22T01:47:46.123Z', timings }).log.entries;
  expect(entry).toMatchObject({
    startedDateTime: '2026-11-22T01:47:44.623Z',
    time: 1_527.4,
    timings: { blocked: 1_500.4, dns: 2, connect: 7, ssl: 4, send: 5, wait: 6, receive: 7 },
  });
});

it('an address has no zone', () => {
  const connection = { ...BASE.connection, remoteAddress: 'fe80::1%eth0' };
  expect(harOf({ ...BASE, connection }).log.entries[0]!.serverIPAddress).toBe('fe80::1');
});

it('the content of raw octets is what follows their head', () => {
  const request = { ...BASE.request, headers: [], headBytes: 5, bodyBytes: 4 };
  const [entry] = harOf({ ...BASE, request }, { raw: Buffer.from('GET\n\nrest'), body: null }).log.entries;
  expect(entry!.request.postData).toEqual({ text: 'rest', _base64: null, mimeType: '' });
});
