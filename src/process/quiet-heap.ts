/** so much more than it had when it was last quiet, a process that is quiet again is to give back */
const MUCH_BYTES = 32_000_000;
const LOOK_MS = 1_000;
/** looks in a row between which nothing was done: the burst is over. Not sooner, because what such a collection throws away
 *  makes the next half second of calls slower by a third. */
const QUIET_LOOKS = 10;

/** What it needs of the process. */
export interface HeapOwner {
  /** resident octets */
  rss(): number;
  /** calls and fetches that have begun, ever: items of jobs are nobody's call */
  begun(): number;
  /** whether somebody would wait for a collection to end, or something is under way */
  isBusy(): boolean;
  /** collects garbage and gives back all memory there is to give, which takes a tenth of a second or two */
  collect(): void;
}

/** Has memory given back when a burst is over. Left alone V8 collects when so much has been allocated: a process that
 *  nobody asks for anything keeps what a thousand callers needed for hours. */
export class QuietHeap {
  /** the least that the process had while it was quiet, since the last collection */
  private usual: number;
  private begun: number;
  private quietLooks = 0;

  constructor(private readonly owner: HeapOwner) {
    this.usual = owner.rss();
    this.begun = owner.begun();
  }

  /** To be called every `LOOK_MS`. */
  look(): void {
    const { owner } = this;
    const begun = owner.begun();
    const isQuiet = begun === this.begun && !owner.isBusy();
    this.begun = begun;
    this.quietLooks = isQuiet ? this.quietLooks + 1 : 0;
    if (this.quietLooks < QUIET_LOOKS) return;
    const rss = owner.rss();
    this.usual = Math.min(this.usual, rss);
    if (rss <= this.usual + MUCH_BYTES) return;
    owner.collect();
    this.usual = owner.rss();
  }
}

/** Keeps this process so, to its end; where garbage cannot be collected at will (`node --expose-gc`), not at all. */
export function keepLean(work: Pick<HeapOwner, 'begun' | 'isBusy'>): void {
  const { gc } = globalThis;
  if (gc === undefined) return;
  const heap = new QuietHeap({
    rss: () => process.memoryUsage.rss(),
    begun: () => work.begun(),
    isBusy: () => work.isBusy(),
    // V8 keeps the pages that it has emptied unless it is told that this is the last resort.
    collect: () => gc({ type: 'major', execution: 'sync', flavor: 'last-resort' }),
  });
  setInterval(() => heap.look(), LOOK_MS).unref();
}
