import {
  brotliCompressSync,
  constants,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';

/** A format that goes by the name of a content coding, with what makes it. */
export interface Format {
  readonly format: string;
  /** as Content-Encoding names it */
  readonly coding: 'gzip' | 'deflate' | 'br' | 'zstd';
  readonly code: (content: Buffer) => Buffer;
}

const CHECKSUM = { [constants.ZSTD_c_checksumFlag]: 1 };

export const FORMATS: readonly Format[] = [
  { format: 'gzip', coding: 'gzip', code: (content) => gzipSync(content) },
  { format: 'zlib', coding: 'deflate', code: (content) => deflateSync(content) },
  { format: 'raw deflate', coding: 'deflate', code: (content) => deflateRawSync(content) },
  { format: 'br', coding: 'br', code: (content) => brotliCompressSync(content) },
  { format: 'zstd', coding: 'zstd', code: (content) => zstdCompressSync(content) },
  {
    format: 'zstd with a checksum',
    coding: 'zstd',
    code: (content) => zstdCompressSync(content, { params: CHECKSUM }),
  },
];

/** Text of which no two parts are alike, so that it takes some octets to code it. */
export function prose(bytes: number): Buffer {
  let text = '';
  for (let n = 1; text.length < bytes; n++) text += `${n} times ${n} is ${n * n}, `;
  return Buffer.from(text.slice(0, bytes));
}

/** Octets that no coding makes shorter. */
export function noise(bytes: number): Buffer {
  const octets = Buffer.alloc(bytes);
  // xorshift32: the same in every run
  let state = 2_463_534_242;
  for (let at = 0; at < bytes; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    octets[at] = state & 0xff;
  }
  return octets;
}
