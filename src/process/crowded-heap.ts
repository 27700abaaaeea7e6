import { getHeapStatistics, setFlagsFromString } from 'node:v8';

/** so many callers at once are a crowd */
const CROWD = 128;
/** so few are none any more */
const FEW = 64;
/** octets of holes in the heap, between objects that are in use, that are too many in a crowd: emptying pages keeps the event
 *  loop waiting for 30 to 100 ms where processors are scarce */
const MANY_HOLES = 40_000_000;
/** and so many may be left after pages have been compacted */
const FEW_HOLES = 16_000_000;
const LOOK_MS = 50;
/** so many looks after a crowd has come V8 begins to save: sooner it would empty pages while a thousand connect */
const ARRIVING_LOOKS = 20;
/** and so many after it has gone it goes on: what a crowd leaves behind is garbage, and as much as it took */
const LINGERING_LOOKS = 40;
/** of Node: the first whose V8 can be told */
const MIN_NODE_MAJOR = 24;

/** How V8 is to go about it: `usual` as it likes, `thrifty` so that little garbage piles up, `compacting` so that none does and
 *  pages with holes are emptied, which takes several times as long. */
export type HeapManner = 'usual' | 'thrifty' | 'compacting';

/** V8 is asked for these at each collection; they change how far the heap may grow, what is compacted, and whether it
 *  begins to mark as soon as it may: a collection that is forced instead marks all in one go, which takes a tenth of a
 *  second. */
const FLAGS: Readonly<Record<HeapManner, readonly string[]>> = {
  usual: [
    '--no-memory-saver-mode',
    '--incremental-marking-soft-trigger=0',
    '--heap-growing-percent=0',
    '--semi-space-growth-factor=2',
  ],
  thrifty: [
    '--no-memory-saver-mode',
    '--incremental-marking-soft-trigger=0',
    '--heap-growing-percent=20',
    '--semi-space-growth-factor=1',
  ],
  compacting: ['--memory-saver-mode', '--incremental-marking-soft-trigger=1'],
};

/** Has V8 save memory while a crowd is there. Left alone it lets garbage pile up to a multiple of what is in use, which is
 *  fast, and with a thousand callers too much; always told to save, it would be slower for the few, and compact the heap twice
 *  a second for the many, which keeps probes waiting. */
export class CrowdedHeap {
  private manner: HeapManner = 'usual';
  private isCrowd = false;
  /** since the crowd came, or went */
  private looks = 0;

  constructor(private readonly change: (manner: HeapManner) => void) {}

  /** Whether there is nothing to look for. */
  get isAtRest(): boolean {
    return !this.isCrowd && this.manner === 'usual';
  }

  /** Notes how many callers wait for an answer. */
  note(callers: number): void {
    if (this.isCrowd ? callers > FEW : callers < CROWD) return;
    this.isCrowd = !this.isCrowd;
    this.looks = 0;
  }

  /** To be called every `LOOK_MS`, unless it is at rest.
   *  @param holes octets of the heap that are in no use */
  look(holes: number): void {
    this.looks++;
    const { manner, isCrowd } = this;
    if (manner === 'usual') {
      if (isCrowd && this.looks >= ARRIVING_LOOKS) this.become('compacting');
    } else if (!isCrowd && this.looks >= LINGERING_LOOKS) this.become('usual');
    else if (manner === 'thrifty' && holes > MANY_HOLES) this.become('compacting');
    else if (manner === 'compacting' && holes < FEW_HOLES) this.become('thrifty');
  }

  private become(manner: HeapManner): void {
    this.manner = manner;
    this.change(manner);
  }
}

/** Keeps this process so, to its end; where V8 cannot be told, not at all. */
export function saveInCrowds(callers: { watch(told: (callers: number) => void): void }): void {
  const [major] = process.versions.node.split('.');
  if (Number(major) < MIN_NODE_MAJOR) return;
  const heap = new CrowdedHeap((manner) => {
    for (const flag of FLAGS[manner]) setFlagsFromString(flag);
  });
  let looking: NodeJS.Timeout | undefined;
  const look = (): void => {
    const { total_heap_size: total, used_heap_size: used } = getHeapStatistics();
    heap.look(total - used);
    if (!heap.isAtRest) return;
    clearInterval(looking);
    looking = undefined;
  };
  callers.watch((waiting) => {
    heap.note(waiting);
    if (!heap.isAtRest) looking ??= setInterval(look, LOOK_MS).unref();
  });
}
