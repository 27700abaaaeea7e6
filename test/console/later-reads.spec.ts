import { MOST_KEPT, begin, foldAll } from '../../src/console/page/fetch-state';
import { NO_LATER_READS, withLaterReads } from '../../src/console/page/later-reads';
import { bucketsOf, gapsOf } from '../../src/console/page/reads';
import { read } from './events';

describe('reads after those that are kept', () => {
  const many = (count: number, everyMs: number, beganAtMs = 0) =>
    Array.from({ length: count }, (_, i) => ({ atMs: beganAtMs + i * everyMs, bytes: 1 + (i % 100) }));

  it('are put together by when they came', () => {
    const reads = [
      { atMs: 7.1, bytes: 5 },
      { atMs: 7.9, bytes: 9 },
      { atMs: 8.5, bytes: 3 },
    ];
    expect(withLaterReads(NO_LATER_READS, reads).spans).toEqual([
      { firstAtMs: 7.1, lastAtMs: 7.9, count: 2, largest: 9 },
      { firstAtMs: 8.5, lastAtMs: 8.5, count: 1, largest: 3 },
    ]);
  });

  it('are as many spans as a plot has pixels, and none is lost', () => {
    const { widthMs, spans } = withLaterReads(NO_LATER_READS, many(50_000, 0.5));
    expect(spans.length).toBeLessThanOrEqual(1_000);
    expect(spans.length).toBeGreaterThan(400);
    expect(widthMs).toBe(32);
    expect(spans.reduce((sum, { count }) => sum + count, 0)).toBe(50_000);
    expect(spans.at(-1)!.lastAtMs).toBe(49_999 * 0.5);
    expect(Math.max(...spans.map(({ largest }) => largest))).toBe(100);
  });

  it('come to the same however they come', () => {
    const reads = many(5_000, 0.7);
    let bit = NO_LATER_READS;
    for (let i = 0; i < reads.length; i += 7) bit = withLaterReads(bit, reads.slice(i, i + 7));
    expect(bit).toEqual(withLaterReads(NO_LATER_READS, reads));
  });

  it('have their gaps, and their place among the sizes', () => {
    const events = [
      ...many(MOST_KEPT, 1),
      ...many(100, 1, MOST_KEPT + 400),
      ...many(100, 1, MOST_KEPT + 2_000),
    ].map(({ atMs }) => read(atMs, 3));
    const hop = foldAll(begin('http://a.example/'), events).hops[0]!;
    expect(hop.reads).toHaveLength(MOST_KEPT);
    expect(gapsOf(hop.reads, hop.laterReads.spans)).toEqual([
      { fromMs: MOST_KEPT - 1, toMs: MOST_KEPT + 400 },
      { fromMs: MOST_KEPT + 499, toMs: MOST_KEPT + 2_000 },
    ]);
    expect(bucketsOf(hop)).toEqual([{ le: 4, count: MOST_KEPT + 200 }]);
  });
});
