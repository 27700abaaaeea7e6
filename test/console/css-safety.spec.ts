import * as fc from 'fast-check';
import { safeCss } from '../../src/console/page/panes/css-safety';

/** Every address of CSS that is left, by a reader of its own that is content with less: it takes escapes for what they
 *  mean, wherever they stand, and knows neither strings nor comments. */
function addressesIn(css: string): string[] {
  const plain = css.replace(/\\([0-9a-f]{1,6})\s?|\\(.)/gi, (_, hex?: string, character?: string) =>
    hex === undefined ? character! : String.fromCodePoint(Number.parseInt(hex, 16)),
  );
  return [...plain.matchAll(/url\(\s*["']?([^"')]*)/gi)].map(([, address]) => address!);
}

describe('CSS', () => {
  it.each([
    'a { color: red } /* no address */ b > c::before { content: "url(http://x/)" }',
    '@media (width > 10px) { a:hover { margin: calc(1px + 2em) } }',
    '@font-face { font-family: F; src: url(data:font/woff2;base64,AAAA) }',
    'a { background: url("data:image/png;base64,AAAA") no-repeat }',
    'a { fill: url(#gradient); mask: url( "#mask" ) }',
    'a { --x: \\75 nknown(1); content: "\\201C" }',
    '.a\\:b { inset: 0 }',
  ])('that loads nothing is left as it is: %s', (css) => {
    expect(safeCss(css)).toEqual({ css: css.replace(/\/\*.*?\*\//g, '/**/'), removed: 0 });
  });

  it.each([
    ['url(http://evil.example/a)', 'url("data:,")'],
    ['URL( "//evil.example/a" )', 'url("data:,")'],
    ["url('/same/origin')", 'url("data:,")'],
    ['url(', 'url("data:,")'],
    ['\\75rl(http://evil.example)', 'url("data:,")'],
    ['u\\72 l(http://evil.example)', 'url("data:,")'],
    ['\\000055\\52L("http://evil.example")', 'url("data:,")'],
    ['url(\\68ttp://evil.example)', 'url("data:,")'],
    ['url(a\\)b) c', 'url("data:,") c'],
    ['src("http://evil.example")', 'removed("http://evil.example")'],
    ['image-set("http://evil.example" 1x)', 'removed("http://evil.example" 1x)'],
    ['-webkit-image-set(url(http://evil.example) 1x)', 'removed(url("data:,") 1x)'],
    ['@import "http://evil.example";', '@removed  "http://evil.example";'],
    ['@\\69mport url(http://evil.example) print;', '@removed  url("data:,") print;'],
  ])('%s becomes %s', (css, safe) => {
    expect(safeCss(css).css).toBe(safe);
    expect(safeCss(css).removed).toBeGreaterThan(0);
  });

  it.each([
    ['a comment that parts a name', 'u/**/rl(http://evil.example)'],
    ['an import that parts a name', 'u@import "x";rl(http://evil.example)'],
    ['the opening of an HTML comment', '<!--url(http://evil.example)'],
    ['a string that ends at its line', 'a{content:"\n;background:url(http://evil.example)}'],
    ['a string with an escaped line end', 'a{content:"\\\n";background:url(http://evil.example)}'],
    [
      'a bracket in a string after an address',
      'a{--x:url("data:,x" ")")} b{background:url(http://evil.example)} c{content:"',
    ],
    [
      'a bracket in a string of another function',
      'a{--x:src(a ")")} b{background:url(http://evil.example)} c{content:"',
    ],
    [
      'a quote in a bare address',
      'a{background:url(data:,")} b{background:url(http://evil.example)} c{content:"',
    ],
    [
      'an escaped quote',
      'a{content:"\\"} b{background:url(http://evil.example)} c{content:"'.replace('\\"', '\\\\"'),
    ],
    ['an escape that a comment of HTML ends', 'a{background:\\75<!--rl(http://evil.example)}'],
    ['an escape that a comment ends', 'a{background:\\75/* */rl(http://evil.example)}'],
    ['a value that is used elsewhere', 'a{--x:url(http://evil.example);background:var(--x)}'],
    ['a rule within a rule', '@supports (display:grid){a{background:url(http://evil.example)}}'],
  ])('hides no address behind %s', (_, css) => {
    const { css: safe } = safeCss(css);
    expect(addressesIn(safe).filter((address) => address.includes('evil'))).toEqual([]);
    expect(safe).not.toMatch(/@\s*import/i);
  });

  it('is harmless once it has been made so, whatever it is made of', () => {
    const token = fc.constantFrom(
      'url',
      '(',
      ')',
      '"',
      "'",
      '\\',
      '\\75',
      ' ',
      '\n',
      '/*',
      '*/',
      '@',
      'import',
      'http://e',
      ';',
      '{',
      '}',
      'rl',
      'u',
      '<!--',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 30 }), (tokens) => {
        const once = safeCss(tokens.join(''));
        expect(safeCss(once.css)).toEqual({ css: once.css, removed: 0 });
      }),
      { numRuns: 3_000 },
    );
  });
});
