import fc from 'fast-check';
import { TextDecoder } from '@exodus/bytes/encoding.js';
import {
  type CharsetSource,
  decideCharset,
  decodeInSlices,
  decodeText,
  hasCharacters,
  looksLikeText,
  octetsToDecide,
  validateInSlices,
} from '../../src/semantics/charset';
import { parseMediaType } from '../../src/semantics/media-type';

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const BOM_16LE = Buffer.from([0xff, 0xfe]);
const BOM_16BE = Buffer.from([0xfe, 0xff]);
/** "소켓" */
const EUC_KR = Buffer.from([0xbc, 0xd2, 0xc4, 0xcf]);

type Content = string | readonly (string | Buffer)[];

/** Strings are one character per octet. */
function octets(content: Content): Buffer {
  const pieces = typeof content === 'string' ? [content] : content;
  return Buffer.concat(
    pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece)),
  );
}

/** @returns the codes of the warnings behind what was decided */
function decide(
  content: Content | null,
  contentType: string | null,
  cut = false,
): [charset: string | null, source: CharsetSource | null, ...codes: string[]] {
  const mediaType = contentType === null ? null : parseMediaType(contentType);
  const decision = decideCharset(content === null ? null : octets(content), mediaType, cut);
  return [decision.charset, decision.charsetSource, ...decision.warnings.map(({ code }) => code)];
}

describe('the charset is decided by', () => {
  it.each<[content: Content, contentType: string | null, charset: string]>([
    [[BOM, 'a'], 'text/html; charset=euc-kr', 'UTF-8'],
    [[BOM, 'a'], 'application/json; charset=euc-kr', 'UTF-8'],
    [[BOM, '<meta charset=euc-kr>'], 'text/html', 'UTF-8'],
    [[BOM_16LE, 'a\0'], 'text/html; charset=utf-8', 'UTF-16LE'],
    [[BOM_16BE, '\0a'], 'application/json', 'UTF-16BE'],
    [[BOM_16BE], null, 'UTF-16BE'],
    [[BOM], null, 'UTF-8'],
  ])('a byte order mark first: %j with Content-Type %j', (content, contentType, charset) => {
    expect(decide(content, contentType)).toEqual([charset, 'bom']);
  });

  it.each<[content: Content, contentType: string, charset: string]>([
    ['<meta charset=utf-8>', 'text/html; charset=KS_C_5601-1987', 'EUC-KR'],
    ['<?xml version="1.0" encoding="utf-8"?>', 'text/xml; charset=sjis', 'Shift_JIS'],
    ['{}', 'application/json; charset=euc-jp', 'EUC-JP'],
    ['', 'text/plain; charset=Utf8', 'UTF-8'],
    ['', 'text/plain; charset=ISO-8859-1', 'windows-1252'],
    ['', 'text/plain; charset=" BIG5 "', 'Big5'],
    ['', 'text/plain; charset=utf-16', 'UTF-16LE'],
    ['', 'text/plain; charset=x-user-defined', 'x-user-defined'],
    ['', 'text/plain; charset=iso-2022-kr', 'replacement'],
    // no mark, or half of one
    ['\xef\xbb', 'text/plain; charset=gbk', 'GBK'],
    ['\xff', 'text/plain; charset=gbk', 'GBK'],
  ])('Content-Type second: %j with %s', (content, contentType, charset) => {
    expect(decide(content, contentType)).toEqual([charset, 'header']);
  });

  it.each<[content: Content, contentType: string | null, charset: string]>([
    ['<meta charset=euc-kr>', 'text/html', 'EUC-KR'],
    ['<META HTTP-EQUIV=Content-Type CONTENT="text/html; charset=euc-kr">', 'Text/HTML', 'EUC-KR'],
    [' <html><head><meta charset=euc-kr>', 'text/html; level=1', 'EUC-KR'],
    // the ASCII that it was read in is proof that it is not UTF-16
    ['<meta charset=utf-16>', 'text/html', 'UTF-8'],
    ['<meta charset=x-user-defined>', 'text/html', 'windows-1252'],
    ['<meta charset=hz-gb-2312>', 'text/html', 'replacement'],
    ['<?xml version="1.0" encoding="euc-kr"?><html>', 'text/html', 'EUC-KR'],
    ["<?xml version='1.0' encoding='EUC-KR'?><a/>", 'text/xml', 'EUC-KR'],
    ['<?xml version="1.0" encoding="euc-kr"?><svg/>', 'image/svg+xml', 'EUC-KR'],
    ['<\0?\0x\0m\0l\0', 'application/xml', 'UTF-16LE'],
    // without a media type the octets tell what kind of document it is
    ['<!DOCTYPE html><meta charset=euc-kr>', null, 'EUC-KR'],
    ['\n<title>\xbc\xd2</title><meta charset=euc-kr>', null, 'EUC-KR'],
    ['<?xml version="1.0" encoding="euc-kr"?><a/>', null, 'EUC-KR'],
  ])('what the document declares third: %j with Content-Type %j', (content, contentType, charset) => {
    expect(decide(content, contentType)).toEqual([charset, 'meta']);
  });

  it.each(['application/json', 'text/json', 'application/problem+json'])(
    'JSON, which is UTF-8, third too: %s',
    (contentType) => {
      expect(decide('"<meta charset=euc-kr>"', contentType)).toEqual(['UTF-8', 'json']);
    },
  );

  it.each<[content: Content, contentType: string | null, charset: string]>([
    ['<p>', 'text/html', 'windows-1252'],
    ['', 'text/html', 'windows-1252'],
    ['<p>\xbc\xd2', 'text/html', 'windows-1252'],
    ['<meta charset=no-such>', 'text/html', 'windows-1252'],
    ['<a/>', 'text/xml', 'UTF-8'],
    ['<?xml version="1.0"?><a/>', 'application/xhtml+xml', 'UTF-8'],
    // a meta element is for HTML, an XML declaration for XML and HTML
    ['<meta charset=euc-kr>', 'text/plain', 'UTF-8'],
    ['<html><meta charset=euc-kr>', 'application/xhtml+xml', 'UTF-8'],
    ['<?xml version="1.0" encoding="euc-kr"?>', 'text/plain', 'UTF-8'],
    ['meta charset=euc-kr', null, 'UTF-8'],
    ['<p>', null, 'UTF-8'],
    ['', null, 'UTF-8'],
  ])('the default last: %j with Content-Type %j', (content, contentType, charset) => {
    expect(decide(content, contentType)).toEqual([charset, 'default']);
  });
});

