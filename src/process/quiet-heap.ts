import type { V8Heap } from './v8-heap';

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
  /** calls and fetches that have begun, ever: items of jobs are nobody's call, and neither are probes */
  begun(): number;
  /** probes that have come, ever */
  probed(): number;
  /** whether somebody would wait for a collection to end, or something is under way */
  isBusy(): boolean;
  /** collects garbage and gives back all memory there is to give, which takes a tenth of a second or two */
  giveBack(): void;
}

/** Has memory given back when a burst is over. Left alone V8 collects when so much has been allocated: a process that
 *  nobody asks for anything keeps what a thousand callers needed for hours. */
export class QuietHeap {
  /** the least that the process had while it was quiet, since the last collection */
  private usual: number;
  private begun: number;
  private probed: number;
  private quietLooks = 0;

  constructor(private readonly owner: HeapOwner) {
    this.usual = owner.rss();
    this.begun = owner.begun();
    this.probed = owner.probed();
  }

  /** To be called every `LOOK_MS`. */
  look(): void {
    const { owner } = this;
    const begun = owner.begun();
    const probed = owner.probed();
    const isQuiet = begun === this.begun && !owner.isBusy();
    // Who asks several times a second would ask meanwhile.
    const isSilent = probed === this.probed;
    this.begun = begun;
    this.probed = probed;
    this.quietLooks = isQuiet ? this.quietLooks + 1 : 0;
    if (this.quietLooks < QUIET_LOOKS || !isSilent) return;
    const rss = owner.rss();
    this.usual = Math.min(this.usual, rss);
    if (rss <= this.usual + MUCH_BYTES) return;
    owner.giveBack();
    this.usual = owner.rss();
  }
}

/** Keeps this process so, to its end; where garbage cannot be collected at will, not at all. */
export function keepLean(work: Pick<HeapOwner, 'begun' | 'probed' | 'isBusy'>, heap: V8Heap): void {
  if (!heap.canCollect) return;
  const quiet = new QuietHeap({
    rss: () => process.memoryUsage.rss(),
    begun: () => work.begun(),
    probed: () => work.probed(),
    isBusy: () => work.isBusy(),
    giveBack: () => heap.giveBack(),
  });
  setInterval(() => quiet.look(), LOOK_MS).unref();
}
