import { ChunkedDecoder, type ChunkedEvent, type ChunkedLimits } from '../../src/http1/chunked-decoder';
import { MalformedResponse } from '../../src/http1/events';
import { Cursor } from '../../src/http1/line-reader';
import { type ToldEvent, octetsOf, sameInEverySplit, tell } from '../support/split';

interface Decoding {
  readonly events: readonly ToldEvent[];
  readonly warnings: readonly (readonly [code: string, offset: number | null])[];
  readonly error: Pick<MalformedResponse, 'code' | 'offset'> | null;
  readonly ended: boolean;
  /** what was refused, and what was never looked at */
  readonly rest: string;
}

const KIB = 1024;
const MODES: [mode: string, strict: boolean][] = [
  ['strict', true],
  ['lenient', false],
];

/** Decodes what the peer's close follows. */
function decodePieces(pieces: Iterable<Buffer>, limits: Partial<ChunkedLimits>): Decoding {
  const warnings: [string, number | null][] = [];
  const events: ToldEvent[] = [];
  const decoder = new ChunkedDecoder(
    { strict: false, maxTrailerBytes: 64 * KIB, maxFieldLines: 1000, ...limits },
    (code, _, offset) => warnings.push([code, offset]),
  );
  const cursor = new Cursor();
  let ended = false;
  let rest = '';

  const drain = (): void => {
    for (let event = decoder.next(cursor); event !== null; event = decoder.next(cursor)) {
      ended = event === 'over';
      if (event === 'over') return;
      tell(events, event);
    }
  };
  const refusalOf = (work: () => void): Decoding['error'] => {
    try {
      work();
      return null;
    } catch (thrown) {
      if (!(thrown instanceof MalformedResponse)) throw thrown;
      rest += decoder.refused;
      return { code: thrown.code, offset: thrown.offset };
    }
  };

  let error: Decoding['error'] = null;
  for (const piece of pieces) {
    cursor.feed(piece);
    if (!ended) error ??= refusalOf(drain);
    rest += cursor.take(cursor.available).toString('latin1');
  }
  error ??= refusalOf(() => decoder.receiveEof(cursor.offset));
  return { events, warnings, error, ended, rest };
}

function decode(wire: string, limits: Partial<ChunkedLimits> = {}): Decoding {
  return sameInEverySplit(octetsOf(wire), (pieces) => decodePieces(pieces, limits));
}

function chunk(size: number, extension: string | null = null): ToldEvent {
  return { type: 'transfer-chunk', size, extension };
}

function last(extension: string | null = null): ToldEvent {
  return { type: 'last-chunk', extension };
}

function content(text: string): ToldEvent {
  return { type: 'content', text };
}

function trailers(...fields: readonly (readonly [name: string, value: string])[]): ToldEvent {
  return { type: 'trailers', fields: fields.map(([name, value]) => ({ name, value })) };
}

describe.each(MODES)('well-formed, %s', (_, strict) => {
  it.each<[what: string, wire: string, events: ToldEvent[]]>([
    ['no chunk but the last', '0\r\n\r\n', [last()]],
    ['one chunk', '5\r\nhello\r\n0\r\n\r\n', [chunk(5), content('hello'), last()]],
    [
      'several chunks',
      '5\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\n\r\n',
      [chunk(5), content('hello'), chunk(1), content(' '), chunk(5), content('world'), last()],
    ],
    [
      'sizes in either case',
      'a\r\n0123456789\r\nA\r\nabcdefghij\r\n0\r\n\r\n',
      [chunk(10), content('0123456789'), chunk(10), content('abcdefghij'), last()],
    ],
    [
      'leading zeros to 16 digits',
      '0000000000000001\r\nx\r\n0000000000000000\r\n\r\n',
      [chunk(1), content('x'), last()],
    ],
    [
      'line ends within chunk-data',
      '6\r\n\r\n0\r\n\r\r\n0\r\n\r\n',
      [chunk(6), content('\r\n0\r\n\r'), last()],
    ],
    [
      'any octet within chunk-data',
      '3\r\n\0\x80\xff\r\n0\r\n\r\n',
      [chunk(3), content('\0\x80\xff'), last()],
    ],
    ['an extension', '1;a\r\nx\r\n0\r\n\r\n', [chunk(1, 'a'), content('x'), last()]],
    ['an extension with a value', '1;a=b\r\nx\r\n0\r\n\r\n', [chunk(1, 'a=b'), content('x'), last()]],
    [
      'an extension with a quoted value',
      '1;a="b;\\"\\\\"\r\nx\r\n0\r\n\r\n',
      [chunk(1, 'a="b;\\"\\\\"'), content('x'), last()],
    ],
    ['several extensions', '1;a;b=c;d\r\nx\r\n0\r\n\r\n', [chunk(1, 'a;b=c;d'), content('x'), last()]],
    [
      'blanks around extensions',
      '1 \t; a = "b" ;c\r\nx\r\n0\r\n\r\n',
      [chunk(1, 'a = "b" ;c'), content('x'), last()],
    ],
    ['an extension of the last-chunk', '0;a=b\r\n\r\n', [last('a=b')]],
    ['trailers', '0\r\nA: b\r\na:c \r\n\r\n', [last(), trailers(['A', 'b'], ['a', 'c'])]],
  ])('%s', (_what, wire, events) => {
    expect(decode(wire, { strict })).toEqual({ events, warnings: [], error: null, ended: true, rest: '' });
  });

  it('what follows is not touched', () => {
    expect(decode('0\r\n\r\nHTTP/1.1', { strict })).toMatchObject({ ended: true, rest: 'HTTP/1.1' });
  });

  it('a trailer section with a folded line', () => {
    expect(decode('0\r\nA: b\r\n c\r\n\r\n', { strict })).toMatchObject({
      events: [last(), trailers(['A', 'b c'])],
      warnings: [['obs-fold', 9]],
      ended: true,
    });
  });
});

