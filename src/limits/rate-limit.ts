const SECOND_MS = 1_000;
/** far above what sums of fractions are off by, far below what a clock tells */
const ROUNDING_MS = 1e-6;

/** So many a second for each key, and no more than a second's worth at once: the generic cell rate algorithm
 *  (ITU-T I.371), which keeps one number a key and, unlike windows that are counted, never lets twice the rate through
 *  at the border of two. */
export class RateLimit {
  private readonly intervalMs: number;
  /** key → when it will have used up what it took, on the clock of `now` */
  private readonly paidUntil = new Map<string, number>();

  /** @param perSecond 1 or more */
  constructor(perSecond: number) {
    this.intervalMs = SECOND_MS / perSecond;
  }

  /** Takes one, if that is allowed; else one is within a second.
   *  @param now milliseconds, of a monotonic clock
   *  @returns whether it was taken */
  take(key: string, now: number): boolean {
    const from = Math.max(now, this.paidUntil.get(key) ?? 0);
    if (from - now > SECOND_MS - this.intervalMs + ROUNDING_MS) return false;
    this.paidUntil.set(key, from + this.intervalMs);
    return true;
  }
}
