import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { OctetStore, type StoreOwner } from '../../src/exchange/octet-store';

const KIB = 1024;

function sha256(octets: Buffer): string {
  return createHash('sha256').update(octets).digest('hex');
}

/** A limit, and pieces that may go beyond it: of some octets, or of a large store's size. */
const arrivals = fc.record({
  maxBytes: fc.oneof(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 60_000, max: 600_000 })),
  pieces: fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 3_000 }),
      fc.integer({ min: 1, max: 200_000 }).map((bytes) => Buffer.alloc(bytes, `${bytes}`)),
    ),
    { maxLength: 20 },
  ),
});

describe('an octet store', () => {
  it('keeps the octets that fit, in order, and counts all of them', () => {
    fc.assert(
      fc.property(arrivals, ({ maxBytes, pieces }) => {
        const store = new OctetStore(maxBytes);
        const all = Buffer.concat(pieces);
        let before = 0;
        for (const piece of pieces) {
          const wholly = store.append(Buffer.from(piece));
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
      fc.property(arrivals, ({ maxBytes, pieces }) => {
        const keeping = new OctetStore(maxBytes);
        const counting = new OctetStore(maxBytes, false);
        for (const piece of pieces.map((octets) => Buffer.from(octets)))
          expect(counting.append(piece)).toBe(keeping.append(piece));
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

  describe('takes memory', () => {
    const MIB = KIB * KIB;

    /** Counts what stores take. */
    class Owner implements StoreOwner {
      isWanted = false;
      held = 0;
      most = 0;

      hold(bytes: number): void {
        this.held += bytes;
        this.most = Math.max(this.most, this.held);
      }

      drop(bytes: number): void {
        this.held -= bytes;
      }
    }

    function filled(maxBytes: number, reads: readonly number[], owner = new Owner()): OctetStore {
      const store = new OctetStore(maxBytes, true, owner);
      for (const bytes of reads) store.append(Buffer.alloc(bytes));
      return store;
    }

    it.each([
      ['little at first', 50 * MIB, [1], 4 * KIB],
      ['no more than it may keep', 3_000, [1, 5_000], 3_000],
      ['twice as much when it is full and small', MIB, [5 * KIB, KIB], 10 * KIB],
      ['a mebibyte at the most, until there is more', 50 * MIB, [700 * KIB, KIB], MIB],
      ['a quarter more when it is large', 50 * MIB, [MIB, 1], MIB + MIB / 4],
      ['a mebibyte more at the most', 50 * MIB, [16 * MIB, 1], 17 * MIB],
      ['no more than it may keep, large', 100_000, [64 * KIB, 64 * KIB], 100_000],
    ])('%s', (_, maxBytes, reads, taken) => {
      const owner = new Owner();
      filled(maxBytes, reads, owner);
      expect(owner.held).toBe(taken);
    });

    it('never for two copies of what is large', () => {
      const owner = new Owner();
      const store = filled(64 * MIB, Array<number>(2_000).fill(16 * KIB), owner);
      expect(store.bytes).toBe(2_000 * 16 * KIB);
      expect(owner.most).toBe(owner.held);
      expect(owner.held).toBeLessThan(store.bytes + MIB);
    });

    it.each([
      ['spared for the next', false, false],
      ['given back at once where somebody waits for memory', true, true],
    ])('of a mebibyte, %s', (_, isWanted, givenBack) => {
      filled(MIB, [MIB]).free();
      const owner = new Owner();
      const store = filled(MIB, [MIB], owner);
      owner.isWanted = isWanted;
      const before = process.memoryUsage().arrayBuffers;
      store.free();
      const fallen = before - process.memoryUsage().arrayBuffers;
      // The runtime may free what earlier tests left meanwhile.
      if (givenBack) expect(fallen).toBeGreaterThanOrEqual(MIB);
      else expect(fallen).toBeLessThan(MIB);
    });

    it('of those that were spared before, given back where somebody waits for memory', () => {
      const stores = [1, 2, 3].map(() => filled(MIB, [MIB]));
      for (const store of stores) store.free();
      const owner = new Owner();
      const small = filled(KIB, [KIB], owner);
      owner.isWanted = true;
      const before = process.memoryUsage().arrayBuffers;
      small.free();
      expect(before - process.memoryUsage().arrayBuffers).toBeGreaterThanOrEqual(3 * MIB);
    });

    it('none for what is only counted', () => {
      const owner = new Owner();
      new OctetStore(KIB * KIB, false, owner).append(Buffer.alloc(64 * KIB));
      expect(owner.held).toBe(0);
    });

    it.each([10, 64 * KIB, 64 * KIB + 1])('of %i octets, and gives it all back when it is freed', (bytes) => {
      const owner = new Owner();
      const store = filled(MIB, [bytes], owner);
      const { octets } = store;
      store.free();
      expect(owner.held).toBe(0);
      expect(octets).toHaveLength(0);
      expect([store.octets.length, store.bytes, store.total]).toEqual([0, bytes, bytes]);
      store.free();
      expect(owner.held).toBe(0);
    });
  });
});
