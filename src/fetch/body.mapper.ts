import { createHash } from 'node:crypto';
import type { Answered } from '../exchange/outcome';
import {
  type CharsetDecision,
  type DecodedText,
  decodeInSlices,
  decodeText,
  hasCharacters,
  validateInSlices,
} from '../semantics/charset';
import { fieldValues } from '../semantics/fields';
import { type MediaType, extractMediaType } from '../semantics/media-type';
import { type Wanted, charsetFor, shownOctetByOctet } from './content-charset';
import type { BodyDto, HopBodyDto, WarningDto } from './dto/exchange.dto';

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

/** content of so few octets is mapped, and written, at once */
export const SHORT_BYTES = 32_768;
/** octets digested at once, a fraction of a millisecond's work */
const DIGEST_BYTES = 262_144;
/** octets shown at once where they are not decoded; three of them are four characters of base64 */
const SHOWN_BYTES = 24_576;

/** Maps the content of a response that is followed by another: all but its octets. */
export function toHopBody(outcome: Answered): Mapped<HopBodyDto> {
  const mediaType = mediaTypeOf(outcome);
  const decision = charsetOf('auto', outcome, mediaType);
  const body = describeBody(outcome, mediaType, decision, outcome.content.sha256);
  return { body, warnings: decision.warnings };
}

/** Maps the content of the final response. */
export function toBody(outcome: Answered, as: Wanted): Mapped<BodyDto> {
  const { octets, sha256 } = outcome.content;
  const mediaType = mediaTypeOf(outcome);
  const decision = charsetOf(as, outcome, mediaType);
  const { text, replaced } = readAs(as, octets, decision);
  const shown = howToShow(as, decision, replaced);
  const body = {
    text: shown === 'octet-by-octet' ? octets.toString('latin1') : shown === 'text' ? text : null,
    base64: shown === 'base64' ? octets.toString('base64') : null,
    ...describeBody(outcome, mediaType, decision, sha256),
  };
  return { body, warnings: decision.warnings };
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
  const decision = charsetOf(as, outcome, mediaType);
  const replaced = as === 'auto' && (yield* isReplacedIn(octets, decision));
  const shown = howToShow(as, decision, replaced);
  const content = contentOf(octets, shown, decision);
  const body = {
    text: content?.field === 'text' ? '' : null,
    base64: content?.field === 'base64' ? '' : null,
    ...describeBody(outcome, mediaType, decision, sha256),
  };
  return { body, warnings: decision.warnings, content };
}

/** Maps the content of the final response when the caller has been given it piece by piece.
 *  @param decision how it was read */
export function toStreamedBody(outcome: Answered, decision: CharsetDecision): Mapped<BodyDto> {
  const { sha256 } = outcome.content;
  const body = { text: null, base64: null, ...describeBody(outcome, mediaTypeOf(outcome), decision, sha256) };
  return { body, warnings: decision.warnings };
}

function mediaTypeOf({ head }: Answered): MediaType | null {
  return extractMediaType(fieldValues(head.headers, 'content-type'));
}

/** The charset of what was kept. */
function charsetOf(as: Wanted, outcome: Answered, mediaType: MediaType | null): CharsetDecision {
  const { content, decoded, complete } = outcome;
  const octets = content.octets.length === content.bytes ? content.octets : null;
  const cut = content.total > content.bytes || !complete;
  const decision = charsetFor(as, { octets, mediaType, decoded, cut });
  return as === 'text' ? shownOctetByOctet(decision) : decision;
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

/** Shows long octets a slice at a time. */
export function* encodeInSlices(octets: Buffer, encoding: 'base64' | 'latin1'): Generator<string, void> {
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
