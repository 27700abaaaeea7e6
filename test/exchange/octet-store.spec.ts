import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { OctetStore } from '../../src/exchange/octet-store';

const KIB = 1024;

function sha256(octets: Buffer): string {
  return createHash('sha256').update(octets).digest('hex');
}

/** A limit, pieces that may go beyond it, and what the peer says the length is. */
const arrivals = fc.record({
  maxBytes: fc.integer({ min: 0, max: 20_000 }),
  pieces: fc.array(fc.uint8Array({ maxLength: 3_000 }), { maxLength: 20 }),
  expected: fc.option(fc.integer({ min: 0, max: 40_000 }), { nil: undefined }),
});

describe('an octet store', () => {
  it('keeps the octets that fit, in order, and counts all of them', () => {
    fc.assert(
      fc.property(arrivals, ({ maxBytes, pieces, expected }) => {
        const store = new OctetStore(maxBytes);
        const all = Buffer.concat(pieces);
        let before = 0;
        for (const piece of pieces) {
          const wholly = store.append(Buffer.from(piece), expected);
          before += piece.length;
          expect(wholly).toBe(before <= maxBytes || piece.length === 0);
        }
        const kept = all.subarray(0, maxBytes);
        expect(store.octets.equals(kept)).toBe(true);
        expect([store.bytes, store.total, store.sha256]).toEqual([kept.length, all.length, sha256(kept)]);
      }),
    );
  });

  it('that keeps nothing counts and digests as if it did', () => {
    fc.assert(
      fc.property(arrivals, ({ maxBytes, pieces, expected }) => {
        const keeping = new OctetStore(maxBytes);
        const counting = new OctetStore(maxBytes, false);
        for (const piece of pieces.map((octets) => Buffer.from(octets)))
          expect(counting.append(piece, expected)).toBe(keeping.append(piece, expected));
        expect(counting.octets).toHaveLength(0);
        expect([counting.bytes, counting.total, counting.sha256]).toEqual([
          keeping.bytes,
          keeping.total,
          keeping.sha256,
        ]);
      }),
    );
  });

  it('notes that more came than it keeps, though it is not full', () => {
    const store = new OctetStore(10);
    store.append(Buffer.from('abc'));
    store.noteMore();
    expect([store.bytes, store.total]).toEqual([3, 4]);
    store.append(Buffer.from('defghijklm'));
    store.noteMore();
    expect([store.bytes, store.total]).toEqual([10, 14]);
  });

  it('is empty at first', () => {
    for (const keep of [true, false]) {
      const store = new OctetStore(10, keep);
      expect([store.octets.length, store.bytes, store.total]).toEqual([0, 0, 0]);
      expect(store.sha256).toBe(sha256(Buffer.alloc(0)));
    }
  });

  it('copies: its octets stay when the read buffer is used again', () => {
    const store = new OctetStore(10);
    const readBuffer = Buffer.from('abc');
    store.append(readBuffer);
    readBuffer.fill('x');
    expect(store.octets.toString()).toBe('abc');
  });

  it('gives octets that later ones do not change', () => {
    const store = new OctetStore(KIB);
    store.append(Buffer.from('abc'));
    const early = store.octets;
    store.append(Buffer.from('def'));
    expect([early.toString(), store.octets.toString()]).toEqual(['abc', 'abcdef']);
  });

  it.each([true, false])('tells its digest as often as it is asked (keeping: %j)', (keep) => {
    const store = new OctetStore(10, keep);
    store.append(Buffer.from('abc'));
    expect([store.sha256, store.sha256]).toEqual(Array(2).fill(sha256(Buffer.from('abc'))));
  });

  describe('reserves', () => {
    /** The memory behind the octets of a store after some reads. */
    function reserved(maxBytes: number, reads: readonly number[], expected?: number): number {
      const store = new OctetStore(maxBytes);
      for (const bytes of reads) store.append(Buffer.alloc(bytes), expected);
      return store.octets.buffer.byteLength;
    }

    it('what a peer announces, if that is little', () => {
      expect(reserved(KIB * KIB, [KIB], 200_000)).toBe(200_000);
      expect(reserved(KIB * KIB, [KIB], 256 * KIB)).toBe(256 * KIB);
    });

    it('no more than it may keep, whatever a peer announces', () => {
      expect(reserved(50_000, [KIB], 200_000)).toBe(50_000);
      expect(reserved(50_000, [40_000, 1])).toBe(50_000);
    });

    it('little for a peer that announces much and sends little', () => {
      expect(reserved(50 * KIB * KIB, [64 * KIB], 50 * KIB * KIB)).toBeLessThanOrEqual(128 * KIB);
    });

    it('all that was announced once the peer has sent a good part of it', () => {
      const announced = 2 * KIB * KIB;
      const reads = Array.from({ length: 16 }, () => 64 * KIB);
      expect(reserved(50 * KIB * KIB, reads, announced)).toBe(announced);
    });

    it('twice as much when it is full, so that copying stays linear', () => {
      const store = new OctetStore(64 * KIB * KIB);
      const memories = new Set<ArrayBufferLike>();
      for (let read = 0; read < 2_000; read++) {
        store.append(Buffer.alloc(16 * KIB));
        memories.add(store.octets.buffer);
      }
      expect(store.bytes).toBe(2_000 * 16 * KIB);
      expect(memories.size).toBeLessThanOrEqual(13);
    });

    it('nothing for what is only counted', () => {
      const store = new OctetStore(KIB * KIB, false);
      store.append(Buffer.alloc(64 * KIB), 64 * KIB);
      expect(store.octets.buffer.byteLength).toBe(0);
    });
  });
});
