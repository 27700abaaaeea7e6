import {
  type NodeGCPerformanceDetail,
  type PerformanceEntry,
  PerformanceObserver,
  constants,
} from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';

/** of Node: the first whose V8 can be told */
const MIN_NODE_MAJOR = 24;
/** and the first whose V8 collects nothing young while it marks, whatever it is told */
const MARKING_ALONE_NODE_MAJOR = 25;

/** How V8 is to go about it: `usual` as it likes, `thrifty` so that little garbage piles up and pages that are empty go back
 *  to the system, `marking` so that it looks for garbage at once besides, and `compacting` so that pages with holes are
 *  emptied then, which takes several times as long. */
export type HeapManner = 'usual' | 'thrifty' | 'marking' | 'compacting';

/** V8 is asked for these at each collection; they change how far the heap may grow, what is compacted, whether pages that
 *  have become empty are kept for later, of which a crowd leaves 30 to 45 MB (they are not in the memory saver mode alone),
 *  and whether it begins to mark as soon as it may: a collection that is forced instead marks all in one go, which takes a
 *  tenth of a second. */
const FLAGS: Readonly<Record<HeapManner, readonly string[]>> = {
  usual: [
    '--no-memory-saver-mode',
    '--compact',
    '--incremental-marking-soft-trigger=0',
    '--heap-growing-percent=0',
    '--semi-space-growth-factor=2',
  ],
  thrifty: [
    '--memory-saver-mode',
    '--no-compact',
    '--incremental-marking-soft-trigger=0',
    '--heap-growing-percent=30',
    '--semi-space-growth-factor=1',
  ],
  marking: [
    '--memory-saver-mode',
    '--no-compact',
    '--incremental-marking-soft-trigger=1',
    '--heap-growing-percent=30',
    '--semi-space-growth-factor=1',
  ],
  compacting: [
    '--memory-saver-mode',
    '--compact',
    '--incremental-marking-soft-trigger=1',
    '--heap-growing-percent=30',
    '--semi-space-growth-factor=1',
  ],
};

/** How V8 is to go about young garbage. While it marks it would collect none otherwise, and have the young generation grow to
 *  several times its size meanwhile: in a crowd by 10 to 25 MB within a tenth of a second. */
const YOUNG_WHILE_MARKING = '--no-separate-gc-phases';
/** Threads would help, for which the event loop waits where processors are scarce: longer than it would take alone. */
const YOUNG_ALONE = '--no-parallel-scavenge';

/** A performance entry of type `gc`, of which Node's types know nothing. */
interface GarbageCollection extends PerformanceEntry {
  readonly detail: NodeGCPerformanceDetail;
}

/** The heap of this process: what V8 is told of it, and asked for. */
export class V8Heap {
  private readonly nodeMajor: number;
  private collected = 0;

  constructor(
    nodeVersion = process.versions.node,
    private readonly setFlag = setFlagsFromString,
    private readonly gc: NonNullable<typeof globalThis.gc> | null = globalThis.gc ?? null,
  ) {
    this.nodeMajor = Number(nodeVersion.split('.')[0]);
  }

  private get canBeTold(): boolean {
    return this.nodeMajor >= MIN_NODE_MAJOR;
  }

  /** Has V8 keep the young generation as small as it is to be. To be called before another thread of this process has a heap:
   *  flags are those of all, and V8 aborts when one collects young garbage while it marks and the flag for that has come back. */
  keepYoungSmall(): void {
    if (!this.canBeTold) return;
    this.setFlag(YOUNG_ALONE);
    if (this.nodeMajor < MARKING_ALONE_NODE_MAJOR) this.setFlag(YOUNG_WHILE_MARKING);
  }

  /** Collections of the whole heap since `countCollections`. */
  get collections(): number {
    return this.collected;
  }

  /** Counts them to the end of this process. */
  countCollections(): void {
    const observer = new PerformanceObserver((list) => {
      for (const { detail } of list.getEntries() as GarbageCollection[])
        if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) this.collected++;
    });
    observer.observe({ entryTypes: ['gc'] });
  }

  /** Whether garbage can be collected at will (`node --expose-gc`). */
  get canCollect(): boolean {
    return this.gc !== null;
  }

  /** Octets between objects that are in no use. */
  get holesBytes(): number {
    const { total_heap_size: total, used_heap_size: used } = getHeapStatistics();
    return total - used;
  }

  /** Where V8 cannot be told it goes on as it likes. */
  become(manner: HeapManner): void {
    if (this.canBeTold) for (const flag of FLAGS[manner]) this.setFlag(flag);
  }

  /** Collects garbage and gives back all memory there is to give, which takes a tenth of a second or two. */
  giveBack(): void {
    // V8 keeps the pages that it has emptied unless it is told that this is the last resort.
    this.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  }
}
