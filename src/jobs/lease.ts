/** so long may a worker be silent before what it has is others' */
export const LEASE_MS = 15_000;

/** A moment on two clocks: the monotonic one stands still while the whole machine is suspended, the other may be set. */
export interface Moment {
  /** of `performance.now()` */
  readonly monotonicMs: number;
  /** since the epoch */
  readonly wallMs: number;
}

/** Now. */
export function thisMoment(): Moment {
  return { monotonicMs: performance.now(), wallMs: Date.now() };
}

/** What a worker has because it says that it is there, and has no more when it was silent for too long. */
export class Lease {
  private renewedAt: Moment | null = null;

  /** @param at when the worker began to say that it is there: whoever was told counts from a later moment */
  renew(at: Moment): void {
    // It may have been answered after one that began later.
    if (this.renewedAt === null || at.monotonicMs > this.renewedAt.monotonicMs) this.renewedAt = at;
  }

  /** By both clocks: when one of them is wrong it has ended too early, which costs a pause until it is renewed. */
  get isHeld(): boolean {
    if (this.renewedAt === null) return false;
    const { monotonicMs, wallMs } = this.renewedAt;
    return performance.now() - monotonicMs < LEASE_MS && Date.now() - wallMs < LEASE_MS;
  }
}
