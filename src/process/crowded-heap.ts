import { setFlagsFromString } from 'node:v8';

/** so many callers at once are a crowd */
const CROWD = 128;
/** so few are none any more */
const FEW = 64;
/** of Node: the first whose V8 can be told */
const MIN_NODE_MAJOR = 24;

/** Has V8 save memory while a crowd is there. Left alone it lets garbage pile up to a multiple of what is in use, which is
 *  fast, and with a thousand callers too much; always told to save, it would be slower for the few. */
export class CrowdedHeap {
  private isSaving = false;

  /** @param save has V8 save memory, or stop doing so */
  constructor(private readonly save: (isSaving: boolean) => void) {}

  /** Notes how many callers wait for an answer. */
  note(callers: number): void {
    if (this.isSaving ? callers > FEW : callers < CROWD) return;
    this.isSaving = !this.isSaving;
    this.save(this.isSaving);
  }
}

/** Keeps this process so, to its end; where V8 has no such mode, not at all. */
export function saveInCrowds(callers: { watch(told: (callers: number) => void): void }): void {
  const [major] = process.versions.node.split('.');
  if (Number(major) < MIN_NODE_MAJOR) return;
  const heap = new CrowdedHeap((isSaving) => {
    // It is asked for at each collection, and changes nothing else: how far the heap may grow, what is compacted.
    setFlagsFromString(isSaving ? '--memory-saver-mode' : '--no-memory-saver-mode');
    // How far it may grow was last decided when there was no crowd.
    if (isSaving) void globalThis.gc?.({ type: 'major', execution: 'async' });
  });
  callers.watch((waiting) => heap.note(waiting));
}
