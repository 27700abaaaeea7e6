import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import {
  brotliCompressSync,
  constants,
  crc32,
  createGzip,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import {
  ContentDecoder,
  type ContentDecoderOptions,
  type DecodingEnd,
} from '../../src/exchange/content-decoder';
import { MAX_SMALL_MEMBERS } from '../../src/exchange/content-undoing';
import { OctetBudget } from '../../src/exchange/octet-budget';
import type { Coding } from '../../src/semantics/content-coding';
import { FORMATS, noise, prose } from '../support/coding';
import { turn } from '../support/origin';
import { inPieces } from '../support/split';

// A busy machine may take its time to decode.
jest.setTimeout(30_000);

const KIB = 1_024;
const MIB = 1_048_576;
const END: DecodingEnd = { by: 'end' };

interface Decoded {
  readonly content: Buffer;
  readonly end: DecodingEnd;
  readonly warnings: readonly string[];
}

/** A decoder that keeps what it decodes. */
class Decoding {
  readonly pieces: Buffer[] = [];
  readonly warnings: string[] = [];
  readonly decoder: ContentDecoder;
  drains = 0;
  end: DecodingEnd | null = null;

  constructor(codings: readonly Coding[], options: Partial<ContentDecoderOptions> = {}) {
    this.decoder = new ContentDecoder({
      codings,
      maxBytes: 64 * MIB,
      take: (octets) => this.pieces.push(octets) > 0,
      drained: () => void this.drains++,
      ended: (end) => {
        this.end = end;
        return Promise.resolve();
      },
      warn: (code) => void this.warnings.push(code),
      memory: new OctetBudget(Infinity).open(),
      ...options,
    });
  }

  async all(pieces: Iterable<Buffer>): Promise<Decoded> {
    for (const piece of pieces) this.decoder.push(piece);
    await this.decoder.end();
    return { content: Buffer.concat(this.pieces), end: this.end!, warnings: this.warnings };
  }
}

function decode(codings: readonly Coding[], ...pieces: readonly Buffer[]): Promise<Decoded> {
  return new Decoding(codings).all(pieces);
}

/** Fails unless content begins with what was decoded of it.
 *  @returns how much that was */
function expectPrefix(decoded: Buffer, content: Buffer): number {
  expect(decoded.equals(content.subarray(0, decoded.length))).toBe(true);
  return decoded.length;
}

/** Has every thread of the runtime do something else for a second or so.
 *  @returns when they are done */
async function occupyThreads(): Promise<void> {
  const derive = promisify(pbkdf2);
  await Promise.all(Array.from({ length: 4 }, () => derive('', '', 1_000_000, 32, 'sha256')));
}

function flipped(octets: Buffer, at: number): Buffer {
  const copy = Buffer.from(octets);
  copy[at]! ^= 0xff;
  return copy;
}

function failure(message: string): DecodingEnd {
  return { by: 'failure', message: expect.stringContaining(message) as string };
}

describe.each(FORMATS)('$format', ({ coding, code }) => {
  it('is undone, however it is split', async () => {
    const content = prose(3_000);
    const coded = code(content);
    for (const size of [1, 3, 20, coded.length])
      expect(await decode([coding], ...inPieces(coded, size))).toEqual({ content, end: END, warnings: [] });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['one octet', Buffer.from('a')],
    ['noise of a MiB', noise(MIB)],
    ['zeros of 3 MiB', Buffer.alloc(3 * MIB)],
    ['prose of 700 KiB', prose(700 * KIB)],
  ])('of %s is undone', async (_, content) => {
    const decoded = await decode([coding], ...inPieces(code(content), 60_000));
    expect(decoded.content.equals(content)).toBe(true);
    expect(decoded).toMatchObject({ end: END, warnings: [] });
  });

  it('that is cut anywhere is told so, with what could be decoded', async () => {
    const content = prose(200);
    const coded = code(content);
    const lengths: number[] = [];
    for (let length = 1; length < coded.length; length++) {
      const decoded = await decode([coding], coded.subarray(0, length));
      expect(decoded.end).toEqual(failure(`${coding} could not be undone: the content ends before`));
      lengths.push(expectPrefix(decoded.content, content));
    }
    expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
  });

  it('of any content and split is undone, and what is cut is not taken for whole', async () => {
    const cases = fc.record({
      content: fc.uint8Array({ maxLength: 500 }).map((octets) => Buffer.from(octets)),
      size: fc.integer({ min: 1, max: 100 }),
      cut: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ content, size, cut }) => {
        const coded = code(content);
        expect(await decode([coding], ...inPieces(coded, size))).toMatchObject({ content, end: END });
        const whole = Math.max(1, Math.floor(coded.length * cut));
        if (whole === coded.length) return;
        const decoded = await decode([coding], ...inPieces(coded.subarray(0, whole), size));
        expect(decoded.end.by).toBe('failure');
        expectPrefix(decoded.content, content);
      }),
      { numRuns: 30 },
    );
  });

  it('followed by zeros is whole, with a warning', async () => {
    const content = prose(1_000);
    const padded = Buffer.concat([code(content), Buffer.alloc(16)]);
    for (const size of [1, 7, padded.length])
      expect(await decode([coding], ...inPieces(padded, size))).toEqual({
        content,
        end: END,
        warnings: ['padding-after-coding'],
      });
  });

  it('followed by other octets is whole without them, with a warning', async () => {
    const content = prose(1_000);
    const coded = code(content);
    const followed = Buffer.concat([coded, Buffer.from('JUNKJUNK')]);
    for (const size of [1, 7, coded.length, followed.length])
      expect(await decode([coding], ...inPieces(followed, size))).toEqual({
        content,
        end: END,
        warnings: ['octets-after-coding'],
      });
  });

  it('five times over is undone', async () => {
    const content = prose(2_000);
    const coded = [1, 2, 3, 4, 5].reduce((octets) => code(octets), content);
    for (const size of [1, 20, coded.length])
      expect(await decode(Array<Coding>(5).fill(coding), ...inPieces(coded, size))).toEqual({
        content,
        end: END,
        warnings: [],
      });
  });

  it('of no octets at all is nothing', async () => {
    expect(await decode([coding])).toEqual({ content: Buffer.alloc(0), end: END, warnings: [] });
  });
});

