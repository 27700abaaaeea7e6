import { createHash } from 'node:crypto';
import type { FetchSpec } from '../exchange/fetch-spec';
import type { Answered } from '../exchange/outcome';
import {
  type CharsetDecision,
  type DecodedText,
  decideCharset,
  decodeInSlices,
  decodeText,
  hasCharacters,
  looksLikeText,
  validateInSlices,
} from '../semantics/charset';
import { fieldValues } from '../semantics/fields';
import { type MediaType, extractMediaType, isTextual } from '../semantics/media-type';
import type { BodyDto, HopBodyDto, WarningDto } from './dto/exchange.dto';

/** How octets are wanted. */
type Wanted = FetchSpec['include']['body'];
/** How they are shown; octet by octet is text too. */
type Shown = 'text' | 'octet-by-octet' | 'base64' | 'not';

/** A body with what is to be said of it. */
export interface Mapped<Body> {
  readonly body: Body;
  readonly warnings: readonly WarningDto[];
}

/** Content that is made while it is written. */
export interface LongContent {
  /** the field of the body that it is for, in which an empty string stands */
  readonly field: 'text' | 'base64';
  /** none ends within a character */
  readonly pieces: Iterable<string>;
}

/** octets digested at once, a fraction of a millisecond's work */
const DIGEST_BYTES = 262_144;
/** octets shown at once where they are not decoded; three of them are four characters of base64 */
const SHOWN_BYTES = 24_576;

/** Maps the content of a response that is followed by another: all but its octets. */
export function toHopBody(outcome: Answered): Mapped<HopBodyDto> {
  const mediaType = mediaTypeOf(outcome);
  const decision = charsetOf(outcome, mediaType);
  const body = describeBody(outcome, mediaType, decision, outcome.content.sha256);
  return { body, warnings: decision.warnings };
}

/** Maps the content of the final response. */
export function toBody(outcome: Answered, as: Wanted): Mapped<BodyDto> {
  const { octets, sha256 } = outcome.content;
  const mediaType = mediaTypeOf(outcome);
  const decision = charsetAs(as, outcome, mediaType);
  const { text, replaced } = readAs(as, octets, decision);
  const shown = howToShow(as, decision, replaced);
  const body = {
    text: shown === 'octet-by-octet' ? octets.toString('latin1') : shown === 'text' ? text : null,
    base64: shown === 'base64' ? octets.toString('base64') : null,
    ...describeBody(outcome, mediaType, decision, sha256),
  };
  return { body, warnings: warningsOf(decision, shown) };
}

/** Maps the content of the final response when it is long: as `toBody` does, but for the content itself. It can be left
 *  between its steps, none of which takes long. */
export function* toLongBody(
  outcome: Answered,
  as: Wanted,
): Generator<void, Mapped<BodyDto> & { readonly content: LongContent | null }> {
  const { octets } = outcome.content;
  const sha256 = yield* digestOf(octets);
  const mediaType = mediaTypeOf(outcome);
  const decision = charsetAs(as, outcome, mediaType);
  const replaced = as === 'auto' && (yield* isReplacedIn(octets, decision));
  const shown = howToShow(as, decision, replaced);
  const content = contentOf(octets, shown, decision);
  const body = {
    text: content?.field === 'text' ? '' : null,
    base64: content?.field === 'base64' ? '' : null,
    ...describeBody(outcome, mediaType, decision, sha256),
  };
  return { body, warnings: warningsOf(decision, shown), content };
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

/** The same, where text may be wanted of content whatever it is. */
function charsetAs(as: Wanted, outcome: Answered, mediaType: MediaType | null): CharsetDecision {
  if (as !== 'text') return charsetOf(outcome, mediaType);
  return outcome.decoded ? decideCharset(outcome.content.octets, mediaType, isCut(outcome)) : NO_TEXT;
}

function isCut({ content, complete }: Answered): boolean {
  return content.total > content.bytes || !complete;
}

const NOT_READ: DecodedText = { text: null, replaced: false };

function readAs(as: Wanted, octets: Buffer, { charset }: CharsetDecision): DecodedText {
  const isWanted = as === 'auto' || as === 'text';
  return isWanted && hasCharacters(charset) ? decodeText(octets, charset) : NOT_READ;
}

function* isReplacedIn(octets: Buffer, { charset }: CharsetDecision): Generator<void, boolean> {
  return hasCharacters(charset) && !(yield* validateInSlices(octets, charset));
}

/** @param replaced the text would not have all octets */
function howToShow(as: Wanted, { charset }: CharsetDecision, replaced: boolean): Shown {
  if (as === 'none') return 'not';
  if (as === 'base64') return 'base64';
  if (hasCharacters(charset) && !(replaced && as === 'auto')) return 'text';
  return as === 'auto' ? 'base64' : 'octet-by-octet';
}

function contentOf(octets: Buffer, shown: Shown, { charset }: CharsetDecision): LongContent | null {
  if (shown === 'not') return null;
  if (shown === 'base64') return { field: 'base64', pieces: encodeInSlices(octets, 'base64') };
  const pieces = shown === 'text' ? decodeInSlices(octets, charset!) : encodeInSlices(octets, 'latin1');
  return { field: 'text', pieces };
}

function* encodeInSlices(octets: Buffer, encoding: 'base64' | 'latin1'): Generator<string, void> {
  for (let at = 0; at < octets.length; at += SHOWN_BYTES)
    yield octets.toString(encoding, at, at + SHOWN_BYTES);
}

function* digestOf(octets: Buffer): Generator<void, string> {
  const digest = createHash('sha256');
  for (let at = 0; at < octets.length; at += DIGEST_BYTES) {
    if (at > 0) yield;
    digest.update(octets.subarray(at, at + DIGEST_BYTES));
  }
  return digest.digest('hex');
}

function warningsOf({ charset, warnings }: CharsetDecision, shown: Shown): readonly WarningDto[] {
  return shown === 'octet-by-octet' ? [...warnings, octetByOctet(charset)] : warnings;
}

/** Text was asked for: what cannot be read as such is shown octet by octet, and that is said. */
function octetByOctet(charset: string | null): WarningDto {
  const why =
    charset === null
      ? 'the content is still coded'
      : `charset ${charset} has no characters that may be shown`;
  return { code: 'charset-unknown', message: `${why}: one character per octet`, offset: null };
}

function describeBody(
  outcome: Answered,
  mediaType: MediaType | null,
  text: CharsetDecision,
  sha256: string,
): HopBodyDto {
  const { content, wireBytes, contentCodings, decoded } = outcome;
  return {
    bytes: content.bytes,
    wireBytes,
    contentEncoding: [...contentCodings],
    decoded,
    mediaType: mediaType?.essence ?? null,
    charset: text.charset,
    charsetSource: text.charsetSource,
    sha256,
    truncated: content.total > content.bytes,
  };
}
