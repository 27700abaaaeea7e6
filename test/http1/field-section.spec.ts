import { type FieldLine, MalformedResponse } from '../../src/http1/events';
import { FieldSection, type FieldSectionPart, bareLf } from '../../src/http1/field-section';
import { Cursor, type Line, LineReader } from '../../src/http1/line-reader';
import { octetsOf } from '../support/split';

interface Section {
  readonly fields: readonly FieldLine[];
  readonly warnings: readonly (readonly [code: string, offset: number | null])[];
  readonly ended: boolean;
}

interface Options {
  readonly strict?: boolean;
  readonly maxFieldLines?: number;
  readonly part?: FieldSectionPart;
}

function readSection(wire: string, options: Options = {}): Section {
  const { strict = false, maxFieldLines = 100, part } = options;
  const warnings: [string, number | null][] = [];
  const section = new FieldSection(
    { strict, maxFieldLines },
    (code, _, offset) => warnings.push([code, offset]),
    part,
  );
  const cursor = new Cursor();
  const reader = new LineReader();
  cursor.feed(octetsOf(wire));
  let ended = false;
  for (let line = reader.read(cursor, Infinity); line !== null; line = reader.read(cursor, Infinity))
    ended = section.push(line);
  return { fields: section.fields, warnings, ended };
}

function refusalOf(wire: string, options: Options): unknown {
  try {
    readSection(wire, options);
  } catch (error) {
    if (error instanceof MalformedResponse) return { code: error.code, offset: error.offset };
  }
  return null;
}

const MODES: [mode: string, strict: boolean][] = [
  ['strict', true],
  ['lenient', false],
];

describe.each(MODES)('a field section, %s', (_, strict) => {
  it.each<[what: string, wire: string, fields: [name: string, value: string][]]>([
    ['is empty', '\r\n', []],
    ['has one line', 'A: b\r\n\r\n', [['A', 'b']]],
    [
      'keeps order, case and duplicates',
      'b: 1\r\nA: 2\r\nB: 3\r\n\r\n',
      [
        ['b', '1'],
        ['A', '2'],
        ['B', '3'],
      ],
    ],
    ['has no blank after a colon', 'A:b\r\n\r\n', [['A', 'b']]],
    ['has blanks around a value', 'A: \t b c\t \r\n\r\n', [['A', 'b c']]],
    ['has an empty value', 'A:\r\n\r\n', [['A', '']]],
    ['has a value of blanks', 'A: \t\r\n\r\n', [['A', '']]],
    ['has colons in a value', 'A: b:c:\r\n\r\n', [['A', 'b:c:']]],
    ['has obs-text in a value', 'A: \x80\xff\r\n\r\n', [['A', '\x80\xff']]],
    [
      'has every kind of tchar in a name',
      "!#$%&'*+-.^_`|~09azAZ: b\r\n\r\n",
      [["!#$%&'*+-.^_`|~09azAZ", 'b']],
    ],
  ])('%s', (_what, wire, fields) => {
    expect(readSection(wire, { strict })).toEqual({
      fields: fields.map(([name, value]) => ({ name, value })),
      warnings: [],
      ended: true,
    });
  });

  it('has not ended before its empty line', () => {
    expect(readSection('A: b\r\n', { strict }).ended).toBe(false);
  });

  // RFC 9112 §5.2: a user agent MUST replace it by SP
  it.each<[wire: string, value: string, warnings: number[]]>([
    ['A: b\r\n c\r\n\r\n', 'b c', [6]],
    ['A: b \t\r\n\t \tc d \r\n\r\n', 'b c d', [8]],
    ['A: b\r\n c\r\n\td\r\n\r\n', 'b c d', [6, 10]],
    ['A:\r\n b\r\n\r\n', 'b', [4]],
    ['A: b\r\n \r\n c\r\n\r\n', 'b c', [6, 9]],
    ['A: b\r\n\t\r\n\r\n', 'b', [6]],
  ])('unfolds %j', (wire, value, offsets) => {
    expect(readSection(wire, { strict })).toEqual({
      fields: [{ name: 'A', value }],
      warnings: offsets.map((offset) => ['obs-fold', offset]),
      ended: true,
    });
  });

  it.each<[what: string, wire: string, offset: number]>([
    ['a line without a colon', 'A: b\r\nC\r\n\r\n', 6],
    ['NUL in a name', 'A\0: b\r\n', 0],
    ['a control in a name', 'A\x1f: b\r\n', 0],
    ['a CR in a name', 'A\rB: b\r\n', 0],
    ['DEL in a name', 'A\x7f: b\r\n', 0],
    ['a HTAB within a name', 'A\tB: b\r\n', 0],
    ['NUL in a value', 'A: b\0c\r\n', 0],
    ['NUL in a folded line', 'A: b\r\n c\0\r\n', 6],
    ['a folded line before the first field', ' A: b\r\n', 0],
  ])('is refused for %s', (_what, wire, offset) => {
    expect(refusalOf(wire, { strict })).toEqual({ code: 'malformed-response', offset });
  });

  it('may have as many lines as its limit says, folded ones counted', () => {
    const wire = 'A: 1\r\n 1\r\nB: 2\r\n 2\r\n\r\n';
    expect(readSection(wire, { strict, maxFieldLines: 4 }).fields).toHaveLength(2);
    expect(refusalOf(wire, { strict, maxFieldLines: 3 })).toEqual({ code: 'head-too-large', offset: 16 });
  });

  it('is too large with one line more than its limit', () => {
    expect(refusalOf('A: 1\r\nB: 2\r\nC: 3\r\n', { strict, maxFieldLines: 2 })).toEqual({
      code: 'head-too-large',
      offset: 12,
    });
  });
});

