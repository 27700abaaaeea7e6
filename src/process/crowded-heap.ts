import type { HeapManner, V8Heap } from './v8-heap';

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
/** no pages are emptied before so many looks: meanwhile a thousand connect */
const ARRIVING_LOOKS = 20;
/** so many looks after a crowd has come V8 is told to look for garbage, if it has collected none: when the crowd came it might let
 *  the heap grow as it likes, to twice of what there was and more, of which a third is garbage a second later */
const FIRST_LOOKS = 10;
/** in the first looks there may be collections that ended before V8 was told to save: they are told of a little later */
const UNCERTAIN_LOOKS = 2;
/** so many looks after V8 has last collected a crowd's garbage it is told to look for it once more: a thousand who have come
 *  together leave as much as they take themselves, much of it while V8 was marking, which it then takes for what is in use;
 *  and while they wait nothing more is made for which it would look again */
const STALE_LOOKS = 20;
/** so many looks after a crowd has gone V8 goes on to save, and bears fewer holes: what a crowd leaves behind is garbage, and
 *  as much as it took */
const LINGERING_LOOKS = 40;

/** Has V8 save memory while a crowd is there. Left alone it lets garbage pile up to a multiple of what is in use, which is
 *  fast, and with a thousand callers too much; always told to save, it would be slower for the few, and were it told to compact
 *  the heap each time, probes would wait twice a second. */
export class CrowdedHeap {
  private manner: HeapManner = 'usual';
  private isCrowd = false;
  /** since the crowd came, or went */
  private looks = 0;
  private collections = 0;
  /** since there was one more of them, or the crowd came */
  private looksSince = 0;
  /** whether there was one since the crowd came, and V8 was told to save */
  private hasCollected = false;
  /** whether the last one was for want of others */
  private isSettled = false;

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
    this.looksSince = 0;
    this.hasCollected = false;
    this.isSettled = false;
  }

  /** To be called when a crowd has come, and every `LOOK_MS` then, until it is at rest.
   *  @param holes octets of the heap that are in no use
   *  @param collections of the whole heap so far */
  look(holes: number, collections: number): void {
    this.looks++;
    this.looksSince++;
    if (collections > this.collections && this.looks > UNCERTAIN_LOOKS) {
      this.looksSince = 0;
      this.hasCollected = true;
      this.isSettled = this.manner === 'marking';
    }
    this.collections = collections;
    const manner = this.next(holes);
    if (manner !== this.manner) this.become(manner);
  }

  private next(holes: number): HeapManner {
    const { manner, isCrowd } = this;
    if (!isCrowd && (manner === 'usual' || this.looks >= LINGERING_LOOKS)) return 'usual';
    const isArriving = isCrowd && this.looks < ARRIVING_LOOKS;
    const bearable = manner === 'compacting' || !isCrowd ? FEW_HOLES : MANY_HOLES;
    if (!isArriving && holes > bearable) return 'compacting';
    return isCrowd && this.isStale ? 'marking' : 'thrifty';
  }

  private get isStale(): boolean {
    return !this.isSettled && this.looksSince >= (this.hasCollected ? STALE_LOOKS : FIRST_LOOKS);
  }

  private become(manner: HeapManner): void {
    this.manner = manner;
    this.change(manner);
  }
}

/** Keeps this process so, to its end. */
export function saveInCrowds(
  callers: { watch(told: (callers: number) => void): void },
  heap: Pick<V8Heap, 'become' | 'holesBytes' | 'collections' | 'countCollections'>,
): void {
  const crowded = new CrowdedHeap((manner) => heap.become(manner));
  heap.countCollections();
  let looking: NodeJS.Timeout | undefined;
  const look = (): void => {
    crowded.look(heap.holesBytes, heap.collections);
    if (!crowded.isAtRest) return;
    clearInterval(looking);
    looking = undefined;
  };
  callers.watch((waiting) => {
    crowded.note(waiting);
    if (crowded.isAtRest || looking !== undefined) return;
    looking = setInterval(look, LOOK_MS).unref();
    // V8 decides when it begins to mark, which is often now, whether it will empty pages.
    look();
  });
}
