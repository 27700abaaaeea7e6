import { isAscii, isUtf8 } from 'node:buffer';
import { TextDecoder, getBOMEncoding, labelToName } from '@exodus/bytes/encoding.js';
import sniffEncoding from 'html-encoding-sniffer';
import { computedMIMEType } from 'whatwg-mimetype';
import type { ParseWarning } from '../http1/events';
import { type MediaType, isHtml, isJson, isXml } from './media-type';

export type CharsetSource = 'bom' | 'header' | 'meta' | 'json' | 'default';

/** A charset, and the rule that decided for it. */
export interface CharsetDecision {
  /** the WHATWG Encoding Standard's name, "EUC-KR"; a label that it does not know as it was given; null when not known */
  readonly charset: string | null;
  readonly charsetSource: CharsetSource | null;
  readonly warnings: readonly ParseWarning[];
}

export interface DecodedText {
  /** null when the charset has no characters */
  readonly text: string | null;
  /** octets that are invalid in the charset became U+FFFD */
  readonly replaced: boolean;
}

/** octets in which a document has to declare its charset, HTML §4.2.5.4 */
const PRESCAN_BYTES = 1024;
/** byte order marks: EF BB BF, FE FF and FF FE */
const MARKS_BEGIN_WITH: ReadonlySet<number> = new Set([0xef, 0xfe, 0xff]);
const MARK_BYTES = 3;
/** octets decoded at once of content that is decoded in slices: at the worst a millisecond's work */
const SLICE_BYTES = 16_384;
/** What stands for charsets that browsers refuse to read. */
const REPLACEMENT = 'replacement';
const MAX_LABEL_SHOWN = 64;
/** Charsets in which U+FFFD can be sent, besides UTF-8. */
const WITH_FFFD: ReadonlySet<string> = new Set(['UTF-16LE', 'UTF-16BE', 'GBK', 'gb18030']);

/** Decides as browsers do how content is read as text: a byte order mark beats the Content-Type's charset, which
 *  beats what the document declares in its first 1,024 octets, which beats the default of its type.
 *  @param octets null when they were not kept: then the head alone is asked
 *  @param cut the octets may end within a character
 *  @see WHATWG HTML, "encoding sniffing algorithm"; WHATWG Encoding, "decode"; RFC 8259 §8.1 for JSON */
export function decideCharset(
  octets: Buffer | null,
  mediaType: MediaType | null,
  cut = false,
): CharsetDecision {
  const label = mediaType?.charset ?? null;
  const named = label === null ? null : labelToName(label);
  const warnings = label !== null && named === null ? [unknownLabel(label)] : [];
  const mark = octets === null ? null : getBOMEncoding(octets);
  if (mark !== null) return { charset: labelToName(mark), charsetSource: 'bom', warnings };
  if (named !== null) return { charset: named, charsetSource: 'header', warnings };
  const essence = mediaType?.essence ?? null;
  if (essence !== null && isJson(essence)) return { charset: 'UTF-8', charsetSource: 'json', warnings };
  if (octets === null) return { charset: label, charsetSource: label === null ? null : 'header', warnings };
  const declared = declaredCharset(octets, essence);
  if (declared !== null) return { charset: declared, charsetSource: 'meta', warnings };
  if (essence === null || !isHtml(essence)) return { charset: 'UTF-8', charsetSource: 'default', warnings };
  if (seemsUtf8(octets, cut)) warnings.push(UNDECLARED_UTF8);
  return { charset: 'windows-1252', charsetSource: 'default', warnings };
}

/** How many octets of content have to be there before `decideCharset` decides of them as it would of the whole.
 *  @param octets those that are there
 *  @returns more than there are, as long as it has to be waited for more */
export function octetsToDecide(octets: Buffer, mediaType: MediaType | null): number {
  const [first] = octets;
  if (first === undefined) return 1;
  if (MARKS_BEGIN_WITH.has(first) && octets.length < MARK_BYTES) return MARK_BYTES;
  const label = mediaType?.charset ?? null;
  const isNamed = label !== null && labelToName(label) !== null;
  return isNamed || !maySayItsCharset(mediaType) ? 1 : PRESCAN_BYTES;
}

function maySayItsCharset(mediaType: MediaType | null): boolean {
  if (mediaType === null) return true;
  const { essence } = mediaType;
  return !isJson(essence) && (isHtml(essence) || isXml(essence));
}

/** Reads octets as text; a byte order mark is no part of it.
 *  @param charset a name of the Encoding Standard */
