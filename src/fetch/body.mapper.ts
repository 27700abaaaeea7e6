import { isUtf8 } from 'node:buffer';
import type { FetchSpec } from '../exchange/fetch-spec';
import type { Answered } from '../exchange/outcome';
import { type DecodedText, decodeText } from '../semantics/charset';
import { fieldValue } from '../semantics/fields';
import { type MediaType, isTextual, parseMediaType } from '../semantics/media-type';
import type { BodyDto, HopBodyDto, WarningDto } from './dto/exchange.dto';

/** A body with what is to be said of it. */
interface Mapped<Body> {
  readonly body: Body;
  readonly warnings: readonly WarningDto[];
}

/** Maps the content of a response that is followed by another: all but its octets. */
export function toHopBody(outcome: Answered): Mapped<HopBodyDto> {
  const mediaType = mediaTypeOf(outcome);
  return { body: describeBody(outcome, mediaType, readText(outcome, mediaType)), warnings: [] };
}

/** Maps the content of the final response.
 *  @param as how its octets are wanted */
export function toBody(outcome: Answered, as: FetchSpec['include']['body']): Mapped<BodyDto> {
  const mediaType = mediaTypeOf(outcome);
  const text = readText(outcome, mediaType);
  const described = describeBody(outcome, mediaType, text);
  const { octets } = outcome.content;
  switch (as) {
    case 'none':
      return { body: { text: null, base64: null, ...described }, warnings: [] };
    case 'base64':
      return { body: { text: null, base64: octets.toString('base64'), ...described }, warnings: [] };
    case 'auto': {
      const asText = text.text !== null && !text.replaced && described.decoded;
      const body = asText
        ? { text: text.text, base64: null }
        : { text: null, base64: octets.toString('base64') };
      return { body: { ...body, ...described }, warnings: [] };
    }
    case 'text':
      return forcedText(octets, described, mediaType);
  }
}

/** Text was asked for: what cannot be read in its charset is shown octet by octet, and that is said. */
function forcedText(octets: Buffer, described: HopBodyDto, mediaType: MediaType | null): Mapped<BodyDto> {
  const { text, charset, charsetSource } = decodeText(octets, mediaType);
  const body = { text, base64: null, ...described, charset, charsetSource };
  if (text !== null) return { body, warnings: [] };
  const message = `charset ${charset} is not read by this version: one character per octet`;
  return {
    body: { ...body, text: octets.toString('latin1') },
    warnings: [{ code: 'charset-unknown', message, offset: null }],
  };
}

function mediaTypeOf({ head }: Answered): MediaType | null {
  const contentType = fieldValue(head.headers, 'content-type');
  return contentType === null ? null : parseMediaType(contentType);
}

const NO_TEXT: DecodedText = { text: null, charset: null, charsetSource: null, replaced: false };

/** Reads the content as text where it claims to be, or may be, text. */
function readText({ content }: Answered, mediaType: MediaType | null): DecodedText {
  if (mediaType !== null && !isTextual(mediaType.essence)) return NO_TEXT;
  // Octets that were not kept cannot be looked at.
  const kept = content.octets.length === content.bytes;
  if (mediaType === null && !(kept && looksLikeText(content.octets))) return NO_TEXT;
  return decodeText(content.octets, mediaType);
}

function looksLikeText(octets: Buffer): boolean {
  return isUtf8(octets) && !octets.includes(0);
}

function describeBody(outcome: Answered, mediaType: MediaType | null, text: DecodedText): HopBodyDto {
  const { content, wireBytes, contentCodings, decoded } = outcome;
  return {
    bytes: content.bytes,
    wireBytes,
    contentEncoding: [...contentCodings],
    decoded,
    mediaType: mediaType?.essence ?? null,
    charset: text.charset,
    charsetSource: text.charsetSource,
    sha256: content.sha256,
    truncated: content.total > content.bytes,
  };
}
