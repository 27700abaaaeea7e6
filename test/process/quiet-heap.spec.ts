import { QuietHeap } from '../../src/process/quiet-heap';

const MB = 1_000_000;

let rss: number;
let isBusy: boolean;
let collections: number;
let heap: QuietHeap;
beforeEach(() => {
  rss = 100 * MB;
  isBusy = false;
  collections = 0;
  heap = new QuietHeap({ rss: () => rss, isBusy: () => isBusy, collect: () => void collections++ });
});

function look(times: number): void {
  while (times-- > 0) heap.look();
}

/** A burst, after which the process has so much. */
function burst(bytes: number): void {
  isBusy = true;
  rss = bytes;
  look(3);
  isBusy = false;
}

it('nothing is collected while fetches run, and once when they have been over for a while', () => {
  burst(300 * MB);
  look(1);
  expect(collections).toBe(0);
  look(1);
  expect(collections).toBe(1);
  look(100);
  expect(collections).toBe(1);
});

it('a fetch in between has it wait again', () => {
  burst(300 * MB);
  look(1);
  burst(300 * MB);
  look(1);
  expect(collections).toBe(0);
  look(1);
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
  rss = 250 * MB;
  look(100);
  burst(280 * MB);
  look(100);
  expect(collections).toBe(1);
  burst(283 * MB);
  look(100);
  expect(collections).toBe(2);
});
