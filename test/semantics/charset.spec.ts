import { type DecodedText, decodeText } from '../../src/semantics/charset';
import { parseMediaType } from '../../src/semantics/media-type';

const BOM = [0xef, 0xbb, 0xbf];
const UTF8_E = [0xc3, 0xa9];
const LATIN1_E = [0xe9];

function decode(octets: readonly number[], contentType: string | null): DecodedText {
  return decodeText(Buffer.from(octets), contentType === null ? null : parseMediaType(contentType));
}

it.each<[octets: number[], contentType: string | null, DecodedText]>([
  // a byte order mark beats the Content-Type, and is no part of the text
  [
    [...BOM, ...UTF8_E],
    'text/plain; charset=latin1',
    { text: 'é', charset: 'UTF-8', charsetSource: 'bom', replaced: false },
  ],
  [BOM, null, { text: '', charset: 'UTF-8', charsetSource: 'bom', replaced: false }],
  [[...BOM, ...BOM], null, { text: '\ufeff', charset: 'UTF-8', charsetSource: 'bom', replaced: false }],
  [BOM.slice(0, 2), null, { text: '\ufffd', charset: 'UTF-8', charsetSource: 'default', replaced: true }],
  // the charset parameter, as it is written
  [
    UTF8_E,
    'text/plain; charset=Utf-8',
    { text: 'é', charset: 'Utf-8', charsetSource: 'header', replaced: false },
  ],
  [
    UTF8_E,
    'application/json; charset=utf8',
    { text: 'é', charset: 'utf8', charsetSource: 'header', replaced: false },
  ],
  [
    LATIN1_E,
    'text/plain; charset=ISO-8859-1',
    { text: 'é', charset: 'ISO-8859-1', charsetSource: 'header', replaced: false },
  ],
  [
    UTF8_E,
    'text/plain; charset=latin1',
    { text: 'Ã©', charset: 'latin1', charsetSource: 'header', replaced: false },
  ],
  [
    LATIN1_E,
    'text/plain; charset=utf-8',
    { text: '\ufffd', charset: 'utf-8', charsetSource: 'header', replaced: true },
  ],
  [
    [0xb0, 0xa1],
    'text/html; charset=no-such-charset',
    { text: null, charset: 'no-such-charset', charsetSource: 'header', replaced: false },
  ],
  // RFC 8259 §8.1
  [UTF8_E, 'application/json', { text: 'é', charset: 'UTF-8', charsetSource: 'json', replaced: false }],
  [
    LATIN1_E,
    'application/problem+json',
    { text: '\ufffd', charset: 'UTF-8', charsetSource: 'json', replaced: true },
  ],
  // nothing says anything
  [UTF8_E, 'text/plain', { text: 'é', charset: 'UTF-8', charsetSource: 'default', replaced: false }],
  [UTF8_E, null, { text: 'é', charset: 'UTF-8', charsetSource: 'default', replaced: false }],
  [LATIN1_E, null, { text: '\ufffd', charset: 'UTF-8', charsetSource: 'default', replaced: true }],
  [[], null, { text: '', charset: 'UTF-8', charsetSource: 'default', replaced: false }],
  // a U+FFFD that was sent is no replacement
  [[0xef, 0xbf, 0xbd], null, { text: '\ufffd', charset: 'UTF-8', charsetSource: 'default', replaced: false }],
])('%j with Content-Type %j', (octets, contentType, expected) => {
  expect(decode(octets, contentType)).toEqual(expected);
});
