import type { FieldLine } from '../http1/events';
import { excerpt, splitList } from '../http1/grammar';
import { fieldValues } from './fields';

/** A content coding that can be undone, RFC 9110 §8.4.1, RFC 7932, RFC 8878. */
export type Coding = 'gzip' | 'deflate' | 'br' | 'zstd';

/** What to do about the codings of a message. */
export type DecodingPlan =
  /** there is nothing to undo */
  | { readonly kind: 'plain' }
  /** @property codings in the order they were applied: the last is undone first */
  | { readonly kind: 'undo'; readonly codings: readonly Coding[] }
  /** the content is to be given as it came; the warning is null where another has said why */
  | { readonly kind: 'keep'; readonly warning: { readonly code: string; readonly message: string } | null };

/** More of them have no use but to exhaust a client: curl, undici and urllib3 all came to have a limit. */
export const MAX_CODINGS = 5;

// RFC 9110 §8.4.1.3: "A recipient SHOULD consider "x-gzip" to be equivalent to "gzip"."
const CODINGS: ReadonlyMap<string, Coding> = new Map([
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate', 'deflate'],
  ['br', 'br'],
  ['zstd', 'zstd'],
]);

/** The value of Accept-Encoding: all that can be undone. */
export const ACCEPT_ENCODING = [...new Set(CODINGS.values())].join(', ');

/** The content codings of a message, RFC 9110 §8.4: in lower case, in the order they were applied. */
export function contentCodings(headers: readonly FieldLine[]): string[] {
  return namesIn(headers, 'content-encoding');
}

/** Decides whether the content codings of a message can be undone. `identity` is none.
 *  @see RFC 9110 §8.4 */
export function planDecoding(headers: readonly FieldLine[]): DecodingPlan {
  const applied = contentCodings(headers).filter((name) => name !== 'identity');
  if (applied.length === 0) return { kind: 'plain' };
  // What is still in a transfer coding is not in its content codings yet.
  if (transferCodings(headers).some((name) => name !== 'chunked')) return { kind: 'keep', warning: null };
  if (applied.length > MAX_CODINGS)
    return keep(
      'too-many-content-codings',
      `${applied.length} content codings not undone: more than ${MAX_CODINGS}`,
    );
  const codings = applied.flatMap((name) => CODINGS.get(name) ?? []);
  if (codings.length === applied.length) return { kind: 'undo', codings };
  return keep('content-coding-unknown', `content coding not undone: ${excerpt(applied.join(', '))}`);
}

function keep(code: string, message: string): DecodingPlan {
  return { kind: 'keep', warning: { code, message } };
}

function transferCodings(headers: readonly FieldLine[]): string[] {
  return namesIn(headers, 'transfer-encoding').filter((name) => name !== 'identity');
}

function namesIn(headers: readonly FieldLine[], lowerCaseName: string): string[] {
  return fieldValues(headers, lowerCaseName)
    .flatMap(splitList)
    .filter((name) => name !== '')
    .map((name) => name.toLowerCase());
}

/** Tells the two formats that go by the name of deflate apart. RFC 9110 §8.4.1.2 means zlib's; some senders leave
 *  out its header and its checksum. What passes for a header would begin raw deflate with a stored block whose
 *  padding is not zero, which no encoder writes.
 *  @param begin the first two octets; only one where there is no other
 *  @see RFC 1950 §2.2: CM, CINFO and FCHECK */
export function isZlib(begin: Buffer): boolean {
  const [cmf = 0, flg] = begin;
  return (cmf & 0x0f) === 8 && cmf >> 4 <= 7 && (flg === undefined || (cmf * 256 + flg) % 31 === 0);
}
