const LF = 0x0a;

/** Cuts octets into lines at LF alone: node:readline cuts at U+2028 as well, which JSON may hold.
 *  @returns each line without its LF; what follows the last LF is torn, and not told */
export async function* linesOf(octets: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void> {
  let begun: Uint8Array[] = [];
  for await (const piece of octets) {
    let from = 0;
    for (let end = piece.indexOf(LF); end !== -1; end = piece.indexOf(LF, from)) {
      begun.push(piece.subarray(from, end));
      yield Buffer.concat(begun);
      begun = [];
      from = end + 1;
    }
    if (from < piece.length) begun.push(piece.subarray(from));
  }
}