describe.each(MODES)('cut short, %s', (_, strict) => {
  it.each<[wire: string, events: ToldEvent[]]>([
    ['', []],
    ['5', []],
    ['5\r', []],
    ['5 ', []],
    ['5;', []],
    ['5;a="b', []],
    ['5;a\r', []],
    ['5\r\n', [chunk(5)]],
    ['5\r\nhel', [chunk(5), content('hel')]],
    ['5\r\nhello', [chunk(5), content('hello')]],
    ['5\r\nhello\r', [chunk(5), content('hello')]],
    ['5\r\nhello\r\n', [chunk(5), content('hello')]],
    ['0', []],
    ['0\r\n', [last()]],
    ['0\r\n\r', [last()]],
    ['0\r\nA: b\r\n', [last()]],
  ])('%j gives what there is, without an end or an error', (wire, events) => {
    expect(decode(wire, { strict })).toEqual({ events, warnings: [], error: null, ended: false, rest: '' });
  });

  it.each(['z', '5z', '-', '\r', '\r\r', '5\rx', '5;a\rb', '5;\0', '5 x', ' 5'])(
    '%j is refused at the close: nothing could have mended it',
    (wire) => {
      expect(decode(`1\r\nx\r\n${wire}`, { strict })).toEqual({
        events: [chunk(1), content('x')],
        warnings: [],
        error: { code: 'malformed-response', offset: 6 },
        ended: false,
        rest: wire,
      });
    },
  );
});

describe.each(MODES)('broken framing, %s', (_, strict) => {
  it.each<[what: string, wire: string, offset: number]>([
    ['no size', '\r\n\r\n', 0],
    ['no size but an extension', ';a\r\n', 0],
    ['a size that is not hexadecimal', 'g\r\n', 0],
    ['a size with a sign', '+5\r\nhello\r\n', 0],
    ['a negative size', '-0\r\n\r\n', 0],
    ['a size with a prefix', '0x5\r\nhello\r\n', 0],
    ['blanks before a size', ' 5\r\nhello\r\n', 0],
    ['something else than ";" after a size', '5 a\r\nhello\r\n', 0],
    ['NUL after a size', '5\0\r\nhello\r\n', 0],
    ['NUL in an extension', '5;a\0\r\nhello\r\n', 0],
    ['CR in an extension', '5;a\rb\r\nhello\r\n', 0],
    ['CR CR LF after a size', '5\r\r\nhello\r\n', 0],
    ['CR CR LF after an extension', '5;a\r\r\nhello\r\n', 0],
    ['LF alone after a size', '5\nhello\r\n', 0],
    ['LF alone after an extension', '5;a\nhello\r\n', 0],
    ['LF alone after the last-chunk', '0\n\r\n', 0],
    ['a size of 17 digits', '00000000000000001\r\nx\r\n', 0],
    ['a size of 17 digits without an end', '00000000000000001', 0],
    ['the same after a long size line', '1;a=0123456789abcdef\r\nx\r\n00000000000000001', 25],
    ['a size above 2^53-1', '20000000000000\r\nx', 0],
    ['a size above 2^64-1', 'f0000000000000003\r\nx', 0],
    ['chunk-data that is too long', '5\r\nhello!\r\n', 8],
    ['chunk-data ended by LF alone', '5\r\nhello\n', 8],
    ['chunk-data ended by CR alone', '5\r\nhello\r0', 9],
    ['a later size line', '1\r\nx\r\nz\r\n', 6],
    ['a trailer line without a colon', '0\r\nA: b\r\nC\r\n\r\n', 9],
    ['NUL in a trailer', '0\r\nA: \0\r\n\r\n', 3],
    ['a trailer section that begins with blanks', '0\r\n A: b\r\n\r\n', 3],
  ])('%s is refused', (_what, wire, offset) => {
    expect(decode(wire, { strict })).toMatchObject({
      error: { code: 'malformed-response', offset },
      rest: wire.slice(offset),
      ended: false,
      warnings: [],
    });
  });

  it('the greatest size there is is taken', () => {
    expect(decode('1fffffffffffff\r\nx', { strict })).toMatchObject({
      events: [chunk(Number.MAX_SAFE_INTEGER), content('x')],
      error: null,
    });
  });
});

