import type { TimedSize } from './fetch-state';

/** Reads after those that are kept one by one: together, by when they came. */

/** Reads that came close to each other. */
export interface ReadSpan {
  /** milliseconds since the fetch began */
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly count: number;
  /** octets of the largest */
  readonly largest: number;
}

export interface LaterReads {
  /** how much time a span stands for, in milliseconds */
  readonly widthMs: number;
  readonly spans: readonly ReadSpan[];
}

/** as many as a plot has pixels */
const MOST_SPANS = 1_000;

export const NO_LATER_READS: LaterReads = { widthMs: 1, spans: [] };

/** @param reads in their order, later than all before
 *  @returns spans that are so wide that there are not too many */
export function withLaterReads(later: LaterReads, reads: readonly TimedSize[]): LaterReads {
  if (reads.length === 0) return later;
  let { widthMs } = later;
  let spans = joined(
    [
      ...later.spans,
      ...reads.map(({ atMs, bytes }) => ({ firstAtMs: atMs, lastAtMs: atMs, count: 1, largest: bytes })),
    ],
    widthMs,
  );
  while (spans.length > MOST_SPANS) {
    widthMs *= 2;
    spans = joined(spans, widthMs);
  }
  return { widthMs, spans };
}

function joined(spans: readonly ReadSpan[], widthMs: number): ReadSpan[] {
  const wider: ReadSpan[] = [];
  for (const span of spans) {
    const before = wider.at(-1);
    const isNear =
      before !== undefined && Math.floor(before.firstAtMs / widthMs) === Math.floor(span.firstAtMs / widthMs);
    if (isNear) wider[wider.length - 1] = merged(before, span);
    else wider.push(span);
  }
  return wider;
}

function merged(one: ReadSpan, next: ReadSpan): ReadSpan {
  return {
    firstAtMs: one.firstAtMs,
    lastAtMs: next.lastAtMs,
    count: one.count + next.count,
    largest: Math.max(one.largest, next.largest),
  };
}
