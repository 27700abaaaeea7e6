import type { FetchAnswer } from './fetch-result.mapper';

/** characters of JSON that are worth a write of their own; a slice has them, and one piece of content more */
const SLICE_CHARACTERS = 32_768;

/** The JSON of a result in slices, together octet for octet what JSON.stringify makes of the whole. */
export function* jsonInSlices(
  { result, content }: FetchAnswer,
  sliceCharacters = SLICE_CHARACTERS,
): Generator<string, void> {
  const json = JSON.stringify(result);
  if (content === null) {
    yield json;
    return;
  }
  const at = placeOf(content.field, json);
  let slice = json.slice(0, at);
  for (const piece of content.pieces) {
    slice += content.field === 'base64' ? piece : escaped(piece);
    if (slice.length < sliceCharacters) continue;
    yield slice;
    slice = '';
  }
  yield slice + json.slice(at);
}

/** Where a field of the result's body has its empty string: within strings every quotation mark follows a reverse
 *  solidus, so this is found in the structure alone, and bodies of hops, which come later, have no such fields. */
function placeOf(field: 'text' | 'base64', json: string): number {
  const opening = field === 'text' ? ',"body":{"text":"' : ',"body":{"text":null,"base64":"';
  return json.indexOf(opening) + opening.length;
}

/** What stands between the quotation marks. */
function escaped(piece: string): string {
  return JSON.stringify(piece).slice(1, -1);
}
