import { execFileSync } from 'node:child_process';
import { setFlagsFromString } from 'node:v8';
import { type HeapManner, V8Heap } from '../../src/process/v8-heap';

const MANNERS: readonly HeapManner[] = ['usual', 'thrifty', 'compacting'];

let told: string[];
let collections: { readonly options: unknown; readonly growing: string | undefined }[];
beforeEach(() => {
  told = [];
  collections = [];
});

/** What V8 has been told last of how far the heap may grow. */
function growing(): string | undefined {
  return told.findLast((flag) => flag.startsWith('--heap-growing-percent='));
}

function heapOf(nodeVersion: string): V8Heap {
  const gc = (options?: unknown): void => void collections.push({ options, growing: growing() });
  return new V8Heap(nodeVersion, (flag) => void told.push(flag), gc as NonNullable<typeof globalThis.gc>);
}

it('V8 knows every flag that it is told', () => {
  const heap = heapOf('24.0.0');
  for (const manner of MANNERS) heap.become(manner);
  heap.collect();
  const known = new Set(
    [
      ...execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' }).matchAll(/^ {2}(--\S+)/gm),
    ].map(([, name]) => name),
  );
  const names = told.map((flag) => flag.replace(/=.*/, '').replace('--no-', '--'));
  expect(names.length).toBeGreaterThan(12);
  expect(names.filter((name) => !known.has(name))).toEqual([]);
});

it.each(MANNERS)('after a collection V8 is %s as before, whatever it was told for that', (manner) => {
  const heap = heapOf('24.0.0');
  heap.become(manner);
  const before = growing();
  heap.collect();
  heap.giveBack();
  expect(collections).toEqual([
    { options: { type: 'major', execution: 'sync' }, growing: '--heap-growing-percent=150' },
    {
      options: { type: 'major', execution: 'sync', flavor: 'last-resort' },
      growing: '--heap-growing-percent=150',
    },
  ]);
  expect(growing()).toBe(before);
});

it('every manner tells of the same flags, so that none is left of another', () => {
  const names = MANNERS.map((manner) => {
    told = [];
    heapOf('24.0.0').become(manner);
    return told.map((flag) => flag.replace(/=.*/, '').replace('--no-', '--')).sort();
  });
  expect(names[1]).toEqual(names[0]);
  expect(names[2]).toEqual(names[0]);
});

it('V8 of a Node that is older is told nothing, and collects all the same', () => {
  const heap = heapOf('22.15.0');
  heap.become('thrifty');
  heap.collect();
  expect(told).toEqual([]);
  expect(collections).toHaveLength(1);
});

it('without --expose-gc nothing can be collected', () => {
  const heap = new V8Heap('24.0.0', (flag) => void told.push(flag), undefined);
  expect(heap.canCollect).toBe(false);
  expect(heapOf('24.0.0').canCollect).toBe(true);
  heap.collect();
});

it('octets in use and holes are those of this process', () => {
  const heap = new V8Heap('24.0.0', setFlagsFromString);
  const { heapTotal, heapUsed } = process.memoryUsage();
  expect(heap.usedBytes).toBeGreaterThan(heapUsed / 2);
  expect(heap.usedBytes + heap.holesBytes).toBeGreaterThan(heapTotal / 2);
  expect(heap.usedBytes + heap.holesBytes).toBeLessThan(heapTotal * 2);
});
