/** Running sums of reads: there may be more of them than are kept. */
export interface ReadSums {
  readonly count: number;
  readonly bytes: number;
  /** of their sizes */
  readonly squares: number;
  readonly min: number;
  readonly max: number;
  /** milliseconds since the fetch began; null: no read yet */
  readonly firstAtMs: number | null;
  readonly lastAtMs: number | null;
  readonly maxGapMs: number;
  /** reads by size: at n those of at most 2 to the n octets, and of more than half of that */
  readonly byPower: readonly number[];
}

export const NO_READS: ReadSums = {
  count: 0,
  bytes: 0,
  squares: 0,
  min: Infinity,
  max: 0,
  firstAtMs: null,
  lastAtMs: null,
  maxGapMs: 0,
  byPower: [],
};

interface Read {
  readonly atMs: number;
  readonly bytes: number;
}

export function sumsOf(reads: readonly Read[]): ReadSums {
  return reads.reduce(withRead, NO_READS);
}

export function withRead(sums: ReadSums, { atMs, bytes }: Read): ReadSums {
  const gapMs = sums.lastAtMs === null ? 0 : atMs - sums.lastAtMs;
  return {
    count: sums.count + 1,
    bytes: sums.bytes + bytes,
    squares: sums.squares + bytes * bytes,
    min: Math.min(sums.min, bytes),
    max: Math.max(sums.max, bytes),
    firstAtMs: sums.firstAtMs ?? atMs,
    lastAtMs: atMs,
    maxGapMs: Math.max(sums.maxGapMs, gapMs),
    byPower: counted(sums.byPower, bytes),
  };
}

function counted(byPower: readonly number[], bytes: number): number[] {
  const power = bytes <= 1 ? 0 : Math.ceil(Math.log2(bytes));
  return Array.from({ length: Math.max(byPower.length, power + 1) }, (_, i) =>
    i === power ? (byPower[i] ?? 0) + 1 : (byPower[i] ?? 0),
  );
}
