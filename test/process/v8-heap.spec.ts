import { execFileSync } from 'node:child_process';
import { setTimeout as afterMs } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type HeapManner, V8Heap } from '../../src/process/v8-heap';

const MANNERS: readonly HeapManner[] = ['usual', 'thrifty', 'marking', 'compacting'];

let told: string[];
let collections: unknown[];
beforeEach(() => {
  told = [];
  collections = [];
});

function heapOf(nodeVersion: string): V8Heap {
  const gc = (options?: unknown): void => void collections.push(options);
  return new V8Heap(nodeVersion, (flag) => void told.push(flag), gc as NonNullable<typeof globalThis.gc>);
}

/** What `keepYoungSmall` tells V8 of this Node. */
function young(): readonly string[] {
  heapOf(process.versions.node).keepYoungSmall();
  return told;
}

/** Makes garbage while V8 marks hundreds of thousands of objects, over and over, and tells how large the young generation was. */
const MARKING = `
  const { getHeapSpaceStatistics, setFlagsFromString } = require('node:v8');
  const held = Array.from({ length: 300_000 }, (_, n) => ({ n, text: String(n), next: [n] }));
  const due = performance.now() + 20_000;
  let most = 0;
  let collections = 0;
  new PerformanceObserver((list) => {
    for (const { detail } of list.getEntries()) if (detail.kind === 4) collections++;
  }).observe({ entryTypes: ['gc'] });
  setFlagsFromString('--incremental-marking-soft-trigger=1');
  const work = () => {
    for (let n = 0; n < 40_000; n++) {
      held[n % 1_000].next = [n, { n }];
      if (n % 2_000 > 0) continue;
      const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
      most = Math.max(most, young.space_size);
    }
    if (collections >= 2) process.stdout.write(String(most));
    else if (performance.now() < due) setImmediate(work);
    else throw new Error('V8 has not marked twice in 20 s');
  };
  work();
`;

it('V8 knows every flag that it is told', () => {
  const heap = heapOf('24.0.0');
  heap.keepYoungSmall();
  for (const manner of MANNERS) heap.become(manner);
  const known = new Set(
    [
      ...execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' }).matchAll(/^ {2}(--\S+)/gm),
    ].map(([, name]) => name),
  );
  const names = told.map((flag) => flag.replace(/=.*/, '').replace('--no-', '--'));
  expect(names).toHaveLength(22);
  expect(names.filter((name) => !known.has(name))).toEqual([]);
});

it('every manner tells of the same flags, so that none is left of another', () => {
  const names = MANNERS.map((manner) => {
    told = [];
    heapOf('24.0.0').become(manner);
    return told.map((flag) => flag.replace(/=.*/, '').replace('--no-', '--')).sort();
  });
  for (const others of names) expect(others).toEqual(names[0]);
});

it('V8 of a Node that is older is told nothing, and collects all the same', () => {
  const heap = heapOf('22.15.0');
  heap.keepYoungSmall();
  heap.become('thrifty');
  heap.giveBack();
  expect(told).toEqual([]);
  expect(collections).toEqual([{ type: 'major', execution: 'sync', flavor: 'last-resort' }]);
});

it('V8 of a Node that is newer is not told what it does not know', () => {
  heapOf('25.0.0').keepYoungSmall();
  expect(told).toEqual(['--no-parallel-scavenge']);
});

const onNode24 = process.versions.node.startsWith('24.') ? it : it.skip;

onNode24('the young generation stays as small as it is to be while V8 marks', () => {
  const flags = ['--min-semi-space-size=2', '--max-semi-space-size=8'];
  const sizes = [[], young()].map((told) =>
    Number(execFileSync(process.execPath, [...flags, ...told, '--eval', MARKING], { encoding: 'utf8' })),
  );
  // Two halves of 8 MiB.
  expect(sizes[0]).toBeGreaterThan(16_777_216);
  expect(sizes[1]).toBeLessThanOrEqual(16_777_216);
});

it('without --expose-gc nothing can be collected', () => {
  const heap = new V8Heap('24.0.0', (flag) => void told.push(flag), null);
  expect(heap.canCollect).toBe(false);
  expect(heapOf('24.0.0').canCollect).toBe(true);
  heap.giveBack();
});

it('holes are those of this process', () => {
  const { heapTotal, heapUsed } = process.memoryUsage();
  const { holesBytes } = new V8Heap('24.0.0', setFlagsFromString);
  expect(holesBytes).toBeGreaterThanOrEqual(0);
  expect(holesBytes).toBeLessThan(heapTotal);
  expect(Math.abs(holesBytes - (heapTotal - heapUsed))).toBeLessThan(heapTotal / 4);
});

it('collections of the whole heap are counted, and not those of its young generation', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as NonNullable<typeof globalThis.gc>;
  const heap = heapOf('24.0.0');
  expect(heap.collections).toBe(0);
  heap.countCollections();
  for (let n = 0; n < 50; n++) collect({ type: 'minor' });
  collect({ type: 'major' });
  for (let n = 0; n < 1_000 && heap.collections === 0; n++) await afterMs(1);
  expect(heap.collections).toBeGreaterThan(0);
  expect(heap.collections).toBeLessThan(50);
});
