import { QuietHeap } from '../../src/process/quiet-heap';

const MB = 1_000_000;

let rss: number;
let begun: number;
let probed: number;
let isBusy: boolean;
let collections: number;
let heap: QuietHeap;
beforeEach(() => {
  rss = 100 * MB;
  begun = 0;
  probed = 0;
  isBusy = false;
  collections = 0;
  heap = new QuietHeap({
    rss: () => rss,
    begun: () => begun,
    probed: () => probed,
    isBusy: () => isBusy,
    giveBack: () => void collections++,
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
