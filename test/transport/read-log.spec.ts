import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { ReadLog, type ReadStatistics, round3 } from '../../src/transport/read-log';

interface Read {
  readonly atMs: number;
  readonly bytes: number;
}

function statisticsOf(reads: readonly Read[], keepItems = false): ReadStatistics {
  const log = new ReadLog(keepItems);
  for (const { atMs, bytes } of reads) log.record(atMs, bytes);
  return log.statistics();
}

function readsOf(sizes: readonly number[]): Read[] {
  return sizes.map((bytes, i) => ({ atMs: i, bytes }));
}

/** A size of 1 octet to 1 MiB, often one beside a power of two. */
const size = fc.oneof(
  fc.integer({ min: 1, max: 1_048_576 }),
  fc
    .tuple(fc.integer({ min: 0, max: 20 }), fc.constantFrom(-1, 0, 1))
    .map(([exponent, beside]) => Math.min(1_048_576, Math.max(1, 2 ** exponent + beside))),
);

/** Reads in order of time, as a clock of microseconds tells them. */
const someReads = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 5_000_000 }), size), { minLength: 1, maxLength: 300 })
  .map((gaps) => {
    let us = 0;
    return gaps.map(([gap, bytes]): Read => ({ atMs: (us += gap) / 1000, bytes }));
  });

/** The smallest power of two that is not below the size. */
function powerOfTwo(bytes: number): number {
  let power = 1;
  while (power < bytes) power *= 2;
  return power;
}

/** Nearest rank: the smallest member that at least so many percent do not exceed. */
function nearestRank(sizes: readonly number[], percent: number): number {
  return sizes.toSorted((one, other) => one - other).find((_, i) => (i + 1) * 100 >= percent * sizes.length)!;
}