describe('what strict refuses and lenient understands', () => {
  it.each<[what: string, wire: string, extension: string | null, code: string]>([
    ['blanks after a size', '1 \t\r\n', null, 'blank-after-chunk-size'],
    ['a semicolon alone', '1;\r\n', '', 'invalid-chunk-extension'],
    ['semicolons alone', '1 ;; ; \r\n', '; ;', 'invalid-chunk-extension'],
    ['a blank after the last extension', '1;a \r\n', 'a', 'invalid-chunk-extension'],
    ['an extension name that is no token', '1;a b\r\n', 'a b', 'invalid-chunk-extension'],
    ['an extension without a value after "="', '1;a=\r\n', 'a=', 'invalid-chunk-extension'],
    ['a quoted value that does not end', '1;a="b\r\n', 'a="b', 'invalid-chunk-extension'],
    ['a quoted value and more', '1;a="b"c\r\n', 'a="b"c', 'invalid-chunk-extension'],
    ['a control in a quoted value', '1;a="\x01"\r\n', 'a="\x01"', 'invalid-chunk-extension'],
  ])('%s', (_, line, extension, code) => {
    const wire = `${line}x\r\n0\r\n\r\n`;
    expect(decode(wire)).toEqual({
      events: [chunk(1, extension), content('x'), last()],
      warnings: [[code, 0]],
      error: null,
      ended: true,
      rest: '',
    });
    expect(decode(wire, { strict: true })).toMatchObject({
      events: [],
      error: { code: 'malformed-response', offset: 0 },
    });
  });

  it('LF alone in the trailer section', () => {
    const wire = '0\r\nA: b\n\n';
    expect(decode(wire)).toMatchObject({
      events: [last(), trailers(['A', 'b'])],
      warnings: [
        ['bare-lf', 7],
        ['bare-lf', 8],
      ],
      ended: true,
    });
    expect(decode(wire, { strict: true })).toMatchObject({
      error: { code: 'malformed-response', offset: 7 },
      rest: 'A: b\n\n',
    });
  });
});

