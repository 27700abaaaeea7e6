/** What every read from a socket returned, and when, as statistics. Memory does not grow past the caps below. */

/** sizes told one by one */
const MAX_SIZES = 1_000;
/** reads that are kept: told one by one with their time, and until which median and p95 are exact */
const MAX_KEPT = 10_000;
/** buckets 2^0 to 2^20: the largest read is 1 MiB */
const BUCKETS = 21;

export interface ReadItem {
  /** milliseconds since the hop began */
  readonly atMs: number;
  readonly bytes: number;
}

export interface HistogramBucket {
  /** a power of two: the bucket counts reads of more than half of it, and at most it */
  readonly le: number;
  readonly count: number;
}

/** Sizes in octets, times in milliseconds since the hop began. */
export interface ReadStatistics {
  readonly count: number;
  readonly bytes: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  /** nearest-rank; from the histogram past 10,000 reads */
  readonly median: number | null;
  readonly p95: number | null;
  /** of the population */
  readonly stdev: number | null;
  readonly firstAtMs: number | null;
  readonly lastAtMs: number | null;
  /** longest silence between two reads */
  readonly maxGapMs: number | null;
  /** all octets over the time from the first read to the last; null when that is nothing */
  readonly bytesPerSecond: number | null;
  readonly histogram: readonly HistogramBucket[];
  /** the first 1,000 */
  readonly sizes: readonly number[];
  readonly sizesOmitted: number;
  /** the first 10,000; null unless asked for */
  readonly items: readonly ReadItem[] | null;
  readonly itemsOmitted: number;
  /** median and p95 are from the histogram */
  readonly estimated: boolean;
}

/** Records reads and sums them up. */
export class ReadLog {
  private readonly sizes: number[] = [];
  /** of those reads, milliseconds since the hop began; items are made of them when they are told, being larger */
  private readonly times: number[] | null;
  private readonly buckets = new Uint32Array(BUCKETS);
  private reads = 0;
  private octets = 0;
  private min = Infinity;
  private max = 0;
  private mean = 0;
  /** sum of squared distances from the mean, after Welford: stable where a sum of squares is not */
  private squares = 0;
  private firstAt = 0;
  private lastAt = 0;
  private maxGap = 0;

  constructor(keepItems: boolean) {
    this.times = keepItems ? [] : null;
  }

  get count(): number {
    return this.reads;
  }

  get bytes(): number {
    return this.octets;
  }

  /** Time of the first read, null before it. */
  get firstAtMs(): number | null {
    return this.reads === 0 ? null : this.firstAt;
  }

  get lastAtMs(): number | null {
    return this.reads === 0 ? null : this.lastAt;
  }

  /** @param atMs milliseconds since the hop began
   *  @param bytes what the read returned, at least 1 */
  record(atMs: number, bytes: number): void {
    if (this.reads === 0) this.firstAt = atMs;
    else if (atMs - this.lastAt > this.maxGap) this.maxGap = atMs - this.lastAt;
    this.lastAt = atMs;
    this.reads++;
    this.octets += bytes;
    if (bytes < this.min) this.min = bytes;
    if (bytes > this.max) this.max = bytes;
    const distance = bytes - this.mean;
    this.mean += distance / this.reads;
    this.squares += distance * (bytes - this.mean);
    this.buckets[bucketOf(bytes)]!++;
    if (this.reads > MAX_KEPT) return;
    this.sizes.push(bytes);
    this.times?.push(atMs);
  }

  /** The statistics of all reads so far. */
  statistics(): ReadStatistics {
    const { reads, octets } = this;
    const items = this.items();
    const some = reads > 0;
    const spanMs = this.lastAt - this.firstAt;
    const [median, p95] = this.percentiles([0.5, 0.95]);
    return {
      count: reads,
      bytes: octets,
      min: some ? this.min : null,
      max: some ? this.max : null,
      mean: some ? round3(octets / reads) : null,
      median: median ?? null,
      p95: p95 ?? null,
      stdev: some ? round3(Math.sqrt(this.squares / reads)) : null,
      firstAtMs: some ? round3(this.firstAt) : null,
      lastAtMs: some ? round3(this.lastAt) : null,
      maxGapMs: reads > 1 ? round3(this.maxGap) : null,
      bytesPerSecond: spanMs > 0 ? Math.floor((octets / spanMs) * 1000) : null,
      histogram: this.histogram(),
      sizes: this.sizes.slice(0, MAX_SIZES),
      sizesOmitted: Math.max(0, reads - MAX_SIZES),
      items,
      itemsOmitted: items === null ? 0 : reads - items.length,
      estimated: reads > MAX_KEPT,
    };
  }

  private items(): ReadItem[] | null {
    return this.times?.map((atMs, n) => ({ atMs: round3(atMs), bytes: this.sizes[n]! })) ?? null;
  }

  private histogram(): HistogramBucket[] {
    const buckets: HistogramBucket[] = [];
    this.buckets.forEach((count, exponent) => {
      if (count > 0) buckets.push({ le: 2 ** exponent, count });
    });
    return buckets;
  }

  /** Nearest-rank: the smallest size that at least this share of the reads does not exceed. */
  private percentiles(shares: readonly number[]): number[] {
    if (this.reads === 0) return [];
    const ranks = shares.map((share) => Math.ceil(share * this.reads));
    if (this.reads > MAX_KEPT) return ranks.map((rank) => this.estimate(rank));
    const sorted = Uint32Array.from(this.sizes).sort();
    return ranks.map((rank) => sorted[rank - 1]!);
  }

  /** The upper bound of the bucket that holds the rank, never outside what was seen. */
  private estimate(rank: number): number {
    let seen = 0;
    const exponent = this.buckets.findIndex((count) => (seen += count) >= rank);
    return Math.max(this.min, Math.min(this.max, 2 ** exponent));
  }
}

/** @returns the smallest exponent whose power of two is not below the size */
function bucketOf(bytes: number): number {
  return bytes <= 1 ? 0 : 32 - Math.clz32(bytes - 1);
}

/** Milliseconds to the microsecond; what the clock gives beyond that is noise. */
export function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}
