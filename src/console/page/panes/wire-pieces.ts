import { visible } from '../unseen';

/** What a wire string is shown as. */
export type WirePiece =
  | { readonly kind: 'text'; readonly text: string }
  /** one octet that has no look of its own */
  | { readonly kind: 'control'; readonly name: string }
  /** octets beyond ASCII: as escapes, and as they look in UTF-8 if they are that */
  | { readonly kind: 'octets'; readonly text: string; readonly utf8: string | null };

const CONTROL_NAMES = (
  'NUL SOH STX ETX EOT ENQ ACK BEL BS HTAB LF VT FF CR SO SI ' +
  'DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'
).split(' ');

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const PIECE = /[\x20-\x7e]+|[\0-\x1f\x7f]|[^\0-\x7f]+/g;

/** Takes a string of one character per octet apart, so that every octet can be seen. */
export function wirePieces(text: string): WirePiece[] {
  return (text.match(PIECE) ?? []).map((piece): WirePiece => {
    const code = piece.charCodeAt(0);
    if (code > 0x7f) return { kind: 'octets', text: escapes(piece), utf8: utf8Of(piece) };
    if (code === 0x7f) return { kind: 'control', name: 'DEL' };
    if (code < 0x20) return { kind: 'control', name: CONTROL_NAMES[code]! };
    return { kind: 'text', text: piece };
  });
}

function escapes(piece: string): string {
  return Array.from(
    piece,
    (octet) => `\\x${octet.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');
}

function utf8Of(piece: string): string | null {
  const octets = Uint8Array.from(piece, (octet) => octet.charCodeAt(0));
  try {
    return visible(UTF_8.decode(octets));
  } catch {
    return null;
  }
}
