import { deflateRawSync, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import type { FieldLine } from '../../src/http1/events';
import { ACCEPT_ENCODING, contentCodings, isZlib, planDecoding } from '../../src/semantics/content-coding';

function contentEncoding(...values: readonly string[]): FieldLine[] {
  return values.map((value) => ({ name: 'Content-Encoding', value }));
}

describe('the content codings of a message', () => {
  it.each<[why: string, headers: FieldLine[], codings: string[]]>([
    ['none without Content-Encoding', [{ name: 'Content-Type', value: 'text/html' }], []],
    ['in the order they were applied', contentEncoding('gzip, br'), ['gzip', 'br']],
    ['of all lines, in wire order', contentEncoding('gzip', 'br, zstd'), ['gzip', 'br', 'zstd']],
    ['in lower case', contentEncoding('GZip,X-Own'), ['gzip', 'x-own']],
    ['without empty members and blanks', contentEncoding(', gzip ,,', ''), ['gzip']],
    ['with identity', contentEncoding('identity'), ['identity']],
    ['named by any case of the field name', [{ name: 'content-ENCODING', value: 'br' }], ['br']],
  ])('are %s', (_, headers, codings) => {
    expect(contentCodings(headers)).toEqual(codings);
  });
});

describe('codings', () => {
  it.each([
    ['gzip', ['gzip']],
    ['x-gzip', ['gzip']],
    ['X-GZIP', ['gzip']],
    ['deflate', ['deflate']],
    ['br', ['br']],
    ['zstd', ['zstd']],
    ['identity, gzip, Identity', ['gzip']],
    ['gzip, gzip, br, deflate, zstd', ['gzip', 'gzip', 'br', 'deflate', 'zstd']],
    ['gzip, gzip, gzip, gzip, gzip, identity', ['gzip', 'gzip', 'gzip', 'gzip', 'gzip']],
  ])('%s can be undone', (value, codings) => {
    expect(planDecoding(contentEncoding(value))).toEqual({ kind: 'undo', codings });
  });

  it.each([[[]], [['identity']], [['identity, IDENTITY', '']]])('%j leave nothing to undo', (values) => {
    expect(planDecoding(contentEncoding(...values))).toEqual({ kind: 'plain' });
  });

  it.each([
    ['sdch', 'content-coding-unknown', 'sdch'],
    ['gzip, compress', 'content-coding-unknown', 'gzip, compress'],
    ['gzip;q=1', 'content-coding-unknown', 'gzip;q=1'],
    ['x-br', 'content-coding-unknown', 'x-br'],
    ['"gzip, br"', 'content-coding-unknown', '"gzip, br"'],
    ['gzip, gzip, gzip, gzip, gzip, gzip', 'too-many-content-codings', '6 content codings'],
    ['a, b, c, d, e, f', 'too-many-content-codings', '6 content codings'],
    ['a, b, c, d, e', 'content-coding-unknown', 'a, b, c, d, e'],
    [Array(200).fill('gzip').join(', '), 'too-many-content-codings', '200 content codings'],
  ])('%s are left as they are, with a warning', (value, code, message) => {
    expect(planDecoding(contentEncoding(value))).toEqual({
      kind: 'keep',
      warning: { code, message: expect.stringContaining(message) as string },
    });
  });

  it.each([
    ['gzip, chunked', 'keep'],
    ['X-Own', 'keep'],
    ['Chunked', 'undo'],
    ['identity', 'undo'],
    ['chunked, , chunked', 'undo'],
  ])('within the transfer coding %s: %s', (transferEncoding, kind) => {
    const headers = [{ name: 'Transfer-Encoding', value: transferEncoding }, ...contentEncoding('gzip')];
    expect(planDecoding(headers).kind).toBe(kind);
    expect(planDecoding(headers)).not.toHaveProperty('warning.code');
  });
});

it('what can be undone is what is asked for', () => {
  expect(ACCEPT_ENCODING).toBe('gzip, deflate, br, zstd');
  expect(planDecoding(contentEncoding(ACCEPT_ENCODING))).toMatchObject({ kind: 'undo' });
});

describe('deflate', () => {
  // RFC 1950 §2.2: CMF and FLG
  it.each([
    ['78 9c', true],
    ['78 01', true],
    ['78 da', true],
    ['08 1d', true],
    ['78', true],
    ['78 9d', false],
    ['88 1c', false],
    ['79 9c', false],
    ['4b 4c', false],
    ['00', false],
    ['', false],
  ])('that begins with %s has the header of zlib: %s', (hex, expected) => {
    expect(isZlib(Buffer.from(hex.replace(' ', ''), 'hex'))).toBe(expected);
  });

  it('with and without the header is told apart by two octets, at every level', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 0, max: 9 }), (octets, level) => {
        expect(isZlib(deflateSync(octets, { level }).subarray(0, 2))).toBe(true);
        expect(isZlib(deflateRawSync(octets, { level }).subarray(0, 2))).toBe(false);
      }),
    );
  });
});
