import { createHash } from 'node:crypto';
import { brotliCompressSync, deflateRawSync, gzipSync } from 'node:zlib';
import {
  ContentCollector,
  type ContentListener,
  type ContentOptions,
} from '../../src/exchange/content-collector';
import { OctetBudget } from '../../src/exchange/octet-budget';
import { noise, prose } from '../support/coding';
import { turn } from '../support/origin';
import { inPieces } from '../support/split';

/** A collector, and what it told. */
class Collecting {
  readonly content: ContentCollector;
  readonly warnings: string[] = [];
  overflows = 0;
  drains = 0;

  constructor(contentEncoding: string, options: Partial<ContentOptions> = {}) {
    this.content = new ContentCollector(
      {
        maxBodyBytes: 1_000_000,
        keepContent: true,
        decodeContent: true,
        overflowed: () => void this.overflows++,
        drained: () => void this.drains++,
        memory: new OctetBudget(Infinity).open(),
        listener: null,
        ...options,
      },
      (code) => void this.warnings.push(code),
    );
    this.content.begin([{ name: 'Content-Encoding', value: contentEncoding }]);
  }

  /** Takes octets from a buffer that is overwritten, as a read loop's is. */
  take(octets: Buffer): void {
    const buffer = Buffer.from(octets);
    this.content.take(buffer);
    buffer.fill('~');
  }

  async all(octets: Buffer, size = octets.length): Promise<this> {
    for (const piece of inPieces(octets, size)) this.take(piece);
    await this.content.end();
    return this;
  }

  get kept(): Buffer {
    return this.content.octets.octets;
  }

  get isTruncated(): boolean {
    const { total, bytes } = this.content.octets;
    return total > bytes;
  }
}

describe('content without a coding', () => {
  it('is kept at once, and nothing is waited for', () => {
    const plain = new Collecting('identity');
    plain.take(Buffer.from('abc'));
    plain.take(Buffer.from('def'));
    expect(plain.kept.toString()).toBe('abcdef');
    expect(plain.content).toMatchObject({
      wireBytes: 6,
      codings: ['identity'],
      decoded: true,
      decoding: false,
      full: false,
      overflowed: false,
      failure: null,
    });
  });

  it('is kept up to its limit, and more is noticed at once', () => {
    const plain = new Collecting('', { maxBodyBytes: 5 });
    plain.take(Buffer.from('abcde'));
    expect(plain.content.overflowed).toBe(false);
    plain.take(Buffer.from('f'));
    expect(plain.content.overflowed).toBe(true);
    expect([plain.kept.toString(), plain.content.wireBytes, plain.overflows]).toEqual(['abcde', 6, 0]);
  });

  it('may be limited further before it comes', () => {
    const plain = new Collecting('');
    plain.content.limit(3, true);
    plain.take(Buffer.from('abcdef'));
    expect([plain.kept.toString(), plain.content.overflowed]).toEqual(['abc', true]);
  });

  it('is counted and digested alone when nobody wants it', () => {
    const plain = new Collecting('', { keepContent: false });
    plain.content.limit(2, false);
    plain.take(Buffer.from('abc'));
    expect([plain.kept.length, plain.content.octets.bytes]).toEqual([0, 2]);
  });

  it('needs no octet when none may be kept', () => {
    const none = new Collecting('', { maxBodyBytes: 0 });
    expect(none.content.overflowed).toBe(false);
    none.take(Buffer.from('a'));
    expect(none.content.overflowed).toBe(true);
  });
});

describe('coded content', () => {
  it.each([1, 7, 10_000])('read %d octets at a time is kept as what it is undone to', async (size) => {
    const coded = gzipSync(prose(5_000));
    const gzip = await new Collecting('gzip').all(coded, size);
    expect(gzip.kept.equals(prose(5_000))).toBe(true);
    expect(gzip.content).toMatchObject({ wireBytes: coded.length, decoded: true, failure: null });
    expect([gzip.isTruncated, gzip.warnings]).toEqual([false, []]);
  });

  it('is digested as what it is undone to when nobody wants it', async () => {
    const { content } = await new Collecting('br', { keepContent: false }).all(
      brotliCompressSync(prose(5_000)),
    );
    const sha256 = createHash('sha256').update(prose(5_000)).digest('hex');
    expect(content.octets).toMatchObject({ octets: Buffer.alloc(0), bytes: 5_000, total: 5_000, sha256 });
  });

  it('is given as it came, without a warning, when it is not to be undone', async () => {
    const coded = gzipSync(prose(500));
    const kept = await new Collecting('gzip', { decodeContent: false }).all(coded, 20);
    expect(kept.kept.equals(coded)).toBe(true);
    expect(kept.content).toMatchObject({ codings: ['gzip'], decoded: false, decoding: false });
    expect(kept.warnings).toEqual([]);
  });

  it.each([
    ['x-own', 'content-coding-unknown'],
    ['gzip,gzip,gzip,gzip,gzip,gzip', 'too-many-content-codings'],
  ])('of %s is given as it came, with one warning', async (codings, warning) => {
    const kept = await new Collecting(codings).all(prose(100), 20);
    expect(kept.kept.equals(prose(100))).toBe(true);
    expect(kept.content).toMatchObject({ decoded: false, decoding: false, failure: null });
    expect(kept.warnings).toEqual([warning]);
  });

  it('of no octet at all is decoded, whatever its coding', async () => {
    for (const coding of ['gzip', 'x-own', 'gzip,gzip,gzip,gzip,gzip,gzip']) {
      const none = new Collecting(coding);
      await none.content.end();
      expect(none.content).toMatchObject({ wireBytes: 0, decoded: true, failure: null });
      expect([none.kept.length, none.warnings]).toEqual([0, []]);
    }
  });
});

