import {
  constants,
  crc32,
  createBrotliDecompress,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';
import { brotliWindowBytes } from '../semantics/brotli-window';
import { type Coding, isZlib } from '../semantics/content-coding';
import { ZSTD_HEADER_BYTES, ZstdFrame, beginsZstdFrame, zstdWindowBytes } from '../semantics/zstd-frame';
import { CodedInput } from './coded-input';
import {
  DecodingFailure,
  type Decompressor,
  type Engines,
  type OutputBuffers,
  decodeWith,
  endedEarly,
} from './decoding-engine';

/** Tells a departure that was understood all the same. */
export type WarnOfCoding = (code: string, message: string) => void;

/** What a coding is undone with. */
interface Undoing {
  readonly input: CodedInput;
  readonly engines: Engines;
}

/** Yields what was coded, to the end of the coding and not beyond.
 *  @throws DecodingFailure when it is damaged or ends early, DecodingCut */
type Undo = (undoing: Undoing) => AsyncGenerator<Buffer, void>;

const UNDO: Readonly<Record<Coding, Undo>> = { gzip, deflate, br, zstd };

/** decoding begins with so much where memory is scarce */
const BEGINNING_BYTES = 65_536;
// RFC 9659 §3: the content coding is limited to windows of 8 MB
const ZSTD_WINDOW_LOG = 23;
/** gzip members or Zstandard frames beyond this must be worth it: each costs a decompressor, and empty ones of 20 octets
 *  shrink to nothing in another coding */
export const MAX_SMALL_MEMBERS = 1_000;
const WORTH_BYTES = 256;

/** Undoes one content coding. What comes after its end is no part of the content: it is left out, with a warning.
 *  No octets at all are taken for the coding of nothing, as servers send them with errors and empty pages.
 *  @throws (in the generator) DecodingFailure, DecodingCut, and what the source throws */
export async function* undo(
  coding: Coding,
  source: AsyncGenerator<Buffer, void>,
  engines: Engines,
  warn: WarnOfCoding,
): AsyncGenerator<Buffer, void> {
  try {
    const input = new CodedInput(source);
    if ((await input.peek(1)).length === 0) return;
    yield* UNDO[coding]({ input, engines });
    await leaveOut(coding, input, warn);
  } finally {
    await source.return();
  }
}

async function leaveOut(coding: Coding, input: CodedInput, warn: WarnOfCoding): Promise<void> {
  let bytes = 0;
  let zeros = true;
  for (let piece = await input.next(); piece !== null; piece = await input.next()) {
    bytes += piece.length;
    zeros &&= piece.every((octet) => octet === 0);
  }
  if (bytes === 0) return;
  if (zeros) warn('padding-after-coding', `${bytes} zero octets after the end of the ${coding} coding`);
  else warn('octets-after-coding', `${bytes} octets after the end of the ${coding} coding were left out`);
}

// --- gzip, RFC 1952

const FHCRC = 0x02;
const FEXTRA = 0x04;
const FNAME = 0x08;
const FCOMMENT = 0x10;
const RESERVED_FLAGS = 0xe0;

/** The runtime's gunzip does not tell damage from what follows a member, nor where either begins. */
async function* gzip({ input, engines }: Undoing): AsyncGenerator<Buffer, void> {
  // RFC 1952 §2.2: members "simply appear one after another in the file"
  let made = 0;
  for (let members = 1; ; members++) {
    limitMembers('gzip', members, made);
    await readGzipHeader(input);
    let crc = 0;
    let size = 0;
    for await (const octets of decodeWith(createInflateRaw, 'gzip', input, engines)) {
      crc = crc32(octets, crc);
      size = (size + octets.length) % 2 ** 32;
      made += octets.length;
      yield octets;
    }
    await readGzipTrailer(input, crc, size);
    if (!beginsMember(await input.peek(2))) return;
  }
}

/** One octet is enough: a member that was cut must not pass for padding. */
function beginsMember([id1, id2]: Buffer): boolean {
  return id1 === 0x1f && (id2 === undefined || id2 === 0x8b);
}

/** §2.3 */
async function readGzipHeader(input: CodedInput): Promise<void> {
  let crc = 0;
  const take = async (bytes: number): Promise<Buffer> => {
    const octets = await input.take(bytes);
    if (octets.length < bytes) throw endedEarly('gzip');
    crc = crc32(octets, crc);
    return octets;
  };
  const skipText = async (): Promise<void> => {
    for (let end = -1; end < 0;) {
      const octets = await input.next();
      if (octets === null) throw endedEarly('gzip');
      end = octets.indexOf(0);
      if (end >= 0) input.putBack(octets.subarray(end + 1));
      crc = crc32(end < 0 ? octets : octets.subarray(0, end + 1), crc);
    }
  };
  if (!beginsMember(await input.peek(2))) throw failure('gzip', 'it does not begin as gzip does');
  const [, , method, flags = 0] = await take(10);
  if (method !== 8) throw failure('gzip', 'unknown compression method');
  if ((flags & RESERVED_FLAGS) !== 0) throw failure('gzip', 'unknown flags in its header');
  if ((flags & FEXTRA) !== 0) await take((await take(2)).readUInt16LE());
  if ((flags & FNAME) !== 0) await skipText();
  if ((flags & FCOMMENT) !== 0) await skipText();
  const expected = crc & 0xffff;
  if ((flags & FHCRC) !== 0 && (await take(2)).readUInt16LE() !== expected)
    throw failure('gzip', 'wrong checksum of its header');
}

/** §2.3.1: CRC32 and ISIZE */
async function readGzipTrailer(input: CodedInput, crc: number, size: number): Promise<void> {
  const trailer = await input.take(8);
  if (trailer.length < 8) throw endedEarly('gzip');
  if (trailer.readUInt32LE(0) !== crc) throw failure('gzip', 'wrong CRC-32');
  if (trailer.readUInt32LE(4) !== size) throw failure('gzip', 'wrong length in its trailer');
}

// --- deflate, RFC 1950 or RFC 1951

async function* deflate({ input, engines }: Undoing): AsyncGenerator<Buffer, void> {
  const create = isZlib(await input.peek(2)) ? createInflate : createInflateRaw;
  yield* decodeWith(create, 'deflate', input, engines);
}

// --- br, RFC 7932

async function* br(undoing: Undoing): AsyncGenerator<Buffer, void> {
  const { input, engines } = undoing;
  const [first] = await input.peek(1);
  yield* withWindow(brotliWindowBytes(first!), undoing, () =>
    decodeWith(createBrotliDecompress, 'br', input, engines),
  );
}

// --- zstd, RFC 8878

async function* zstd({ input, engines }: Undoing): AsyncGenerator<Buffer, void> {
  // §3: "Zstandard compressed data is made up of one or more frames."
  let made = 0;
  for (let frames = 1; ; frames++) {
    limitMembers('zstd', frames, made);
    const beginning = await input.peek(ZSTD_HEADER_BYTES);
    if (!beginsZstdFrame(beginning.subarray(0, 4)))
      throw failure('zstd', 'it does not begin as Zstandard does');
    const windowBytes = Math.min(zstdWindowBytes(beginning), 2 ** ZSTD_WINDOW_LOG);
    const decode = (): AsyncGenerator<Buffer, void> =>
      decodeWith(createZstd, 'zstd', new CodedInput(frame(input)), engines);
    for await (const octets of withWindow(windowBytes, { input, engines }, decode)) {
      made += octets.length;
      yield octets;
    }
    const next = await input.peek(4);
    if (next.length === 0 || !beginsZstdFrame(next)) return;
  }
}

function createZstd(buffers: OutputBuffers): Decompressor {
  const params = { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG };
  return createZstdDecompress({ ...buffers, params });
}

/** The octets of one frame. */
async function* frame(input: CodedInput): AsyncGenerator<Buffer, void> {
  const scan = new ZstdFrame();
  while (!scan.ended) {
    const piece = await input.next();
    if (piece === null) throw endedEarly('zstd');
    const bytes = scan.take(piece);
    input.putBack(piece.subarray(bytes));
    yield piece.subarray(0, bytes);
  }
}

// --- windows

/** Decodes when there is memory for a window: decoders take it as a whole, or may fill it with what they make of their
 *  first octets. Where memory is scarce, decoding begins with a good part of the content, which of most pages is all, so
 *  that a slow peer does not keep others from a window of theirs. */
async function* withWindow(
  bytes: number,
  { input, engines }: Undoing,
  decode: () => AsyncGenerator<Buffer, void>,
): AsyncGenerator<Buffer, void> {
  const { memory } = engines;
  if (!memory.isPlenty(bytes)) await input.peek(BEGINNING_BYTES);
  const unpin = memory.pin(bytes);
  try {
    await engines.room();
    yield* decode();
  } finally {
    engines.whenGone(unpin);
  }
}

/** @param made octets of the members before */
function limitMembers(coding: Coding, count: number, made: number): void {
  if (count > MAX_SMALL_MEMBERS + made / WORTH_BYTES) throw failure(coding, 'too many members of too little');
}

function failure(coding: Coding, what: string): DecodingFailure {
  return new DecodingFailure(`${coding} could not be undone: ${what}`);
}
