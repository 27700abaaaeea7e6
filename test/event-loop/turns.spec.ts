import { Turns } from '../../src/event-loop/turns';
import { nextTurn } from '../support/sockets';

/** Names of the pieces that are done. */
let done: string[];
let turns: Turns;
let now: number;
beforeEach(() => {
  done = [];
  turns = new Turns(4);
  now = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => void jest.restoreAllMocks());

/** @param ms that each of them takes */
function bring(names: readonly string[], ms = 0): void {
  for (const name of names)
    turns.next(() => {
      done.push(name);
      now += ms;
    });
}

/** How many are done after each of so many turns. */
async function counts(of: number): Promise<number[]> {
  const seen: number[] = [];
  for (let turn = 0; turn < of; turn++) {
    await nextTurn();
    seen.push(done.length);
  }
  return seen;
}

const MANY = Array.from({ length: 40 }, (_, n) => `${n}`);

it('pieces are done in their order, in the turn in which they come, and not at once', async () => {
  bring(['a', 'b']);
  expect(done).toEqual([]);
  await nextTurn();
  expect(done).toEqual(['a', 'b']);
  bring(['c']);
  await nextTurn();
  expect(done).toEqual(['a', 'b', 'c']);
});

it('sixteen that take next to nothing are done in a turn', async () => {
  bring(MANY);
  expect(await counts(4)).toEqual([16, 32, 40, 40]);
  expect(done).toEqual(MANY);
});

it('fewer are when they take their time, and one at least', async () => {
  bring(MANY.slice(0, 8), 2);
  expect(await counts(5)).toEqual([2, 4, 6, 8, 8]);
  bring(['slow', 'slower'], 50);
  expect(await counts(3)).toEqual([9, 10, 10]);
});

it('what a piece leads to at once is done before the next', async () => {
  turns.next(() => void Promise.resolve().then(() => done.push('led to')));
  bring(['next']);
  await nextTurn();
  expect(done).toEqual(['led to', 'next']);
});

it('what a piece returns is told', async () => {
  expect(await Promise.all([1, 2, 3].map((n) => turns.take(() => n * 10)))).toEqual([10, 20, 30]);
});

it('a piece that fails tells whom it belongs to, and holds up no other', async () => {
  const failing = turns.take(() => {
    throw new Error('no');
  });
  const other = turns.take(() => 'yes');
  await expect(failing).rejects.toThrow('no');
  await expect(other).resolves.toBe('yes');
});

it('one long work does not hold up another: they take turns', async () => {
  function* work(name: string): Generator<void, string> {
    for (let step = 1; step <= 3; step++) {
      done.push(`${name}${step}`);
      yield;
    }
    return name;
  }
  expect(await Promise.all([turns.finish(work('a')), turns.finish(work('b'))])).toEqual(['a', 'b']);
  expect(done).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'b3']);
});

it('items are made when they are asked for, and not before', async () => {
  let made = 0;
  function* work(): Generator<number, void> {
    while (made < 3) yield ++made;
  }
  const seen: [item: number, made: number][] = [];
  for await (const item of turns.each(work())) {
    await nextTurn();
    seen.push([item, made]);
  }
  expect(seen).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
});
