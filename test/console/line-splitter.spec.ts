import fc from 'fast-check';
import { LineSplitter } from '../../src/console/page/line-splitter';

function linesOf(pieces: readonly string[]): string[] {
  const splitter = new LineSplitter();
  return [...pieces.flatMap((piece) => splitter.push(piece)), splitter.end()];
}

describe('lines', () => {
  it.each<[string, string[], string[]]>([
    ['whole', ['a\nb\n'], ['a', 'b', '']],
    ['cut anywhere', ['a', '', 'b\nc', 'd', '\n', 'e'], ['ab', 'cd', 'e']],
    ['with CR', ['a\r\nb\r', '\n'], ['a', 'b', '']],
    ['empty', ['\n\na\n\n'], ['a', '']],
    ['unended', ['a\nb'], ['a', 'b']],
  ])('that come %s', (_, pieces, lines) => {
    expect(linesOf(pieces)).toEqual(lines);
  });

  it('are the same wherever they are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a\n\r]{0,6}$/)), (pieces) => {
        expect(linesOf(pieces)).toEqual(linesOf([pieces.join('')]));
      }),
    );
  });

  it('have nothing left after their end', () => {
    const splitter = new LineSplitter();
    splitter.push('a');
    expect([splitter.end(), splitter.end()]).toEqual(['a', '']);
  });

  it('that are long are not looked through again with each piece', () => {
    const splitter = new LineSplitter();
    const piece = 'x'.repeat(1_000);
    for (let i = 0; i < 10_000; i++) splitter.push(piece);
    expect(splitter.push('\n')).toEqual([piece.repeat(10_000)]);
  });
});
