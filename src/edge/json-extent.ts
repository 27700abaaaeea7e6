/** of what is parsed at once: three times what a request with a thousand field lines has, and read within a few
 *  milliseconds */
export const MAX_VALUES = 10_000;
/** JSON that is gone over a piece at a time may have so many times as much as what is parsed at once */
export const TEXT_FACTOR = 8;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Goes over the text of a JSON value a piece at a time, counts the values in it and finds its end, without making any.
 *  Every value but the first follows a comma or opens its list or object, so that empty lists and objects count twice.
 *  Whether it is JSON, and each bracket has its like, is for a parser to say. */
export class ValueScan {
  /** how many so far */
  values = 1;
  private inString = false;
  /** the next character is one that a backslash stands before */
  private escaped = false;

  /** @param maxValues ends the scan when there are more
   *  @param depth of the lists and objects that are open */
  constructor(
    private readonly maxValues: number,
    private depth = 0,
  ) {}

  /** @param at where in the piece the scan goes on
   *  @returns the place of the `,`, `:`, `]` or `}` that ends the value, or where there are too many in it; the length
   *  of the piece where the value goes on */
  next(piece: string, at: number): number {
    if (this.inString) at = this.endOfString(piece, at) + 1;
    for (; at < piece.length; at++) {
      const code = piece.charCodeAt(at);
      if (code === QUOTE) at = this.endOfString(piece, at + 1);
      else if (code === OPEN_LIST || code === OPEN_OBJECT) {
        this.depth++;
        this.values++;
      } else if (code === COMMA || code === CLOSE_LIST || code === CLOSE_OBJECT || code === COLON) {
        if (this.depth === 0) return at;
        if (code === COMMA) this.values++;
        else if (code !== COLON) this.depth--;
      } else continue;
      if (this.values > this.maxValues) return at;
    }
    return piece.length;
  }

  /** @param from behind the opening quote
   *  @returns place of the closing one, or the length of the piece */
  private endOfString(piece: string, from: number): number {
    let end = this.escaped ? from + 1 : from;
    for (; end < piece.length; end++) {
      const code = piece.charCodeAt(end);
      if (code === QUOTE) break;
      if (code === BACKSLASH) end++;
    }
    this.inString = end >= piece.length;
    this.escaped = end > piece.length;
    return Math.min(end, piece.length);
  }
}

/** Counts the values of a JSON text before it is parsed: a parser takes 350 ms, and its reader longer, for 8 MiB of
 *  names.
 *  @returns whether there are more than `max`; of what is no JSON perhaps too many are counted */
export function holdsMoreValues(json: string, max: number): boolean {
  // Nothing counts more in so few characters than [[],[],[]]: two in three.
  if (json.length < 1.5 * max) return false;
  // As if more were open than the text can close: nothing in it is its end.
  const scan = new ValueScan(max, json.length + 1);
  scan.next(json, 0);
  return scan.values > max;
}
