import * as fc from 'fast-check';
import type { FieldLine } from '../../src/http1/events';
import { readRequestOctets } from '../../src/http1/request-reader';
import { writeRequestHead } from '../../src/http1/request-writer';
import type { ResponseParserOptions } from '../../src/http1/response-parser';
import { complaintOf } from '../fuzz/oracle';
import {
  PARSER_DEFAULTS,
  type Reading,
  contentOf,
  eventsOf,
  inPieces,
  octetsOf,
  readResponse,
  warningsOf,
} from '../support/split';

function charactersOf(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => String.fromCharCode(from + i));
}

const VCHAR = charactersOf(0x21, 0x7e);
const OBS_TEXT = charactersOf(0x80, 0xff);
const ALL_OCTETS = charactersOf(0x00, 0xff);
const TCHAR = VCHAR.filter((character) => !'"(),/:;<=>?@[\\]{}'.includes(character));

function text(unit: readonly string[], constraints: fc.StringConstraints = {}): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...unit), maxLength: 20, ...constraints });
}

const token = text(TCHAR, { minLength: 1 });
/** without blanks at its ends, which are no part of it */
const value = text([...VCHAR, ...OBS_TEXT, ' ', '\t']).map((characters) =>
  characters.replace(/^[ \t]+|[ \t]+$/g, ''),
);
const content = text(ALL_OCTETS, { maxLength: 60 });
const fieldLine: fc.Arbitrary<FieldLine> = fc.record({ name: token, value });

const ownFields = fc.array(
  fieldLine.filter(({ name }) => !/^(?:content-length|transfer-encoding)$/i.test(name)),
  { maxLength: 4 },
);

interface Head {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly FieldLine[];
}

/** A response as RFC 9112 has it, and what it says. */
interface Message {
  readonly informational: readonly Head[];
  readonly head: Head;
  readonly content: string;
  readonly chunks: readonly { readonly size: number; readonly extension: string | null }[];
  readonly trailers: readonly FieldLine[];
  readonly extra: string;
  readonly wire: string;
}

function writeHead({ status, statusText, headers }: Head): string {
  return `HTTP/1.1 ${status} ${statusText}\r\n${writeFields(headers)}\r\n`;
}

function writeFields(fields: readonly FieldLine[]): string {
  return fields.map(({ name, value: written }) => `${name}: ${written}\r\n`).join('');
}

/** blanks before it would be warned of */
const statusText = text([...VCHAR, ...OBS_TEXT, ' '], { minLength: 1 }).filter((phrase) => phrase[0] !== ' ');
const informationalHead: fc.Arbitrary<Head> = fc.record({
  status: fc.constantFrom(100, 102, 103, 199),
  statusText,
  headers: ownFields,
});
const finalHead: fc.Arbitrary<Head> = fc.record({
  status: fc.integer({ min: 200, max: 599 }).filter((status) => status !== 204 && status !== 304),
  statusText,
  headers: ownFields,
});
const chunk = fc.record({
  octets: text(ALL_OCTETS, { minLength: 1 }),
  extension: fc.option(fc.tuple(token, token).map(([name, given]) => `${name}=${given}`)),
});

function message(
  informational: readonly Head[],
  final: Head,
  framing: FieldLine | null,
  rest: Pick<Message, 'content' | 'chunks' | 'trailers' | 'extra'>,
  body: string,
): Message {
  const head = framing === null ? final : { ...final, headers: [...final.headers, framing] };
  const wire = [...informational, head].map(writeHead).join('') + body + rest.extra;
  return { informational, head, ...rest, wire };
}

const informationals = fc.array(informationalHead, { maxLength: 2 });

const lengthDelimited: fc.Arbitrary<Message> = fc
  .tuple(informationals, finalHead, content, content)
  .map(([before, head, body, extra]) =>
    message(
      before,
      head,
      { name: 'Content-Length', value: String(body.length) },
      { content: body, chunks: [], trailers: [], extra },
      body,
    ),
  );

const closeDelimited: fc.Arbitrary<Message> = fc
  .tuple(informationals, finalHead, content)
  .map(([before, head, body]) =>
    message(before, head, null, { content: body, chunks: [], trailers: [], extra: '' }, body),
  );

const chunked: fc.Arbitrary<Message> = fc
  .tuple(informationals, finalHead, fc.array(chunk, { maxLength: 4 }), ownFields, content)
  .map(([before, head, chunks, trailers, extra]) => {
    const coded = chunks.map(({ octets, extension }) => {
      const size = octets.length.toString(16);
      return `${size}${extension === null ? '' : `;${extension}`}\r\n${octets}\r\n`;
    });
    return message(
      before,
      head,
      { name: 'Transfer-Encoding', value: 'chunked' },
      {
        content: chunks.map(({ octets }) => octets).join(''),
        chunks: chunks.map(({ octets, extension }) => ({ size: octets.length, extension })),
        trailers,
        extra,
      },
      `${coded.join('')}0\r\n${writeFields(trailers)}\r\n`,
    );
  });

const anyMessage = fc.oneof(lengthDelimited, closeDelimited, chunked);