describe('limits', () => {
  const FREE = 64 * KIB;
  // a semicolon and a name
  const longest = `;${'a'.repeat(16 * KIB - 1)}`;

  it('16 KiB of extensions are taken, after a size of 16 digits too', () => {
    const wire = `0000000000000001${longest}\r\nx\r\n0\r\n\r\n`;
    expect(decode(wire)).toMatchObject({
      events: [chunk(1, longest.slice(1)), content('x'), last()],
      ended: true,
    });
  });

  it.each([
    ['in one line', `1${longest}a\r\nx\r\n0\r\n\r\n`, 0],
    ['in a line that does not end', `1${longest}${'a'.repeat(KIB)}`, 0],
    ['after a long size', `0000000000000001${longest}a\r\n`, 0],
    ['in a line ended by LF', `1${longest}${'a'.repeat(KIB)}\n`, 0],
    ['in two chunks', `1${longest}\r\nx\r\n1;\r\nx\r\n0\r\n\r\n`, 16 * KIB + 6],
    ['with those of the last-chunk', `1${longest}\r\nx\r\n0;a\r\n\r\n`, 16 * KIB + 6],
    ['that are blanks', `1${' '.repeat(16 * KIB + 1)}\r\nx\r\n0\r\n\r\n`, 0],
  ])('more than 16 KiB of extensions are refused: %s', (_, wire, offset) => {
    expect(decode(wire)).toMatchObject({
      error: { code: 'malformed-response', offset },
      rest: wire.slice(offset),
    });
  });

  it('an endless size line is refused for its digits where they come first', () => {
    const { error } = decode('0'.repeat(20 * KIB));
    expect(error).toEqual({ code: 'malformed-response', offset: 0 });
  });

  it('an endless size line is refused without waiting for its end', () => {
    const decoder = new ChunkedDecoder({ strict: false, maxTrailerBytes: 100, maxFieldLines: 10 }, () => {});
    const cursor = new Cursor();
    const feed = (text: string): ChunkedEvent => {
      cursor.feed(octetsOf(text));
      return decoder.next(cursor);
    };
    expect(feed('5;')).toBeNull();
    expect(feed('a'.repeat(16 * KIB))).toBeNull();
    expect(() => feed('a'.repeat(17))).toThrow(MalformedResponse);
  });

  /** @returns whether chunks of so many octets, with so many digits of size, can go on and on */
  function lasts(octets: number, digits: number): boolean {
    const size = octets.toString(16).padStart(digits, '0');
    const wire = `${size}\r\n${'x'.repeat(octets)}\r\n`.repeat(3 * FREE);
    return decodePieces([octetsOf(`${wire}0\r\n\r\n`)], {}).error === null;
  }

  it('chunks of one octet are taken, however many', () => {
    expect(lasts(1, 1)).toBe(true);
    expect(lasts(1, 4)).toBe(true);
    expect(lasts(1, 5)).toBe(false);
    expect(lasts(3, 16)).toBe(true);
  });

  it.each([
    ['at the chunk that passes it', 16, FREE / 12],
    ['at the last-chunk', 16, FREE / 12 - 1],
  ])('chunk lines past 64 KiB and 8 octets for each octet of content are refused: %s', (_, digits, count) => {
    const line = `${'1'.padStart(digits, '0')}\r\n`;
    // 12 octets of each chunk's 20 are not paid for by its content, which comes after its line
    const paidFor = Math.floor((FREE - 20) / 12) + 1;
    const { error } = decodePieces([octetsOf(`${line}x\r\n`.repeat(paidFor + count))], {});
    expect(error).toEqual({ code: 'malformed-response', offset: paidFor * (line.length + 3) });
  });

  it.each([
    ['chunk extensions', '1;' + 'a'.repeat(16 * KIB) + '\r\n', 'more than 16384 octets of chunk extensions'],
    ['digits', `${'0'.repeat(17)}\r\n`, 'chunk-size has more than 16 digits'],
    ['chunk lines', '0000000000000001\r\nx\r\n'.repeat(FREE / 12), 'chunk lines take more than 8 octets'],
    ['trailers’ octets', `0\r\n${'A: b\r\n'.repeat(20)}`, 'trailer section is longer than 100 octets'],
    ['trailers', '0\r\nA: b\r\nA: b\r\n', 'more than 1 trailer field lines'],
  ])('that of %s has a message of its own', (_, wire, message) => {
    const maxFieldLines = message.includes('field lines') ? 1 : 1000;
    const decoder = new ChunkedDecoder({ strict: false, maxTrailerBytes: 100, maxFieldLines }, () => {});
    const cursor = new Cursor();
    cursor.feed(octetsOf(wire));
    expect(() => {
      while (decoder.next(cursor) !== null);
    }).toThrow(message);
  });

  it('a trailer section may be as long as its limit', () => {
    expect(decode('0\r\nA: b\r\n\r\n', { maxTrailerBytes: 8 })).toMatchObject({ ended: true });
  });

  it.each([
    ['by one octet', 'A: bc\r\n\r\n'],
    ['by its empty line', 'A: bcde\r\n\r\n'],
    ['in a line that does not end', 'A: bcdefgh'],
    ['in a later line', 'A:\r\nB: b\r\n\r\n'],
  ])('a longer trailer section is refused where it passes the limit: %s', (_, section) => {
    expect(decode(`0\r\n${section}`, { maxTrailerBytes: 8 })).toMatchObject({
      error: { code: 'head-too-large', offset: 11 },
      ended: false,
    });
  });

  it('trailers may be as many as their limit', () => {
    expect(decode('0\r\nA: 1\r\nB: 2\r\n\r\n', { maxFieldLines: 2 })).toMatchObject({ ended: true });
    expect(decode('0\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n', { maxFieldLines: 2 })).toMatchObject({
      error: { code: 'head-too-large', offset: 15 },
    });
  });
});
