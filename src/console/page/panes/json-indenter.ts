/** indented output that is longer than this is given up, in characters */
const MAX_CHARACTERS = 64 * 1_048_576;
const INDENT = '  ';
/** deeper levels are indented no further */
const MAX_INDENT = 40;

type Token = 'none' | 'open' | 'close' | 'scalar' | 'comma' | 'colon';

/** Indents JSON as it comes, as `JSON.stringify(value, null, 2)` would, and leaves every token as it was written:
 *  numbers beyond doubles, escapes, repeated names. It looks at the order of brackets, commas, colons and what stands
 *  between, not into numbers and strings. */
export class JsonIndenter {
  private readonly open: ('{' | '[')[] = [];
  private last: Token = 'none';
  /** blanks have followed the last token */
  private gap = false;
  private inString = false;
  private escaped = false;
  private written = 0;

  /** @param piece the next of the text
   *  @returns what is to be shown of it; null when it is no JSON, or too long */
  take(piece: string): string | null {
    const out: string[] = [];
    let copied = 0;
    for (let i = 0; i < piece.length; i++) {
      const c = piece[i]!;
      if (this.inString) {
        if (c < ' ') return null;
        this.passString(c);
        continue;
      }
      if (isPartOfScalar(c)) {
        if (this.last === 'close' || (this.last === 'scalar' && this.gap)) return null;
        if (this.last === 'open') {
          out.push(piece.slice(copied, i), this.line());
          copied = i;
        }
        this.last = 'scalar';
        this.gap = false;
        this.inString = c === '"';
        continue;
      }
      out.push(piece.slice(copied, i));
      copied = i + 1;
      const written = this.structure(c);
      if (written === null) return null;
      out.push(written);
    }
    out.push(piece.slice(copied));
    const text = out.join('');
    this.written += text.length;
    return this.written > MAX_CHARACTERS ? null : text;
  }

  /** @returns the end of the text, null when the JSON is not whole */
  end(): string | null {
    const isWhole = this.last !== 'none' && this.open.length === 0 && !this.inString;
    return isWhole ? '' : null;
  }

  private passString(c: string): void {
    if (this.escaped) this.escaped = false;
    else if (c === '\\') this.escaped = true;
    else if (c === '"') this.inString = false;
  }

  private structure(c: string): string | null {
    const { last } = this;
    const isAfterValue = last === 'scalar' || last === 'close';
    switch (c) {
      case '{':
      case '[': {
        if (isAfterValue) return null;
        const line = last === 'open' ? this.line() : '';
        this.open.push(c);
        return line + this.put('open', c);
      }
      case '}':
      case ']': {
        if (this.open.pop() !== (c === '}' ? '{' : '[') || !(isAfterValue || last === 'open')) return null;
        return this.put('close', last === 'open' ? c : this.line() + c);
      }
      case ',':
        return isAfterValue && this.open.length > 0 ? this.put('comma', `,${this.line()}`) : null;
      case ':':
        return last === 'scalar' && this.open.at(-1) === '{' ? this.put('colon', ': ') : null;
      default:
        this.gap = true;
        return '';
    }
  }

  private put(token: Token, written: string): string {
    this.last = token;
    this.gap = false;
    return written;
  }

  private line(): string {
    return `\n${INDENT.repeat(Math.min(this.open.length, MAX_INDENT))}`;
  }
}

function isPartOfScalar(c: string): boolean {
  return !'{}[],: \n\r\t'.includes(c);
}
