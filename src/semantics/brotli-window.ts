/** The window that a brotli stream asks for: as much of what it is undone to is kept, to copy from. A decoder may fill
 *  all of it before it gives anything.
 *  @param first the stream's first octet
 *  @returns octets, rounded up to a power of two
 *  @see RFC 7932 §9.1 */
export function brotliWindowBytes(first: number): number {
  return 2 ** windowBits(first);
}

/** WBITS, from the least significant bit on: 0 is 16; 1 and three bits are 18 to 24; 1, three zeros and three bits are
 *  10 to 15, or 17 where they are zeros too. The one that is left over, 0010001, is reserved. */
function windowBits(first: number): number {
  if ((first & 1) === 0) return 16;
  const next = (first >> 1) & 7;
  if (next !== 0) return 17 + next;
  const last = (first >> 4) & 7;
  return last === 0 ? 17 : 8 + last;
}
