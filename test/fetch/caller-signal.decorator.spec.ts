import { Socket } from 'node:net';
import { callerSignal } from '../../src/fetch/caller-signal.decorator';
import { nextTurn } from '../support/sockets';

it('a caller who has gone is known to have', () => {
  const socket = new Socket();
  socket.destroy();
  expect(callerSignal(socket).aborted).toBe(true);
});

it('a connection has one signal, which aborts when it is closed', async () => {
  const socket = new Socket();
  const signal = callerSignal(socket);
  expect(callerSignal(socket)).toBe(signal);
  expect(signal.aborted).toBe(false);
  const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
  socket.destroy();
  await aborted;
});

it('of hundreds who leave at once a few are told of in each turn of the event loop', async () => {
  const sockets = Array.from({ length: 200 }, () => new Socket());
  const signals = sockets.map(callerSignal);
  let gone = 0;
  const counts: number[] = [];
  for (const signal of signals) signal.addEventListener('abort', () => gone++);
  for (const socket of sockets) socket.destroy();
  while (gone < sockets.length) {
    await nextTurn();
    counts.push(gone);
  }
  expect(Math.max(...counts.map((count, turn) => count - (counts[turn - 1] ?? 0)))).toBeLessThanOrEqual(32);
});
