import { constants, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import {
  ZSTD_HEADER_BYTES,
  ZstdFrame,
  beginsZstdFrame,
  zstdWindowBytes,
} from '../../src/semantics/zstd-frame';
import { inPieces } from '../support/split';

function octets(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex');
}

/** How many octets a frame takes of what it is given piece by piece, and whether it has ended then. */
function scan(coded: Buffer, size = Infinity): { taken: number; ended: boolean } {
  const frame = new ZstdFrame();
  let taken = 0;
  for (const piece of size === Infinity ? [coded] : inPieces(coded, size)) taken += frame.take(piece);
  return { taken, ended: frame.ended };
}

describe('a Zstandard frame', () => {
  const content = fc.oneof(
    fc.uint8Array({ maxLength: 2_000 }),
    fc.integer({ min: 0, max: 400_000 }).map((length) => Buffer.alloc(length, 'wirefetch')),
  );

  it('ends with its last octet, whatever follows and however it is split', () => {
    fc.assert(
      fc.property(content, fc.boolean(), fc.uint8Array({ maxLength: 9 }), (plain, checksum, rest) => {
        const params = { [constants.ZSTD_c_checksumFlag]: Number(checksum) };
        const frame = zstdCompressSync(plain, { params });
        const coded = Buffer.concat([frame, rest]);
        for (const size of [1, 3, 20, Infinity])
          expect(scan(coded, size)).toEqual({ taken: frame.length, ended: true });
      }),
      { numRuns: 50 },
    );
  });

  it('has not ended before its last octet', () => {
    const frame = zstdCompressSync('wirefetch', { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
    for (let length = 0; length < frame.length; length++)
      expect(scan(frame.subarray(0, length))).toEqual({ taken: length, ended: false });
  });

  // RFC 8878 §3.1.1.1 and §3.1.1.2; every block is the last, and empty where nothing else is said
  it.each([
    ['a window descriptor', '28b52ffd 00 58 010000'],
    ['a single segment, and a content size of 1 octet', '28b52ffd 20 00 010000'],
    ['a content size of 2 octets', '28b52ffd 40 58 0000 010000'],
    ['a content size of 4 octets', '28b52ffd 80 58 00000000 010000'],
    ['a content size of 8 octets', '28b52ffd c0 58 0000000000000000 010000'],
    ['a dictionary ID of 1 octet', '28b52ffd 01 58 07 010000'],
    ['a dictionary ID of 2 octets', '28b52ffd 02 58 0007 010000'],
    ['a dictionary ID of 4 octets', '28b52ffd 03 58 00000007 010000'],
    ['a checksum', '28b52ffd 04 58 010000 01020304'],
    ['a raw block of 3 octets', '28b52ffd 00 58 190000 616263'],
    ['a block of 1 octet that is repeated 3 times', '28b52ffd 00 58 1b0000 61'],
    ['two blocks', '28b52ffd 00 58 180000 616263 010000'],
    ['nothing but what is to be skipped', '502a4d18 03000000 616263'],
    ['nothing to skip', '5f2a4d18 00000000'],
  ])('is measured that has %s', (_, hex) => {
    const frame = octets(hex);
    for (const size of [1, 3, Infinity])
      expect(scan(Buffer.concat([frame, octets('28b52ffd')]), size)).toEqual({
        taken: frame.length,
        ended: true,
      });
  });

  it.each([
    ['28b52ffd', true],
    ['502a4d18', true],
    ['5f2a4d18', true],
    ['28', true],
    ['5a2a', true],
    ['', true],
    ['00000000', false],
    ['28b52ffe', false],
    ['602a4d18', false],
    ['502a4d19', false],
    ['1f8b', false],
  ])('may begin with %s: %s', (hex, expected) => {
    expect(beginsZstdFrame(octets(hex))).toBe(expected);
  });
});

describe('the window of a frame', () => {
  // RFC 8878 §3.1.1.1.2 and §3.1.1.1.4
  it.each([
    ['its descriptor, smallest', '28b52ffd 00 00', 1_024],
    ['its descriptor, with eighths', '28b52ffd 00 0f', 2_048 + 7 * 256],
    ['its descriptor, 8 MiB', '28b52ffd 00 68', 8_388_608],
    [
      'its descriptor, which precedes a dictionary ID and a content size',
      '28b52ffd 41 58 07 0100',
      2_097_152,
    ],
    ['the content size of a single segment, 1 octet', '28b52ffd 20 07', 7],
    ['the content size of a single segment, 2 octets', '28b52ffd 60 0100', 257],
    ['the content size of a single segment, 4 octets', '28b52ffd a0 00000100', 65_536],
    ['the content size of a single segment, 8 octets', '28b52ffd e0 0000000001000000', 2 ** 32],
    ['the content size, after a dictionary ID', '28b52ffd 23 01020304 09', 9],
    ['what there is of a header that is cut', '28b52ffd a0 0001', 256],
    ['nothing where it is to be skipped', '502a4d18 03000000', 0],
  ])('is told by %s', (_, hex, bytes) => {
    expect(zstdWindowBytes(octets(hex))).toBe(bytes);
  });

  it.each([10, 17, 21, 23])('is as large as an encoder is told: 2^%i', (windowLog) => {
    const coded = zstdCompressSync(Buffer.alloc(20_000_000), {
      params: { [constants.ZSTD_c_windowLog]: windowLog },
    });
    expect(zstdWindowBytes(coded.subarray(0, ZSTD_HEADER_BYTES))).toBe(2 ** windowLog);
  });
});
