/** One character U+0000 to U+00FF per octet, as wire strings have it. */
export function textOf(octets: Uint8Array): string {
  const pieces: string[] = [];
  // A call takes only so many arguments.
  for (let at = 0; at < octets.length; at += 8_192)
    pieces.push(String.fromCharCode(...octets.subarray(at, at + 8_192)));
  return pieces.join('');
}
