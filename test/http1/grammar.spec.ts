import {
  CHUNK_SIZE,
  DIGITS,
  FIELD_VALUE,
  LENIENT_STATUS_LINE,
  REQUEST_TARGET,
  STATUS_LINE,
  TOKEN,
  excerpt,
  isBlank,
  splitList,
  trimOws,
} from '../../src/http1/grammar';

/** The octets from one to another, both included, as the RFCs' ABNF writes it. */
function range(from: number, to: number): string {
  return String.fromCharCode(...Array.from({ length: to - from + 1 }, (_, i) => from + i));
}

const ALL_OCTETS = range(0x00, 0xff);
const DIGIT = range(0x30, 0x39);
const ALPHA = range(0x41, 0x5a) + range(0x61, 0x7a);
const VCHAR = range(0x21, 0x7e);
const OBS_TEXT = range(0x80, 0xff);

describe.each([
  ['TOKEN', TOKEN, DIGIT + ALPHA + "!#$%&'*+-.^_`|~"],
  ['FIELD_VALUE', FIELD_VALUE, `\t ${VCHAR}${OBS_TEXT}`],
  ['REQUEST_TARGET', REQUEST_TARGET, VCHAR + OBS_TEXT],
  ['CHUNK_SIZE', CHUNK_SIZE, `${DIGIT}ABCDEFabcdef`],
  ['DIGITS', DIGITS, DIGIT],
])('%s', (_, pattern, octets) => {
  it('takes the octets of its rule and no others', () => {
    const taken = ALL_OCTETS.split('').filter((octet) => pattern.test(octet));
    expect(taken).toEqual(octets.split('').sort());
  });

  it('takes no character beyond one octet', () => {
    expect(pattern.test('\u0100')).toBe(false);
  });
});

describe.each([
  ['TOKEN', TOKEN, false],
  ['FIELD_VALUE', FIELD_VALUE, true],
  ['REQUEST_TARGET', REQUEST_TARGET, false],
  ['DIGITS', DIGITS, false],
])('%s', (_, pattern, takesEmpty) => {
  it(`${takesEmpty ? 'takes' : 'refuses'} the empty string`, () => {
    expect(pattern.test('')).toBe(takesEmpty);
  });

  it.each(['1\n', '1\r', '\n1', '1\x001'])('looks at the whole of %j', (text) => {
    expect(pattern.test(text)).toBe(false);
  });
});

describe('STATUS_LINE', () => {
  it.each([
    ['HTTP/1.1 200 OK', ['1.1', '200', 'OK']],
    ['HTTP/1.0 404 Not Found', ['1.0', '404', 'Not Found']],
    ['HTTP/2 200 OK', ['2', '200', 'OK']],
    ['HTTP/1.1 200 ', ['1.1', '200', '']],
    ['HTTP/1.1 200', ['1.1', '200', undefined]],
    ['HTTP/1.1 200  two', ['1.1', '200', ' two']],
    ['HTTP/1.1 200 a\rb\nc', ['1.1', '200', 'a\rb\nc']],
  ])('takes %j apart', (line, parts) => {
    expect(STATUS_LINE.exec(line)?.slice(1)).toEqual(parts);
    expect(LENIENT_STATUS_LINE.exec(line)?.slice(1, 3)).toEqual(parts.slice(0, 2));
  });

  it.each([
    ['HTTP/1.1  200 OK', ['1.1', '200', 'OK']],
    ['HTTP/1.1\t200\tOK', ['1.1', '200', 'OK']],
    ['HTTP/1.1 \v\f\r200 \v\f\rOK', ['1.1', '200', 'OK']],
    ['HTTP/1.1\t200', ['1.1', '200', undefined]],
    ['HTTP/1.1\t200\t', ['1.1', '200', '']],
  ])('leaves %j to the lenient pattern', (line, parts) => {
    expect(STATUS_LINE.test(line)).toBe(false);
    expect(LENIENT_STATUS_LINE.exec(line)?.slice(1)).toEqual(parts);
  });

  it.each([
    'http/1.1 200 OK',
    'HTTP/11 200 OK',
    'HTTP/1. 200 OK',
    'HTTP/.1 200 OK',
    'HTTP/1.10 200 OK',
    'HTTP/1.1200 OK',
    'HTTP/1.1 20 OK',
    'HTTP/1.1 2000 OK',
    'HTTP/1.1 200OK',
    'HTTP/1.1 +20 OK',
    'HTTP/1.1 OK',
    ' HTTP/1.1 200 OK',
  ])('refuses %j, leniently too', (line) => {
    expect(STATUS_LINE.test(line)).toBe(false);
    expect(LENIENT_STATUS_LINE.test(line)).toBe(false);
  });
});

describe('isBlank', () => {
  it('is true of SP and HTAB alone', () => {
    expect(ALL_OCTETS.split('').filter((octet) => isBlank(octet.charCodeAt(0)))).toEqual(['\t', ' ']);
  });
});

describe('trimOws', () => {
  it.each([
    ['', ''],
    ['a', 'a'],
    [' \t a b\t ', 'a b'],
    ['\t \t', ''],
    ['\r\n\v\f\xa0', '\r\n\v\f\xa0'],
  ])('makes %j into %j', (text, trimmed) => {
    expect(trimOws(text)).toBe(trimmed);
  });
});

describe('excerpt', () => {
  it.each([
    ['gives 80 characters whole', 80, 'N'.repeat(80)],
    ['cuts what is longer', 81, `${'N'.repeat(80)}…`],
  ])('%s', (_, length, text) => {
    expect(excerpt('N'.repeat(length))).toBe(text);
  });
});

describe('splitList', () => {
  it.each([
    ['', ['']],
    ['a', ['a']],
    [' a\t,b ,c', ['a', 'b', 'c']],
    [',a,,', ['', 'a', '', '']],
    ['a;b="1,2",c', ['a;b="1,2"', 'c']],
    ['"a\\",b",c', ['"a\\",b"', 'c']],
    ['a\\,b', ['a\\', 'b']],
    ['"never, closed', ['"never, closed']],
  ])('splits %j', (value, members) => {
    expect(splitList(value)).toEqual(members);
  });
});
