import * as fc from 'fast-check';
import { HEX_COLUMNS, hexRow, hexRowCount } from '../../src/console/page/panes/hex-rows';
import { JsonIndenter } from '../../src/console/page/panes/json-indenter';
import { decodeText, looksLikeJson, readText } from '../../src/console/page/panes/text-reading';
import { TextRows } from '../../src/console/page/panes/text-rows';
import { findText } from '../../src/console/page/panes/text-search';

function finish<T>(work: Generator<void, T, void>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

function rowsOf(text: string, columns: number, cut = text.length): string[] {
  const rows = new TextRows(columns);
  for (let at = 0; at < text.length; at += Math.max(1, cut))
    rows.append(text.slice(at, at + Math.max(1, cut)));
  return Array.from({ length: rows.count }, (_, i) => {
    const { line, begins, text: shown } = rows.row(i);
    return `${begins ? line : ''}|${shown}`;
  });
}

describe('text in rows', () => {
  it.each<[what: string, text: string, rows: string[]]>([
    ['nothing', '', []],
    ['lines', 'a\nb\r\nc', ['1|a', '2|b', '3|c']],
    ['a line end at the end', 'a\n', ['1|a']],
    ['empty lines', '\n\na', ['1|', '2|', '3|a']],
    ['a long line', 'abcdefghij', ['1|abcd', '|efgh', '|ij']],
    ['a line just as long', 'abcd\nefgh\n', ['1|abcd', '2|efgh']],
    ['wide characters', '가나다라', ['1|가나', '|다라']],
    ['characters of two units', '😀😀😀', ['1|😀😀', '|😀']],
    ['a tab', 'a\tb\tc', ['1|a\t', '|b\t', '|c']],
    ['what has no look', 'a\0\u202eb\r', ['1|a␀⍰b␍']],
    ['what takes no room', 'e\u0301x', ['1|e\u0301x']],
  ])('%s', (_, text, rows) => {
    expect(rowsOf(text, 4)).toEqual(rows);
  });

  it('is cut alike in whatever pieces it comes', () => {
    const character = fc.constantFrom('a', '\n', '\r', '가', '\t', '😀', '\u0301');
    fc.assert(
      fc.property(
        fc.array(character, { maxLength: 60 }),
        fc.integer({ min: 1, max: 7 }),
        (characters, cut) => {
          const text = characters.join('');
          expect(rowsOf(text, 5, cut)).toEqual(rowsOf(text, 5));
        },
      ),
    );
  });

  it('knows the number of a line among many', () => {
    const rows = new TextRows(10);
    for (let i = 0; i < 5_000; i++) rows.append(`line ${i} is long\n`);
    expect(rows.lineCount).toBe(5_000);
    const index = rows.rowAt(5_000 * 3);
    const { line, text } = rows.row(index);
    expect(rows.row(index - 1).line).toBeGreaterThanOrEqual(line - 1);
    expect(`line ${line - 1} is long`).toContain(text.trim());
    expect(rows.row(rows.count - 1).line).toBe(5_000);
  });

  it.each(['\u0301', '\r'])('has no row without an end, though nothing in it takes room: %j', (unit) => {
    const rows = new TextRows(10);
    rows.append(unit.repeat(1_000));
    expect(rows.count).toBe(25);
  });
});

function indented(text: string, cut: number): string | null {
  const indenter = new JsonIndenter();
  let out = '';
  for (let at = 0; at < text.length; at += cut) {
    const piece = indenter.take(text.slice(at, at + cut));
    if (piece === null) return null;
    out += piece;
  }
  const end = indenter.end();
  return end === null ? null : out + end;
}

describe('indented JSON', () => {
  it('is what JSON.stringify makes of it, in whatever pieces it comes', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(undefined, 1, '\t'),
        (json, cut, space) => {
          const value: unknown = JSON.parse(json);
          const text = JSON.stringify(value, null, space);
          expect(indented(text, cut)).toBe(JSON.stringify(value, null, 2));
        },
      ),
    );
  });

  it('leaves tokens as they were written', () => {
    expect(indented('[1.0e5,12345678901234567890,"\\u0041"]', 99)).toBe(
      '[\n  1.0e5,\n  12345678901234567890,\n  "\\u0041"\n]',
    );
    expect(indented('{"a":1,"a":2}', 99)).toBe('{\n  "a": 1,\n  "a": 2\n}');
  });

  it.each([
    '',
    '[',
    '[1',
    ']',
    '{"a"]',
    '"a',
    '1 2',
    'tru e',
    '{}{}',
    '[1,]',
    '{"a":}',
    '{"a":1}\n{"a":2}',
    '[1 2]',
    '"a\nb"',
    ':',
    ',',
  ])('is not made of %j', (text) => {
    expect(indented(text, 99)).toBeNull();
  });

  it('is given up when it becomes too long', () => {
    expect(indented(`${'['.repeat(40)}${'1,'.repeat(2_000_000)}`, 65_536)).toBeNull();
  });
});

