import { promisify } from 'node:util';
import { deflateRaw, deflateRawSync, inflateRaw } from 'node:zlib';

/** characters that are compressed at once: handing them to a thread would take longer */
const SHORT_CHARACTERS = 16_384;
/** zlib's fastest: JSON is mostly names, which any level finds */
const OPTIONS = { level: 1 } as const;
/** with no more memory than what is short needs: to get and clear zlib's own would take longer than to compress */
const SHORT_OPTIONS = { ...OPTIONS, windowBits: 12, memLevel: 5, chunkSize: 4_096 } as const;

const deflateLater = promisify<string | Uint8Array, typeof OPTIONS, Buffer>(deflateRaw);
const inflateLater = promisify<Uint8Array, Buffer>(inflateRaw);

/** JSON as it is stored: UTF-8 under DEFLATE (RFC 1951), because PostgreSQL's own types refuse U+0000, which contents
 *  may hold. */
export function toStored(json: string): Promise<Buffer> | Buffer {
  return json.length <= SHORT_CHARACTERS ? deflateRawSync(json, SHORT_OPTIONS) : deflateLater(json, OPTIONS);
}

export async function fromStored(octets: Uint8Array): Promise<string> {
  return (await inflateLater(octets)).toString('utf8');
}
