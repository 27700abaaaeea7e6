import { Cursor, type Line, LineReader } from '../../src/http1/line-reader';
import { inPieces, octetsOf, sameInEverySplit } from '../support/split';

/** Reads lines while there are any, as a parser does. */
function readLines(pieces: Iterable<Buffer>, maxBytes = Infinity): { lines: Line[]; pending: string } {
  const cursor = new Cursor();
  const reader = new LineReader();
  const lines: Line[] = [];
  for (const piece of pieces) {
    cursor.feed(piece);
    for (let line = reader.read(cursor, maxBytes); line !== null; line = reader.read(cursor, maxBytes))
      lines.push(line);
  }
  expect(reader.pendingBytes).toBe(reader.pending.length);
  return { lines, pending: reader.pending };
}

describe('Cursor', () => {
  it('gives views of what it was fed and counts what was consumed', () => {
    const cursor = new Cursor();
    expect([cursor.offset, cursor.available]).toEqual([0, 0]);

    const first = octetsOf('abcde');
    cursor.feed(first);
    expect([cursor.offset, cursor.available]).toEqual([0, 5]);
    const view = cursor.take(3);
    expect(view.toString()).toBe('abc');
    expect(view.buffer).toBe(first.buffer);
    expect([cursor.offset, cursor.available]).toEqual([3, 2]);
    expect(cursor.take(Number.MAX_SAFE_INTEGER).toString()).toBe('de');

    cursor.feed(octetsOf('fg'));
    expect([cursor.offset, cursor.available]).toEqual([5, 2]);
    expect(cursor.take(0).toString()).toBe('');
    expect(cursor.take(1).toString()).toBe('f');
    expect([cursor.offset, cursor.available]).toEqual([6, 1]);
  });
});

describe('LineReader', () => {
  it.each<[wire: string, lines: Line[], pending: string]>([
    ['', [], ''],
    ['abc', [], 'abc'],
    ['abc\r', [], 'abc\r'],
    ['abc\r\n', [{ text: 'abc', offset: 0, bytes: 5, bareLf: false }], ''],
    ['abc\n', [{ text: 'abc', offset: 0, bytes: 4, bareLf: true }], ''],
    ['\r\r\n', [{ text: '\r', offset: 0, bytes: 3, bareLf: false }], ''],
    ['a\rb\n', [{ text: 'a\rb', offset: 0, bytes: 4, bareLf: true }], ''],
    [
      'a\r\n\r\n\nb\r\ncd',
      [
        { text: 'a', offset: 0, bytes: 3, bareLf: false },
        { text: '', offset: 3, bytes: 2, bareLf: false },
        { text: '', offset: 5, bytes: 1, bareLf: true },
        { text: 'b', offset: 6, bytes: 3, bareLf: false },
      ],
      'cd',
    ],
    ['\0\x80\xff\r\n', [{ text: '\0\x80\xff', offset: 0, bytes: 5, bareLf: false }], ''],
  ])('reads %j', (wire, lines, pending) => {
    expect(sameInEverySplit(octetsOf(wire), (pieces) => readLines(pieces))).toEqual({ lines, pending });
  });

  it('takes a line of as many octets as are allowed', () => {
    const { lines } = sameInEverySplit(octetsOf('abc\r\n'), (pieces) => readLines(pieces, 5));
    expect(lines).toEqual([{ text: 'abc', offset: 0, bytes: 5, bareLf: false }]);
  });

  it.each(['abc\r\n', 'abcd', 'abcdefgh'])('consumes nothing of %j past the octets allowed', (wire) => {
    const cursor = new Cursor();
    const reader = new LineReader();
    cursor.feed(octetsOf(wire));
    expect(reader.read(cursor, 4)).toBeNull();
    expect(reader.pending).toBe(wire.slice(0, 4));
    expect([cursor.offset, cursor.available]).toEqual([4, wire.length - 4]);
  });

  it('gives back what it consumed last', () => {
    const cursor = new Cursor();
    const reader = new LineReader();
    expect(reader.current).toBe('');
    cursor.feed(octetsOf('ab'));
    reader.read(cursor, Infinity);
    expect(reader.current).toBe('ab');
    cursor.feed(octetsOf('c\r\nd'));
    reader.read(cursor, Infinity);
    expect(reader.current).toBe('abc\r\n');
    reader.read(cursor, Infinity);
    expect(reader.current).toBe('d');
  });

  it.each([1, 7, 1000])('looks at each octet once when they come %d at a time', (size) => {
    const octets = octetsOf(`${'x'.repeat(5000)}\r\n`.repeat(4) + 'y'.repeat(5000));
    const decode = jest.spyOn(Buffer.prototype, 'toString');
    const scan = jest.spyOn(Buffer.prototype, 'indexOf');
    readLines(inPieces(octets, size));
    const decoded = decode.mock.results.map(({ value }) => (value as string).length);
    const scanned = scan.mock.results.map(({ value }, call) => {
      const from = scan.mock.calls[call]?.[1] as number;
      return (value === -1 ? (scan.mock.contexts[call] as Buffer).length : (value as number) + 1) - from;
    });
    decode.mockRestore();
    scan.mockRestore();
    expect(sum(decoded)).toBe(octets.length);
    expect(sum(scanned)).toBe(octets.length);
  });
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
