import type { FetchSpec } from '../exchange/fetch-spec';
import type { Answered } from '../exchange/outcome';
import { type CharsetDecision, decideCharset, decodeText, looksLikeText } from '../semantics/charset';
import { fieldValues } from '../semantics/fields';
import { type MediaType, extractMediaType, isTextual } from '../semantics/media-type';
import type { BodyDto, HopBodyDto, WarningDto } from './dto/exchange.dto';

/** A body with what is to be said of it. */
interface Mapped<Body> {
  readonly body: Body;
  readonly warnings: readonly WarningDto[];
}

/** Maps the content of a response that is followed by another: all but its octets. */
export function toHopBody(outcome: Answered): Mapped<HopBodyDto> {
  const mediaType = mediaTypeOf(outcome);
  const decision = charsetOf(outcome, mediaType);
  return { body: describeBody(outcome, mediaType, decision), warnings: decision.warnings };
}

/** Maps the content of the final response.
 *  @param as how its octets are wanted */
export function toBody(outcome: Answered, as: FetchSpec['include']['body']): Mapped<BodyDto> {
  const mediaType = mediaTypeOf(outcome);
  const decision = as === 'text' ? charsetOfText(outcome, mediaType) : charsetOf(outcome, mediaType);
  const { text, warnings } = textOf(outcome, as, decision);
  const asOctets = text === null && as !== 'none';
  const base64 = asOctets ? outcome.content.octets.toString('base64') : null;
  const body = { text, base64, ...describeBody(outcome, mediaType, decision) };
  return { body, warnings: [...decision.warnings, ...warnings] };
}

function mediaTypeOf({ head }: Answered): MediaType | null {
  return extractMediaType(fieldValues(head.headers, 'content-type'));
}

const NO_TEXT: CharsetDecision = { charset: null, charsetSource: null, warnings: [] };

/** The charset of content that claims to be text, or may be. */
function charsetOf(outcome: Answered, mediaType: MediaType | null): CharsetDecision {
  if (!outcome.decoded) return NO_TEXT;
  const { content } = outcome;
  // Octets that were not kept cannot be looked at.
  const octets = content.octets.length === content.bytes ? content.octets : null;
  const cut = isCut(outcome);
  if (mediaType !== null)
    return isTextual(mediaType.essence) ? decideCharset(octets, mediaType, cut) : NO_TEXT;
  if (octets === null) return NO_TEXT;
  const decision = decideCharset(octets, null, cut);
  return decision.charsetSource === 'default' && !looksLikeText(octets, cut) ? NO_TEXT : decision;
}

/** The charset of content that is wanted as text, whatever it is. */
function charsetOfText(outcome: Answered, mediaType: MediaType | null): CharsetDecision {
  if (!outcome.decoded) return NO_TEXT;
  return decideCharset(outcome.content.octets, mediaType, isCut(outcome));
}

function isCut({ content, complete }: Answered): boolean {
  return content.total > content.bytes || !complete;
}

interface Text {
  /** null: the octets are to be given as they are, or not at all */
  readonly text: string | null;
  readonly warnings: readonly WarningDto[];
}

function textOf(
  { content: { octets } }: Answered,
  as: FetchSpec['include']['body'],
  { charset }: CharsetDecision,
): Text {
  if (as !== 'auto' && as !== 'text') return { text: null, warnings: [] };
  const { text, replaced } = charset === null ? { text: null, replaced: false } : decodeText(octets, charset);
  if (as === 'auto') return { text: replaced ? null : text, warnings: [] };
  if (text !== null) return { text, warnings: [] };
  return { text: octets.toString('latin1'), warnings: [octetByOctet(charset)] };
}

/** Text was asked for: what cannot be read as such is shown octet by octet, and that is said. */
function octetByOctet(charset: string | null): WarningDto {
  const why =
    charset === null
      ? 'the content is still coded'
      : `charset ${charset} has no characters that may be shown`;
  return { code: 'charset-unknown', message: `${why}: one character per octet`, offset: null };
}

function describeBody(outcome: Answered, mediaType: MediaType | null, text: CharsetDecision): HopBodyDto {
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
