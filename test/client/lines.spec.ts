import fc from 'fast-check';
import { linesOf } from '../../openapi/client/client';

/** Octets as they may come: pulled one piece at a time. */
class Pieces {
  pulled = 0;
  cancelled = false;
  readonly stream: ReadableStream<Uint8Array>;

  constructor(pieces: readonly Uint8Array[]) {
    this.stream = new ReadableStream(
      {
        pull: (controller) => {
          const piece = pieces[this.pulled++];
          if (piece === undefined) controller.close();
          else controller.enqueue(piece);
        },
        cancel: () => void (this.cancelled = true),
      },
      { highWaterMark: 0 },
    );
  }
}

function piecesOf(octets: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [0, ...cuts.map((cut) => cut % (octets.length + 1)).sort((a, b) => a - b), octets.length];
  return at.slice(1).map((end, index) => octets.subarray(at[index], end));
}

async function linesOfPieces(pieces: readonly Uint8Array[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const { text } of linesOf(new Pieces(pieces).stream)) lines.push(text);
  return lines;
}

it('gives the same lines wherever the octets are cut, within characters too', async () => {
  const line = fc.string({
    unit: fc.constantFrom('a', '"', ' ', '\u{e9}', '\u{20ac}', '\u{1f9e6}', '\u2028'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.array(fc.nat()), fc.boolean(), async (lines, cuts, isEnded) => {
      const octets = Buffer.from(lines.join('\n') + (isEnded ? '\n' : ''));
      const expected = lines.filter((one) => one !== '');
      expect(await linesOfPieces(piecesOf(octets, cuts))).toEqual(expected);
    }),
  );
});

it('leaves out blank lines, and the CR of others is white space of JSON', async () => {
  expect(await linesOfPieces([Buffer.from('\n{}\r\n\r\n\n[]')])).toEqual(['{}\r', '[]']);
});

it.each([
  ['one\ntwo', [true, false]],
  ['one\ntwo\n', [true, true]],
  ['one\ntwo\n\r', [true, true]],
  ['one\ntw\xe2', [true, false]],
])('tells which line has an end: %j', async (text, expected) => {
  const told: boolean[] = [];
  for await (const { isEnded } of linesOf(new Pieces([Buffer.from(text, 'latin1')]).stream))
    told.push(isEnded);
  expect(told).toEqual(expected);
});

it('reads no more than was asked for, and cancels when its reader leaves', async () => {
  const pieces = new Pieces(['one\ntwo\n', 'thr', 'ee\n', 'four\n'].map((text) => Buffer.from(text)));
  const pulled: number[] = [];
  for await (const { text } of linesOf(pieces.stream)) {
    pulled.push(pieces.pulled);
    if (text === 'three') break;
  }
  expect(pulled).toEqual([1, 1, 3]);
  expect(pieces.cancelled).toBe(true);
});

it('takes a line of many pieces in a time that grows with its length alone', async () => {
  const piece = Buffer.alloc(1_024, 'x');
  const [line] = await linesOfPieces(Array.from({ length: 20_000 }, () => piece));
  expect(line).toHaveLength(20_000 * 1_024);
});
