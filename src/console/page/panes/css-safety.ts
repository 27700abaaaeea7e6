/** CSS without what it could load. */
export interface SafeCss {
  readonly css: string;
  /** how many addresses and imports were put out of action */
  readonly removed: number;
}

/** Functions beside url() that load: some take an address as a mere string (CSS Values 4 §4.5, CSS Images 4), some were
 *  a browser's own. */
const LOADING_FUNCTIONS: ReadonlySet<string> = new Set([
  'src',
  'image',
  'image-set',
  '-webkit-image-set',
  'cross-fade',
  '-webkit-cross-fade',
  'element',
  '-moz-element',
  'paint',
  'expression',
]);
const NOTHING = 'url("data:,")';
const EMPTY_COMMENT = '/**/';
/** No function and no at-rule is called so: CSS ignores the declaration, or the rule, that has it. */
const UNKNOWN = 'removed';

/** Puts every address out of action but `data:` and those within the document, and every import.
 *
 *  It reads tokens as CSS Syntax 3 §4 does, escapes undone, so that nothing can be hidden by spelling. Tokens are copied
 *  whole, and none is taken away without leaving something that parts its neighbours: what is read here and what a browser
 *  reads of the outcome are the same tokens. */
export function safeCss(css: string): SafeCss {
  return new CssCleaner(css).clean();
}

const ESCAPE = /\\(?:([0-9a-fA-F]{1,6})(?:\r\n|[ \t\n\r\f])?|([^\n\r\f]))/y;
const NAME_CHARACTER = /[-\w\u0080-\uffff]/;
const LINE_END = /[\n\r\f]/;
const BLANKS = /[ \t\n\r\f]*/y;

class CssCleaner {
  private at = 0;
  private removed = 0;
  private readonly out: string[] = [];

  constructor(private readonly css: string) {}

  clean(): SafeCss {
    const { css, out } = this;
    while (this.at < css.length) {
      const c = css[this.at]!;
      if (css.startsWith('/*', this.at)) this.comment();
      else if (css.startsWith('<!--', this.at)) this.part(4);
      else if (this.atQuote()) out.push(this.takeString().source);
      else if (c === '@') this.atRule();
      else if (this.atName()) this.name();
      else {
        out.push(c);
        this.at++;
      }
    }
    return { css: out.join(''), removed: this.removed };
  }

  private comment(): void {
    const end = this.css.indexOf('*/', this.at + 2);
    this.part(end === -1 ? this.css.length : end + 2 - this.at);
  }

  /** Leaves something out that parts tokens. A blank would not part them: it may belong to an escape before it (§4.3.7). */
  private part(length: number): void {
    this.out.push(EMPTY_COMMENT);
    this.at += length;
  }

  /** An import becomes a rule that is unknown; where that ends CSS decides as it would have. */
  private atRule(): void {
    this.at++;
    const { text, source } = this.takeName();
    const isImport = text.toLowerCase() === 'import';
    if (isImport) this.removed++;
    this.out.push('@', isImport ? `${UNKNOWN} ` : source);
  }

  private name(): void {
    const { text, source } = this.takeName();
    const called = text.toLowerCase();
    if (this.css[this.at] !== '(') this.out.push(source);
    else if (called === 'url') this.address();
    else if (LOADING_FUNCTIONS.has(called)) {
      this.removed++;
      this.out.push(UNKNOWN);
    } else this.out.push(source);
  }

  /** CSS Syntax 3 §4.3.4: with a string it is a function like others, else a token that goes to the next ")". */
  private address(): void {
    const { css } = this;
    const start = this.at++;
    this.skipBlanks();
    const text = this.atQuote() ? this.takeString().text : this.takeBareAddress();
    this.skipBlanks();
    if (css[this.at] !== ')' && this.at < css.length) {
      // Modifiers, of which there are none yet.
      this.removed++;
      this.out.push(`${UNKNOWN}(`);
      return;
    }
    this.at++;
    if (isHarmless(text)) this.out.push('url', css.slice(start, this.at));
    else {
      this.removed++;
      this.out.push(NOTHING);
    }
  }

  private takeBareAddress(): string {
    let text = '';
    while (this.at < this.css.length && this.css[this.at] !== ')') {
      if (this.css[this.at] === '\\') text += this.takeEscape();
      else text += this.css[this.at++]!;
    }
    return text;
  }

  private atQuote(): boolean {
    return this.css[this.at] === '"' || this.css[this.at] === "'";
  }

  /** A string ends at its quote, or unfinished before a line end. */
  private takeString(): { text: string; source: string } {
    const { css } = this;
    const start = this.at;
    const quote = css[this.at++]!;
    let text = '';
    while (this.at < css.length) {
      const c = css[this.at]!;
      if (LINE_END.test(c)) break;
      if (c === '\\') text += this.takeEscapeInString();
      else {
        this.at++;
        if (c === quote) break;
        text += c;
      }
    }
    return { text, source: css.slice(start, this.at) };
  }

  /** An escaped line end is no part of the string. */
  private takeEscapeInString(): string {
    const { css } = this;
    if (!LINE_END.test(css[this.at + 1] ?? '')) return this.takeEscape();
    this.at += css.startsWith('\r\n', this.at + 1) ? 3 : 2;
    return '';
  }

  private atName(): boolean {
    const c = this.css[this.at]!;
    return NAME_CHARACTER.test(c) || (c === '\\' && !LINE_END.test(this.css[this.at + 1] ?? '\n'));
  }

  /** @returns the name with its escapes undone, and as it was written */
  private takeName(): { text: string; source: string } {
    const { css } = this;
    const start = this.at;
    let text = '';
    while (this.at < css.length && this.atName()) {
      if (css[this.at] === '\\') text += this.takeEscape();
      else text += css[this.at++]!;
    }
    return { text, source: css.slice(start, this.at) };
  }

  private takeEscape(): string {
    ESCAPE.lastIndex = this.at;
    const match = ESCAPE.exec(this.css);
    if (match === null) {
      this.at++;
      return '';
    }
    this.at = ESCAPE.lastIndex;
    const [, hex, character] = match;
    if (hex === undefined) return character!;
    const code = Number.parseInt(hex, 16);
    return code === 0 || code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
  }

  private skipBlanks(): void {
    BLANKS.lastIndex = this.at;
    BLANKS.exec(this.css);
    this.at = BLANKS.lastIndex;
  }
}

/** What holds its own octets, or names a part of this document. */
function isHarmless(address: string): boolean {
  return /^[\0-\x20]*(?:data:|#)/i.test(address);
}
