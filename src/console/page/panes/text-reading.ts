import { JsonIndenter } from './json-indenter';
import { TextRows } from './text-rows';

/** octets decoded in one step: some milliseconds' work on a slow machine */
const STEP_BYTES = 65_536;

/** How text is to be shown. */
export interface TextReading {
  /** a label of the WHATWG Encoding Standard */
  readonly charset: string;
  /** cells of a row */
  readonly columns: number;
  /** as JSON, indented */
  readonly indented: boolean;
}

/** Octets as rows of text. */
export interface ReadText {
  readonly rows: TextRows;
  /** the charset is unknown here: read as one character per octet */
  readonly charsetUnknown: boolean;
  /** it was to be indented and is no JSON, or becomes too long by it: it is shown as it came */
  readonly notIndented: boolean;
}

/** Decodes octets and cuts them into rows, leaving off between steps. */
export function* readText(octets: Uint8Array, reading: TextReading): Generator<void, ReadText, void> {
  if (reading.indented) {
    const read = yield* readWith(octets, reading, new JsonIndenter());
    if (read !== null) return read;
  }
  const read = yield* readWith(octets, reading, AS_IT_IS);
  return { ...read!, notIndented: reading.indented };
}

/** @returns what to add to the text, null when it cannot be done */
interface Rewriting {
  take(piece: string): string | null;
  end(): string | null;
}

const AS_IT_IS: Rewriting = { take: (piece) => piece, end: () => '' };

function* readWith(
  octets: Uint8Array,
  { charset, columns }: TextReading,
  rewriting: Rewriting,
): Generator<void, ReadText | null, void> {
  const rows = new TextRows(columns);
  const decoder = decoderOf(charset);
  for (let at = 0; at < octets.length; at += STEP_BYTES) {
    const piece = octets.subarray(at, at + STEP_BYTES);
    const text = rewriting.take(decoder.decode(piece, { stream: true }));
    if (text === null) return null;
    // An indented piece may be many times as long as it was.
    for (let from = 0; from < text.length; from += STEP_BYTES) {
      rows.append(text.slice(from, from + STEP_BYTES));
      yield;
    }
  }
  const rest = rewriting.take(decoder.decode());
  const end = rest === null ? null : rewriting.end();
  if (rest === null || end === null) return null;
  rows.append(rest + end);
  return { rows, charsetUnknown: !isKnown(charset), notIndented: false };
}

/** Decodes octets to one text, leaving off between steps. */
export function* decodeText(octets: Uint8Array, charset: string): Generator<void, string, void> {
  const decoder = decoderOf(charset);
  const pieces: string[] = [];
  for (let at = 0; at < octets.length; at += STEP_BYTES) {
    pieces.push(decoder.decode(octets.subarray(at, at + STEP_BYTES), { stream: true }));
    yield;
  }
  pieces.push(decoder.decode());
  return pieces.join('');
}

function decoderOf(charset: string): InstanceType<typeof TextDecoder> {
  return new TextDecoder(isKnown(charset) ? charset : 'latin1');
}

function isKnown(charset: string): boolean {
  try {
    // "replacement" is a label that decodes nothing.
    return new TextDecoder(charset).encoding !== 'replacement';
  } catch {
    return false;
  }
}

/** Whether content is worth being offered indented: by its media type, RFC 6839 §3.1, or its first character. */
export function looksLikeJson(octets: Uint8Array, mediaType: string | null): boolean {
  if (mediaType !== null && /[/+]json$/.test(mediaType)) return true;
  const first = octets.subarray(0, 256).find((octet) => octet > 0x20);
  return first === 0x7b || first === 0x5b;
}
