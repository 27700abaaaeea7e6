import { QuietHeap } from '../../src/process/quiet-heap';

const MB = 1_000_000;

let rss: number;
let begun: number;
let probed: number;
let isBusy: boolean;
let collections: number;
let used: number;
/** what a collection would find */
let litter: number;
let tidyings: number;
let heap: QuietHeap;
beforeEach(() => {
  rss = 100 * MB;
  begun = 0;
  probed = 0;
  isBusy = false;
  collections = 0;
  used = 0;
  litter = 0;
  tidyings = 0;
  heap = new QuietHeap({
    rss: () => rss,
    begun: () => begun,
    probed: () => probed,
    isBusy: () => isBusy,
    used: () => used,
    tidy: () => {
      tidyings++;
      used -= litter;
    },
    giveBack: () => {
      collections++;
      used -= litter;
    },
  });
});

function look(times: number): void {
  while (times-- > 0) heap.look();
}

/** Calls, after which the process has so much. */
function burst(bytes: number): void {
  rss = bytes;
  for (let second = 0; second < 3; second++) {
    begun += 100;
    look(1);
  }
}

it('nothing is collected while callers come, and once when none has come for a while', () => {
  burst(300 * MB);
  look(9);
  expect(collections).toBe(0);
  look(1);
  expect(collections).toBe(1);
  look(100);
  expect(collections).toBe(1);
});

it('a call in between has it wait again', () => {
  burst(300 * MB);
  look(9);
  begun++;
  look(10);
  expect(collections).toBe(0);
  look(1);
  expect(collections).toBe(1);
});

it('nothing is collected while an answer is on its way', () => {
  isBusy = true;
  burst(300 * MB);
  look(100);
  expect(collections).toBe(0);
  isBusy = false;
  look(10);
  expect(collections).toBe(1);
});

it('nothing is collected where there is not much', () => {
  look(100);
  burst(131 * MB);
  look(100);
  expect(collections).toBe(0);
});

it('what could not be given back is not tried for again', () => {
  burst(300 * MB);
  look(100);
  burst(331 * MB);
  look(100);
  expect(collections).toBe(1);
  burst(333 * MB);
  look(100);
  expect(collections).toBe(2);
});

it('much is what the process has beyond the least it had while it was quiet', () => {
  burst(300 * MB);
  look(10);
  rss = 120 * MB;
  look(1);
  burst(153 * MB);
  look(10);
  expect(collections).toBe(2);
});

/** Calls that leave garbage behind. */
function litterBurst(bytes: number): void {
  begun += 100;
  used += bytes;
  litter = bytes;
  look(1);
}

it('garbage is collected a second after the last call, and not again while nothing is done', () => {
  used = 40 * MB;
  litterBurst(10 * MB);
  expect(tidyings).toBe(0);
  look(1);
  expect(tidyings).toBe(1);
  look(100);
  expect(tidyings).toBe(1);
});

it('what was in use all the time is no garbage', () => {
  used = 40 * MB;
  look(1);
  expect(tidyings).toBe(1);
  litterBurst(8 * MB);
  look(100);
  expect(tidyings).toBe(1);
  litterBurst(1 * MB);
  look(1);
  expect(tidyings).toBe(2);
  litterBurst(9 * MB);
  look(1);
  expect(tidyings).toBe(3);
});

it('no garbage is collected while something is under way', () => {
  used = 40 * MB;
  isBusy = true;
  look(100);
  expect(tidyings).toBe(0);
  isBusy = false;
  look(1);
  expect(tidyings).toBe(1);
});

it('what was given back is not looked for', () => {
  burst(300 * MB);
  used = 40 * MB;
  look(10);
  expect([tidyings, collections]).toEqual([1, 1]);
  litterBurst(7 * MB);
  look(1);
  expect(tidyings).toBe(1);
});

it('nothing is given back within a second of a probe, which the next would wait for', () => {
  burst(300 * MB);
  for (let second = 0; second < 20; second++) {
    probed++;
    look(1);
  }
  expect(collections).toBe(0);
  look(1);
  expect(collections).toBe(1);
});

it('a probe is no call: garbage is collected all the same', () => {
  used = 40 * MB;
  probed++;
  look(1);
  expect(tidyings).toBe(1);
});
