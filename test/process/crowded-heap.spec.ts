import { CrowdedHeap, type HeapManner } from '../../src/process/crowded-heap';

const MB = 1_000_000;

let manners: HeapManner[];
let heap: CrowdedHeap;
beforeEach(() => {
  manners = [];
  heap = new CrowdedHeap((manner) => void manners.push(manner));
});

function callers(...numbers: readonly number[]): void {
  for (const number of numbers) heap.note(number);
}

function holes(...sizes: readonly number[]): void {
  for (const size of sizes) heap.look(size);
}

it('few callers leave V8 alone, however many holes there are', () => {
  callers(1, 64, 127, 0);
  holes(100 * MB, 0);
  expect(manners).toEqual([]);
});

it('V8 saves memory from the moment when there is a crowd until there are few', () => {
  callers(127, 128);
  expect(manners).toEqual(['compacting']);
  callers(1_000, 127, 65);
  expect(manners).toEqual(['compacting']);
  callers(64);
  expect(manners).toEqual(['compacting', 'usual']);
  callers(65, 127, 128);
  expect(manners).toEqual(['compacting', 'usual', 'compacting']);
});

it('V8 compacts the heap until there are few holes, and when there are many again', () => {
  callers(128);
  holes(13 * MB, 8 * MB);
  expect(manners).toEqual(['compacting']);
  holes(7 * MB, 13 * MB, 24 * MB);
  expect(manners).toEqual(['compacting', 'thrifty']);
  holes(25 * MB, 13 * MB);
  expect(manners).toEqual(['compacting', 'thrifty', 'compacting']);
  callers(0);
  holes(0, 100 * MB);
  expect(manners).toEqual(['compacting', 'thrifty', 'compacting', 'usual']);
});
