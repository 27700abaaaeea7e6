import { getHeapStatistics, setFlagsFromString } from 'node:v8';

/** so many callers at once are a crowd */
const CROWD = 128;
/** so few are none any more */
const FEW = 64;
/** octets of holes in the heap, between objects that are in use, that are too many in a crowd: emptying pages keeps the event
 *  loop waiting for 30 to 100 ms where processors are scarce */
const MANY_HOLES = 24_000_000;
/** and so many as are there after pages have been compacted */
const FEW_HOLES = 8_000_000;
const LOOK_MS = 50;
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
    '--heap-growing-percent=15',
    '--semi-space-growth-factor=1',
  ],
  compacting: ['--memory-saver-mode', '--incremental-marking-soft-trigger=1'],
};

/** Has V8 save memory while a crowd is there. Left alone it lets garbage pile up to a multiple of what is in use, which is
 *  fast, and with a thousand callers too much; always told to save, it would be slower for the few, and compact the heap twice
 *  a second for the many, which keeps probes waiting. */
export class CrowdedHeap {
  private manner: HeapManner = 'usual';

  constructor(private readonly change: (manner: HeapManner) => void) {}

  /** Notes how many callers wait for an answer. */
  note(callers: number): void {
    const isCrowd = this.manner !== 'usual';
    if (isCrowd ? callers > FEW : callers < CROWD) return;
    this.become(isCrowd ? 'usual' : 'compacting');
  }

  /** To be called every `LOOK_MS`.
   *  @param holes octets of the heap that are in no use */
  look(holes: number): void {
    if (this.manner === 'thrifty' && holes > MANY_HOLES) this.become('compacting');
    else if (this.manner === 'compacting' && holes < FEW_HOLES) this.become('thrifty');
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
  let looking: NodeJS.Timeout | undefined;
  const look = (): void => {
    const { total_heap_size: total, used_heap_size: used } = getHeapStatistics();
    heap.look(total - used);
  };
  const heap = new CrowdedHeap((manner) => {
    for (const flag of FLAGS[manner]) setFlagsFromString(flag);
    if (manner === 'usual') {
      clearInterval(looking);
      looking = undefined;
    } else if (looking === undefined) {
      looking = setInterval(look, LOOK_MS).unref();
    }
  });
  callers.watch((waiting) => heap.note(waiting));
}
