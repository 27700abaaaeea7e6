/** so much more than it had when it was last quiet, a process that is quiet again is to give back */
const MUCH_BYTES = 32_000_000;
const LOOK_MS = 1_000;
/** looks in a row without a fetch: the burst is over */
const QUIET_LOOKS = 2;

/** What it needs of the process. */
export interface HeapOwner {
  /** resident octets */
  rss(): number;
  /** whether somebody would wait for a collection to end */
  isBusy(): boolean;
  /** collects garbage and gives back all memory there is to give, which takes a tenth of a second */
  collect(): void;
}

/** Has memory given back when a burst is over. Left alone V8 collects when so much has been allocated: a process that
 *  nobody asks for anything keeps what a thousand callers needed for hours. */
export class QuietHeap {
  /** what the process had when it was last quiet */
  private usual: number;
  private quietLooks = 0;

  constructor(private readonly owner: HeapOwner) {
    this.usual = owner.rss();
  }

  /** To be called every `LOOK_MS`. */
  look(): void {
    if (this.owner.isBusy()) {
      this.quietLooks = 0;
      return;
    }
    if (++this.quietLooks !== QUIET_LOOKS || this.owner.rss() <= this.usual + MUCH_BYTES) return;
    this.owner.collect();
    this.usual = this.owner.rss();
  }
}

/** Keeps this process so, to its end; where garbage cannot be collected at will (`node --expose-gc`), not at all. */
export function keepLean(isBusy: () => boolean): void {
  const { gc } = globalThis;
  if (gc === undefined) return;
  // V8 keeps the pages that it has emptied unless it is told that this is the last resort.
  const collect = (): void => gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  const heap = new QuietHeap({ rss: () => process.memoryUsage.rss(), isBusy, collect });
  setInterval(() => heap.look(), LOOK_MS).unref();
}
