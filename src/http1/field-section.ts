import { type FieldLine, MalformedResponse, type Warn } from './events';
import { FIELD_VALUE, TOKEN, excerpt, isBlank, trimOws } from './grammar';
import type { Line } from './line-reader';

/** Limits of one field section. */
export interface FieldSectionLimits {
  readonly maxFieldLines: number;
  readonly strict: boolean;
}

/** Which of a message's two field sections it is; that of the head can decide a length. */
export type FieldSectionPart = 'head' | 'trailers';

const FRAMING_FIELD = /^(?:content-length|transfer-encoding)$/i;

/** Turns lines into field lines (RFC 9112 §5) until the empty line. */
export class FieldSection {
  private readonly lines: FieldLine[] = [];
  private last: { name: string; value: string } | null = null;
  private count = 0;

  constructor(
    private readonly limits: FieldSectionLimits,
    private readonly warn: Warn,
    private readonly part: FieldSectionPart = 'head',
  ) {}

  /** Takes one line.
   *  @returns whether it was the empty line that ends the section
   *  @throws MalformedResponse */
  push(line: Line): boolean {
    if (line.bareLf) bareLf(line, this.limits.strict, this.warn);
    const { text, offset } = line;
    if (text === '') return true;
    // Folded lines count: each can cost a warning.
    if (++this.count > this.limits.maxFieldLines)
      throw new MalformedResponse(
        `more than ${this.limits.maxFieldLines} ${this.part === 'head' ? 'field lines' : 'trailer field lines'}`,
        offset,
        'head-too-large',
      );
    if (isBlank(text.charCodeAt(0))) {
      this.fold(text, offset);
      return false;
    }
    const field = this.parse(text, offset);
    this.last = field;
    this.lines.push(field);
    return false;
  }

  /** The field lines so far, in wire order. */
  get fields(): readonly FieldLine[] {
    return this.lines;
  }

  // field-line = field-name ":" OWS field-value OWS
  private parse(text: string, offset: number): { name: string; value: string } {
    const { strict } = this.limits;
    const colon = text.indexOf(':');
    // A line that names no field cannot be understood at all: curl and llhttp refuse it too.
    if (colon === -1) throw new MalformedResponse('field line without a colon', offset);
    let name = text.slice(0, colon);
    if (!TOKEN.test(name)) {
      const trimmed = trimOws(name);
      if (trimmed !== name && !strict) {
        // §5.1: no whitespace is allowed between the field name and colon
        this.warn('space-before-colon', `blanks between "${excerpt(trimmed)}" and its colon`, offset);
        name = trimmed;
      }
      if (!TOKEN.test(name)) {
        if (strict || !/^[\x20-\x7e\x80-\xff]*$/.test(name))
          throw new MalformedResponse('field name is not a token', offset);
        this.warn('invalid-field-name', `"${excerpt(name)}" is not a field name`, offset);
      }
    }
    return { name, value: this.checkValue(name, trimOws(text.slice(colon + 1)), offset) };
  }

  /** §5.2: obs-fold, a user agent replaces it by SP */
  private fold(text: string, offset: number): void {
    const continued = this.checkValue(this.last?.name ?? '', trimOws(text), offset);
    if (this.last === null) {
      // §2.2: whitespace between the start line and the first field: reject, or consume it unprocessed.
      // Consumed only when nothing is lost by it.
      if (this.limits.strict || continued !== '')
        throw new MalformedResponse('line begins with blanks before the first field', offset);
      this.warn('blank-line-in-head', 'line of blanks before the first field', offset);
      return;
    }
    this.warn('obs-fold', `value of "${excerpt(this.last.name)}" continues on a folded line`, offset);
    if (continued !== '') this.last.value += this.last.value === '' ? continued : ` ${continued}`;
  }

  private checkValue(name: string, value: string, offset: number): string {
    if (FIELD_VALUE.test(value)) return value;
    // RFC 9110 §5.5: CR, LF and NUL are dangerous: reject, or replace by SP. curl and llhttp reject NUL.
    if (value.includes('\0')) throw new MalformedResponse('NUL in a field value', offset);
    if (this.limits.strict) throw new MalformedResponse('control character in a field value', offset);
    // Other controls may stay "within a safe context" (§5.5). This is none: some take them for blanks.
    if (this.part === 'head' && FRAMING_FIELD.test(name))
      throw new MalformedResponse('control character in a field that decides the length', offset);
    if (!value.includes('\r')) {
      this.warn('control-in-field-value', 'control character in a field value', offset);
      return value;
    }
    this.warn('bare-cr', 'CR without LF in a field value, replaced by SP', offset);
    return trimOws(value.replaceAll('\r', ' '));
  }
}

/** RFC 9112 §2.2: "a recipient MAY recognize a single LF as a line terminator" */
export function bareLf(line: Line, strict: boolean, warn: Warn): void {
  const at = line.offset + line.bytes - 1;
  if (strict) throw new MalformedResponse('line ended by LF without CR', at);
  // Lenient: 44% of curl's own replies do this
  warn('bare-lf', 'line ended by LF without CR', at);
}