describe('the statistics of up to 10,000 reads', () => {
  it('are those of a naive reckoning', () => {
    fc.assert(
      fc.property(someReads, (reads) => {
        const sizes = reads.map(({ bytes }) => bytes);
        const times = reads.map(({ atMs }) => atMs);
        const sum = sizes.reduce((a, b) => a + b);
        const mean = sum / sizes.length;
        const variance = sizes.reduce((total, bytes) => total + (bytes - mean) ** 2, 0) / sizes.length;
        const gaps = times.slice(1).map((atMs, i) => atMs - times[i]!);
        const statistics = statisticsOf(reads);

        expect(statistics).toMatchObject({
          count: sizes.length,
          bytes: sum,
          min: Math.min(...sizes),
          max: Math.max(...sizes),
          mean: round3(mean),
          median: nearestRank(sizes, 50),
          p95: nearestRank(sizes, 95),
          firstAtMs: times[0],
          lastAtMs: times.at(-1),
          maxGapMs: gaps.length === 0 ? null : round3(Math.max(...gaps)),
          sizes,
          sizesOmitted: 0,
          items: null,
          itemsOmitted: 0,
          estimated: false,
        });
        expect(Math.abs(statistics.stdev! - Math.sqrt(variance))).toBeLessThan(0.001);
      }),
    );
  });

  it('count sizes by powers of two, and leave out what did not occur', () => {
    fc.assert(
      fc.property(fc.array(size, { minLength: 1 }), (sizes) => {
        const counts = new Map<number, number>();
        for (const le of sizes.map(powerOfTwo)) counts.set(le, (counts.get(le) ?? 0) + 1);
        const histogram = [...counts].map(([le, count]) => ({ le, count })).sort((a, b) => a.le - b.le);
        expect(statisticsOf(readsOf(sizes)).histogram).toEqual(histogram);
      }),
    );
  });

  it('give whole octets per second from the first read to the last', () => {
    fc.assert(
      fc.property(someReads, (reads) => {
        const { bytesPerSecond, bytes } = statisticsOf(reads);
        const ms = reads.at(-1)!.atMs - reads[0]!.atMs;
        if (ms === 0) {
          expect(bytesPerSecond).toBeNull();
          return;
        }
        expect(Number.isInteger(bytesPerSecond)).toBe(true);
        // At a whole number the last bit of a fraction may decide.
        const distance = bytes / (ms / 1000) - bytesPerSecond!;
        expect(distance).toBeGreaterThan(-0.1);
        expect(distance).toBeLessThan(1.1);
      }),
    );
    expect(
      statisticsOf([
        { atMs: 0, bytes: 1 },
        { atMs: 3_000, bytes: 1 },
      ]).bytesPerSecond,
    ).toBe(0);
  });

  it.each([
    [[1], 1, 1],
    [[1, 2], 1, 2],
    [[3, 1, 2], 2, 3],
    [[4, 3, 2, 1], 2, 4],
    [Array.from({ length: 20 }, (_, i) => i + 1), 10, 19],
    [Array.from({ length: 100 }, (_, i) => 100 - i), 50, 95],
    [Array.from({ length: 101 }, (_, i) => i + 1), 51, 96],
  ])('have the nearest-rank median and p95 of %j', (sizes, median, p95) => {
    expect(statisticsOf(readsOf(sizes))).toMatchObject({ median, p95 });
  });

  it('have the ranks of every number of reads', () => {
    const log = new ReadLog(false);
    for (let count = 1; count <= 10_000; count++) {
      log.record(count, count);
      // each size is its own rank; sorting at each count would take minutes
      if (count % 97 !== 0 && count % 1_000 !== 0) continue;
      expect(log.statistics()).toMatchObject({
        median: Math.ceil(count / 2),
        p95: Math.ceil((count * 95) / 100),
      });
    }
  });

  it("are those of the contract's example", () => {
    const times = [52, 57.1, 57.4, 57.7, 58, 58.3];
    const sizes = [1024, 1024, 1024, 1024, 1024, 722];
    const statistics = statisticsOf(times.map((atMs, i) => ({ atMs, bytes: sizes[i]! })));
    expect(statistics).toEqual({
      count: 6,
      bytes: 5842,
      min: 722,
      max: 1024,
      mean: 973.667,
      median: 1024,
      p95: 1024,
      stdev: 112.549,
      firstAtMs: 52,
      lastAtMs: 58.3,
      maxGapMs: 5.1,
      bytesPerSecond: 927301,
      histogram: [{ le: 1024, count: 6 }],
      sizes,
      items: null,
      sizesOmitted: 0,
      itemsOmitted: 0,
      estimated: false,
    });
  });
});

describe('nulls', () => {
  it('stand for everything that no read at all can tell', () => {
    const log = new ReadLog(true);
    expect([log.count, log.bytes, log.firstAtMs, log.lastAtMs]).toEqual([0, 0, null, null]);
    expect(log.statistics()).toEqual({
      count: 0,
      bytes: 0,
      min: null,
      max: null,
      mean: null,
      median: null,
      p95: null,
      stdev: null,
      firstAtMs: null,
      lastAtMs: null,
      maxGapMs: null,
      bytesPerSecond: null,
      histogram: [],
      sizes: [],
      sizesOmitted: 0,
      items: [],
      itemsOmitted: 0,
      estimated: false,
    });
  });

  it('stand for gap and rate of a single read', () => {
    expect(statisticsOf([{ atMs: 7.5, bytes: 100 }])).toMatchObject({
      count: 1,
      min: 100,
      max: 100,
      mean: 100,
      median: 100,
      p95: 100,
      stdev: 0,
      firstAtMs: 7.5,
      lastAtMs: 7.5,
      maxGapMs: null,
      bytesPerSecond: null,
    });
  });

  it('stand for the rate of reads that came at the same time, whose gap is none', () => {
    const reads = [1, 2].map((bytes) => ({ atMs: 3, bytes }));
    expect(statisticsOf(reads)).toMatchObject({ maxGapMs: 0, bytesPerSecond: null });
  });
});