describe('a declaration counts', () => {
  const DECLARATION = '<meta charset=euc-kr>';

  it('when it ends within the first 1,024 octets', () => {
    const filler = ' '.repeat(1024 - DECLARATION.length);
    expect(decide(`${filler}${DECLARATION}<p>`, 'text/html')).toEqual(['EUC-KR', 'meta']);
  });

  it('not when it ends after them', () => {
    const filler = ' '.repeat(1025 - DECLARATION.length);
    expect(decide(`${filler}${DECLARATION}<p>`, 'text/html')).toEqual(['windows-1252', 'default']);
  });
});

describe('a charset in Content-Type that browsers do not know', () => {
  it.each<[content: Content, contentType: string, charset: string, source: CharsetSource]>([
    [[BOM], 'text/html; charset=no-such', 'UTF-8', 'bom'],
    ['<meta charset=euc-kr>', 'text/html; charset=no-such', 'EUC-KR', 'meta'],
    ['{}', 'application/json; charset=no-such', 'UTF-8', 'json'],
    ['', 'text/html; charset=utf-7', 'windows-1252', 'default'],
    ['', 'text/plain; charset=utf_8', 'UTF-8', 'default'],
    ['', 'text/plain; charset=""', 'UTF-8', 'default'],
    ['', "text/plain; charset='utf-8'", 'UTF-8', 'default'],
  ])('is passed over, with a warning: %j with %s', (content, contentType, charset, source) => {
    expect(decide(content, contentType)).toEqual([charset, source, 'charset-unknown']);
  });

  it('is named by the warning, cut short when it is long', () => {
    const label = '"\xe9'.repeat(1000);
    const [warning] = decideCharset(Buffer.alloc(0), { essence: 'text/plain', charset: label }).warnings;
    expect(warning).toEqual({
      code: 'charset-unknown',
      message: `Content-Type names the charset "${'\\"\xe9'.repeat(32)}", which browsers do not know: passed over`,
      offset: null,
    });
  });
});