it('codings are undone in the reverse of the order they were applied in', async () => {
  const content = prose(5_000);
  const coded = zstdCompressSync(brotliCompressSync(deflateRawSync(deflateSync(gzipSync(content)))));
  const codings: Coding[] = ['gzip', 'deflate', 'deflate', 'br', 'zstd'];
  expect(await decode(codings, ...inPieces(coded, 11))).toEqual({ content, end: END, warnings: [] });
  expect((await decode(codings.toReversed(), coded)).end.by).toBe('failure');
});

/** The fixed part of a member's header, RFC 1952 §2.3, with other flags. */
function withFlags(member: Buffer, flags: number): Buffer {
  const head = Buffer.from(member.subarray(0, 10));
  head.set([flags], 3);
  return head;
}

describe('gzip', () => {
  const coded = gzipSync('hello');
  const FHCRC = Buffer.from([
    crc32(withFlags(coded, 0x02)) & 0xff,
    (crc32(withFlags(coded, 0x02)) >> 8) & 0xff,
  ]).toString('hex');

  // RFC 1952 §2.3: FLG, and what it announces; FHCRC is that of the octets before it
  it.each([
    ['FTEXT', 0x01, ''],
    ['FEXTRA', 0x04, '0300616263'],
    ['FEXTRA of nothing', 0x04, '0000'],
    ['FNAME', 0x08, '612e74787400'],
    ['FCOMMENT', 0x10, '00'],
    ['all of them', 0x1d, '0100616100626200'],
    ['FHCRC', 0x02, FHCRC],
  ])('with %s is undone, however it is split', async (_, flags, fields) => {
    const head = withFlags(coded, flags);
    const octets = Buffer.concat([head, Buffer.from(fields, 'hex'), coded.subarray(10)]);
    for (const size of [1, 3, octets.length])
      expect(await decode(['gzip'], ...inPieces(octets, size))).toMatchObject({
        content: Buffer.from('hello'),
        end: END,
      });
    for (let length = 1; length < octets.length; length++)
      expect((await decode(['gzip'], octets.subarray(0, length))).end).toEqual(failure('ends before'));
  });

  it.each([
    ['another first octet', 0, 'it does not begin as gzip does', ''],
    ['another second octet', 1, 'it does not begin as gzip does', ''],
    ['an unknown method', 2, 'unknown compression method', ''],
    ['unknown flags', 3, 'unknown flags', ''],
    ['a wrong CRC-32', -8, 'wrong CRC-32', 'hello'],
    ['a wrong ISIZE', -1, 'wrong length', 'hello'],
  ])('with %s is refused, with what was decoded', async (_, at, message, text) => {
    const broken = flipped(coded, at < 0 ? coded.length + at : at);
    for (const size of [1, broken.length]) {
      const { content, end } = await decode(['gzip'], ...inPieces(broken, size));
      expect([content.toString(), end]).toEqual([text, failure(message)]);
    }
  });

  it('with a wrong FHCRC is refused', async () => {
    const { end } = await decode(
      ['gzip'],
      withFlags(coded, 0x02),
      Buffer.from('0000', 'hex'),
      coded.subarray(10),
    );
    expect(end).toEqual(failure('wrong checksum of its header'));
  });

  it('of several members is all of them, however it is split', async () => {
    const members = [gzipSync('hello '), gzipSync(''), gzipSync('world')];
    const octets = Buffer.concat(members);
    for (const size of [1, 3, members[0]!.length, octets.length])
      expect(await decode(['gzip'], ...inPieces(octets, size))).toEqual({
        content: Buffer.from('hello world'),
        end: END,
        warnings: [],
      });
  });

  it('whose last member is cut is told so, but where the cut falls between two members', async () => {
    const first = gzipSync('hello ');
    const octets = Buffer.concat([first, gzipSync('world')]);
    for (let length = first.length; length < octets.length; length++) {
      const { content, end } = await decode(['gzip'], octets.subarray(0, length));
      expect(end).toEqual(length === first.length ? END : failure('ends before'));
      expect('hello world'.startsWith(content.toString())).toBe(true);
      expect(content.length).toBeGreaterThanOrEqual('hello '.length);
    }
  });

  it('of a thousand members is undone, and of more than the limit not', async () => {
    const member = gzipSync('a');
    const thousand = await decode(['gzip'], Buffer.concat(Array<Buffer>(1_000).fill(member)));
    expect(thousand).toEqual({ content: Buffer.alloc(1_000, 'a'), end: END, warnings: [] });
    const many = await decode(['gzip'], Buffer.concat(Array<Buffer>(2 * MAX_SMALL_MEMBERS).fill(member)));
    expect(many.end).toEqual(failure('too many members of too little'));
    expect(many.content.length).toBe(MAX_SMALL_MEMBERS + 3);
  });

  it('of as many members as there are is undone, when each holds something', async () => {
    const member = gzipSync(Buffer.alloc(300, 'a'));
    const many = await decode(['gzip'], Buffer.concat(Array<Buffer>(3_000).fill(member)));
    expect([many.content.length, many.end]).toEqual([900_000, END]);
  });

  it('with a name without end is given up when nothing came of a mebibyte', async () => {
    const head = withFlags(coded, 0x08);
    const name = Buffer.alloc(MIB - 100, 'n');
    expect((await decode(['gzip'], head, name)).end).toEqual(failure('ends before'));
    const named = await decode(['gzip'], head, name, Buffer.alloc(1), coded.subarray(10));
    expect(named).toMatchObject({ content: Buffer.from('hello'), end: END });
    const endless = await decode(['gzip'], head, name, name, Buffer.alloc(1), coded.subarray(10));
    expect(endless).toMatchObject({ content: Buffer.alloc(0), end: failure('nothing came of its first') });
  });
});

