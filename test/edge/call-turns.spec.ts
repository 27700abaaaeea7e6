import { CallTurns } from '../../src/edge/call-turns';
import { nextTurn } from '../support/sockets';

/** Names of those that have gone on. */
let gone: string[];
let turns: CallTurns;
beforeEach(() => {
  gone = [];
  turns = new CallTurns();
});

function arrive(...names: readonly string[]): void {
  for (const name of names) turns.take(() => gone.push(name));
}

it('the first call of a turn goes on at once, the others each in a turn of its own, in their order', async () => {
  arrive('a', 'b', 'c');
  expect(gone).toEqual(['a']);
  await nextTurn();
  expect(gone).toEqual(['a', 'b']);
  arrive('d');
  await nextTurn();
  expect(gone).toEqual(['a', 'b', 'c']);
  await nextTurn();
  expect(gone).toEqual(['a', 'b', 'c', 'd']);
});

it('a call that nobody is before goes on at once, in each turn', async () => {
  for (const name of ['a', 'b', 'c']) {
    arrive(name);
    expect(gone.at(-1)).toBe(name);
    await nextTurn();
  }
});