/** What a line, a size or a length can be upset by. */
const fragment = fc.oneof(
  fc.constantFrom(
    '\r',
    '\n',
    '\r\n',
    ' ',
    '\t',
    ':',
    ',',
    ';',
    '"',
    '=',
    '\0',
    '\x80',
    '0',
    '1',
    'f',
    '\r\n\r\n',
  ),
  fc.constantFrom(
    'HTTP/1.1 ',
    '200',
    ' OK',
    'Content-Length: ',
    'Transfer-Encoding: ',
    'chunked',
    '100',
    '204',
  ),
);
const mutation = fc.record({
  at: fc.nat(),
  length: fc.nat({ max: 3 }),
  insert: fc.oneof(fragment, fc.constant('')),
});

const mutated: fc.Arbitrary<string> = fc
  .tuple(anyMessage, fc.array(mutation, { minLength: 1, maxLength: 4 }))
  .map(([{ wire }, mutations]) =>
    mutations.reduce((octets, { at, length, insert }) => {
      const place = at % (octets.length + 1);
      return octets.slice(0, place) + insert + octets.slice(place + length);
    }, wire),
  );

const noise: fc.Arbitrary<string> = fc.oneof(
  text(ALL_OCTETS, { maxLength: 100 }),
  fc.array(fragment, { maxLength: 40 }).map((fragments) => fragments.join('')),
  fc.array(fragment, { maxLength: 40 }).map((fragments) => `HTTP/1.1 200 OK\r\n${fragments.join('')}`),
);

const options: fc.Arbitrary<Partial<ResponseParserOptions>> = fc.record({
  requestMethod: fc.constantFrom('GET', 'GET', 'HEAD', 'CONNECT'),
  strict: fc.boolean(),
  maxHeadBytes: fc.oneof(fc.constant(65536), fc.integer({ min: 5, max: 150 })),
  maxFieldLines: fc.oneof(fc.constant(1000), fc.nat({ max: 3 })),
  keepRawHead: fc.boolean(),
});

/** Sizes of reads, used in turn. */
const reads = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 });

function* readsOf(octets: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let at = 0, i = 0; at < octets.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield octets.subarray(at, at + size);
    at += size;
  }
}

function expectSoundness(wire: string, reading: Reading): void {
  const types = reading.events.map(({ type }) => type);
  expect(reading.complete).toBe(types.includes('end'));
  expect(types.filter((type) => type === 'end').length).toBeLessThanOrEqual(1);
  expect(types.filter((type) => type === 'head').length).toBeLessThanOrEqual(1);
  expect(wire.endsWith(reading.extra)).toBe(true);
  if (reading.error === null) return;
  expect(reading.complete).toBe(false);
  expect(reading.error.offset).toBeLessThanOrEqual(wire.length);
  expect(reading.error.offset).toBeGreaterThanOrEqual(0);
}

describe('the response parser', () => {
  it('reads any well-formed response, in both modes, however it is split', () => {
    fc.assert(
      fc.property(anyMessage, reads, fc.boolean(), (expected, sizes, strict) => {
        const reading = readResponse(readsOf(octetsOf(expected.wire), sizes), { strict });
        expect(reading).toMatchObject({ error: null, complete: true, extra: expected.extra });
        const end = expected.wire.length - expected.extra.length;
        expect(warningsOf(reading)).toEqual(expected.extra === '' ? [] : [['octets-after-message', end]]);
        expect(eventsOf(reading, 'informational')).toMatchObject(expected.informational);
        expect(eventsOf(reading, 'head')).toMatchObject([expected.head]);
        expect(contentOf(reading)).toBe(expected.content);
        expect(eventsOf(reading, 'transfer-chunk')).toMatchObject(expected.chunks);
        expect(eventsOf(reading, 'trailers').flatMap(({ fields }) => fields)).toEqual(expected.trailers);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a well-formed response', anyMessage.map(({ wire }) => wire)],
    ['a damaged response', mutated],
    ['arbitrary octets', noise],
  ])('makes the same of %s however it is split, and throws nothing but MalformedResponse', (_, wires) => {
    fc.assert(
      fc.property(wires, reads, options, (wire, sizes, given) => {
        const octets = octetsOf(wire);
        const whole = readResponse([octets], given);
        expectSoundness(wire, whole);
        expect(readResponse(readsOf(octets, sizes), given)).toEqual(whole);
        expect(readResponse(inPieces(octets, 1), given)).toEqual(whole);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['a well-formed response', anyMessage.map(({ wire }) => wire)],
    ['a damaged response', mutated],
    ['arbitrary octets', noise],
  ])('accounts for every octet of %s, with the same offsets however it is split', (_, wires) => {
    fc.assert(
      fc.property(wires, reads, options, (wire, sizes, given) => {
        const all = { ...PARSER_DEFAULTS, ...given, keepRawHead: true };
        expect(complaintOf(octetsOf(wire), all, [sizes, [1]])).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a written request head', () => {
  it('reads as what was written', () => {
    const head = fc.record({
      method: token,
      target: text([...VCHAR, ...OBS_TEXT], { minLength: 1 }),
      httpVersion: fc.constantFrom('1.0' as const, '1.1' as const),
      headers: fc.array(fieldLine, { maxLength: 5 }),
    });
    fc.assert(
      fc.property(head, content, (written, body) => {
        const wire = writeRequestHead(written);
        expect(readRequestOctets(octetsOf(wire + body))).toEqual({
          ...written,
          headBytes: wire.length,
          bodyBytes: body.length,
        });
      }),
      { numRuns: 500 },
    );
  });
});