describe('what strict refuses and lenient understands', () => {
  it.each<[what: string, wire: string, name: string, value: string, code: string, offset: number]>([
    ['a bare LF', 'A: b\n\r\n', 'A', 'b', 'bare-lf', 4],
    ['a bare LF after the empty line', 'A: b\r\n\n', 'A', 'b', 'bare-lf', 6],
    ['SP before a colon', 'A : b\r\n\r\n', 'A', 'b', 'space-before-colon', 0],
    ['HTABs before a colon', 'A\t\t: b\r\n\r\n', 'A', 'b', 'space-before-colon', 0],
    ['SP within a name', 'A B: b\r\n\r\n', 'A B', 'b', 'invalid-field-name', 0],
    ['a delimiter in a name', 'A(B): b\r\n\r\n', 'A(B)', 'b', 'invalid-field-name', 0],
    ['obs-text in a name', 'A\xe9: b\r\n\r\n', 'A\xe9', 'b', 'invalid-field-name', 0],
    ['an empty name', ': b\r\n\r\n', '', 'b', 'invalid-field-name', 0],
    ['a control in a value', 'A: b\x01c\x7f\r\n\r\n', 'A', 'b\x01c\x7f', 'control-in-field-value', 0],
    ['a bare CR in a value', 'A: b\rc\r\n\r\n', 'A', 'b c', 'bare-cr', 0],
    ['a bare CR at either end of a value', 'A: \rb\r\r\n\r\n', 'A', 'b', 'bare-cr', 0],
    ['a CR and a control in a value', 'A: b\r\x01c\r\n\r\n', 'A', 'b \x01c', 'bare-cr', 0],
  ])('%s', (_, wire, name, value, code, offset) => {
    expect(readSection(wire)).toEqual({ fields: [{ name, value }], warnings: [[code, offset]], ended: true });
    expect(refusalOf(wire, { strict: true })).toMatchObject({ code: 'malformed-response', offset });
  });

  it('a line of blanks before the first field', () => {
    const wire = ' \t\r\nA: b\r\n\r\n';
    expect(readSection(wire)).toEqual({
      fields: [{ name: 'A', value: 'b' }],
      warnings: [['blank-line-in-head', 0]],
      ended: true,
    });
    expect(refusalOf(wire, { strict: true })).toEqual({ code: 'malformed-response', offset: 0 });
  });

  it('a folded line with a bare CR', () => {
    const wire = 'A: b\r\n c\rd\r\n\r\n';
    expect(readSection(wire)).toEqual({
      fields: [{ name: 'A', value: 'b c d' }],
      warnings: [
        ['bare-cr', 6],
        ['obs-fold', 6],
      ],
      ended: true,
    });
    expect(refusalOf(wire, { strict: true })).toEqual({ code: 'malformed-response', offset: 6 });
  });

  it('blanks before the colon of a name that is none: both are told', () => {
    expect(readSection('A B\t: b\r\n').warnings).toEqual([
      ['space-before-colon', 0],
      ['invalid-field-name', 0],
    ]);
  });

  it('a control before blanks before a colon: refused leniently too, after the warning', () => {
    expect(refusalOf('A\0 : b\r\n', { strict: false })).toEqual({ code: 'malformed-response', offset: 0 });
  });
});

describe('a field that decides the length', () => {
  it.each([
    ['a CR at its beginning', 'Content-Length: \r5\r\n'],
    ['a CR at its end', 'Content-Length: 5\r\r\n'],
    ['a vertical tab', 'Transfer-Encoding: \vchunked\r\n'],
    ['a CR within', 'transfer-encoding: chun\rked\r\n'],
    ['DEL', 'Transfer-Encoding: chunked\x7f\r\n'],
    ['a CR, with blanks before its colon', 'Transfer-Encoding : \rchunked\r\n'],
  ])('is refused for %s, in both modes', (_, wire) => {
    for (const strict of [true, false])
      expect(refusalOf(wire, { strict })).toEqual({ code: 'malformed-response', offset: 0 });
    // none of these decides anything
    const [, value] = wire.split(':');
    expect(readSection(`Content-Language:${value}`).fields).toHaveLength(1);
    expect(readSection(wire, { part: 'trailers' }).fields).toHaveLength(1);
  });

  it('is refused for a control on a folded line', () => {
    const wire = 'Transfer-Encoding: x,\r\n \rchunked\r\n';
    for (const strict of [true, false])
      expect(refusalOf(wire, { strict })).toEqual({ code: 'malformed-response', offset: 23 });
  });
});

describe('messages', () => {
  it('quote the beginning of a long name', () => {
    const messages: string[] = [];
    const section = new FieldSection({ strict: false, maxFieldLines: 1 }, (_code, message) =>
      messages.push(message),
    );
    section.push({ text: `${'N'.repeat(81)} : v`, offset: 0, bytes: 87, bareLf: false });
    expect(messages).toEqual([`blanks between "${'N'.repeat(80)}…" and its colon`]);
  });

  it.each<[part: FieldSectionPart, message: string]>([
    ['head', 'more than 0 field lines'],
    ['trailers', 'more than 0 trailer field lines'],
  ])('name the limit of the %s', (part, message) => {
    expect(() => readSection('A: b\r\n', { maxFieldLines: 0, part })).toThrow(message);
  });
});

describe('bareLf', () => {
  const line: Line = { text: 'abc', offset: 10, bytes: 4, bareLf: true };

  it('points at the LF itself', () => {
    const warn = jest.fn();
    bareLf(line, false, warn);
    expect(warn).toHaveBeenCalledWith('bare-lf', expect.any(String), 13);
    expect(() => bareLf(line, true, warn)).toThrow(expect.objectContaining({ offset: 13 }));
    expect(warn).toHaveBeenCalledTimes(1);
  });
});
