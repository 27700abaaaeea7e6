import { CrowdedHeap } from '../../src/process/crowded-heap';

let orders: boolean[];
let heap: CrowdedHeap;
beforeEach(() => {
  orders = [];
  heap = new CrowdedHeap((isSaving) => void orders.push(isSaving));
});

function callers(...numbers: readonly number[]): void {
  for (const number of numbers) heap.note(number);
}

it('few callers leave V8 alone', () => {
  callers(1, 64, 127, 0);
  expect(orders).toEqual([]);
});

it('V8 saves memory from the moment when there is a crowd until there are few', () => {
  callers(127, 128);
  expect(orders).toEqual([true]);
  callers(1_000, 127, 65);
  expect(orders).toEqual([true]);
  callers(64);
  expect(orders).toEqual([true, false]);
  callers(65, 127, 128);
  expect(orders).toEqual([true, false, true]);
});
