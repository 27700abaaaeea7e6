import {
  type Content,
  type LastChunk,
  MalformedResponse,
  type TransferChunk,
  type Trailers,
  type Warn,
} from './events';
import { FieldSection } from './field-section';
import { CHUNK_SIZE, trimOws } from './grammar';
import { type Cursor, type Line, LineReader } from './line-reader';

const CR = 0x0d;
const LF = 0x0a;

/** RFC 9112 §7.1.1: "A recipient MUST ... place a limit on the total length of chunk extensions" */
const MAX_EXTENSION_BYTES = 16 * 1024;
const MAX_SIZE_DIGITS = 16;
/** so many are below 2^53 */
const SAFE_SIZE_DIGITS = 13;
const NO_DIGIT = 16;
/** octet → value of the hexadecimal digit that it is */
const DIGIT_VALUES = Uint8Array.from({ length: 256 }, (_, octet) => {
  const value = '0123456789abcdef'.indexOf(String.fromCharCode(octet).toLowerCase());
  return value === -1 ? NO_DIGIT : value;
});
/** Chunk lines and the CRLF after chunk-data may take so much, and so much for each octet of content. A chunk
 *  of one octet takes five; a sender that does little but frame, as with "0000000000000001", is stopped. */
const FREE_FRAMING_BYTES = 64 * 1024;
const FRAMING_BYTES_AN_OCTET = 8;
/** a size line holds the digits, blanks and what is left of the extensions' allowance */
const MAX_SIZE_LINE_BYTES = MAX_SIZE_DIGITS + MAX_EXTENSION_BYTES + 2;

