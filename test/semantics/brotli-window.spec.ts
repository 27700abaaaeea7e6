import { brotliCompressSync, constants } from 'node:zlib';
import { brotliWindowBytes } from '../../src/semantics/brotli-window';

const KIB = 1_024;

// RFC 7932 §9.1 lists all of them; the bits are written as they stand in the octet.
it.each([
  ['0', 16],
  ['0100001', 10],
  ['0110001', 11],
  ['1000001', 12],
  ['1010001', 13],
  ['1100001', 14],
  ['1110001', 15],
  ['0000001', 17],
  ['0011', 18],
  ['0101', 19],
  ['0111', 20],
  ['1001', 21],
  ['1011', 22],
  ['1101', 23],
  ['1111', 24],
])('%s is a window of 2^%i octets, whatever follows', (bits, exponent) => {
  const above = 8 - bits.length;
  for (let rest = 0; rest < 2 ** above; rest++)
    expect(brotliWindowBytes((rest << bits.length) | Number.parseInt(bits, 2))).toBe(2 ** exponent);
});

it.each([10, 16, 17, 18, 22, 24])('an encoder told to use 2^%i octets asks for them', (exponent) => {
  const params = { [constants.BROTLI_PARAM_LGWIN]: exponent, [constants.BROTLI_PARAM_QUALITY]: 5 };
  const [first] = brotliCompressSync(Buffer.alloc(64 * KIB * KIB, 'content'), { params });
  expect(brotliWindowBytes(first!)).toBe(2 ** exponent);
});
