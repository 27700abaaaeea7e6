import fc from 'fast-check';
import { escapedJson, visible, visibleStart } from '../../src/console/page/unseen';
import { commonName } from '../../src/console/page/panes/common-name';
import { wirePieces } from '../../src/console/page/panes/wire-pieces';

describe('characters that cannot be seen', () => {
  it.each([
    ['a mark that turns text around', '\u202e', '⍰'],
    ['an isolate', '\u2066', '⍰'],
    ['a blank without width', '\u200b', '⍰'],
    ['a soft hyphen', '\u00ad', '⍰'],
    ['a tag', '\u{e0041}', '⍰'],
    ['a filler that looks like nothing', '\u3164', '⍰'],
    ['a control', '\x1b', '␛'],
    ['a control beyond ASCII', '\x9b', '⍰'],
  ])('%s is shown', (_, unseen, shown) => {
    expect(visible(`가${unseen}b\t`)).toBe(`가${shown}b\t`);
  });

  it('are escaped in JSON, which means the same', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), (json) => {
        const value: unknown = JSON.parse(json);
        const escaped = escapedJson(JSON.stringify(value, null, 2));
        expect(JSON.parse(escaped)).toEqual(value);
        expect(escaped).not.toMatch(/[\u202e\u200b\x7f-\x9f]/);
      }),
    );
  });

  it('are shown as far as anybody reads', () => {
    expect(visibleStart('ab\x00cd', 5)).toBe('ab␀cd');
    expect(visibleStart('ab\x00cd', 3)).toBe('ab␀…');
  });

  it('are shown in what octets are in UTF-8', () => {
    expect(wirePieces('\xe2\x80\xae')).toEqual([{ kind: 'octets', text: '\\xE2\\x80\\xAE', utf8: '⍰' }]);
    expect(wirePieces('\xef\xbb\xbf')).toEqual([{ kind: 'octets', text: '\\xEF\\xBB\\xBF', utf8: '⍰' }]);
  });
});

it.each([
  ['CN=www.example.test, O=Example, C=KR', 'www.example.test'],
  ['O=Example, CN=www.example.test', 'www.example.test'],
  ['CN=evil\\, x, O=<img>', 'evil, x'],
  ['CN=a\\+b+OU=c', 'a+b'],
  ['CN=nul\\00byte', 'nul\0byte'],
  ['O=A\\, CN=b', 'O=A\\, CN=b'],
  ['O=Example', 'O=Example'],
])('the common name of %s is %j', (subject, name) => {
  expect(commonName(subject)).toBe(name);
});