describe('content as text', () => {
  const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
  const reading = { charset: 'utf-8', columns: 80, indented: false };

  it('is decoded as it is declared', () => {
    const eucKr = Uint8Array.from([0xbc, 0xd2, 0xc4, 0xcf]);
    expect(finish(readText(eucKr, { ...reading, charset: 'EUC-KR' })).rows.row(0).text).toBe('소켓');
    expect(finish(decodeText(eucKr, 'EUC-KR'))).toBe('소켓');
  });

  it('has whole characters though they lie across steps', () => {
    const text = '가'.repeat(65_536);
    const { rows } = finish(readText(utf8(text), reading));
    expect(rows.all().join('')).toBe(text);
  });

  it.each(['x-unknown', 'replacement'])('is shown octet by octet where nobody knows %s', (charset) => {
    const { rows, charsetUnknown } = finish(readText(Uint8Array.from([0x61, 0xe9]), { ...reading, charset }));
    expect(charsetUnknown).toBe(true);
    expect(rows.row(0).text).toBe('aé');
  });

  it('is indented if it is JSON, and else shown as it came', () => {
    const asJson = { ...reading, indented: true };
    expect(finish(readText(utf8('{"a":1}'), asJson)).rows.count).toBe(3);
    const { rows, notIndented } = finish(readText(utf8('{"a":1'), asJson));
    expect(notIndented).toBe(true);
    expect(rows.row(0).text).toBe('{"a":1');
  });

  it('leaves off between steps of a few milliseconds', () => {
    const steps = [...readText(new Uint8Array(1_048_576).fill(0x61), reading)];
    expect(steps.length).toBeGreaterThanOrEqual(16);
  });

  it.each([
    ['application/json', 'x', true],
    ['application/problem+json', 'x', true],
    ['text/plain', ' {', true],
    [null, '[', true],
    ['text/html', '<', false],
  ])('%s beginning with %j may be JSON: %s', (mediaType, text, may) => {
    expect(looksLikeJson(utf8(text), mediaType)).toBe(may);
  });
});

it('a text is found across pieces, without regard to case', () => {
  const pieces = ['abc', 'D', 'eFg', 'abc'];
  expect(finish(findText(pieces, 'CDEF', 0))).toBe(2);
  expect(finish(findText(pieces, 'abc', 0))).toBe(0);
  expect(finish(findText(pieces, 'abc', 1))).toBe(7);
  expect(finish(findText(pieces, 'gabcd', 0))).toBeNull();
});

it('octets are shown as xxd shows them', () => {
  const octets = Uint8Array.from([...'HTTP/1.1 200 OK\r\n\x80'].map((c) => c.charCodeAt(0)));
  expect(hexRowCount(octets)).toBe(2);
  expect(hexRow(octets, 0)).toEqual({
    offset: '00000000',
    hex: '4854 5450 2f31 2e31 2032 3030 204f 4b0d',
    characters: 'HTTP/1.1 200 OK.',
  });
  expect(hexRow(octets, 1)).toEqual({
    offset: HEX_COLUMNS.toString(16).padStart(8, '0'),
    hex: '0a80',
    characters: '..',
  });
});
