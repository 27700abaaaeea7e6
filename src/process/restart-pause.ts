const FIRST_MS = 1_000;
const MAX_MS = 30_000;
/** A process that lived for so long has not died at once. */
const LONG_MS = 60_000;

/** How long is waited before a process is replaced: not at all, but for one that dies again and again at once. */
export class RestartPause {
  private ms = 0;

  /** @param livedMs how long the one lived that has died
   *  @returns milliseconds to wait before the next */
  after(livedMs: number): number {
    if (livedMs >= LONG_MS) this.ms = 0;
    const { ms } = this;
    this.ms = Math.min(MAX_MS, Math.max(FIRST_MS, ms * 2));
    return ms;
  }
}
