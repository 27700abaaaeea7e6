import { WireRoom, shownLines } from '../../src/console/page/panes/wire-room';
import { wirePieces } from '../../src/console/page/panes/wire-pieces';

function elementsOf(text: string): number {
  return wirePieces(text).filter(({ kind }) => kind !== 'text').length;
}

describe('of wire strings', () => {
  it('what heads are as a rule is shown whole', () => {
    const lines = Array.from({ length: 100 }, (_, i) => `X-Field-${i}: ${'v'.repeat(300)}\r\n`);
    expect(shownLines(lines)).toEqual({ lines: lines.map((text) => ({ text, cut: 0 })), omitted: 0 });
  });

  it('a long line is cut', () => {
    const [line] = shownLines(['v'.repeat(1_000_000)]).lines;
    expect(line).toEqual({ text: 'v'.repeat(4_096), cut: 1_000_000 - 4_096 });
  });

  it('a line of many pieces is cut before', () => {
    const [line] = shownLines(['\x80a'.repeat(31_000)]).lines;
    expect(elementsOf(line!.text)).toBe(128);
    expect(line!.text.length + line!.cut).toBe(62_000);
  });

  it.each([
    ['long lines', 'v'.repeat(4_000)],
    ['lines of many pieces', '\x80a'.repeat(2_000)],
    ['empty lines', ''],
    ['lines that end', '\r\n'],
  ])('so many %s are shown as a page can hold, and the others counted', (_, line) => {
    const all = Array.from({ length: 50_000 }, () => line);
    const { lines, omitted } = shownLines(all);
    expect(lines.length + omitted).toBe(50_000);
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(65_536);
    expect(lines.reduce((sum, { text }) => sum + elementsOf(text) + 1, 0)).toBeLessThanOrEqual(500);
  });

  it('blocks that are shown together share their room', () => {
    const room = new WireRoom();
    const lines = ['\x80a'.repeat(125)];
    const shown = Array.from({ length: 32 }, () => shownLines(lines, room));
    expect(shown[0]).toEqual({ lines: [{ text: lines[0], cut: 0 }], omitted: 0 });
    expect(shown.at(-1)).toEqual({ lines: [], omitted: 1 });
  });
});
