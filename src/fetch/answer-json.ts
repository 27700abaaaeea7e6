import type { FetchAnswer } from './fetch-result.mapper';

/** characters of JSON that are worth a write of their own; a slice has them, and one piece of a string more */
const SLICE_CHARACTERS = 32_768;

/** A string of an answer that is made while it is written, so that it never exists as a whole. */
export interface LongString {
  /** what is in front of it in the JSON, the quotation mark included: keys alone, so that it is nowhere else. In its own
   *  place an empty string stands. */
  readonly opening: string;
  /** none ends within a character */
  readonly pieces: Iterable<string>;
  /** base64 is written as it stands */
  readonly isBase64: boolean;
}

/** What is answered. */
export interface JsonAnswer {
  readonly json: object;
  /** what it lacks, in the order in which it stands there */
  readonly strings: readonly LongString[];
}

/** A result as it is answered. Bodies of hops, which come later, have neither of the two fields. */
export function answerOf({ result, content }: FetchAnswer): JsonAnswer {
  if (content === null) return { json: result, strings: [] };
  const { field, pieces } = content;
  const opening = field === 'text' ? ',"body":{"text":"' : ',"body":{"text":null,"base64":"';
  return { json: result, strings: [{ opening, pieces, isBase64: field === 'base64' }] };
}

/** The JSON of an answer in slices, together octet for octet what JSON.stringify makes of the whole. */
export function* jsonInSlices(
  { json, strings }: JsonAnswer,
  sliceCharacters = SLICE_CHARACTERS,
): Generator<string, void> {
  const text = JSON.stringify(json);
  let slice = '';
  let from = 0;
  for (const { opening, pieces, isBase64 } of strings) {
    // Within strings every quotation mark follows a reverse solidus, so that this is found in the structure alone.
    const at = text.indexOf(opening, from) + opening.length;
    slice += text.slice(from, at);
    from = at;
    for (const piece of pieces) {
      slice += isBase64 ? piece : escaped(piece);
      if (slice.length < sliceCharacters) continue;
      yield slice;
      slice = '';
    }
  }
  yield slice + text.slice(from);
}

/** What stands between the quotation marks. */
function escaped(piece: string): string {
  return JSON.stringify(piece).slice(1, -1);
}
