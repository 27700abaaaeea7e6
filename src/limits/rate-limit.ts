const SECOND_MS = 1_000;

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

  /** Takes one, if that is allowed.
   *  @param now milliseconds, of a monotonic clock
   *  @returns milliseconds until one is allowed; 0: it was taken */
  take(key: string, now: number): number {
    const from = Math.max(now, this.paidUntil.get(key) ?? 0);
    const ahead = from + this.intervalMs - now;
    if (ahead > SECOND_MS) return ahead - SECOND_MS;
    this.paidUntil.set(key, from + this.intervalMs);
    return 0;
  }
}
