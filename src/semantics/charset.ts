import { isUtf8 } from 'node:buffer';
import type { MediaType } from './media-type';

export type CharsetSource = 'bom' | 'header' | 'json' | 'default';

/** Text and what it was read as. */
export interface DecodedText {
  /** null when the charset cannot be read here */
  readonly text: string | null;
  /** the label as given, or the name of what was assumed; null when nothing was */
  readonly charset: string | null;
  readonly charsetSource: CharsetSource | null;
  /** octets that are invalid in the charset became U+FFFD */
  readonly replaced: boolean;
}

/** Labels of what is read so far. ISO-8859-1 is read as its own standard has it, octet by octet. */
const UTF8: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'unicode-1-1-utf-8', 'x-unicode20utf8']);
const LATIN1: ReadonlySet<string> = new Set([
  'iso-8859-1',
  'iso8859-1',
  'latin1',
  'l1',
  'us-ascii',
  'ascii',
  'iso_8859-1',
]);
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** Reads content as text: a byte order mark beats the Content-Type's charset, which beats the default UTF-8.
 *  @see WHATWG Encoding §6, "decode" */
export function decodeText(octets: Buffer, mediaType: MediaType | null): DecodedText {
  if (octets.subarray(0, 3).equals(BOM)) return utf8(octets.subarray(3), 'UTF-8', 'bom');
  const label = mediaType?.charset ?? null;
  if (label !== null) return byLabel(octets, label);
  // RFC 8259 §8.1: JSON is UTF-8
  if (mediaType !== null && /[/+]json$/.test(mediaType.essence)) return utf8(octets, 'UTF-8', 'json');
  return utf8(octets, 'UTF-8', 'default');
}

function byLabel(octets: Buffer, label: string): DecodedText {
  const lower = label.toLowerCase();
  if (UTF8.has(lower)) return utf8(octets, label, 'header');
  if (LATIN1.has(lower))
    return { text: octets.toString('latin1'), charset: label, charsetSource: 'header', replaced: false };
  return { text: null, charset: label, charsetSource: 'header', replaced: false };
}

function utf8(octets: Buffer, charset: string, charsetSource: CharsetSource): DecodedText {
  return { text: octets.toString('utf8'), charset, charsetSource, replaced: !isUtf8(octets) };
}
