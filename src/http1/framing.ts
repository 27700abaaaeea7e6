import { type FieldLine, type Framing, MalformedResponse, type Warn } from './events';
import { CHUNKED_WITH_PARAMETERS, DIGITS, excerpt, splitList } from './grammar';

/** What decides how a response's content is delimited. */
export interface FramingInput {
  /** of the request that is being answered */
  readonly requestMethod: string;
  readonly status: number;
  /** as received, "1.1" */
  readonly httpVersion: string;
  /** field lines in wire order */
  readonly headers: readonly FieldLine[];
  readonly strict: boolean;
  /** octets from the first one received to this head: where warnings and errors point */
  readonly offset: number;
}

/** Decides how the content of a response is delimited. What decides a length is never guessed.
 *  @throws MalformedResponse on a Content-Length that is no single numeral, or a broken Transfer-Encoding
 *  @see RFC 9112 §6.3 */
export function messageFraming(input: FramingInput, warn: Warn): Framing {
  const { requestMethod, status, headers, offset } = input;
  const transferEncoding = valuesOf(headers, 'transfer-encoding');
  const contentLength = valuesOf(headers, 'content-length');
  // RFC 9110 §8.6, RFC 9112 §6.1: neither may be sent with 1xx or 204, of which neither decides anything
  if ((status < 200 || status === 204) && transferEncoding.length + contentLength.length > 0)
    warn('framing-field-without-content', `${status} has no content, whatever its fields say`, offset);
  // RFC 9110 §15.2.2: after 101 the connection speaks another protocol
  if (status === 101) return { kind: 'upgrade' };
  // §6.3 item 1
  if (requestMethod === 'HEAD' || status < 200 || status === 204 || status === 304)
    return { kind: 'no-content' };
  // §6.3 item 2: a successful CONNECT becomes a tunnel; its framing fields are ignored
  if (requestMethod === 'CONNECT' && status < 300) return { kind: 'upgrade' };

  if (transferEncoding.length > 0) {
    // §6.3 item 3: Transfer-Encoding overrides Content-Length
    if (contentLength.length > 0)
      warn('content-length-ignored', 'Transfer-Encoding overrides Content-Length', offset);
    return transferFraming(transferEncoding, input, warn);
  }
  if (contentLength.length > 0)
    return { kind: 'content-length', length: parseContentLength(contentLength, offset, warn) };
  // §6.3 item 8
  return { kind: 'until-close' };
}

function transferFraming(values: readonly string[], input: FramingInput, warn: Warn): Framing {
  const { httpVersion, strict, offset } = input;
  if (httpVersion === '1.0' || httpVersion === '0.9') {
    // §6.1: the framing of an HTTP/1.0 message with Transfer-Encoding is faulty
    if (strict) throw new MalformedResponse('Transfer-Encoding in a message older than HTTP/1.1', offset);
    warn('transfer-encoding-before-http11', 'Transfer-Encoding in a message older than HTTP/1.1', offset);
  }
  const codings = values
    .flatMap(splitList)
    .filter((coding) => coding !== '')
    .map((coding) => coding.toLowerCase());
  // The list may be empty by its grammar; §6.3 item 4 holds then as well, and Content-Length stays overridden
  if (codings.length === 0) warn('transfer-encoding-empty', 'Transfer-Encoding names no coding', offset);
  // §7.1: "The chunked coding does not define any parameters. Their presence SHOULD be treated as an error."
  if (strict && codings.some((coding) => CHUNKED_WITH_PARAMETERS.test(coding)))
    throw new MalformedResponse('chunked has parameters in Transfer-Encoding', offset);
  // §6.1: "A sender MUST NOT apply the chunked transfer coding more than once to a message body"
  if (codings.indexOf('chunked') !== codings.lastIndexOf('chunked')) {
    if (strict) throw new MalformedResponse('chunked is named twice in Transfer-Encoding', offset);
    // Lenient: curl, node:http and undici all take it as applied once
    warn('chunked-repeated', 'chunked is named twice in Transfer-Encoding, undone once', offset);
  }

  const unknown = codings.filter((coding) => coding !== 'chunked');
  if (unknown.length > 0)
    warn('transfer-coding-unknown', `transfer coding not undone: ${excerpt(unknown.join(', '))}`, offset);
  if (codings.at(-1) === 'chunked') return { kind: 'chunked' };
  // §6.3 item 4: not chunked at last means read until the connection is closed
  if (codings.includes('chunked'))
    warn('chunked-not-final', 'chunked is not the final transfer coding: read until close', offset);
  return { kind: 'until-close' };
}

/** Lists of one and the same numeral are one value; anything else is an error (§6.3 item 5). */
function parseContentLength(values: readonly string[], offset: number, warn: Warn): number {
  const members = values.flatMap(splitList);
  const first = members[0]!;
  if (!members.every((member) => member === first))
    throw new MalformedResponse('Content-Length values differ', offset);
  if (!DIGITS.test(first)) throw new MalformedResponse('Content-Length is not a number', offset);
  const length = Number(first);
  if (length > Number.MAX_SAFE_INTEGER) throw new MalformedResponse('Content-Length is above 2^53-1', offset);
  if (members.length > 1)
    warn('content-length-repeated', 'Content-Length says the same more than once', offset);
  return length;
}

function valuesOf(headers: readonly FieldLine[], lowerCaseName: string): string[] {
  const values: string[] = [];
  for (const { name, value } of headers)
    if (name.length === lowerCaseName.length && name.toLowerCase() === lowerCaseName) values.push(value);
  return values;
}