it('tells what has been read while reading goes on', () => {
  const log = new ReadLog(false);
  log.record(1.5, 10);
  expect([log.count, log.bytes, log.firstAtMs, log.lastAtMs]).toEqual([1, 10, 1.5, 1.5]);
  log.record(4.25, 20);
  expect([log.count, log.bytes, log.firstAtMs, log.lastAtMs]).toEqual([2, 30, 1.5, 4.25]);
});

it('tells times to the microsecond', () => {
  const reads = [
    { atMs: 1.00049999, bytes: 1 },
    { atMs: 2.0006, bytes: 1 },
  ];
  const { firstAtMs, lastAtMs, maxGapMs, items } = statisticsOf(reads, true);
  expect({ firstAtMs, lastAtMs, maxGapMs, items }).toEqual({
    firstAtMs: 1,
    lastAtMs: 2.001,
    maxGapMs: 1,
    items: [
      { atMs: 1, bytes: 1 },
      { atMs: 2.001, bytes: 1 },
    ],
  });
});

describe('caps', () => {
  /** Sizes of 1 octet to 1 MiB that repeat only after 2^20 reads. */
  function sizeAt(i: number): number {
    return ((i * 397_204_094 + 12_345) % 1_048_576) + 1;
  }

  function logOf(count: number, keepItems: boolean): ReadLog {
    const log = new ReadLog(keepItems);
    for (let i = 0; i < count; i++) log.record(i, sizeAt(i));
    return log;
  }

  it.each([
    [1_000, 1_000, 0, 1_000, 0],
    [1_001, 1_000, 1, 1_001, 0],
    [10_000, 1_000, 9_000, 10_000, 0],
    [10_001, 1_000, 9_001, 10_000, 1],
  ])('of %i reads %i sizes are told (%i omitted), and %i items (%i omitted)', (count, ...expected) => {
    const { sizes, sizesOmitted, items, itemsOmitted } = logOf(count, true).statistics();
    expect([sizes.length, sizesOmitted, items!.length, itemsOmitted]).toEqual(expected);
    expect(sizes).toEqual(Array.from({ length: sizes.length }, (_, i) => sizeAt(i)));
    expect(items!.at(-1)).toEqual({ atMs: items!.length - 1, bytes: sizeAt(items!.length - 1) });
  });

  it('10,000 reads are reckoned exactly', () => {
    const sizes = Array.from({ length: 10_000 }, (_, i) => sizeAt(i));
    expect(logOf(10_000, false).statistics()).toMatchObject({
      estimated: false,
      median: nearestRank(sizes, 50),
      p95: nearestRank(sizes, 95),
    });
  });

  it('past 10,000 reads median and p95 are the upper ends of their buckets, all else is exact', () => {
    const sizes = Array.from({ length: 10_001 }, (_, i) => Math.ceil(sizeAt(i) / 100));
    const statistics = statisticsOf(readsOf(sizes));
    expect(statistics).toMatchObject({
      estimated: true,
      count: 10_001,
      bytes: sizes.reduce((a, b) => a + b),
      min: Math.min(...sizes),
      max: Math.max(...sizes),
      median: powerOfTwo(nearestRank(sizes, 50)),
    });
    // the bucket's end lies beyond the largest read
    expect(powerOfTwo(nearestRank(sizes, 95))).toBeGreaterThan(statistics.max!);
    expect(statistics.p95).toBe(statistics.max);
  });

  it('an estimate is never outside what was read', () => {
    const sizes = Array.from({ length: 10_001 }, () => 1_000);
    expect(statisticsOf(readsOf(sizes))).toMatchObject({
      estimated: true,
      median: 1_000,
      p95: 1_000,
      stdev: 0,
    });
  });

  it('memory does not grow with reads past the caps', () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const heap = (): number => {
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const log = logOf(10_000, true);
    const before = heap();
    for (let i = 10_000; i < 1_000_000; i++) log.record(i, sizeAt(i));
    const grown = heap() - before;
    // One number a read would be 8 MB.
    expect(grown).toBeLessThan(2_000_000);
    expect(log.statistics()).toMatchObject({
      count: 1_000_000,
      sizesOmitted: 999_000,
      itemsOmitted: 990_000,
    });
  });
});
