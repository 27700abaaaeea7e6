import { MOST_KEPT, begin, breakOff, fold, foldAll } from '../../src/console/page/fetch-state';
import { bucketsOf, endOf, figuresOf, gapsOf, silenceAtEnd, silenceOf } from '../../src/console/page/reads';
import { chunks, connected, problem, read, result, sent, timings } from './events';

function hopWith(...reads: readonly (readonly [atMs: number, bytes: number])[]) {
  return foldAll(
    begin('http://a.example/'),
    reads.map(([atMs, bytes]) => read(atMs, bytes)),
  ).hops[0]!;
}

describe('the figures of reads', () => {
  it('are known while they come', () => {
    expect(figuresOf(hopWith([10, 100], [20, 300], [50, 200]))).toEqual({
      count: 3,
      bytes: 600,
      min: 100,
      max: 300,
      mean: 200,
      median: 200,
      p95: 300,
      stdev: expect.closeTo(81.65, 2),
      maxGapMs: 30,
      bytesPerSecond: 15_000,
    });
  });

  it('are null for none, and rates for one', () => {
    expect(figuresOf(hopWith())).toMatchObject({ count: 0, bytes: 0, min: null, max: null, mean: null });
    expect(figuresOf(hopWith([10, 100]))).toMatchObject({ mean: 100, maxGapMs: null, bytesPerSecond: null });
  });

  it.each([
    [[7], 7, 7],
    [[1, 2], 1, 2],
    [Array.from({ length: 20 }, (_, i) => 20 - i), 10, 19],
    [Array.from({ length: 21 }, (_, i) => i + 1), 11, 20],
  ])('rank %p by nearest rank', (sizes, median, p95) => {
    const figures = figuresOf(hopWith(...sizes.map((bytes, i) => [i, bytes] as const)));
    expect([figures.median, figures.p95]).toEqual([median, p95]);
  });

  it('rank nothing where not all reads are kept', () => {
    const reads = Array.from({ length: MOST_KEPT + 1 }, (_, i) => [i, 5] as const);
    expect(figuresOf(hopWith(...reads))).toMatchObject({ mean: 5, stdev: 0, median: null, p95: null });
  });

  it('are the service’s own in the end', () => {
    const told = chunks({ median: 42 });
    const { hops } = fold(begin('http://a.example/'), result(9, { chunks: told }));
    expect(figuresOf(hops[0]!)).toBe(told);
  });
});

describe('reads by size', () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 4],
    [1_024, 1_024],
    [1_025, 2_048],
    [1_048_576, 1_048_576],
  ])('%i octets are in the bucket up to %i', (bytes, le) => {
    expect(bucketsOf(hopWith([0, bytes]))).toEqual([{ le, count: 1 }]);
  });

  it('have the empty buckets between them', () => {
    expect(bucketsOf(hopWith([0, 1], [1, 1], [2, 8]))).toEqual([
      { le: 1, count: 2 },
      { le: 2, count: 0 },
      { le: 4, count: 0 },
      { le: 8, count: 1 },
    ]);
    expect(bucketsOf(hopWith())).toEqual([]);
  });

  it('are as the service counted them in the end', () => {
    const histogram = [
      { le: 1_024, count: 6 },
      { le: 4_096, count: 20_000 },
    ];
    const { hops } = fold(begin('http://a.example/'), result(9, { chunks: chunks({ histogram }) }));
    expect(bucketsOf(hops[0]!).map(({ count }) => count)).toEqual([6, 0, 20_000]);
  });
});

describe('gaps', () => {
  const at = (...times: number[]) => times.map((atMs) => ({ atMs, bytes: 1 }));

  it('stand out by being long beside the others', () => {
    expect(gapsOf(at(0, 1, 2, 152, 153, 403))).toEqual([
      { fromMs: 2, toMs: 152 },
      { fromMs: 153, toMs: 403 },
    ]);
  });

  it('between few bursts stand out though all are as long', () => {
    expect(gapsOf(at(0, 150, 300))).toHaveLength(2);
  });

  it('of a steady drip do not', () => {
    expect(gapsOf(at(...Array.from({ length: 50 }, (_, i) => i * 40)))).toEqual([]);
  });

  it('are none below 25 ms', () => {
    expect(gapsOf(at(0, 0.1, 24, 24.1))).toEqual([]);
    expect(gapsOf(at())).toEqual([]);
    expect(gapsOf(at(5))).toEqual([]);
  });
});

describe('silence', () => {
  const waiting = foldAll(begin('http://192.0.2.7/'), [connected(10), sent(11)]);

  it.each([
    [500, null],
    [1_011, 1_000],
    [3_211, 3_200],
  ])('at %i ms, 11 ms after the request, is %p', (nowMs, silent) => {
    expect(silenceOf(waiting.hops[0]!, nowMs)).toBe(silent);
  });

  it('begins anew with each read', () => {
    const { hops } = foldAll(waiting, [read(2_000, 1), read(3_000, 1)]);
    expect(silenceOf(hops[0]!, 3_500)).toBeNull();
    expect(silenceOf(hops[0]!, 4_500)).toBe(1_500);
  });

  it('is none before the request is sent, nor when all is over', () => {
    expect(silenceOf(begin('http://a.example/').hops[0]!, 9_000)).toBeNull();
    expect(silenceOf(breakOff(waiting, 'cut', 9_000).hops[0]!, 9_000)).toBeNull();
  });
});

describe('the silence at the end', () => {
  const hop = hopWith([5, 1]);

  it('is told when it has lasted a second', () => {
    expect(silenceAtEnd(hop, 1_004)).toBeNull();
    expect(silenceAtEnd(hop, 1_005)).toEqual({ fromMs: 5, toMs: 1_005 });
  });

  it('is none where nothing came before it', () => {
    expect(silenceAtEnd(hopWith(), 9_000)).toBeNull();
  });
});

describe('the end', () => {
  it('moves on while an exchange runs', () => {
    expect(endOf(hopWith([5, 1]), 700)).toBe(700);
  });

  it('is where it was broken off', () => {
    expect(endOf(breakOff(begin('http://a.example/'), 'cancelled', 40).hops[0]!, 700)).toBe(40);
  });

  it('is where the service says, when it has', () => {
    const told = problem({ timings: timings({ connect: 3, wait: 20 }) });
    const { hops } = fold(begin('http://a.example/'), { event: 'problem', atMs: 31, hop: 0, problem: told });
    expect(endOf(hops[0]!, 700)).toBe(23);
  });
});