describe('damaged content', () => {
  it('is kept as far as it could be undone, and what comes after the damage is counted', async () => {
    const coded = gzipSync(noise(10_000));
    coded.fill(0xff, 5_100);
    const gzip = new Collecting('gzip');
    gzip.take(coded);
    while (gzip.content.failure === null) await turn();
    gzip.take(Buffer.from('more'));
    await gzip.content.end();
    expect(gzip.content.octets.bytes).toBeGreaterThan(4_500);
    expect(gzip.kept.subarray(0, 4_500).equals(noise(4_500))).toBe(true);
    expect(gzip.content).toMatchObject({ wireBytes: coded.length + 4, decoded: true });
    expect(gzip.isTruncated).toBe(false);
  });

  it.each([
    ['of which nothing could be undone', 'gzip', prose(50_000)],
    ['of a coding that is cut before its first octet', 'gzip', gzipSync('hello').subarray(0, 10)],
    ['whose inner coding is none', 'gzip, br', brotliCompressSync(prose(3_000))],
    ['that is text whose first octet is a whole coding for br', 'br', Buffer.from('9 times')],
    [
      'that is text which raw deflate would make something of',
      'deflate',
      Buffer.from('{"a":"raw JSON, not coded"}'),
    ],
    ['that is long text', 'deflate', Buffer.from(`{${'"key":"value",'.repeat(5_000)}}`)],
  ])('%s is given as it came', async (_, codings, octets) => {
    for (const size of [1_000, octets.length]) {
      const came = await new Collecting(codings).all(octets, size);
      expect(came.kept.equals(octets)).toBe(true);
      expect(came.content).toMatchObject({ wireBytes: octets.length, decoded: false, overflowed: false });
      expect(came.content.failure).toContain('could not be undone');
    }
  });

  it('that came after all had been found to be uncoded is kept too', async () => {
    const gzip = new Collecting('gzip');
    gzip.take(Buffer.from('Hello, '));
    while (gzip.content.failure === null) await turn();
    gzip.take(Buffer.from('world'));
    await gzip.content.end();
    expect([gzip.kept.toString(), gzip.content.decoded]).toEqual(['Hello, world', false]);
  });

  it('that is uncoded is kept up to the limit', async () => {
    const gzip = new Collecting('gzip', { maxBodyBytes: 20 });
    gzip.take(Buffer.from('Hello, '));
    while (gzip.content.failure === null) await turn();
    gzip.take(Buffer.from('what a wonderful world'));
    expect(gzip.content.overflowed).toBe(true);
    expect([gzip.kept.toString(), gzip.isTruncated]).toEqual(['Hello, what a wonder', true]);
  });
});

describe('more content than may be kept', () => {
  it('is told when it is decoded, with the first of it kept', async () => {
    const gzip = await new Collecting('gzip', { maxBodyBytes: 1_000 }).all(gzipSync(prose(5_000)));
    expect(gzip.kept.equals(prose(1_000))).toBe(true);
    expect(gzip.content).toMatchObject({ overflowed: true, decoded: true, failure: null });
    expect([gzip.overflows, gzip.isTruncated]).toEqual([1, true]);
  });

  it('is told of coded content, though what it is undone to is less', async () => {
    const members = Buffer.concat([gzipSync('abc'), gzipSync(''), gzipSync('def'), gzipSync('ghi')]);
    const gzip = new Collecting('gzip', { maxBodyBytes: 70 });
    gzip.take(members);
    expect(gzip.content.overflowed).toBe(true);
    await gzip.content.end();
    expect(gzip.kept.toString()).toBe('abcdef');
    expect([gzip.isTruncated, gzip.content.decoded, gzip.content.wireBytes]).toEqual([
      true,
      true,
      members.length,
    ]);
  });

  it('is told of coded content of which nothing was undone, which is given as it came', async () => {
    const gzip = await new Collecting('gzip', { maxBodyBytes: 8 }).all(gzipSync('hello'), 3);
    expect(gzip.kept.equals(gzipSync('hello').subarray(0, 8))).toBe(true);
    expect(gzip.content).toMatchObject({ overflowed: true, decoded: false });
    expect(gzip.isTruncated).toBe(true);
  });

  it('is told of a coding within another, though what that is undone to is nothing', async () => {
    const hollow = gzipSync(Buffer.concat(Array<Buffer>(100).fill(gzipSync(''))));
    const gzip = await new Collecting('gzip, gzip', { maxBodyBytes: 1_000 }).all(hollow);
    expect(gzip.content).toMatchObject({ overflowed: true, decoded: false });
    expect([gzip.kept.equals(hollow), gzip.isTruncated]).toEqual([true, true]);
  });
});

