/** characters of a line that are shown */
const MOST_OF_A_LINE = 4_096;
/** pieces of a line that are not plain text: each is an element */
const MOST_ODD_OF_A_LINE = 128;

const ODD = /[\0-\x1f\x7f]|[^\0-\x7f]+/g;

/** Room for wire strings that are shown together. What is received may be a mebibyte, and each octet of it an element
 *  of the page: so much would keep it from answering. */
export class WireRoom {
  private characters = 65_536;
  /** lines too cost as much as an element or two */
  private elements = 500;

  /** @returns as much of the next line as there is room for; '' when there is none, even for an empty one's place */
  take(line: string): string {
    if (this.isFull) return '';
    const whole = line.slice(0, Math.min(MOST_OF_A_LINE, this.characters));
    const odd = Math.min(MOST_ODD_OF_A_LINE, this.elements - 1);
    let [count, end] = [0, whole.length];
    for (const { index } of whole.matchAll(ODD)) {
      if (count === odd) {
        end = index;
        break;
      }
      count += 1;
    }
    this.characters -= end;
    this.elements -= count + 1;
    return whole.slice(0, end);
  }

  get isFull(): boolean {
    return this.characters <= 0 || this.elements <= 1;
  }
}

/** A line that may have been cut. */
export interface ShownLine {
  readonly text: string;
  /** characters that are not shown */
  readonly cut: number;
}

/** Lines as far as there is room. */
export interface ShownLines {
  readonly lines: readonly ShownLine[];
  /** lines that are not shown at all */
  readonly omitted: number;
}

/** @param room what other lines have left of it */
export function shownLines(lines: readonly string[], room = new WireRoom()): ShownLines {
  const shown: ShownLine[] = [];
  for (const line of lines) {
    if (room.isFull) break;
    const text = room.take(line);
    shown.push({ text, cut: line.length - text.length });
  }
  return { lines: shown, omitted: lines.length - shown.length };
}