export function decodeText(octets: Buffer, charset: string): DecodedText {
  if (!hasCharacters(charset)) return { text: null, replaced: false };
  if (charset === 'UTF-8') {
    const start = getBOMEncoding(octets) === 'utf-8' ? 3 : 0;
    return { text: octets.toString('utf8', start), replaced: !isUtf8(octets) };
  }
  const text = new TextDecoder(charset).decode(octets);
  const replaced = text.includes('\ufffd') && !(WITH_FFFD.has(charset) && isValid(octets, charset));
  return { text, replaced };
}

/** Whether a charset has characters to show octets as. Browsers refuse to read some, because they hide ASCII in them. */
export function hasCharacters(charset: string | null): charset is string {
  return charset !== null && charset !== REPLACEMENT;
}

/** Reads long content as text a slice at a time, so that the whole text never exists.
 *  @param charset one that has characters
 *  @returns pieces, none of which ends within a character: together the text that `decodeText` gives */
export function* decodeInSlices(
  octets: Buffer,
  charset: string,
  sliceBytes = SLICE_BYTES,
): Generator<string, void> {
  const reader = new TextReader(charset);
  for (const slice of slices(octets, sliceBytes)) yield reader.read(slice);
  yield reader.end();
}

/** Reads octets as text while they come; a byte order mark is no part of it. */
export class TextReader {
  private readonly decoder: InstanceType<typeof TextDecoder>;

  /** @param charset one that has characters */
  constructor(charset: string) {
    this.decoder = new TextDecoder(charset);
  }

  /** @returns the text of these octets, as far as its characters are whole */
  read(octets: Buffer): string {
    return this.decoder.decode(octets, { stream: true });
  }

  /** @returns what is left: U+FFFD for a character that was cut, or nothing */
  end(): string {
    return this.decoder.decode();
  }
}

/** Tells of long content whether it is valid in a charset, so that nothing would be replaced in its text. It can be
 *  left after each slice.
 *  @param charset one that has characters */
export function* validateInSlices(
  octets: Buffer,
  charset: string,
  sliceBytes = SLICE_BYTES,
): Generator<void, boolean> {
  // The runtime looks at 10 MiB in a millisecond.
  if (charset === 'UTF-8') return isUtf8(octets);
  const decoder = new TextDecoder(charset, { fatal: true });
  try {
    for (const slice of slices(octets, sliceBytes)) {
      decoder.decode(slice, { stream: true });
      yield;
    }
    decoder.decode();
    return true;
  } catch {
    return false;
  }
}

function* slices(octets: Buffer, sliceBytes: number): Generator<Buffer, void> {
  for (let at = 0; at < octets.length; at += sliceBytes) yield octets.subarray(at, at + sliceBytes);
}

/** Whether content of which nothing says what it is looks like text: UTF-8 without NUL.
 *  @param cut the octets may end within a character */
export function looksLikeText(octets: Buffer, cut: boolean): boolean {
  return isUtf8(cut ? withoutUnfinished(octets) : octets) && !octets.includes(0);
}

/** What an HTML or XML document says of itself in its first octets.
 *  @param essence null: they also tell what kind of document it is */
function declaredCharset(octets: Buffer, essence: string | null): string | null {
  const beginning = octets.subarray(0, PRESCAN_BYTES);
  const kind = essence ?? computedMIMEType(beginning).essence;
  const xml = isXml(kind);
  return xml || isHtml(kind) ? sniffEncoding(beginning, { xml, defaultEncoding: null }) : null;
}

function seemsUtf8(octets: Buffer, cut: boolean): boolean {
  const whole = cut ? withoutUnfinished(octets) : octets;
  return !isAscii(whole) && isUtf8(whole);
}

/** Leaves out what may be the beginning of a character of UTF-8 at the end. */
function withoutUnfinished(octets: Buffer): Buffer {
  const { length } = octets;
  for (let back = 1; back <= Math.min(3, length); back++) {
    const octet = octets[length - back]!;
    if (octet >= 0x80 && octet < 0xc0) continue;
    return octetsAnnounced(octet) > back ? octets.subarray(0, length - back) : octets;
  }
  return octets;
}

/** @returns the length of the character of UTF-8 that begins so */
function octetsAnnounced(first: number): number {
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}

function isValid(octets: Buffer, charset: string): boolean {
  try {
    new TextDecoder(charset, { fatal: true }).decode(octets);
    return true;
  } catch {
    return false;
  }
}

function unknownLabel(label: string): ParseWarning {
  const shown = JSON.stringify(label.slice(0, MAX_LABEL_SHOWN));
  const message = `Content-Type names the charset ${shown}, which browsers do not know: passed over`;
  return { code: 'charset-unknown', message, offset: null };
}

const UNDECLARED_UTF8: ParseWarning = {
  code: 'charset-undeclared-utf8',
  message: 'the content looks like UTF-8 and nothing declares it: read as windows-1252, as browsers do',
  offset: null,
};
