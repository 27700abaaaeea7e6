import { turns } from '../event-loop/turns';

/** Why waiting was given up: the phase's own limit, the whole fetch's, or whoever asked for it. */
export type Interruption = 'phase' | 'total' | 'cancelled';

/** Limits that run out this close together count as a tie, which the phase wins: its code says more. */
const TIE_MS = 25;

/** The budgets of one hop: one timer for the phase under way and one for the whole fetch.
 *
 *  `start` begins a phase, `touch` notes that something happened in it. Touching moves no timer: when the
 *  timer fires it finds out how much of the limit is left, so that a million reads cost a million
 *  assignments. A limit is never declared passed before the event loop has looked for input once more:
 *  a busy process must not call silence what lies unread in the kernel. */
export class Deadlines {
  private onInterrupt: ((why: Interruption) => void) | null = null;
  private phaseTimer: NodeJS.Timeout | null = null;
  private totalTimer: NodeJS.Timeout | null = null;
  private check: NodeJS.Immediate | null = null;
  /** waits for its turn to be judged */
  private isDue = false;
  private phaseLimitMs: number | null = null;
  private phaseFrom = 0;
  private why: Interruption | null = null;
  private isBehind: () => boolean = () => false;
  private closed = false;

  /** @param totalDue when the fetch must be over, on the clock of `performance.now()`
   *  @param signal cancels what is waited for */
  constructor(
    private readonly totalDue: number,
    private readonly signal: AbortSignal,
  ) {
    if (signal.aborted) {
      this.interrupt('cancelled');
      return;
    }
    signal.addEventListener('abort', this.cancel);
    this.armTotal();
  }

  /** What has run out, null while nothing has. */
  get interruption(): Interruption | null {
    return this.why;
  }

  /** Calls `listener` once when a limit runs out or the fetch is cancelled; at once if that has happened. */
  listen(listener: (why: Interruption) => void): void {
    if (this.why === null) this.onInterrupt = listener;
    else listener(this.why);
  }

  /** While `isBehind` says that input may be there that was not looked for, no limit is declared passed. */
  mind(isBehind: () => boolean): void {
    this.isBehind = isBehind;
  }

  /** Begins a phase.
   *  @param limitMs the longest it may take, or the longest silence if it is touched; null: no limit */
  start(limitMs: number | null): void {
    this.phaseLimitMs = limitMs;
    this.phaseFrom = performance.now();
    if (this.phaseTimer !== null) clearTimeout(this.phaseTimer);
    this.phaseTimer = null;
    if (limitMs !== null && !this.closed) this.phaseTimer = setTimeout(this.verify, limitMs);
  }

  /** The phase's limit counts from `now` on. */
  touch(now: number): void {
    this.phaseFrom = now;
  }

  /** Drops timers and listeners; nothing is called any more, and no phase begins. */
  close(): void {
    this.closed = true;
    this.onInterrupt = null;
    this.signal.removeEventListener('abort', this.cancel);
    if (this.phaseTimer !== null) clearTimeout(this.phaseTimer);
    if (this.totalTimer !== null) clearTimeout(this.totalTimer);
    if (this.check !== null) clearImmediate(this.check);
    this.phaseTimer = this.totalTimer = this.check = null;
  }

  private armTotal(): void {
    this.totalTimer = setTimeout(this.verify, Math.max(0, this.totalDue - performance.now()));
  }

  private readonly cancel = (): void => this.interrupt('cancelled');

  /** After the poll phase that follows, what has been received has been told. */
  private readonly verify = (): void => {
    if (this.isDue) return;
    this.check ??= setImmediate(() => {
      this.check = null;
      if (this.isBehind()) this.verify();
      else this.takeTurn();
    });
  };

  /** Hundreds that began together are not to end together. */
  private takeTurn(): void {
    this.isDue = true;
    turns.next(() => {
      this.isDue = false;
      if (this.closed) return;
      if (this.isBehind()) this.verify();
      else this.judge(performance.now());
    });
  }

  private judge(now: number): void {
    const phaseDue = this.phaseLimitMs === null ? Infinity : this.phaseFrom + this.phaseLimitMs;
    const due = Math.min(phaseDue, this.totalDue);
    if (now >= due) this.interrupt(phaseDue - this.totalDue <= TIE_MS ? 'phase' : 'total');
    else this.rearm(now, phaseDue);
  }

  private rearm(now: number, phaseDue: number): void {
    if (this.phaseTimer !== null) clearTimeout(this.phaseTimer);
    if (this.totalTimer !== null) clearTimeout(this.totalTimer);
    this.phaseTimer = phaseDue === Infinity ? null : setTimeout(this.verify, Math.ceil(phaseDue - now));
    this.armTotal();
  }

  private interrupt(why: Interruption): void {
    if (this.why !== null) return;
    this.why = why;
    const listener = this.onInterrupt;
    this.close();
    listener?.(why);
  }
}
