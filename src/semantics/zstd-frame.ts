// RFC 8878 §3.1.1: Magic_Number 0xFD2FB528, little-endian
const MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
// RFC 8878 §3.1.2: 0x184D2A50 to 0x184D2A5F, little-endian
const SKIPPABLE_MAGIC = Buffer.from([0x50, 0x2a, 0x4d, 0x18]);

/** @param octets the first of them, four at the most
 *  @returns whether a frame, or one that is to be skipped, begins with them */
export function beginsZstdFrame(octets: Buffer): boolean {
  return isPrefixOf(MAGIC, octets) || isSkippable(octets);
}

function isSkippable(octets: Buffer): boolean {
  const begin = Buffer.from(octets);
  // The low half of the first octet may be any.
  begin[0]! &= 0xf0;
  return isPrefixOf(SKIPPABLE_MAGIC, begin);
}

function isPrefixOf(whole: Buffer, octets: Buffer): boolean {
  return whole.subarray(0, octets.length).equals(octets);
}

/** no frame header is longer, RFC 8878 §3.1.1.1 */
export const ZSTD_HEADER_BYTES = 18;

/** The window of a frame: so much of what it is undone to is kept, to copy from.
 *  @param beginning of the frame, with its whole header unless it is cut
 *  @returns octets; 0 for a frame that is to be skipped
 *  @see RFC 8878 §3.1.1.1.2 */
export function zstdWindowBytes(beginning: Buffer): number {
  if (isSkippable(beginning.subarray(0, 4))) return 0;
  const header = Buffer.concat([beginning, Buffer.alloc(ZSTD_HEADER_BYTES)]);
  const { singleSegment, dictionaryIdBytes, contentSizeBytes } = readDescriptor(header[4]!);
  if (singleSegment) return contentSize(header.subarray(5 + dictionaryIdBytes), contentSizeBytes);
  const descriptor = header[5]!;
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

/** §3.1.1.1.4: the window of a single segment is its content */
function contentSize(field: Buffer, bytes: number): number {
  switch (bytes) {
    case 1:
      return field.readUInt8();
    case 2:
      return field.readUInt16LE() + 256;
    case 4:
      return field.readUInt32LE();
    default:
      return Number(field.readBigUInt64LE());
  }
}

interface FrameDescriptor {
  readonly singleSegment: boolean;
  readonly checksum: boolean;
  readonly dictionaryIdBytes: number;
  readonly contentSizeBytes: number;
}

/** §3.1.1.1.1 */
function readDescriptor(descriptor: number): FrameDescriptor {
  const singleSegment = (descriptor & 0x20) !== 0;
  const contentSizeFlag = descriptor >> 6;
  return {
    singleSegment,
    checksum: (descriptor & 0x04) !== 0,
    dictionaryIdBytes: [0, 1, 2, 4][descriptor & 0x03]!,
    contentSizeBytes: contentSizeFlag === 0 ? Number(singleSegment) : 2 ** contentSizeFlag,
  };
}

/** Finds the end of a Zstandard frame without decoding it: a decoder does not tell one that ends with what it
 *  was given from one that goes on, so that neither a cut frame nor what follows a whole one would be known.
 *  What is wrong with the frame is left to the decoder.
 *  @see RFC 8878 §3.1 */
export class ZstdFrame {
  /** its last octet has come */
  ended = false;

  private part: 'magic' | 'skippable-size' | 'descriptor' | 'block-header' = 'magic';
  /** octets of the part, until all are there */
  private readonly gathered: number[] = [];
  private wanted = 4;
  /** octets until the next part, or until the end */
  private skip = 0;
  private last = false;
  private checksum = false;

  /** Takes the next octets.
   *  @returns how many of them belong to the frame */
  take(octets: Buffer): number {
    let at = 0;
    while (at < octets.length && !this.ended) {
      if (this.skip > 0) {
        const skipped = Math.min(this.skip, octets.length - at);
        this.skip -= skipped;
        at += skipped;
      } else {
        this.gathered.push(octets[at]!);
        at++;
        if (this.gathered.length === this.wanted) this.endPart(Buffer.from(this.gathered.splice(0)));
      }
      this.ended = this.last && this.skip === 0;
    }
    return at;
  }

  private endPart(octets: Buffer): void {
    switch (this.part) {
      case 'magic':
        if (isSkippable(octets)) this.begin('skippable-size', 4);
        else this.begin('descriptor', 1);
        break;
      case 'skippable-size':
        this.last = true;
        this.skip = octets.readUInt32LE();
        break;
      case 'descriptor':
        this.beginHeader(octets[0]!);
        this.begin('block-header', 3);
        break;
      case 'block-header':
        this.readBlockHeader(octets.readUIntLE(0, 3));
        break;
    }
  }

  private begin(part: ZstdFrame['part'], octets: number): void {
    this.part = part;
    this.wanted = octets;
  }

  private beginHeader(descriptor: number): void {
    const { singleSegment, checksum, dictionaryIdBytes, contentSizeBytes } = readDescriptor(descriptor);
    this.checksum = checksum;
    this.skip = Number(!singleSegment) + dictionaryIdBytes + contentSizeBytes;
  }

  /** §3.1.1.2: Last_Block, Block_Type, Block_Size */
  private readBlockHeader(header: number): void {
    // An RLE_Block (type 1) is one octet, however often it is repeated.
    const contentBytes = (header & 0x06) === 0x02 ? 1 : header >> 3;
    this.last = (header & 1) === 1;
    this.skip = contentBytes + (this.last && this.checksum ? 4 : 0);
  }
}
