import type { Chunks } from './data';
import type { HopState, TimedSize } from './fetch-state';
import type { ReadSpan } from './later-reads';
import type { ReadSums } from './read-sums';

/** What can be said of reads: while they come, and when all have come. */

export interface Figures {
  readonly count: number;
  readonly bytes: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly median: number | null;
  readonly p95: number | null;
  readonly stdev: number | null;
  readonly maxGapMs: number | null;
  readonly bytesPerSecond: number | null;
}

export interface Bucket {
  /** upper bound in octets, a power of two */
  readonly le: number;
  readonly count: number;
}

/** A time without reads that is long beside the others, in milliseconds. */
export interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
}

/** @returns the service's own figures; before it has told them, our own */
export function figuresOf(hop: HopState): Figures {
  if (hop.chunks !== null) return hop.chunks;
  const known = LIVE_FIGURES.get(hop) ?? liveFigures(hop.sums, hop.reads);
  LIVE_FIGURES.set(hop, known);
  return known;
}

/** Several ask in each frame, and sorting takes its time. */
const LIVE_FIGURES = new WeakMap<HopState, Figures>();

/** @param reads those that are kept: ranks are told while they are all */
function liveFigures(sums: ReadSums, reads: readonly TimedSize[]): Figures {
  const { count, bytes, squares, min, max, firstAtMs, lastAtMs, maxGapMs } = sums;
  const none = count === 0;
  const ranked = none || reads.length < count ? null : sorted(reads);
  const span = (lastAtMs ?? 0) - (firstAtMs ?? 0);
  return {
    count,
    bytes,
    min: none ? null : min,
    max: none ? null : max,
    mean: none ? null : bytes / count,
    median: ranked === null ? null : ranked[rank(0.5, count)]!,
    p95: ranked === null ? null : ranked[rank(0.95, count)]!,
    // Rounding must not make it the root of less than nothing.
    stdev: none ? null : Math.sqrt(Math.max(0, squares / count - (bytes / count) ** 2)),
    maxGapMs: count < 2 ? null : maxGapMs,
    bytesPerSecond: span === 0 ? null : Math.round((bytes / span) * 1_000),
  };
}

function sorted(reads: readonly TimedSize[]): Float64Array {
  return Float64Array.from(reads, ({ bytes }) => bytes).sort();
}

/** @returns the index of a quantile by nearest rank */
function rank(quantile: number, count: number): number {
  return Math.max(0, Math.ceil(quantile * count) - 1);
}

/** @returns reads by size, the empty buckets between the others too */
export function bucketsOf({ chunks, sums }: HopState): Bucket[] {
  const counts = chunks === null ? sums.byPower : byPower(chunks);
  const least = counts.findIndex((count) => count > 0);
  return counts.slice(Math.max(0, least)).map((count, i) => ({ le: 2 ** (least + i), count }));
}

function byPower({ histogram }: Chunks): number[] {
  const counts: number[] = [];
  for (const { le, count } of histogram) counts[Math.round(Math.log2(le))] = count;
  return Array.from(counts, (count) => count ?? 0);
}

/** what is told of while it lasts */
const SILENCE_MS = 1_000;
/** shorter ones are no silence, whatever the others are */
const SHORTEST_GAP_MS = 25;
const TIMES_THE_MEDIAN = 4;
const SHARE_OF_ALL = 0.1;
const MOST_GAPS = 50;

/** @param endMs since the fetch began
 *  @returns the silence in which it all ended, or has come to by now; null: it did not last a second */
export function silenceAtEnd({ sums: { lastAtMs } }: HopState, endMs: number): Gap | null {
  return lastAtMs === null || endMs - lastAtMs < SILENCE_MS ? null : { fromMs: lastAtMs, toMs: endMs };
}

/** @returns the longest of the gaps that stand out, in their order. A choice of ours: 25 ms and more, and four times the
 *  median gap, or a tenth of all the time. */
export function gapsOf(reads: readonly TimedSize[], later: readonly ReadSpan[] = []): Gap[] {
  const gaps = [
    ...reads.slice(1).map((read, i) => ({ fromMs: reads[i]!.atMs, toMs: read.atMs })),
    // Within a span they are too short to be seen.
    ...later.map(({ firstAtMs }, i) => ({
      fromMs: i === 0 ? reads.at(-1)!.atMs : later[i - 1]!.lastAtMs,
      toMs: firstAtMs,
    })),
  ];
  const lengths = gaps.map(lengthOf).sort((a, b) => a - b);
  if (lengths.length === 0) return [];
  const span = (later.at(-1)?.lastAtMs ?? reads.at(-1)!.atMs) - reads[0]!.atMs;
  const long = Math.max(
    SHORTEST_GAP_MS,
    Math.min(TIMES_THE_MEDIAN * lengths[(lengths.length - 1) >> 1]!, span * SHARE_OF_ALL),
  );
  const longest = gaps
    .filter((gap) => lengthOf(gap) >= long)
    .sort((a, b) => lengthOf(b) - lengthOf(a))
    .slice(0, MOST_GAPS);
  return longest.sort((a, b) => a.fromMs - b.fromMs);
}

function lengthOf({ fromMs, toMs }: Gap): number {
  return toMs - fromMs;
}

/** @param nowMs since the fetch began
 *  @returns how long nothing has come on a connection that could have brought something; null: not for long */
export function silenceOf({ marks, sums }: HopState, nowMs: number): number | null {
  if (marks.ended !== null || marks.sent === null) return null;
  const since = sums.lastAtMs ?? marks.first ?? marks.sent;
  return nowMs - since < SILENCE_MS ? null : nowMs - since;
}

/** @param nowMs since the fetch began
 *  @returns when the exchange ended, or how far it has come by now, in milliseconds since the fetch began */
export function endOf({ beganAtMs, marks, sums, timings }: HopState, nowMs: number): number {
  if (marks.ended === null) return nowMs;
  return Math.max(timings === null ? marks.ended : beganAtMs + timings.total, sums.lastAtMs ?? 0);
}
