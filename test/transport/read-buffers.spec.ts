import { readBuffer } from '../../src/transport/read-buffers';

const USUAL = 65_536;
const LARGEST = 1_048_576;

it.each([1, 4096, USUAL - 1, USUAL, USUAL + 1, LARGEST])('a buffer has the size asked for: %i', (bytes) => {
  expect(readBuffer(bytes)).toHaveLength(bytes);
});

it('all buffers are of one memory, which is as large as the largest', () => {
  readBuffer(LARGEST);
  const buffers = Array.from({ length: 1_000 }, (_, n) => readBuffer(1 + n * 1_000));
  const memories = new Set(buffers.map(({ buffer }) => buffer));
  expect([...memories].map(({ byteLength }) => byteLength)).toEqual([LARGEST]);
});
