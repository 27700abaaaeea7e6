import { randomFillSync } from 'node:crypto';
import { monotonicFactory } from 'ulid';

const pool = new Uint8Array(1024);
let used = pool.length;

/** A fresh ULID: ids sort by the time they were made, also within a millisecond. */
export const nextFetchId = monotonicFactory(nextRandom);

/** ulid asks for sixteen numbers an id; a system call for each would cost more than the rest of a small fetch's
 *  own work. One octet is enough: an id's digit has five bits.
 *  @returns a number from 0 up to 1 */
function nextRandom(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  return pool[used++]! / 256;
}
