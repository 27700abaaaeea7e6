import { extractMediaType, isTextual, parseMediaType } from '../../src/semantics/media-type';

it.each<[value: string, essence: string, charset: string | null]>([
  ['text/html', 'text/html', null],
  ['Text/HTML', 'text/html', null],
  [' \ttext/html \t', 'text/html', null],
  ['application/vnd.api+json', 'application/vnd.api+json', null],
  ['text/html;charset=utf-8', 'text/html', 'utf-8'],
  ['text/html ; charset=utf-8', 'text/html', 'utf-8'],
  ['text/html;\t charset=EUC-KR ', 'text/html', 'EUC-KR'],
  ['text/html; CHARSET=utf-8', 'text/html', 'utf-8'],
  ['text/html; charset="utf-8"', 'text/html', 'utf-8'],
  ['text/html; charset="u\\tf-\\8"', 'text/html', 'utf-8'],
  ['text/html; charset="a\\"b"', 'text/html', 'a"b'],
  ['text/html; charset=""', 'text/html', ''],
  ['text/html; charset=', 'text/html', null],
  ['text/html; charset', 'text/html', null],
  ['text/html;', 'text/html', null],
  ['text/html;;;charset=utf-8', 'text/html', 'utf-8'],
  ['text/html; level=1; charset=utf-8', 'text/html', 'utf-8'],
  // the first one counts
  ['text/html; charset=utf-8; charset=latin1', 'text/html', 'utf-8'],
  // what stands in a quoted string is no parameter
  ['text/html; title="; charset=utf-8"; charset=latin1', 'text/html', 'latin1'],
  ['text/html; title="\\"; charset=utf-8"; charset=latin1', 'text/html', 'latin1'],
  ['text/html; xcharset=utf-8', 'text/html', null],
  ['text/html; charset =utf-8', 'text/html', null],
  // nothing is trimmed behind "="; nobody minds what is around a label
  ['text/html; charset= utf-8', 'text/html', ' utf-8'],
  ['text/html; charset="utf-8', 'text/html', 'utf-8'],
  ["text/html; charset='utf-8'", 'text/html', "'utf-8'"],
  // a parameter that cannot be one is passed over
  ['text/html; a b=c; charset=utf-8', 'text/html', 'utf-8'],
  [`text/html${' '.repeat(100)}; charset=utf-8`, 'text/html', 'utf-8'],
])('%j is %s with the charset %j', (value, essence, charset) => {
  expect(parseMediaType(value)).toEqual({ essence, charset });
});

it.each([
  '',
  ';charset=utf-8',
  'text',
  'text/',
  '/html',
  'text/ht ml',
  'text /html',
  'text/html/x',
  'té/xt',
  'a,b/c',
])('%j names no media type', (value) => {
  expect(parseMediaType(value)).toBeNull();
});

it('is the same each time, however many there were in between and however long it is', () => {
  for (let round = 0; round < 2; round++) {
    for (let n = 0; n < 200; n++)
      expect(parseMediaType(`a/b${n};charset=c${n}`)).toEqual({ essence: `a/b${n}`, charset: `c${n}` });
    for (const [essence, value] of [
      [`a/${'b'.repeat(200)}`, `a/${'b'.repeat(200)}`],
      ['text/html', 'text/html'],
    ] as const)
      for (let time = 0; time < 2; time++) expect(parseMediaType(value)).toEqual({ essence, charset: null });
    expect([parseMediaType('none'), parseMediaType('none')]).toEqual([null, null]);
  }
});

describe('of all Content-Type fields', () => {
  it.each<[fields: string[], essence: string | null, charset: string | null]>([
    [[], null, null],
    [[''], null, null],
    [['nonsense', '*/*'], null, null],
    [['text/html;charset=gbk'], 'text/html', 'gbk'],
    // the last media type counts, however the list is written
    [['text/html;charset=gbk', 'text/plain'], 'text/plain', null],
    [['text/html;charset=gbk, text/plain;charset=utf-8'], 'text/plain', 'utf-8'],
    [['text/plain', 'text/html'], 'text/html', null],
    [['text/html;charset=gbk', 'text/html;charset=utf-8'], 'text/html', 'utf-8'],
    // what names none is passed over
    [['text/html;charset=gbk', 'nonsense'], 'text/html', 'gbk'],
    [['text/html;charset=gbk', '*/*;charset=utf-8'], 'text/html', 'gbk'],
    [['', 'text/html', ''], 'text/html', null],
    // the charset is carried over as long as the essence is the same
    [['text/html;charset=gbk', 'text/html'], 'text/html', 'gbk'],
    [['text/html;charset=gbk', 'TEXT/HTML;x=","'], 'text/html', 'gbk'],
    [['text/html;charset=gbk', 'nonsense', 'text/html'], 'text/html', 'gbk'],
    [['text/html;charset=gbk', 'text/plain', 'text/html'], 'text/html', null],
    [['text/html;charset=gbk', 'text/html;charset=""'], 'text/html', ''],
    // a comma in a quoted string splits nothing, be its other end in another field
    [['text/html;x=",text/plain";charset=gbk'], 'text/html', 'gbk'],
    [['text/html;x="', 'text/plain;y=";charset=gbk'], 'text/html', 'gbk'],
    [['text/html;x="\\",text/plain";charset=gbk'], 'text/html', 'gbk'],
  ])('%j make %s with the charset %j', (fields, essence, charset) => {
    expect(extractMediaType(fields)).toEqual(essence === null ? null : { essence, charset });
  });

  it('the first 100 members are considered', () => {
    const members = (count: number): string[] => [
      'text/html',
      ...Array<string>(count - 2).fill('x'),
      'text/plain',
    ];
    expect(extractMediaType(members(100))).toMatchObject({ essence: 'text/plain' });
    expect(extractMediaType(members(101))).toMatchObject({ essence: 'text/html' });
  });

  const PIECES = [
    ';a="',
    ';a=\\"',
    ';',
    ';charset',
    '; \t',
    '"',
    '"\\',
    '\\',
    ' ',
    `${' '.repeat(99)}x`,
    '/,',
    'a/b,',
  ];

  it.each(PIECES)('reading takes time in proportion to their length: many %j', (piece) => {
    const contentType = `text/html;${piece.repeat(1_048_576 / piece.length)}x`;
    const began = performance.now();
    expect(extractMediaType([contentType])).not.toBeNull();
    // It is some 50 ms; quadratic time would be minutes.
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

it.each([
  ['text/html', true],
  ['text/x-anything', true],
  ['application/json', true],
  ['application/problem+json', true],
  ['application/xml', true],
  ['image/svg+xml', true],
  ['application/javascript', true],
  ['application/x-javascript', true],
  ['application/ecmascript', true],
  ['application/x-www-form-urlencoded', true],
  ['application/x-ndjson', true],
  ['application/yaml', true],
  ['application/ld+json', true],
  ['text/xml', true],
  ['application/xhtml+xml', true],
  ['application/octet-stream', false],
  ['application/pdf', false],
  ['application/jsonp', false],
  ['application/xjson', false],
  ['application/xml-dtd', false],
  ['image/png', false],
  ['context/html', false],
])('%s is text to a reader: %j', (essence, textual) => {
  expect(isTextual(essence)).toBe(textual);
});
