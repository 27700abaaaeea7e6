import { createHash } from 'node:crypto';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { ExchangeOutcome } from '../../src/exchange/outcome';
import { FORMATS, prose } from '../support/coding';
import { answeringThenFin, useOrigins } from '../support/origin';
import { inPieces } from '../support/split';
import { type SpecOverrides, endOf, exchangeWith, warningCodes } from '../support/spec';
import { describeVectors, fromBase64 } from '../support/vectors';

// A busy machine may take its time to decode.
jest.setTimeout(30_000);

const MIB = 1_048_576;
const WHOLE = { complete: true, failure: null };
const DAMAGED = { complete: false, failure: 'content-decoding-failed in decode' };

type Expectation =
  | 'accept'
  | 'accept_empty'
  | 'accept_or_error'
  | 'accept_full_or_error'
  | 'pass_through_or_error'
  | 'limit_error'
  | 'decode_error'
  | 'error_or_flagged_truncated';

interface Vector {
  readonly id: string;
  readonly content_encoding: string;
  readonly payload_base64: string;
  readonly expected: Expectation;
  readonly why: string;
  readonly decoded_sha256: string | null;
  readonly decoded_bytes: number | null;
}

const start = useOrigins();

/** How the end of the content is found: a head's last lines, and what carries the content. */
const FRAMINGS: Readonly<Record<string, (content: Buffer) => Buffer>> = {
  'content-length': (content) => framed(`Content-Length: ${content.length}`, [content]),
  chunked: (content) => {
    const chunks = [...inPieces(content, 37)].flatMap((chunk) => [
      Buffer.from(`${chunk.length.toString(16)}\r\n`),
      chunk,
      Buffer.from('\r\n'),
    ]);
    return framed('Transfer-Encoding: chunked', [...chunks, Buffer.from('0\r\n\r\n')]);
  },
  close: (content) => framed('Connection: close', [content]),
};

function framed(line: string, pieces: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from(`${line}\r\n\r\n`), ...pieces]);
}

