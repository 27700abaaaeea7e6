/** Looks for a text, without regard to case, in pieces that follow each other; leaves off after each.
 *  @param from where to begin, in characters from the first
 *  @returns where it begins, or null */
export function* findText(
  pieces: readonly string[],
  wanted: string,
  from: number,
): Generator<void, number | null, void> {
  const needle = wanted.toLowerCase();
  let start = 0;
  for (const [i, piece] of pieces.entries()) {
    if (start + piece.length > from) {
      const found = indexIn(piece + headOf(pieces, i + 1, needle.length - 1), needle, from - start);
      // What begins in the next piece is found there.
      if (found !== -1 && found < piece.length) return start + found;
      yield;
    }
    start += piece.length;
  }
  return null;
}

/** The first characters of what follows: what is looked for may lie across pieces. */
function headOf(pieces: readonly string[], index: number, length: number): string {
  let head = '';
  for (let i = index; i < pieces.length && head.length < length; i++)
    head += pieces[i]!.slice(0, length - head.length);
  return head;
}

function indexIn(text: string, needle: string, from: number): number {
  const lower = text.toLowerCase();
  // A few capitals have lower-case forms of another length, which would move what follows.
  const haystack = lower.length === text.length ? lower : text;
  return haystack.indexOf(needle, Math.max(0, from));
}
