import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '../config/config.module';
import type { Settings } from '../config/settings';
import { Problem } from '../problems/problem';

/** of the time that shutting down may take: for what was cancelled to reach its caller */
const GRACE_SHARE = 0.1;
const MAX_GRACE_MS = 1_000;

/** The fetches under way. At shutdown they may finish until shortly before SHUTDOWN_MS, then they are cancelled and
 *  answered with what they have. */
@Injectable()
export class InFlight {
  private readonly running = new Set<AbortController>();
  private started = 0;
  /** when the service must be gone, on the clock of `performance.now()`; null while fetches are taken */
  private goneBy: number | null = null;
  private whenEmpty: (() => void) | null = null;

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** Whether new fetches are taken. */
  get accepting(): boolean {
    return this.goneBy === null;
  }

  /** Fetches that have begun, ever. */
  get begun(): number {
    return this.started;
  }

  /** Whether any is under way. */
  get isBusy(): boolean {
    return this.running.size > 0;
  }

  /** Runs a fetch.
   *  @param caller aborts when the caller has gone
   *  @throws Problem overloaded when the service is stopping */
  async run<T>(caller: AbortSignal, fetch: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (!this.accepting)
      throw new Problem('overloaded', 'The service is stopping.', { headers: { 'retry-after': '1' } });
    const controller = new AbortController();
    const cancel = (): void => controller.abort(caller.reason);
    if (caller.aborted) cancel();
    caller.addEventListener('abort', cancel);
    this.running.add(controller);
    this.started++;
    try {
      return await fetch(controller.signal);
    } finally {
      caller.removeEventListener('abort', cancel);
      this.running.delete(controller);
      if (this.running.size === 0) this.whenEmpty?.();
    }
  }

  /** Takes no more fetches. Called before the server closes, so that probes can tell. */
  stopAccepting(): void {
    this.goneBy ??= performance.now() + this.settings.shutdownMs;
  }

  /** What is left of the time that shutting down may take, once no new fetches are taken. */
  get remainingMs(): number {
    return Math.max(0, (this.goneBy ?? Infinity) - performance.now());
  }

  /** Takes no more fetches, and waits for those under way; it cancels them shortly before the time is over. */
  async drain(): Promise<void> {
    this.stopAccepting();
    if (this.running.size === 0) return;
    const empty = new Promise<void>((resolve) => (this.whenEmpty = resolve));
    const graceMs = Math.min(MAX_GRACE_MS, this.settings.shutdownMs * GRACE_SHARE);
    const deadline = setTimeout(() => this.cancelAll(), Math.max(0, this.remainingMs - graceMs));
    await empty;
    clearTimeout(deadline);
  }

  private cancelAll(): void {
    for (const controller of this.running) controller.abort();
  }
}