it('decoding that is given up leaves what was decoded', async () => {
  const coded = deflateRawSync(noise(600_000));
  const deflate = new Collecting('deflate');
  deflate.take(coded);
  expect(deflate.content.full).toBe(true);
  while (deflate.content.octets.bytes === 0) await turn();
  deflate.content.cut();
  await deflate.content.end();
  expect(deflate.content).toMatchObject({ isCut: true, decoded: true, failure: null, full: false });
  expect(deflate.kept.equals(noise(deflate.kept.length))).toBe(true);
  expect([deflate.kept.length > 0, deflate.drains]).toEqual([true, 1]);
});

it('decoding that is given up before anything was decoded leaves the octets as they came', async () => {
  const gzip = new Collecting('gzip');
  gzip.take(gzipSync('hello'));
  gzip.content.cut();
  await gzip.content.end();
  expect(gzip.content).toMatchObject({ isCut: true, decoded: false });
  expect(gzip.kept.equals(gzipSync('hello'))).toBe(true);
});

describe('a listener', () => {
  /** Remembers what it is told, and has no room until it is given some. */
  class Listening implements ContentListener {
    told = '';
    readonly states: boolean[] = [];
    isFull = false;
    private waiting = Promise.withResolvers<void>();

    /** @param isSlow has room for one piece */
    constructor(private isSlow = false) {}

    take(octets: Buffer, decoded: boolean): void {
      this.isFull = this.isSlow;
      this.told += octets.toString('latin1');
      this.states.push(decoded);
    }

    room(): Promise<void> {
      return this.waiting.promise;
    }

    giveRoom(): void {
      this.isSlow = this.isFull = false;
      this.waiting.resolve();
    }
  }

  it('is given what is kept, and no more', () => {
    const listener = new Listening();
    const plain = new Collecting('', { listener, maxBodyBytes: 4 });
    plain.take(Buffer.from('abc'));
    plain.take(Buffer.from('def'));
    expect([listener.told, plain.kept.toString()]).toEqual(['abcd', 'abcd']);
  });

  it('is given decoded content, and told that it is', async () => {
    const listener = new Listening();
    const octets = prose(100_000);
    await new Collecting('gzip', { listener, keepContent: false }).all(gzipSync(octets), 1_000);
    expect(listener.told === octets.toString('latin1')).toBe(true);
    expect(new Set(listener.states)).toEqual(new Set([true]));
  });

  it.each(['this is text, and no coding at all', 'and so is this, a little longer than the other one'])(
    'is never given what turns out to be no content: %s',
    async (text) => {
      const listener = new Listening();
      const content = await new Collecting('br', { listener }).all(Buffer.from(text));
      expect([listener.told, content.kept.toString()]).toEqual([text, text]);
      expect(listener.states).toEqual([false]);
    },
  );

  it('is given in the end what looked as if it were no content', async () => {
    // Stored by raw deflate, text looks like text but for its first octets.
    const octets = Buffer.from('stored, and not compressed at all: '.repeat(20));
    const listener = new Listening();
    await new Collecting('deflate', { listener }).all(deflateRawSync(octets, { level: 0 }), 7);
    expect(listener.told).toBe(octets.toString('latin1'));
  });

  it('that has no room has decoding wait, until there is some', async () => {
    const listener = new Listening(true);
    const octets = prose(200_000);
    const content = new Collecting('gzip', { listener });
    const coded = gzipSync(octets);
    const over = content.all(coded);
    while (listener.told === '') await turn();
    // Time in which the same threads decode all of it for one that has room.
    await new Collecting('gzip', { listener: new Listening() }).all(coded);
    expect(listener.told.length).toBeLessThan(40_000);
    listener.giveRoom();
    await over;
    expect(listener.told).toHaveLength(octets.length);
  });

  it('that has no room does not keep what is given up', async () => {
    const listener = new Listening(true);
    const content = new Collecting('gzip', { listener });
    const over = content.all(gzipSync(prose(200_000)));
    while (listener.told === '') await turn();
    content.content.cut();
    await over;
    expect(content.content.isCut).toBe(true);
  });
});
