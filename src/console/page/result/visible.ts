/** U+2400 and on are pictures of the controls. */
const PICTURES = 0x2400;
const DELETE = 0x7f;
const PICTURE_OF_DELETE = '\u2421';

/** @returns octets as text in which controls can be seen, lines broken after LF */
export function visible(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) {
    if (octet === 0x0a) text += '\u240a\n';
    else if (octet < 0x20) text += String.fromCharCode(PICTURES + octet);
    else if (octet === DELETE) text += PICTURE_OF_DELETE;
    else if (octet >= 0x80) text += `\\x${octet.toString(16)}`;
    else text += String.fromCharCode(octet);
  }
  return text;
}
