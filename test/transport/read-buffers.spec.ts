import { giveReadBuffer, takeReadBuffer } from '../../src/transport/read-buffers';

const USUAL = 65_536;

it.each([1, 4096, USUAL - 1, USUAL, USUAL + 1, 1_048_576])('a buffer has the size asked for: %i', (bytes) => {
  const buffer = takeReadBuffer(bytes);
  expect(buffer).toHaveLength(bytes);
  // no other buffer is cut from the same memory
  expect(buffer.buffer.byteLength).toBe(bytes);
});

it('a buffer of the usual size is used again once it is given back, and by one taker at a time', () => {
  const first = takeReadBuffer(USUAL);
  const second = takeReadBuffer(USUAL);
  expect(second).not.toBe(first);
  giveReadBuffer(first);
  expect(takeReadBuffer(USUAL)).toBe(first);
  expect(takeReadBuffer(USUAL)).not.toBe(first);
});

it('a buffer of another size is not kept', () => {
  const buffer = takeReadBuffer(4096);
  giveReadBuffer(buffer);
  expect(takeReadBuffer(4096)).not.toBe(buffer);
  expect(takeReadBuffer(USUAL)).toHaveLength(USUAL);
});

it('of a burst of buffers 128 are kept', () => {
  const burst = Array.from({ length: 200 }, () => takeReadBuffer(USUAL));
  for (const buffer of burst) giveReadBuffer(buffer);
  const taken = new Set(Array.from({ length: 200 }, () => takeReadBuffer(USUAL)));
  expect(burst.filter((buffer) => taken.has(buffer))).toHaveLength(128);
});