// §7.1.1: chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )
const CHUNK_EXTENSION =
  /^(?:[ \t]*;[ \t]*[!#$%&'*+.^_`|~0-9A-Za-z-]+(?:[ \t]*=[ \t]*(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+|"(?:[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t\x20-\x7e\x80-\xff])*"))?)*$/;

// what can still become a chunk-size line
const SIZE_LINE_PREFIX = /^(?:[0-9A-Fa-f]+(?:[ \t]*(?:;[^\0\r]*)?)?\r?)?$/;

export interface ChunkedLimits {
  readonly strict: boolean;
  /** of the trailer section, in octets */
  readonly maxTrailerBytes: number;
  readonly maxFieldLines: number;
}

/** What the decoder gives: null when it needs more octets, 'over' once the body is. */
export type ChunkedEvent = Content | TransferChunk | LastChunk | Trailers | 'over' | null;

/** Undoes the chunked transfer coding, RFC 9112 §7.1:
 *  chunked-body = *chunk last-chunk trailer-section CRLF
 *  chunk        = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
 *  Lines of the framing itself end in CRLF in both modes: a recipient that guesses there can be made
 *  to see another message than its neighbours (RFC 9112 erratum 7633). */
export class ChunkedDecoder {
  private state: 'size' | 'data' | 'data-end' | 'trailers' | 'done' = 'size';
  private readonly lines = new LineReader();
  private readonly trailers: FieldSection;
  private remaining = 0;
  private extensionBytes = 0;
  private framingBytes = 0;
  private contentBytes = 0;
  private trailerBytes = 0;
  private sawCr = false;
  private pendingChecked = false;

  constructor(
    private readonly limits: ChunkedLimits,
    private readonly warn: Warn,
  ) {
    this.trailers = new FieldSection(limits, warn, 'trailers');
  }

  /** @throws MalformedResponse where the coding is broken or a limit is passed */
  next(cursor: Cursor): ChunkedEvent {
    for (;;) {
      switch (this.state) {
        case 'size':
          return this.readSize(cursor);
        case 'data': {
          if (cursor.available === 0) return null;
          const octets = cursor.take(this.remaining);
          this.remaining -= octets.length;
          this.contentBytes += octets.length;
          if (this.remaining === 0) this.state = 'data-end';
          return { type: 'content', octets };
        }
        case 'data-end':
          if (!this.readDataEnd(cursor)) return null;
          break;
        case 'trailers':
          return this.readTrailers(cursor);
        case 'done':
          return 'over';
      }
    }
  }

  /** The line that `next` refused, or its beginning; empty where chunk-data was not ended by CRLF. */
  get refused(): string {
    return this.state === 'data-end' ? '' : this.lines.current;
  }

  private readSize(cursor: Cursor): TransferChunk | LastChunk | null {
    const plain = this.readPlainSize(cursor);
    if (plain !== null) return this.beginChunk(plain, null);
    const line = this.lines.read(cursor, MAX_SIZE_LINE_BYTES);
    if (line === null) {
      this.checkPendingSize(cursor);
      return null;
    }
    this.pendingChecked = false;
    const { text, offset } = line;
    checkDigits(text, offset);
    if (line.bareLf) throw new MalformedResponse('chunk-size line ended by LF without CR', offset);
    const digits = CHUNK_SIZE.exec(text)?.[0];
    if (digits === undefined) throw new MalformedResponse('chunk-size is missing', offset);
    const size = Number.parseInt(digits, 16);
    if (size > Number.MAX_SAFE_INTEGER) throw new MalformedResponse('chunk-size is above 2^53-1', offset);
    const extension = this.readExtension(text.slice(digits.length), offset);
    this.countFraming(line);
    return this.beginChunk(size, extension);
  }

  /** Reads a chunk-size line that is digits and CRLF, as nearly all are, without making a string of it: of chunks with an
   *  octet each there are thousands in a read.
   *  @returns null where it is to be read as a line: it is not whole, has more to it, or may be refused */
  private readPlainSize(cursor: Cursor): number | null {
    if (this.lines.pendingBytes > 0) return null;
    const { octets, position } = cursor;
    const most = Math.min(octets.length, position + SAFE_SIZE_DIGITS);
    let size = 0;
    let end = position;
    for (; end < most; end++) {
      const value = DIGIT_VALUES[octets[end]!]!;
      if (value === NO_DIGIT) break;
      size = size * 16 + value;
    }
    if (end === position || octets[end] !== CR || octets[end + 1] !== LF) return null;
    const framingBytes = this.framingBytesWith(end + 2 - position);
    if (framingBytes > this.maxFramingBytes) return null;
    this.framingBytes = framingBytes;
    cursor.position = end + 2;
    return size;
  }

  private beginChunk(size: number, extension: string | null): TransferChunk | LastChunk {
    if (size === 0) {
      this.state = 'trailers';
      return { type: 'last-chunk', extension };
    }
    this.remaining = size;
    this.state = 'data';
    return { type: 'transfer-chunk', size, extension };
  }

  /** Refuses an endless size line where it has become hopeless; looks at the digits once. */
  private checkPendingSize(cursor: Cursor): void {
    const bytes = this.lines.pendingBytes;
    const offset = cursor.offset - bytes;
    if (bytes > MAX_SIZE_DIGITS && !this.pendingChecked) {
      checkDigits(this.lines.pending, offset);
      this.pendingChecked = true;
    }
    if (cursor.available > 0) throw tooMuchExtension(offset);
  }

  /** No more octets will come: refuses a size line that none could have mended.
   *  @throws MalformedResponse */
  receiveEof(offset: number): void {
    if (this.state === 'size' && !SIZE_LINE_PREFIX.test(this.lines.pending))
      throw new MalformedResponse('chunk-size line is malformed', offset - this.lines.pendingBytes);
  }

  private readExtension(text: string, offset: number): string | null {
    if (text === '') return null;
    this.extensionBytes += text.length;
    if (this.extensionBytes > MAX_EXTENSION_BYTES) throw tooMuchExtension(offset);
    const trimmed = trimOws(text);
    if (trimmed !== '' && !trimmed.startsWith(';'))
      throw new MalformedResponse('chunk-size is followed by something else than ";"', offset);
    // In neither mode: recipients differ on where a line with these ends
    if (/[\0\r]/.test(text)) throw new MalformedResponse('CR or NUL in a chunk extension', offset);
    if (!CHUNK_EXTENSION.test(text)) {
      if (this.limits.strict) throw new MalformedResponse('chunk extension is not grammatical', offset);
      if (trimmed === '') this.warn('blank-after-chunk-size', 'blanks after a chunk-size', offset);
      else this.warn('invalid-chunk-extension', 'chunk extension is not grammatical', offset);
    }
    return trimmed === '' ? null : trimOws(trimmed.slice(1));
  }

  /** Octets of framing, with a line of so many and the CRLF that will follow its data. */
  private framingBytesWith(bytes: number): number {
    return this.framingBytes + bytes + 2;
  }

  /** So many are allowed for the content that came before. */
  private get maxFramingBytes(): number {
    return FREE_FRAMING_BYTES + FRAMING_BYTES_AN_OCTET * this.contentBytes;
  }

  private countFraming({ bytes, offset }: Line): void {
    this.framingBytes = this.framingBytesWith(bytes);
    if (this.framingBytes > this.maxFramingBytes)
      throw new MalformedResponse('chunk lines take more than 8 octets for each octet of content', offset);
  }

  /** @returns whether the CRLF after chunk-data has been consumed */
  private readDataEnd(cursor: Cursor): boolean {
    if (cursor.available === 0) return false;
    const octet = cursor.octets[cursor.position];
    if (octet !== (this.sawCr ? LF : CR))
      throw new MalformedResponse('chunk-data is not followed by CRLF', cursor.offset);
    cursor.position++;
    this.sawCr = !this.sawCr;
    if (!this.sawCr) this.state = 'size';
    return true;
  }

  private readTrailers(cursor: Cursor): Trailers | 'over' | null {
    for (;;) {
      const line = this.lines.read(cursor, this.limits.maxTrailerBytes - this.trailerBytes);
      if (line === null) {
        if (cursor.available === 0) return null;
        throw new MalformedResponse(
          `trailer section is longer than ${this.limits.maxTrailerBytes} octets`,
          cursor.offset,
          'head-too-large',
        );
      }
      this.trailerBytes += line.bytes;
      if (this.trailers.push(line)) {
        this.state = 'done';
        const fields = this.trailers.fields;
        return fields.length > 0 ? { type: 'trailers', fields } : 'over';
      }
    }
  }
}

function checkDigits(text: string, offset: number): void {
  const digits = CHUNK_SIZE.exec(text)?.[0] ?? '';
  if (digits.length > MAX_SIZE_DIGITS)
    throw new MalformedResponse(`chunk-size has more than ${MAX_SIZE_DIGITS} digits`, offset);
}

function tooMuchExtension(offset: number): MalformedResponse {
  return new MalformedResponse(`more than ${MAX_EXTENSION_BYTES} octets of chunk extensions`, offset);
}
