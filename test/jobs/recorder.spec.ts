import type { ClaimedItem, Recorded, Settlement } from '../../src/jobs/ledger';
import { Recorder } from '../../src/jobs/recorder';

/** so many are recorded together at the most */
const MAX_BATCH = 256;

let isBusy: boolean;
let batches: number[][];
let recorder: Recorder;
beforeEach(() => {
  isBusy = false;
  batches = [];
  const record = (settlements: readonly Settlement[]): Promise<Recorded> => {
    batches.push(settlements.map(({ item }) => item.index));
    return Promise.resolve({ outcomes: [], ended: [] });
  };
  recorder = new Recorder(
    { record },
    () => isBusy,
    () => undefined,
    (error) => {
      throw error;
    },
  );
});

function add(...indexes: readonly number[]): void {
  for (const index of indexes)
    recorder.add({ item: { index } as ClaimedItem, state: 'cancelled', result: null });
}

it('what ends in one turn is recorded together, and what ends later by itself', async () => {
  add(1, 2);
  await recorder.over();
  add(3);
  await recorder.over();
  expect(batches).toEqual([[1, 2], [3]]);
});

it('while more is under way, what ends soon is waited for', async () => {
  isBusy = true;
  add(1);
  await new Promise((resolve) => setImmediate(resolve));
  add(2);
  isBusy = false;
  await recorder.over();
  expect(batches).toEqual([[1, 2]]);
});

it('no more are recorded together than a transaction takes, and then nothing is waited for', async () => {
  isBusy = true;
  add(...Array(MAX_BATCH + 1).keys());
  await new Promise((resolve) => setImmediate(resolve));
  expect(batches.map(({ length }) => length)).toEqual([MAX_BATCH]);
  await recorder.over();
  expect(batches.map(({ length }) => length)).toEqual([MAX_BATCH, 1]);
});