describe('HTML that looks like UTF-8 and does not declare it', () => {
  it.each<[content: Content, cut: boolean]>([
    ['<p>\xc3\xa9', false],
    ['<p>\xf0\x9f\x98\x80', true],
    // cut within a character of two, three and four octets
    ['\xc3\xa9\xc3', true],
    ['\xc3\xa9\xec', true],
    ['\xc3\xa9\xec\x86', true],
    ['\xc3\xa9\xf0', true],
    ['\xc3\xa9\xf0\x9f\x98', true],
  ])('is read as browsers read it, with a warning: %j, cut: %j', (content, cut) => {
    expect(decide(content, 'text/html', cut)).toEqual(['windows-1252', 'default', 'charset-undeclared-utf8']);
  });

  it.each<[content: Content, cut: boolean]>([
    ['ASCII', false],
    ['ASCII', true],
    ['\xe9t\xe9', false],
    ['\xe9t\xe9', true],
    ['cut within its only character \xec\x86', true],
    ['cut, but nobody said so \xc3\xa9\xc3', false],
    ['no character ends so \xc3\xa9\x80\x80\x80\x80', true],
    ['\x80', true],
    ['', true],
  ])('is not what is no UTF-8, or ASCII alone: %j, cut: %j', (content, cut) => {
    expect(decide(content, 'text/html', cut)).toEqual(['windows-1252', 'default']);
  });

  it.each(['text/html; charset=latin1', 'text/plain', 'text/xml'])(
    'is not what is of type %s',
    (contentType) => {
      expect(decide('\xc3\xa9', contentType)).toHaveLength(2);
    },
  );
});

describe('of content that was not kept', () => {
  it.each<
    [contentType: string | null, charset: string | null, source: CharsetSource | null, ...codes: string[]]
  >([
    ['text/html; charset=euc-kr', 'EUC-KR', 'header'],
    ['application/json', 'UTF-8', 'json'],
    ['text/html; charset=no-such', 'no-such', 'header', 'charset-unknown'],
    ['text/html', null, null],
    [null, null, null],
  ])('the head alone tells the charset: %j', (contentType, ...expected) => {
    expect(decide(null, contentType)).toEqual(expected);
  });
});

const CHARSETS =
  'UTF-8 UTF-16LE UTF-16BE IBM866 ISO-8859-2 ISO-8859-6 windows-874 windows-1252 windows-1255 macintosh ' +
  'x-user-defined GBK gb18030 Big5 EUC-JP ISO-2022-JP Shift_JIS EUC-KR';

describe('text', () => {
  it.each<[charset: string, content: Content, text: string]>([
    ['UTF-8', '\xc3\xa9', 'é'],
    ['UTF-8', '', ''],
    ['windows-1252', '\xe9\x80\x81', 'é€\x81'],
    ['EUC-KR', [EUC_KR], '소켓'],
    ['EUC-KR', 'ASCII', 'ASCII'],
    ['Shift_JIS', '\x83\x5c', 'ソ'],
    ['ISO-2022-JP', '\x1b$B$"\x1b(B', 'あ'],
    ['gb18030', '\x94\x39\xda\x33', '💩'],
    ['ISO-8859-16', '\xa4', '€'],
    ['KOI8-U', '\xa4', 'є'],
    ['x-user-defined', '\x80', '\uf780'],
    ['UTF-16LE', 'a\0=\xd8\xa9\xdc', 'a💩'],
    ['UTF-16BE', '\0a\xd8=\xdc\xa9', 'a💩'],
    // a byte order mark is no part of it; a second one is
    ['UTF-8', [BOM, 'a'], 'a'],
    ['UTF-8', [BOM, BOM], '\ufeff'],
    ['UTF-16LE', [BOM_16LE, 'a\0'], 'a'],
    ['UTF-16BE', [BOM_16BE, '\0a'], 'a'],
    // a U+FFFD that was sent is no replacement
    ['UTF-8', '\xef\xbf\xbd', '\ufffd'],
    ['UTF-16LE', '\xfd\xff', '\ufffd'],
    ['gb18030', '\x84\x31\xa4\x37', '\ufffd'],
    ['GBK', '\x84\x31\xa4\x37', '\ufffd'],
  ])('in %s: %j', (charset, content, text) => {
    expect(decodeText(octets(content), charset)).toEqual({ text, replaced: false });
  });

  it.each<[charset: string, content: Content, text: string]>([
    ['UTF-8', '\xe9t\xe9', '\ufffdt\ufffd'],
    ['UTF-8', [BOM.subarray(0, 2)], '\ufffd'],
    ['EUC-KR', [EUC_KR, '\xff'], '소켓\ufffd'],
    ['EUC-KR', [EUC_KR.subarray(0, 3)], '소\ufffd'],
    ['ISO-8859-7', '\xae', '\ufffd'],
    ['UTF-16LE', 'a\0b', 'a\ufffd'],
    ['UTF-16LE', '\xfd\xff=\xd8', '\ufffd\ufffd'],
    ['gb18030', '\x84\x31\xa4\x37\xff', '\ufffd\ufffd'],
  ])('has U+FFFD for what is invalid in %s, and says so: %j', (charset, content, text) => {
    expect(decodeText(octets(content), charset)).toEqual({ text, replaced: true });
  });

  it('cannot be had of charsets that browsers refuse to read', () => {
    expect(decodeText(EUC_KR, 'replacement')).toEqual({ text: null, replaced: false });
  });

  it.each(CHARSETS.split(' '))(
    'is said to have replacements exactly when there is an error: %s',
    (charset) => {
      const fatal = new TextDecoder(charset, { fatal: true });
      const isValid = (content: Uint8Array): boolean => {
        try {
          return typeof fatal.decode(content) === 'string';
        } catch {
          return false;
        }
      };
      const octet = fc.oneof(
        fc.nat(255),
        fc.constantFrom(0x1b, 0x24, 0x28, 0x42, 0x81, 0xa4, 0xef, 0xfd, 0xff),
      );
      fc.assert(
        fc.property(fc.array(octet, { maxLength: 12 }), (content) => {
          const { replaced } = decodeText(Buffer.from(content), charset);
          expect(replaced).toBe(!isValid(Uint8Array.from(content)));
        }),
        { numRuns: 300 },
      );
    },
  );
});

