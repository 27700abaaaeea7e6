import { Turns } from '../../src/fetch/turns';
import { nextTurn } from '../support/sockets';

/** Holds the event loop. */
function hold(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** Counts the turns of the event loop until it is told to stop. */
function countingTurns(): () => number {
  let turns = 0;
  let goesOn = true;
  const count = (): void => {
    turns++;
    if (goesOn) setImmediate(count);
  };
  setImmediate(count);
  return () => {
    goesOn = false;
    return turns;
  };
}

it('pieces are done in the order in which they came, and what they return is told', async () => {
  const turns = new Turns();
  const done: number[] = [];
  const results = await Promise.all([1, 2, 3].map((n) => turns.take(() => done.push(n) * 10)));
  expect([done, results]).toEqual([
    [1, 2, 3],
    [10, 20, 30],
  ]);
});

it('a piece is not done before the event loop has gone on', async () => {
  let isDone = false;
  const piece = new Turns().take(() => (isDone = true));
  await Promise.resolve();
  expect(isDone).toBe(false);
  await piece;
});

it('a piece that fails tells whom it belongs to, and holds up no other', async () => {
  const turns = new Turns();
  const failing = turns.take(() => {
    throw new Error('no');
  });
  const other = turns.take(() => 'yes');
  await expect(failing).rejects.toThrow('no');
  await expect(other).resolves.toBe('yes');
});

it('the event loop goes round between pieces that take long', async () => {
  const turns = new Turns();
  const stop = countingTurns();
  await Promise.all(Array.from({ length: 10 }, () => turns.take(() => hold(5))));
  expect(stop()).toBeGreaterThanOrEqual(9);
});

it('pieces that take next to nothing share a turn', async () => {
  const turns = new Turns();
  let done = 0;
  const pieces = Array.from({ length: 20 }, () => turns.take(() => done++));
  await nextTurn();
  expect(done).toBeGreaterThan(1);
  await Promise.all(pieces);
});

it('one long work does not hold up another: they take turns', async () => {
  const turns = new Turns();
  const done: string[] = [];
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
  for await (const item of new Turns().each(work())) {
    await nextTurn();
    seen.push([item, made]);
  }
  expect(seen).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
});