describe('zstd', () => {
  it('of several frames, some to be skipped, is all of them, however it is split', async () => {
    const skipped = Buffer.from('532a4d1803000000616263', 'hex');
    const frames = [skipped, zstdCompressSync('hello '), skipped, zstdCompressSync('world'), skipped];
    const octets = Buffer.concat(frames);
    for (const size of [1, 3, octets.length])
      expect(await decode(['zstd'], ...inPieces(octets, size))).toEqual({
        content: Buffer.from('hello world'),
        end: END,
        warnings: [],
      });
  });

  // RFC 8878 §3.1.1.1.2: Exponent and Mantissa; an empty block follows
  it.each([
    ['8 MiB', '68', END],
    ['9 MiB', '69', failure('zstd could not be undone: Frame requires too much memory')],
  ])('with a window of %s ends by %s %j', async (_, descriptor, end) => {
    const frame = Buffer.from(`28b52ffd00${descriptor}010000`, 'hex');
    expect((await decode(['zstd'], frame)).end).toEqual(end);
  });

  it('that is none is refused', async () => {
    expect(await decode(['zstd'], prose(1_000))).toEqual({
      content: Buffer.alloc(0),
      end: failure('it does not begin as Zstandard does'),
      warnings: [],
    });
  });
});

describe('damage', () => {
  const CHECKED: readonly string[] = ['gzip', 'zlib', 'zstd with a checksum'];

  it.each(FORMATS)('in $format leaves all that was coded before it', async ({ format, coding, code }) => {
    const content = prose(20_000);
    const coded = code(content);
    const ends: string[] = [];
    for (let part = 0.05; part < 1; part += 0.1) {
      const at = Math.floor(coded.length * part);
      const damaged = flipped(coded, at);
      const decoded = await decode([coding], damaged);
      const before = (await decode([coding], coded.subarray(0, at))).content;
      // Damage shows where it lies or later; until then it is decoded into something.
      expectPrefix(before, decoded.content);
      for (const size of [7, 1_000])
        expect(await decode([coding], ...inPieces(damaged, size))).toEqual(decoded);
      ends.push(decoded.end.by);
    }
    expect(ends).toContain('failure');
    if (CHECKED.includes(format)) expect(ends).not.toContain('end');
  });

  it('beyond the first MiB loses no more than a piece', async () => {
    const content = noise(3 * MIB);
    const coded = deflateSync(content, { level: 9 });
    const { content: decoded, end } = await decode(
      ['deflate'],
      ...inPieces(flipped(coded, coded.length - 1), 50_000),
    );
    expect(end).toEqual(failure('incorrect data check'));
    expect(expectPrefix(decoded, content)).toBeGreaterThanOrEqual(content.length - 20_000);
  });

  it('in the outer of two codings leaves what can be decoded of the inner', async () => {
    const content = prose(60_000);
    const inner = deflateRawSync(content);
    const outer = brotliCompressSync(inner, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
    const { content: decoded, end } = await decode(
      ['deflate', 'br'],
      flipped(outer, outer.length >> 1).subarray(0, -1),
    );
    expect(end).toEqual(failure('br could not be undone'));
    expect(expectPrefix(decoded.subarray(0, 10_000), content)).toBeGreaterThan(1_000);
  });

  it('in the outer of two codings is told, though the inner has reached its end', async () => {
    const coded = gzipSync(gzipSync('hello'));
    const { content, end } = await decode(['gzip', 'gzip'], flipped(coded, coded.length - 1));
    expect([content.toString(), end]).toEqual(['hello', failure('wrong length')]);
  });
});

describe('a limit', () => {
  const bomb = gzipSync(Buffer.alloc(64 * MIB), { level: 9 });
  const BOMBS: [name: string, codings: Coding[], coded: Buffer][] = [
    ['gzip', ['gzip'], bomb],
    ['gzip in gzip', ['gzip', 'gzip'], gzipSync(bomb)],
    ['br', ['br'], brotliCompressSync(Buffer.alloc(64 * MIB))],
    ['zstd', ['zstd'], zstdCompressSync(Buffer.alloc(64 * MIB))],
    ['members', ['gzip'], Buffer.concat(Array<Buffer>(64).fill(gzipSync(Buffer.alloc(MIB))))],
  ];

  it.each(BOMBS)('of what takes it ends a bomb of %s at once', async (_, codings, coded) => {
    let taken = 0;
    const decoding = new Decoding(codings, { take: (octets) => (taken += octets.length) <= MIB });
    const before = process.memoryUsage().rss;
    const { end } = await decoding.all(inPieces(coded, 60_000));
    expect(end).toEqual({ by: 'size-limit' });
    expect(taken).toBeGreaterThan(MIB);
    expect(taken).toBeLessThanOrEqual(MIB + 128 * KIB);
    expect(process.memoryUsage().rss - before).toBeLessThan(32 * MIB);
  });

  it('holds for a coding within others too, though what they are undone to is little', async () => {
    // A name of 150,000 octets is no content.
    const empty = gzipSync('');
    const name = Buffer.concat([Buffer.alloc(150_000, 'n'), Buffer.alloc(1)]);
    const hollow = Buffer.concat([withFlags(empty, 0x08), name, empty.subarray(10)]);
    const decoding = new Decoding(['gzip', 'gzip'], { maxBytes: 100_000 });
    const { content, end } = await decoding.all([gzipSync(hollow)]);
    expect([content.length, end]).toEqual([0, { by: 'size-limit' }]);
  });

  it('lets through what is exactly as long', async () => {
    const inner = gzipSync(noise(1_000));
    const coded = gzipSync(inner);
    const exactly = new Decoding(['gzip', 'gzip'], { maxBytes: inner.length });
    expect((await exactly.all([coded])).end).toEqual(END);
    const less = new Decoding(['gzip', 'gzip'], { maxBytes: inner.length - 1 });
    const { content, end } = await less.all([coded]);
    // All but the last octet of the trailer came through.
    expect([content, end]).toEqual([noise(1_000), { by: 'size-limit' }]);
  });
});

describe('pressure', () => {
  it('rests while what was decoded is not taken, and goes on then', async () => {
    const waiting: (() => void)[] = [];
    const taken: number[] = [];
    const decoding = new Decoding(['gzip', 'br'], {
      take: async (octets) => {
        taken.push(octets.length);
        await new Promise<void>((resolve) => waiting.push(resolve));
        return true;
      },
    });
    decoding.decoder.push(brotliCompressSync(gzipSync(Buffer.alloc(MIB))));
    while (taken.length === 0) await turn();
    for (let turns = 0; turns < 50; turns++) await turn();
    expect(taken).toHaveLength(1);
    const ended = decoding.decoder.end();
    while (decoding.end === null) {
      for (const goOn of waiting.splice(0)) goOn();
      await turn();
    }
    await ended;
    expect(decoding.end).toEqual(END);
    expect(taken.reduce((sum, bytes) => sum + bytes)).toBe(MIB);
    expect(Math.max(...taken)).toBeLessThanOrEqual(128 * KIB);
  });

  it('is told while more than 64 KiB wait, and drained once when they no longer do', async () => {
    const coded = gzipSync(noise(400 * KIB));
    const decoding = new Decoding(['gzip']);
    const full: boolean[] = [];
    for (const piece of inPieces(coded, 64 * KIB)) {
      decoding.decoder.push(piece);
      full.push(decoding.decoder.full);
    }
    expect(full).toEqual([false, true, true, true, true, true, true]);
    await decoding.decoder.end();
    expect([decoding.decoder.full, decoding.drains, decoding.end]).toEqual([false, 1, END]);
  });

  it('is drained by damage, after which nothing is waited for', async () => {
    const decoding = new Decoding(['gzip']);
    decoding.decoder.push(prose(300 * KIB));
    expect(decoding.decoder.full).toBe(true);
    while (decoding.end === null) await turn();
    expect([decoding.decoder.full, decoding.drains]).toEqual([false, 1]);
    decoding.decoder.push(prose(300 * KIB));
    expect(decoding.decoder.full).toBe(false);
    await decoding.decoder.end();
  });
});

describe('giving up', () => {
  it.each<[what: string, codings: Coding[], coded: Buffer]>([
    ['waits for octets', ['gzip', 'br'], brotliCompressSync(gzipSync(noise(100_000))).subarray(0, 50_000)],
    ['waits for its first octet', ['zstd'], Buffer.alloc(0)],
    ['is at work', ['gzip', 'gzip'], gzipSync(gzipSync(Buffer.alloc(64 * MIB)))],
    ['makes up for damage', ['deflate'], flipped(deflateSync(noise(900_000)), 890_000)],
  ])('ends a decoder that %s, and has it give back all memory', async (_, codings, coded) => {
    for (let turns = 0; turns < 40; turns += 3) {
      const budget = new OctetBudget(Infinity);
      const memory = budget.open();
      const decoding = new Decoding(codings, { memory });
      if (coded.length > 0) decoding.decoder.push(coded);
      for (let turned = 0; turned < turns; turned++) await turn();
      decoding.decoder.cut();
      decoding.decoder.cut();
      await decoding.decoder.end();
      expect(['cut', 'end', 'failure']).toContain(decoding.end!.by);
      if (turns === 0) expect(decoding.end).toEqual({ by: 'cut' });
      memory.close();
      while (budget.grantedBytes > 0) await turn();
    }
  });

  it('counts the window of a decoder until no thread is at it', async () => {
    const budget = new OctetBudget(Infinity);
    const memory = budget.open();
    const decoding = new Decoding(['br'], { memory });
    const coded = brotliCompressSync(Buffer.alloc(32 * MIB), {
      params: { [constants.BROTLI_PARAM_LGWIN]: 24 },
    });
    const busy = occupyThreads();
    decoding.decoder.push(coded);
    while (budget.grantedBytes === 0) await turn();
    await turn();
    decoding.decoder.cut();
    await decoding.decoder.end();
    memory.close();
    expect([decoding.end, budget.grantedBytes >= 8 * MIB]).toEqual([{ by: 'cut' }, true]);
    await busy;
    while (budget.grantedBytes > 0) await turn();
  });
});

it('what takes the octets may fail, and whoever waits is told', async () => {
  const decoding = new Decoding(['gzip'], {
    take: () => {
      throw new Error('not today');
    },
  });
  decoding.decoder.push(gzipSync('hello'));
  await expect(decoding.decoder.end()).rejects.toThrow('not today');
  expect(decoding.decoder.full).toBe(false);
});

it('content that is flushed bit by bit is given as it comes, before its end', async () => {
  const gzip = createGzip();
  const coded: Buffer[] = [];
  gzip.on('data', (octets: Buffer) => coded.push(octets));
  gzip.write('hello');
  await new Promise<void>((resolve) => gzip.flush(constants.Z_SYNC_FLUSH, resolve));
  const decoding = new Decoding(['gzip']);
  for (const octets of coded.splice(0)) decoding.decoder.push(octets);
  while (decoding.pieces.length === 0) await turn();
  expect(Buffer.concat(decoding.pieces).toString()).toBe('hello');
  gzip.end();
  gzip.removeAllListeners('data');
  expect(await decoding.all([await buffer(gzip)])).toMatchObject({ end: END, content: Buffer.from('hello') });
});
