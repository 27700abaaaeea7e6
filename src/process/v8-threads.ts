import { availableParallelism } from 'node:os';
import { CAN_TELL_V8, tellV8 } from './v8-flags';

/** V8's own: so many threads compile with each of its two compilers at the most */
const MOST_COMPILING = { turbofan: 4, maglev: 2 };

/** @returns flags that have V8 leave processors to the event loop. Node gives it four threads whatever there is: on two
 *    processors, where all of them mark or compile at once, the loop has two fifths of what it asks for.
 *  @param processors that this process may use */
export function threadFlags(processors: number): readonly string[] {
  const half = Math.max(1, Math.floor(processors / 2));
  return [
    `--concurrent-marking-max-worker-num=${processors}`,
    `--concurrent-turbofan-max-threads=${Math.min(half, MOST_COMPILING.turbofan)}`,
    `--concurrent-maglev-max-threads=${Math.min(half, MOST_COMPILING.maglev)}`,
  ];
}

/** Keeps this process so, to its end; where V8 cannot be told, not at all. */
export function leaveProcessorsToLoop(): void {
  if (CAN_TELL_V8) tellV8(threadFlags(availableParallelism()));
}
