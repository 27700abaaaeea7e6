import { isTextual, parseMediaType } from '../../src/semantics/media-type';

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
  ['text/html; charset=""', 'text/html', null],
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

it('takes time in proportion to the length of the value', () => {
  for (const piece of [';a="', ';a=\\"', ';', ';charset', '; \t', '"'])
    expect(parseMediaType(`text/html;${piece.repeat(65_536 / piece.length)}`)).not.toBeNull();
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
