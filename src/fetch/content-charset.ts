import type { FetchSpec } from '../exchange/fetch-spec';
import { type CharsetDecision, decideCharset, hasCharacters, looksLikeText } from '../semantics/charset';
import { type MediaType, isTextual } from '../semantics/media-type';

/** How octets are wanted. */
export type Wanted = FetchSpec['include']['body'];

/** Content whose charset is asked for. */
export interface CharsetQuestion {
  /** null: they were not kept, and cannot be looked at */
  readonly octets: Buffer | null;
  readonly mediaType: MediaType | null;
  /** no coding hides it */
  readonly decoded: boolean;
  /** it may end within a character */
  readonly cut: boolean;
}

const NO_TEXT: CharsetDecision = { charset: null, charsetSource: null, warnings: [] };

/** Decides how content is read: as text is asked for whatever it is, otherwise where it claims to be text, or may be. */
export function charsetFor(
  as: Wanted,
  { octets, mediaType, decoded, cut }: CharsetQuestion,
): CharsetDecision {
  if (!decoded) return NO_TEXT;
  if (as === 'text' || (mediaType !== null && isTextual(mediaType.essence)))
    return decideCharset(octets, mediaType, cut);
  if (mediaType !== null || octets === null) return NO_TEXT;
  const decision = decideCharset(octets, null, cut);
  return decision.charsetSource === 'default' && !looksLikeText(octets, cut) ? NO_TEXT : decision;
}

/** Text was asked for: what cannot be read as such is shown octet by octet, and that is said. */
export function shownOctetByOctet(decision: CharsetDecision): CharsetDecision {
  const { charset, warnings } = decision;
  if (hasCharacters(decision.charset)) return decision;
  const why =
    charset === null
      ? 'the content is still coded'
      : `charset ${charset} has no characters that may be shown`;
  const warning = { code: 'charset-unknown', message: `${why}: one character per octet`, offset: null };
  return { ...decision, warnings: [...warnings, warning] };
}