function fetched(
  codings: string,
  content: Buffer,
  framing = 'content-length',
  overrides: SpecOverrides = {},
): Promise<ExchangeOutcome> {
  const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${codings}\r\n`;
  return start(answeringThenFin(head, FRAMINGS[framing]!(content))).then((origin) =>
    exchangeWith(origin.url(), overrides),
  );
}

function sha256(octets: Buffer): string {
  return createHash('sha256').update(octets).digest('hex');
}

/** What every outcome of a vector says, however it was read. */
function toldOf(outcome: ExchangeOutcome): object {
  const { content, decoded, wireBytes, contentCodings } = outcome;
  const { complete, failure } = endOf(outcome);
  const warnings = warningCodes(outcome);
  const { bytes, sha256: digest } = content;
  return { complete, failure, warnings, decoded, wireBytes, contentCodings, bytes, sha256: digest };
}

describeVectors<{ vectors: Vector[] }>(
  'content codings, good, damaged and cut',
  'content_encoding/content_encoding_dev.json',
  ({ vectors }) => {
    describe.each(Object.keys(FRAMINGS))('framed by %s', (framing) => {
      it.each(vectors)('$id: $expected ($why)', async (vector) => {
        const { content_encoding: codings, payload_base64 } = vector;
        const payload = fromBase64(payload_base64);
        const outcome = await fetched(codings, payload, framing);
        expectOutcome(vector, payload, outcome);
        for (const bufferBytes of [1, 3, 20]) {
          const again = await fetched(codings, payload, framing, { read: { bufferBytes } });
          expect(toldOf(again)).toEqual(toldOf(outcome));
        }
      });
    });

    const page = Buffer.from('The quick brown fox jumps over the lazy dog. '.repeat(40));

    function expectOutcome(vector: Vector, payload: Buffer, outcome: ExchangeOutcome): void {
      const { content, decoded } = outcome;
      switch (vector.expected) {
        case 'accept':
        case 'accept_empty':
          expect(toldOf(outcome)).toMatchObject({ ...WHOLE, decoded: true, warnings: [] });
          expect([content.bytes, content.sha256]).toEqual([vector.decoded_bytes, vector.decoded_sha256]);
          return;
        // What follows the coding is left out, and members are all decoded: each is as good as an error.
        case 'accept_or_error':
        case 'accept_full_or_error':
          expect(toldOf(outcome)).toMatchObject({ ...WHOLE, decoded: true });
          expect(content.octets.equals(page) || content.octets.toString() === 'hello world').toBe(true);
          return;
        case 'pass_through_or_error':
        case 'limit_error':
          expect(toldOf(outcome)).toMatchObject({ ...WHOLE, decoded: false, sha256: sha256(payload) });
          expect(outcome.warnings).toHaveLength(1);
          return;
        case 'decode_error':
        case 'error_or_flagged_truncated':
          expect(toldOf(outcome)).toMatchObject(DAMAGED);
          if (decoded) expect(page.subarray(0, content.bytes).equals(content.octets)).toBe(true);
          else expect(content.octets.equals(payload)).toBe(true);
          return;
      }
    }
  },
);

describe('content codings', () => {
  const small = prose(120);

  it.each(FORMATS)('$format is flagged wherever it is cut, with what came before', async (format) => {
    const { coding, code } = format;
    const payload = code(small);
    for (let length = 1; length < payload.length; length++) {
      const cut = payload.subarray(0, length);
      const { content, decoded, ...outcome } = await fetched(coding, cut);
      expect(endOf({ content, decoded, ...outcome })).toMatchObject(DAMAGED);
      const expected = decoded ? small.subarray(0, content.bytes) : cut;
      expect(content.octets.equals(expected)).toBe(true);
      expect(content.bytes).toBeGreaterThan(0);
    }
  });

  it('up to five of any kind are undone, and cut anywhere they are flagged', async () => {
    const stacks = fc.record({
      stack: fc.array(fc.constantFrom(...FORMATS), { minLength: 1, maxLength: 5 }),
      content: fc.uint8Array({ maxLength: 400 }).map((octets): Buffer => Buffer.from(octets)),
      bufferBytes: fc.constantFrom(1, 3, 20, 65_536),
      part: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(stacks, async ({ stack, content, bufferBytes, part }) => {
        const codings = stack.map(({ coding }) => coding).join(', ');
        const payload = stack.reduce((octets, { code }) => code(octets), content);
        const read = { bufferBytes };
        const outcome = await fetched(codings, payload, 'chunked', { read });
        expect(toldOf(outcome)).toMatchObject({ ...WHOLE, decoded: true, warnings: [] });
        expect(outcome.content.octets.equals(content)).toBe(true);

        const cut = payload.subarray(0, Math.max(1, Math.floor(payload.length * part)));
        if (cut.length === payload.length) return;
        const damaged = await fetched(codings, cut, 'chunked', { read });
        expect(toldOf(damaged)).toMatchObject(DAMAGED);
        const expected = damaged.decoded ? content.subarray(0, damaged.content.bytes) : cut;
        expect(damaged.content.octets.equals(expected)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('bombs of 64 MiB under a limit of 1 MiB', () => {
  const zeros = gzipSync(Buffer.alloc(64 * MIB), { level: 9 });
  const member = gzipSync(Buffer.alloc(MIB));

  it.each([
    ['gzip', zeros],
    ['gzip, gzip', gzipSync(zeros, { level: 9 })],
    ['br', brotliCompressSync(Buffer.alloc(64 * MIB))],
    ['gzip', Buffer.concat(Array<Buffer>(1_000).fill(member))],
    ['gzip, gzip', gzipSync(Buffer.concat(Array<Buffer>(1_000).fill(member)))],
    [
      'br, gzip, br, gzip, zstd',
      [3, 0, 3, 0, 4].reduce<Buffer>((octets, n) => FORMATS[n]!.code(octets), Buffer.alloc(64 * MIB)),
    ],
  ])('%s: ended at once, the first MiB kept, in little memory', async (codings, bomb) => {
    const before = process.memoryUsage().rss;
    const outcome = await fetched(codings, bomb, 'content-length', { read: { maxBodyBytes: MIB } });
    expect(endOf(outcome)).toEqual({
      complete: false,
      endedBy: 'size-limit',
      failure: 'size-limit in receive',
    });
    expect(outcome.content.octets.equals(Buffer.alloc(MIB))).toBe(true);
    expect(outcome.content.total).toBeGreaterThan(MIB);
    expect(outcome.content.total).toBeLessThanOrEqual(MIB + 65_536);
    expect(process.memoryUsage().rss - before).toBeLessThan(24 * MIB);
  });
});
