import { visible } from '../unseen';

/** A row as it is shown. */
export interface TextRow {
  readonly text: string;
  /** number of the line it is of, from 1 */
  readonly line: number;
  /** it is the first row of its line */
  readonly begins: boolean;
}

const LF = 0x0a;
const CR = 0x0d;
const TAB = 0x09;
const TAB_CELLS = 4;
/** line numbers are kept of every so many rows, and counted between */
const ROWS_A_MARK = 1_024;
/** a row may hold characters that take no room, but not without end */
const UNITS_A_CELL = 4;

/** Text cut into rows of equal width, however long its lines are. Grows piece by piece; of each row only its start is
 *  kept, 4 octets. */
export class TextRows {
  private readonly pieces: string[] = [];
  /** where each piece begins */
  private readonly pieceStarts: number[] = [];
  private length = 0;

  private starts = new Uint32Array(1_024);
  private rows = 1;
  private readonly marks: number[] = [1];
  private lines = 1;

  private cells = 0;
  private previous = 0;

  /** @param columns cells of a row: a Latin letter takes one, a Hangul syllable two */
  constructor(readonly columns: number) {}

  /** Rows so far. A line end at the very end begins no row. */
  get count(): number {
    return this.length === 0 ? 0 : this.rows;
  }

  /** Lines so far. */
  get lineCount(): number {
    return this.length === 0 ? 0 : this.lines;
  }

  /** Takes the next piece of the text. */
  append(piece: string): void {
    if (piece === '') return;
    const from = this.length;
    this.pieces.push(piece);
    this.pieceStarts.push(from);
    this.length += piece.length;
    const { columns } = this;
    const maxUnits = columns * UNITS_A_CELL;
    let { cells, previous } = this;
    let rowStart = this.starts[this.rows - 1]!;
    for (let i = 0; i < piece.length; i++) {
      const unit = piece.charCodeAt(i);
      // The look of a character is one with its first unit.
      const isTail = unit >= 0xdc00 && unit <= 0xdfff;
      const width = isTail ? 0 : cellsOf(unit, cells);
      // A line end takes no room of its line, be it CRLF.
      const isFull = cells + width > columns && unit !== LF && unit !== CR;
      const isTooLong = from + i - rowStart >= maxUnits;
      if (previous === LF || ((isFull || isTooLong) && !isTail)) {
        rowStart = from + i;
        cells = 0;
        this.begin(rowStart, previous === LF);
        cells = cellsOf(unit, 0);
      } else cells += width;
      previous = unit;
    }
    this.cells = cells;
    this.previous = previous;
  }

  /** @param index from 0 to `count` - 1 */
  row(index: number): TextRow {
    const start = this.starts[index]!;
    const end = index + 1 < this.rows ? this.starts[index + 1]! : this.length;
    const text = this.slice(start, end);
    const isEnded = text.endsWith('\n');
    return {
      text: visible(isEnded ? text.slice(0, text.endsWith('\r\n') ? -2 : -1) : text),
      line: this.lineOf(index),
      begins: this.begins(index),
    };
  }

  /** @returns the row that the unit at an offset of the text is in */
  rowAt(offset: number): number {
    let low = 0;
    let high = this.rows;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low;
  }

  /** The text in pieces, as it was taken. */
  all(): readonly string[] {
    return this.pieces;
  }

  private begin(start: number, isLine: boolean): void {
    if (isLine) this.lines++;
    if (this.rows === this.starts.length) {
      const starts = new Uint32Array(this.starts.length * 2);
      starts.set(this.starts);
      this.starts = starts;
    }
    if (this.rows % ROWS_A_MARK === 0) this.marks.push(this.lines);
    this.starts[this.rows++] = start;
  }

  private lineOf(index: number): number {
    const mark = Math.floor(index / ROWS_A_MARK);
    let line = this.marks[mark]!;
    for (let row = mark * ROWS_A_MARK + 1; row <= index; row++) if (this.begins(row)) line++;
    return line;
  }

  private begins(index: number): boolean {
    return index === 0 || this.unitAt(this.starts[index]! - 1) === LF;
  }

  private unitAt(offset: number): number {
    const piece = this.pieceAt(offset);
    return this.pieces[piece]!.charCodeAt(offset - this.pieceStarts[piece]!);
  }

  private slice(from: number, to: number): string {
    let text = '';
    for (let at = from, piece = this.pieceAt(from); at < to; piece++) {
      const start = this.pieceStarts[piece]!;
      const part = this.pieces[piece]!.slice(at - start, to - start);
      text += part;
      at += part.length;
    }
    return text;
  }

  private pieceAt(offset: number): number {
    let low = 0;
    let high = this.pieces.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.pieceStarts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low;
  }
}

/** How many cells a character takes: UAX #11's wide ones two, as far as they are common. */
function cellsOf(unit: number, before: number): number {
  if (unit === TAB) return TAB_CELLS - (before % TAB_CELLS);
  if (unit === LF) return 0;
  if (unit < 0x300) return 1;
  if (unit < 0x370) return 0;
  if (unit < 0x1100) return 1;
  const isWide =
    unit <= 0x115f ||
    (unit >= 0x2e80 && unit <= 0xa4cf) ||
    (unit >= 0xac00 && unit <= 0xfaff) ||
    (unit >= 0xfe30 && unit <= 0xfe6f) ||
    (unit >= 0xff00 && unit <= 0xff60) ||
    (unit >= 0xffe0 && unit <= 0xffe6);
  return isWide ? 2 : 1;
}