describe('text in slices', () => {
  // Octets that begin, go on with or end a character in some charset, or switch to another set of them
  const octet = fc.oneof(
    fc.nat(255),
    fc.constantFrom(
      0x1b,
      0x24,
      0x28,
      0x30,
      0x42,
      0x81,
      0x8f,
      0xa4,
      0xd8,
      0xdc,
      0xef,
      0xbb,
      0xbf,
      0xfd,
      0xfe,
      0xff,
    ),
  );
  const content = fc
    .tuple(
      fc.constantFrom<Content>(
        '',
        [BOM],
        [BOM_16LE],
        [BOM_16BE],
        [EUC_KR],
        '\xf0\x9f\x98\x80',
        '=\xd8\xa9\xdc',
      ),
      fc.array(octet, { maxLength: 24 }),
    )
    .map(([beginning, rest]) => Buffer.concat([octets(beginning), Buffer.from(rest)]));

  it.each(CHARSETS.split(' '))('is the text that the whole has, and valid when that is: %s', (charset) => {
    fc.assert(
      fc.property(content, fc.integer({ min: 1, max: 8 }), (whole, sliceBytes) => {
        const { text, replaced } = decodeText(whole, charset);
        const pieces = [...decodeInSlices(whole, charset, sliceBytes)];
        expect(pieces.join('')).toBe(text);
        for (const piece of pieces) expect(piece.isWellFormed()).toBe(true);
        expect(finished(validateInSlices(whole, charset, sliceBytes))).toBe(!replaced);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is made no earlier than it is asked for', () => {
    const pieces = decodeInSlices(Buffer.alloc(100_000, 'x'), 'EUC-KR');
    expect(pieces.next().value!.length).toBeLessThan(50_000);
  });

  it('is looked at a slice at a time', () => {
    const looks = validateInSlices(Buffer.alloc(100_000, 'x'), 'EUC-KR');
    expect([looks.next().done, looks.next().done, finished(looks)]).toEqual([false, false, true]);
  });

  function finished<T>(work: Iterator<void, T>): T {
    for (;;) {
      const step = work.next();
      if (step.done === true) return step.value;
    }
  }
});

it.each<[charset: string | null, has: boolean]>([
  ['UTF-8', true],
  ['replacement', false],
  [null, false],
])('%j has characters: %j', (charset, has) => {
  expect(hasCharacters(charset)).toBe(has);
});

it.each<[content: Content, cut: boolean, isText: boolean]>([
  ['', false, true],
  ['ASCII', false, true],
  ['\xc3\xa9', false, true],
  ['\xc3\xa9\xc3', true, true],
  ['\xc3\xa9\xc3', false, false],
  ['\xe9t\xe9', true, false],
  ['a\0b', false, false],
])('%j, cut: %j, looks like text: %j', (content, cut, isText) => {
  expect(looksLikeText(octets(content), cut)).toBe(isText);
});

describe('octets to wait for before the charset is decided', () => {
  it.each<[contentType: string | null, content: Content, wanted: number]>([
    ['text/plain', '', 1],
    ['text/plain', 'a', 1],
    ['text/plain', '\xef', 3],
    ['text/plain', '\xff\xfe', 3],
    ['text/plain', '\xef\xbb\xbf', 1],
    ['application/json', '{', 1],
    ['text/html', '<', 1_024],
    ['text/html; charset=nobody', '<', 1_024],
    ['text/html; charset=utf-8', '<', 1],
    ['text/html; charset=utf-8', '\xfe', 3],
    ['application/xml', '<', 1_024],
    [null, 'a', 1_024],
  ])('%s, %j: %d', (contentType, content, wanted) => {
    const mediaType = contentType === null ? null : parseMediaType(contentType);
    expect(octetsToDecide(octets(content), mediaType)).toBe(wanted);
  });
});
