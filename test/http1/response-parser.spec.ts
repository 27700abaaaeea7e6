import { MalformedResponse, type ResponseHead } from '../../src/http1/events';
import { ResponseParser } from '../../src/http1/response-parser';
import {
  PARSER_DEFAULTS,
  type Reading,
  type ToldEvent,
  contentOf,
  eventsOf,
  inPieces,
  octetsOf,
  readInEverySplit,
  readResponse,
  warningsOf,
} from '../support/split';

const MODES: [mode: string, strict: boolean][] = [
  ['strict', true],
  ['lenient', false],
];

const OK = 'HTTP/1.1 200 OK\r\n';

function headOf(reading: Reading): Extract<ToldEvent, { type: 'head' }> | undefined {
  return eventsOf(reading, 'head')[0];
}

function endOf(reading: Reading): string | undefined {
  return eventsOf(reading, 'end')[0]?.by;
}

function errorOf(reading: Reading): [code: string, offset: number] | null {
  return reading.error && [reading.error.code, reading.error.offset];
}

const malformedAt = (offset: number): [string, number] => ['malformed-response', offset];
const tooLargeAt = (offset: number): [string, number] => ['head-too-large', offset];

describe.each(MODES)('a whole response, %s', (_, strict) => {
  const plainHead: Omit<ResponseHead, 'headers' | 'headBytes' | 'framing'> = {
    type: 'head',
    status: 200,
    statusText: 'OK',
    httpVersion: '1.1',
    rawHead: null,
  };

  it.each<[what: string, wire: string, events: ToldEvent[]]>([
    [
      'of known length',
      `${OK}Content-Length: 5\r\nX-a:\t1 \r\nx-A: 2\r\n\r\nhello`,
      [
        {
          ...plainHead,
          headers: [
            { name: 'Content-Length', value: '5' },
            { name: 'X-a', value: '1' },
            { name: 'x-A', value: '2' },
          ],
          headBytes: 55,
          framing: { kind: 'content-length', length: 5 },
        },
        { type: 'content', text: 'hello' },
        { type: 'end', by: 'content-length' },
      ],
    ],
    [
      'of no length',
      `${OK}Content-Length: 0\r\n\r\n`,
      [
        {
          ...plainHead,
          headers: [{ name: 'Content-Length', value: '0' }],
          headBytes: 38,
          framing: { kind: 'content-length', length: 0 },
        },
        { type: 'end', by: 'content-length' },
      ],
    ],
    [
      'ended by the close',
      `${OK}\r\n\0\xff\r\n`,
      [
        { ...plainHead, headers: [], headBytes: 19, framing: { kind: 'until-close' } },
        { type: 'content', text: '\0\xff\r\n' },
        { type: 'end', by: 'close' },
      ],
    ],
    [
      'ended by the close, empty',
      `${OK}\r\n`,
      [
        { ...plainHead, headers: [], headBytes: 19, framing: { kind: 'until-close' } },
        { type: 'end', by: 'close' },
      ],
    ],
    [
      'in chunks',
      `${OK}Transfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nA: b\r\n\r\n`,
      [
        {
          ...plainHead,
          headers: [{ name: 'Transfer-Encoding', value: 'chunked' }],
          headBytes: 47,
          framing: { kind: 'chunked' },
        },
        { type: 'transfer-chunk', size: 5, extension: 'a=b' },
        { type: 'content', text: 'hello' },
        { type: 'transfer-chunk', size: 1, extension: null },
        { type: 'content', text: '!' },
        { type: 'last-chunk', extension: null },
        { type: 'trailers', fields: [{ name: 'A', value: 'b' }] },
        { type: 'end', by: 'last-chunk' },
      ],
    ],
    [
      'without content',
      'HTTP/1.1 204 No Content\r\n\r\n',
      [
        {
          ...plainHead,
          status: 204,
          statusText: 'No Content',
          headers: [],
          headBytes: 27,
          framing: { kind: 'no-content' },
        },
        { type: 'end', by: 'no-content' },
      ],
    ],
    [
      'after informational ones',
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}Content-Length: 0\r\n\r\n`,
      [
        { type: 'informational', status: 100, statusText: 'Continue', headers: [] },
        {
          type: 'informational',
          status: 103,
          statusText: 'Early Hints',
          headers: [{ name: 'Link', value: '</a>' }],
        },
        {
          ...plainHead,
          headers: [{ name: 'Content-Length', value: '0' }],
          headBytes: 38,
          framing: { kind: 'content-length', length: 0 },
        },
        { type: 'end', by: 'content-length' },
      ],
    ],
  ])('%s', (_what, wire, events) => {
    expect(readInEverySplit(wire, { strict })).toEqual({ events, error: null, complete: true, extra: '' });
  });
});

describe('the status line', () => {
  it.each<[line: string, httpVersion: string, status: number, statusText: string, warnings: string[]]>([
    ['HTTP/1.1 200 OK', '1.1', 200, 'OK', []],
    ['HTTP/1.0 404 Not Found', '1.0', 404, 'Not Found', []],
    ['HTTP/1.1 299 \xe9\t:', '1.1', 299, '\xe9\t:', []],
    ['HTTP/1.1 200 OK ', '1.1', 200, 'OK ', []],
    ['HTTP/1.1 200 ', '1.1', 200, '', ['missing-reason']],
    ['HTTP/1.1 200', '1.1', 200, '', ['missing-reason']],
    ['HTTP/1.1 200  OK', '1.1', 200, ' OK', ['blank-before-reason']],
    ['HTTP/1.1 200 \tOK', '1.1', 200, '\tOK', ['blank-before-reason']],
    ['HTTP/1.1 200  ', '1.1', 200, ' ', ['blank-before-reason']],
    ['HTTP/0.9 200 OK', '0.9', 200, 'OK', ['unexpected-http-version']],
    ['HTTP/1.1 600 OK', '1.1', 600, 'OK', ['status-code-out-of-range']],
    ['HTTP/1.1 999', '1.1', 999, '', ['status-code-out-of-range', 'missing-reason']],
  ])('%j is understood in both modes', (line, httpVersion, status, statusText, warnings) => {
    for (const strict of [true, false]) {
      const reading = readInEverySplit(`${line}\r\nContent-Length: 0\r\n\r\n`, { strict });
      expect(headOf(reading)).toMatchObject({ httpVersion, status, statusText });
      expect(warningsOf(reading)).toEqual(warnings.map((code) => [code, 0]));
      expect(reading.complete).toBe(true);
    }
  });

  it.each<[line: string, statusText: string, warnings: string[]]>([
    ['HTTP/2 200 OK', 'OK', ['unexpected-http-version']],
    ['HTTP/3 200', '', ['unexpected-http-version', 'missing-reason']],
    ['HTTP/1.1  200 OK', 'OK', ['status-line-blanks']],
    ['HTTP/1.1\t200\t \tOK', 'OK', ['status-line-blanks']],
    ['HTTP/1.1\v200\fOK', 'OK', ['status-line-blanks']],
    ['HTTP/1.1 200\r OK', 'OK', ['status-line-blanks']],
    ['HTTP/1.1\t200 Not  Found \t', 'Not  Found', ['status-line-blanks']],
    ['HTTP/1.1\t200 ', '', ['status-line-blanks', 'missing-reason']],
    ['HTTP/1.1 200 O\rK', 'O K', ['control-in-reason']],
    ['HTTP/1.1 200 OK\r', 'OK', ['control-in-reason']],
    ['HTTP/1.1 200 O\x01K\x7f', 'O\x01K\x7f', ['control-in-reason']],
    ['HTTP/1.1\t200 OK\r', 'OK', ['status-line-blanks', 'control-in-reason']],
  ])('%j is understood leniently, and refused strictly', (line, statusText, warnings) => {
    const wire = `${line}\r\nContent-Length: 0\r\n\r\n`;
    const lenient = readInEverySplit(wire);
    expect(headOf(lenient)).toMatchObject({ status: 200, statusText });
    expect(warningsOf(lenient)).toEqual(warnings.map((code) => [code, 0]));

    const strict = readInEverySplit(wire, { strict: true });
    expect(errorOf(strict)).toEqual(malformedAt(0));
    expect(strict.events).toEqual([]);
  });

  it.each([
    'HTTP/1.1 200 O\0K',
    'HTTP/1.1\t200 \0',
    'HTTP/1.2 200 OK',
    'HTTP/2.0 200 OK',
    'HTTP/0.8 200 OK',
    'HTTP/1 200 OK',
    'HTTP/4 200 OK',
    'HTTP/2. 200 OK',
    'HTTP/1.11 200 OK',
    'HTTP/1.1 099 OK',
    'HTTP/1.1 000 OK',
    'HTTP/1.1 20 OK',
    'HTTP/1.1 2000 OK',
    'HTTP/1.1 200OK',
    'HTTP/1.1 -20 OK',
    'HTTP/1.1',
    'HTTP/',
    'HTTP',
    'http/1.1 200 OK',
    'ICY 200 OK',
    'HTTP/1\r.1 200 OK',
    '\rHTTP/1.1 200 OK',
    ' HTTP/1.1 200 OK',
    '\0',
  ])('%j is refused in both modes', (line) => {
    for (const strict of [true, false]) {
      const reading = readInEverySplit(`${line}\r\nContent-Length: 0\r\n\r\n`, { strict });
      expect(errorOf(reading)).toEqual(malformedAt(0));
      expect(headOf(reading)).toBeUndefined();
    }
  });

  it.each(['X', 'HX', 'HTTP:', '\rX', '\0', '220 ready', '<!doctype html>'])(
    '%j is no HTTP: refused before the line ends',
    (wire) => {
      expect(errorOf(readInEverySplit(wire))).toEqual(malformedAt(0));
      expect(errorOf(readInEverySplit(`\r\n${wire}`))).toEqual(malformedAt(2));
    },
  );

  it.each(['', 'H', 'HTTP', 'HTTP/', 'HTTP/9', '\r', '\r\n'])('%j may still become HTTP', (wire) => {
    expect(readInEverySplit(wire)).toMatchObject({ error: null, complete: false });
  });

  it('is sought after an informational response too', () => {
    const wire = 'HTTP/1.1 100 Continue\r\n\r\nData\n';
    expect(errorOf(readInEverySplit(wire))).toEqual(malformedAt(25));
  });

  it('what is no HTTP is refused for that, not for its line end', () => {
    const reading = readInEverySplit('ICY 200 OK\n\n');
    expect(reading.error?.message).toContain('HTTP/');
    expect(reading.events).toEqual([]);
  });
});

describe('line ends', () => {
  it('LF alone is understood leniently, each told with its offset', () => {
    const reading = readInEverySplit('HTTP/1.1 200 OK\nA: b\n\nhello\n');
    expect(warningsOf(reading)).toEqual([
      ['bare-lf', 15],
      ['bare-lf', 20],
      ['bare-lf', 21],
    ]);
    expect(headOf(reading)).toMatchObject({ headers: [{ name: 'A', value: 'b' }], headBytes: 22 });
    expect(contentOf(reading)).toBe('hello\n');
  });

  it.each([
    ['the status line', 'HTTP/1.1 200 OK\nA: b\r\n\r\n', 15],
    ['a field line', `${OK}A: b\n\r\n`, 21],
    ['the head', `${OK}A: b\r\n\n`, 23],
    ['an informational head', 'HTTP/1.1 100 Continue\r\n\nHTTP/1.1 200 OK\r\n\r\n', 23],
    ['an empty line before the status line', `\n${OK}\r\n`, 0],
  ])('LF alone after %s is refused strictly, at the LF', (_, wire, offset) => {
    expect(errorOf(readInEverySplit(wire, { strict: true }))).toEqual(malformedAt(offset));
    expect(warningsOf(readInEverySplit(wire))).toContainEqual(['bare-lf', offset]);
  });

  it.each(MODES)('empty lines before the status line are passed over with a warning, %s', (_, strict) => {
    const reading = readInEverySplit(`\r\n\r\n${OK}Content-Length: 0\r\n\r\n`, { strict });
    expect(warningsOf(reading)).toEqual([
      ['empty-line-before-status-line', 0],
      ['empty-line-before-status-line', 2],
    ]);
    expect(headOf(reading)).toMatchObject({ status: 200, headBytes: 42 });
  });

  it('empty lines before the status line count as field lines do', () => {
    const reading = readInEverySplit('\r\n'.repeat(4), { maxFieldLines: 3 });
    expect(errorOf(reading)).toEqual(tooLargeAt(6));
  });

  it('an empty line of LF alone before the status line has two warnings', () => {
    expect(warningsOf(readInEverySplit(`\n${OK}\r\n`))).toEqual([
      ['bare-lf', 0],
      ['empty-line-before-status-line', 0],
    ]);
  });
});

describe('offsets', () => {
  it.each<[what: string, head: string, code: string, offset: number]>([
    ['a folded line', `${OK}A: b\r\n c\r\n\r\n`, 'obs-fold', 23],
    ['SP before a colon', `${OK}A : b\r\n\r\n`, 'space-before-colon', 17],
    ['a line of blanks', `${OK} \r\n\r\n`, 'blank-line-in-head', 17],
    ['framing', `${OK}Transfer-Encoding: x\r\n\r\n`, 'transfer-coding-unknown', 39],
  ])('of %s count from the first octet received', (_, head, code, offset) => {
    expect(warningsOf(readInEverySplit(head))).toEqual([[code, offset]]);
    const informational = 'HTTP/1.1 100 Continue\r\n\r\n';
    expect(warningsOf(readInEverySplit(informational + head))).toEqual([
      [code, offset + informational.length],
    ]);
  });
});

describe.each(MODES)('the field section, %s', (_, strict) => {
  it.each([
    ['a line without a colon', `${OK}A: b\r\nC\r\n\r\n`, 23],
    ['NUL in a value', `${OK}A: \0\r\n\r\n`, 17],
    ['a folded line before the first field', `${OK} A: b\r\n\r\n`, 17],
    ['a Content-Length that is none', `${OK}Content-Length: x\r\n\r\n`, 36],
  ])('is refused for %s', (_what, wire, offset) => {
    const reading = readInEverySplit(wire, { strict });
    expect(errorOf(reading)).toEqual(malformedAt(offset));
    expect(headOf(reading)).toBeUndefined();
  });
});

describe('limits of the head', () => {
  const head = `${OK}A: b\r\n\r\n`;

  it('a head may be as long as maxHeadBytes', () => {
    expect(headOf(readInEverySplit(head, { maxHeadBytes: head.length }))).toMatchObject({
      headBytes: head.length,
    });
  });

  it.each(Array.from({ length: head.length - 5 }, (_, i) => i + 5))(
    'with maxHeadBytes %d a head is refused where it passes them',
    (maxHeadBytes) => {
      const reading = readInEverySplit(head, { maxHeadBytes });
      expect(errorOf(reading)).toEqual(maxHeadBytes < head.length ? tooLargeAt(maxHeadBytes) : null);
    },
  );

  it.each([
    ['an endless status line', `HTTP/1.1 200 ${'x'.repeat(200)}`],
    ['an endless field line', `${OK}A: ${'x'.repeat(200)}`],
    ['endless fields', OK + 'A: b\r\n'.repeat(40)],
    ['an endless fold', `${OK}A: b\r\n${' c\r\n'.repeat(40)}`],
    ['endless empty lines', '\r\n'.repeat(100)],
  ])('%s is refused without waiting for its end', (_, wire) => {
    expect(errorOf(readInEverySplit(wire, { maxHeadBytes: 100 }))).toEqual(tooLargeAt(100));
  });

  it('what is no HTTP is refused for that, however long', () => {
    expect(errorOf(readInEverySplit('x'.repeat(200), { maxHeadBytes: 100 }))).toEqual(malformedAt(0));
  });

  it('they hold for each head on its own', () => {
    const informational = 'HTTP/1.1 100 Continue\r\n\r\n';
    const wire = informational + informational + head;
    expect(headOf(readInEverySplit(wire, { maxHeadBytes: 25 }))).toMatchObject({ headBytes: 25 });
    expect(errorOf(readInEverySplit(wire, { maxHeadBytes: 24 }))).toEqual(tooLargeAt(24));
  });

  it.each([0, 1, 3])('maxFieldLines %d takes as many and refuses one more', (maxFieldLines) => {
    const fields = 'A: b\r\n'.repeat(maxFieldLines);
    const taken = readInEverySplit(`${OK}${fields}\r\n`, { maxFieldLines });
    expect(headOf(taken)?.headers).toHaveLength(maxFieldLines);
    const refused = readInEverySplit(`${OK}${fields}C: d\r\n\r\n`, { maxFieldLines });
    expect(errorOf(refused)).toEqual(tooLargeAt(OK.length + fields.length));
  });

  it('maxFieldLines holds for each head on its own', () => {
    const wire = `HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n${head}`;
    expect(headOf(readInEverySplit(wire, { maxFieldLines: 1 }))?.headers).toHaveLength(1);
  });

  it('both hold for the trailer section', () => {
    const coded = `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\n`;
    const trailers = 'A: 1\r\nB: 2\r\n';
    const read = (maxHeadBytes: number, maxFieldLines: number): Reading =>
      readInEverySplit(`${coded}${trailers.repeat(4)}\r\n`, { maxHeadBytes, maxFieldLines });
    expect(read(50, 8)).toMatchObject({ complete: true, error: null });
    expect(errorOf(read(49, 8))).toEqual(tooLargeAt(coded.length + 49));
    expect(errorOf(read(50, 7))).toEqual(tooLargeAt(coded.length + 42));
  });
});

describe('each limit has a message of its own', () => {
  const chunked = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
  it.each([
    ['head is longer than 100 octets', `${OK}A: ${'x'.repeat(100)}`],
    ['more than 3 field lines', `${OK}${'A: b\r\n'.repeat(4)}`],
    ['more than 3 empty lines before the status line', '\r\n'.repeat(4)],
    ['more than 32 informational responses', 'HTTP/1.1 100 x\r\n\r\n'.repeat(33)],
    ['more than 16384 octets of chunk extensions', `${chunked}1;${'x'.repeat(20_000)}`],
    ['chunk-size has more than 16 digits', `${chunked}${'0'.repeat(17)}`],
    [
      'chunk lines take more than 8 octets for each octet of content',
      `${chunked}${'0000000000000001\r\nx\r\n'.repeat(6000)}`,
    ],
    ['trailer section is longer than 100 octets', `${chunked}0\r\nA: ${'x'.repeat(100)}`],
    ['more than 3 trailer field lines', `${chunked}0\r\n${'A: b\r\n'.repeat(4)}`],
  ])('%s', (message, wire) => {
    const limits = { maxHeadBytes: 100, maxFieldLines: 3 };
    expect(readResponse(inPieces(octetsOf(wire), 1460), limits).error?.message).toBe(message);
    expect(readResponse(inPieces(octetsOf(wire), 1), limits).error?.message).toBe(message);
  });
});

describe('how the content ends', () => {
  it.each<[what: string, requestMethod: string, wire: string, end: string, content: string, extra: string]>([
    ['HEAD', 'HEAD', `${OK}Content-Length: 5\r\n\r\nhello`, 'no-content', '', 'hello'],
    ['HEAD, chunked', 'HEAD', `${OK}Transfer-Encoding: chunked\r\n\r\n`, 'no-content', '', ''],
    ['204', 'GET', 'HTTP/1.1 204 x\r\nContent-Length: 5\r\n\r\nhello', 'no-content', '', 'hello'],
    ['304', 'GET', 'HTTP/1.1 304 x\r\nContent-Length: 5\r\n\r\nhello', 'no-content', '', 'hello'],
    ['101', 'GET', 'HTTP/1.1 101 x\r\nUpgrade: y\r\n\r\n\0raw', 'upgrade', '', '\0raw'],
    ['CONNECT', 'CONNECT', `${OK}Content-Length: 5\r\n\r\nraw`, 'upgrade', '', 'raw'],
    [
      'CONNECT refused',
      'CONNECT',
      'HTTP/1.1 407 x\r\nContent-Length: 2\r\n\r\nno',
      'content-length',
      'no',
      '',
    ],
    [
      'Content-Length',
      'GET',
      `${OK}Content-Length: 5\r\n\r\nhello, more`,
      'content-length',
      'hello',
      ', more',
    ],
    ['Content-Length: 0', 'POST', `${OK}Content-Length: 0\r\n\r\nmore`, 'content-length', '', 'more'],
    [
      'chunked',
      'GET',
      `${OK}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n\r\nmore`,
      'last-chunk',
      'x',
      '\r\nmore',
    ],
    ['close', 'GET', `${OK}\r\n${OK}\r\n`, 'close', `${OK}\r\n`, ''],
    [
      'close, of an unknown coding',
      'GET',
      `${OK}Transfer-Encoding: x\r\n\r\n0\r\n\r\n`,
      'close',
      '0\r\n\r\n',
      '',
    ],
  ])('%s', (_, requestMethod, wire, end, content, extra) => {
    for (const strict of [true, false]) {
      const reading = readInEverySplit(wire, { requestMethod, strict });
      expect(endOf(reading)).toBe(end);
      expect(contentOf(reading)).toBe(content);
      expect(reading).toMatchObject({ complete: true, error: null, extra });
    }
  });

  it.each([
    ['in the head', OK],
    ['before an informational response is followed', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['short of Content-Length', `${OK}Content-Length: 6\r\n\r\nhello`],
    ['before a chunk', `${OK}Transfer-Encoding: chunked\r\n\r\n`],
    ['in a chunk', `${OK}Transfer-Encoding: chunked\r\n\r\n6\r\nhello`],
    ['in the trailer section', `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\n`],
  ])('a close %s is no end, and no error of the parser’s', (_, wire) => {
    const reading = readInEverySplit(wire);
    expect(reading).toMatchObject({ complete: false, error: null, extra: '' });
    expect(endOf(reading)).toBeUndefined();
  });

  it('a broken chunk is an error after the head and the content before it, and nothing of it is lost', () => {
    const reading = readInEverySplit(`${OK}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\nz\r\nmore`);
    expect(reading.events.map(({ type }) => type)).toEqual(['head', 'transfer-chunk', 'content']);
    expect(reading.error?.message).toBe('chunk-size is missing');
    expect(errorOf(reading)).toEqual(malformedAt(53));
    expect(reading).toMatchObject({ complete: false, extra: 'z\r\nmore' });
  });

  it('a size line that nothing could mend is an error at the close', () => {
    const reading = readInEverySplit(`${OK}Transfer-Encoding: chunked\r\n\r\nF\rF`);
    expect(errorOf(reading)).toEqual(malformedAt(47));
    expect(reading).toMatchObject({ complete: false, extra: 'F\rF' });
  });

  it('Transfer-Encoding overrides Content-Length, with a warning', () => {
    const fields = 'Content-Length: 1\r\nTransfer-Encoding: chunked\r\n';
    const reading = readInEverySplit(`${OK}${fields}\r\n3\r\nabc\r\n0\r\n\r\n`);
    expect(contentOf(reading)).toBe('abc');
    expect(warningsOf(reading)).toEqual([['content-length-ignored', OK.length + fields.length]]);
  });
});

describe('octets after a message', () => {
  const length = `${OK}Content-Length: 1\r\n\r\nx`;
  const chunked = `${OK}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`;
  it.each<[what: string, requestMethod: string, message: string, code: string | null]>([
    ['of known length', 'GET', length, 'octets-after-message'],
    ['in chunks', 'GET', chunked, 'octets-after-message'],
    ['that answers HEAD', 'HEAD', `${OK}Content-Length: 1\r\n\r\n`, 'content-after-no-content'],
    ['of status 204', 'GET', 'HTTP/1.1 204 x\r\n\r\n', 'content-after-no-content'],
    ['of status 304', 'GET', 'HTTP/1.1 304 x\r\n\r\n', 'content-after-no-content'],
    ['of status 101', 'GET', 'HTTP/1.1 101 x\r\n\r\n', null],
    ['that answers CONNECT', 'CONNECT', `${OK}\r\n`, null],
  ])('%s are extra, and told where they begin', (_, requestMethod, message, code) => {
    for (const strict of [true, false]) {
      const reading = readInEverySplit(`${message}\r\n`, { requestMethod, strict });
      expect(reading).toMatchObject({ complete: true, error: null, extra: '\r\n' });
      expect(warningsOf(reading)).toEqual(code === null ? [] : [[code, message.length]]);
    }
  });

  it('that was refused are what was refused, of which the error tells', () => {
    expect(warningsOf(readInEverySplit(`${OK}Transfer-Encoding: chunked\r\n\r\nz\r\n`))).toEqual([]);
  });
});

/** What a message's length hangs on, written as attackers write it: recipients that read it otherwise than
 *  their neighbours can be made to see other messages. */
describe('what decides the length is never guessed', () => {
  const CHUNKED_5 = '5\r\nhello\r\n0\r\n\r\n';
  type Outcome = 'refused' | 'chunked' | 'close' | 'length';
  const LENGTH_OF: Record<string, string> = {
    chunked: 'last-chunk',
    close: 'close',
    length: 'content-length',
  };

  function outcomeOf(fields: string, strict: boolean): Outcome {
    const reading = readInEverySplit(`${OK}${fields}\r\n\r\n${CHUNKED_5}`, { strict });
    if (reading.error !== null && headOf(reading) === undefined) return 'refused';
    const by = endOf(reading);
    return (['chunked', 'close', 'length'] as const).find((outcome) => LENGTH_OF[outcome] === by)!;
  }

  it.each<[fields: string, lenient: Outcome, strict: Outcome]>([
    // the name
    ['Transfer-Encoding : chunked', 'chunked', 'refused'],
    ['Transfer-Encoding\t: chunked', 'chunked', 'refused'],
    ['Content-Length : 5', 'length', 'refused'],
    ['Content-Length : 5\r\nContent-Length: 6', 'refused', 'refused'],
    ['Transfer-Encoding\v: chunked', 'refused', 'refused'],
    ['Transfer-Encoding\r: chunked', 'refused', 'refused'],
    ['Transfer-Encoding\0: chunked', 'refused', 'refused'],
    ['\0Transfer-Encoding: chunked', 'refused', 'refused'],
    ['Transfer Encoding: chunked', 'close', 'refused'],
    ['"Transfer-Encoding": chunked', 'close', 'refused'],
    ['Transfer-Encoding\xa0: chunked', 'close', 'refused'],
    ['Transfer_Encoding: chunked', 'close', 'close'],
    ['Transfer-Encoding chunked', 'refused', 'refused'],
    ['Content-Length: 5\r\nTransfer Encoding: chunked', 'length', 'refused'],
    // the line
    ['X: y\n Transfer-Encoding: chunked', 'close', 'refused'],
    ['X: y\r\n Transfer-Encoding: chunked', 'close', 'close'],
    ['X: y\rTransfer-Encoding: chunked', 'close', 'refused'],
    ['X: y\nTransfer-Encoding: chunked', 'chunked', 'refused'],
    ['Transfer-Encoding:\r\n chunked', 'chunked', 'chunked'],
    ['Transfer-Encoding: gzip\r\n , chunked', 'chunked', 'chunked'],
    ['Transfer-Encoding: chunked\r\n x', 'close', 'close'],
    ['Transfer-Encoding: chun\r\n ked', 'close', 'close'],
    ['Content-Length:\r\n 5', 'length', 'length'],
    ['Content-Length: 1\r\n 5', 'refused', 'refused'],
    ['Content-Length: 5\r\n \r\n Transfer-Encoding: chunked', 'refused', 'refused'],
    // the value
    ['Transfer-Encoding: \vchunked', 'refused', 'refused'],
    ['Transfer-Encoding: chunked\r', 'refused', 'refused'],
    ['Transfer-Encoding: chunked\0', 'refused', 'refused'],
    ['Transfer-Encoding: \xa0chunked', 'close', 'close'],
    ['Transfer-Encoding: chunked;a=b', 'close', 'refused'],
    ['Transfer-Encoding: chunked, chunked', 'chunked', 'refused'],
    ['Transfer-Encoding: chunked, identity', 'close', 'close'],
    ['Transfer-Encoding: identity, chunked', 'chunked', 'chunked'],
    ['Transfer-Encoding: identity', 'close', 'close'],
    ['Transfer-Encoding: "chunked"', 'close', 'close'],
    ['Transfer-Encoding: x="\r\n ,chunked', 'close', 'close'],
    ['Transfer-Encoding: CHUNKED', 'chunked', 'chunked'],
    ['Transfer-Encoding:', 'close', 'close'],
    ['Content-Length: +5', 'refused', 'refused'],
    ['Content-Length: 0x5', 'refused', 'refused'],
    ['Content-Length: 5_0', 'refused', 'refused'],
    ['Content-Length: 5\xb2', 'refused', 'refused'],
    ['Content-Length: 5 0', 'refused', 'refused'],
    ['Content-Length: 5\v', 'refused', 'refused'],
    ['Content-Length: \r5', 'refused', 'refused'],
    ['Content-Length: 5,5', 'length', 'length'],
    ['Content-Length: 5,05', 'refused', 'refused'],
    ['Content-Length: 5,', 'refused', 'refused'],
    ['Content-Length:', 'refused', 'refused'],
    // both of them
    ['Content-Length: 5\r\nTransfer-Encoding: chunked', 'chunked', 'chunked'],
    ['Content-Length: x\r\nTransfer-Encoding: chunked', 'chunked', 'chunked'],
    ['Content-Length: 5\r\nTransfer-Encoding: identity', 'close', 'close'],
    ['Content-Length: 5\r\nTransfer-Encoding:', 'close', 'close'],
    ['Content-Length: 5\r\nTransfer-Encoding: \vchunked', 'refused', 'refused'],
    ['Content-Length: 5\r\nTransfer-Encoding : chunked', 'chunked', 'refused'],
  ])('%j: leniently %s, strictly %s', (fields, lenient, strict) => {
    expect([outcomeOf(fields, false), outcomeOf(fields, true)]).toEqual([lenient, strict]);
  });

  it.each(['HTTP/1.0', 'HTTP/0.9'])(
    'Transfer-Encoding in %s is obeyed leniently, with a warning',
    (version) => {
      const wire = `${version} 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKED_5}`;
      const lenient = readInEverySplit(wire);
      expect(contentOf(lenient)).toBe('hello');
      expect(warningsOf(lenient).map(([code]) => code)).toEqual(
        expect.arrayContaining(['content-length-ignored', 'transfer-encoding-before-http11']),
      );
      expect(readInEverySplit(wire, { strict: true }).error).not.toBeNull();
    },
  );

  it.each(['Content-Length: 5', 'Transfer-Encoding: chunked', 'Content-Length: x'])(
    '%s decides nothing of 1xx and 204, and is told',
    (field) => {
      for (const strict of [true, false]) {
        const wire = `HTTP/1.1 103 x\r\n${field}\r\n\r\nHTTP/1.1 204 x\r\n${field}\r\n\r\n`;
        const reading = readInEverySplit(wire, { strict });
        expect(reading).toMatchObject({ complete: true, extra: '' });
        expect(warningsOf(reading)).toEqual([
          ['framing-field-without-content', wire.length / 2 - 2],
          ['framing-field-without-content', wire.length - 2],
        ]);
      }
    },
  );

  it.each<[line: string, lenient: boolean, strict: boolean]>([
    ['5\n', false, false],
    ['5\r', false, false],
    ['5\r\r\n', false, false],
    ['\n5\r\n', false, false],
    ['\r\n5\r\n', false, false],
    [' 5\r\n', false, false],
    ['\t5\r\n', false, false],
    ['5 \r\n', true, false],
    ['5\t\r\n', true, false],
    ['5\v\r\n', false, false],
    ['5\0\r\n', false, false],
    ['5;\r\n', true, false],
    ['5 ;x\r\n', true, true],
    ['5;x\n', false, false],
    ['5;x\ry\r\n', false, false],
    ['5;x="\r\n"\r\n', false, false],
    ['5 5\r\n', false, false],
    ['5,5\r\n', false, false],
    ['0x5\r\n', false, false],
    ['0X5\r\n', false, false],
    ['5h\r\n', false, false],
    ['+5\r\n', false, false],
    ['-5\r\n', false, false],
    ['5_0\r\n', false, false],
    ['5.0\r\n', false, false],
    ['\xb25\r\n', false, false],
    ['"5"\r\n', false, false],
    ['05\r\n', true, true],
    ['10000000000000005\r\n', false, false],
  ])('the chunk-size line %j: leniently %s, strictly %s', (line, lenient, strict) => {
    const read = (mode: boolean): boolean => {
      const wire = `${OK}Transfer-Encoding: chunked\r\n\r\n${line}hello\r\n0\r\n\r\n`;
      const reading = readInEverySplit(wire, { strict: mode });
      return reading.error === null && contentOf(reading) === 'hello';
    };
    expect([read(false), read(true)]).toEqual([lenient, strict]);
  });

  it('trailers decide nothing', () => {
    const trailers = 'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n';
    const reading = readInEverySplit(`${OK}Transfer-Encoding: chunked\r\n\r\n0\r\n${trailers}\r\nhello`);
    expect(eventsOf(reading, 'trailers')[0]?.fields).toHaveLength(2);
    expect(reading).toMatchObject({ complete: true, extra: 'hello' });
  });
});

describe('informational responses', () => {
  const informational = 'HTTP/1.1 102 Processing\r\n\r\n';

  it('32 of them are taken', () => {
    const reading = readInEverySplit(`${informational.repeat(32)}${OK}\r\n`);
    expect(eventsOf(reading, 'informational')).toHaveLength(32);
    expect(endOf(reading)).toBe('close');
  });

  it('one more is refused', () => {
    const reading = readInEverySplit(`${informational.repeat(33)}${OK}\r\n`);
    expect(eventsOf(reading, 'informational')).toHaveLength(32);
    expect(errorOf(reading)).toEqual(malformedAt(33 * informational.length - 2));
    expect(reading.error?.message).toBe('more than 32 informational responses');
  });

  it('101 is none of them: it is the last response of the connection', () => {
    const reading = readInEverySplit(`${informational}HTTP/1.1 101 Switching Protocols\r\n\r\n${OK}`);
    expect(reading.events.map(({ type }) => type)).toEqual(['informational', 'head', 'end']);
    expect(reading.extra).toBe(OK);
  });

  it('they have no content, whatever their fields say', () => {
    const reading = readInEverySplit(
      `HTTP/1.1 100 x\r\nContent-Length: x\r\n\r\n${OK}Content-Length: 0\r\n\r\n`,
    );
    expect(reading).toMatchObject({ complete: true, error: null });
  });
});

describe('insideHead', () => {
  it('is true from the first octet of a head to its end', () => {
    const informational = 'HTTP/1.1 100 Continue\r\n\r\n';
    const wire = `${informational}\r\n${OK}A: b\r\n\r\nhello`;
    const parser = new ResponseParser(PARSER_DEFAULTS);
    const inside = [parser.insideHead];
    for (const octet of inPieces(octetsOf(wire), 1)) {
      parser.receive(octet);
      while (parser.next() !== null);
      inside.push(parser.insideHead);
    }
    const outsideAfter = inside.flatMap((is, received) => (is ? [] : received));
    const endOfHead = wire.indexOf('hello');
    expect(outsideAfter).toEqual([
      0,
      informational.length,
      ...Array.from({ length: 6 }, (_, content) => endOfHead + content),
    ]);
  });

  it('is false once the head was refused', () => {
    const parser = new ResponseParser(PARSER_DEFAULTS);
    parser.receive(octetsOf('HTTP/1.1 200 OK\r\nA'));
    parser.next();
    expect(parser.insideHead).toBe(true);
    parser.receive(octetsOf('\r\n'));
    expect(() => parser.next()).toThrow(MalformedResponse);
    expect(parser.insideHead).toBe(false);
  });
});

describe('rawHead', () => {
  it.each([
    ['of CRLF lines', `${OK}A:  b\t\r\n c\r\n\r\n`],
    ['of LF lines', 'HTTP/1.1 200\nA : \xe9\n\n'],
    ['with empty lines before it', `\r\n\n${OK}\r\n`],
  ])('is the head as it came, %s', (_, head) => {
    const reading = readInEverySplit(`${head}content`, { keepRawHead: true });
    expect(headOf(reading)).toMatchObject({ rawHead: head, headBytes: head.length });
  });

  it('is of the final response alone', () => {
    const wire = `HTTP/1.1 100 Continue\r\n\r\n${OK}\r\n`;
    expect(headOf(readInEverySplit(wire, { keepRawHead: true }))?.rawHead).toBe(`${OK}\r\n`);
  });
});

describe('the contract of next()', () => {
  function parserOf(wire: string): ResponseParser {
    const parser = new ResponseParser(PARSER_DEFAULTS);
    parser.receive(octetsOf(wire));
    return parser;
  }

  it('before any octet it gives null', () => {
    const parser = new ResponseParser(PARSER_DEFAULTS);
    expect(parser.next()).toBeNull();
    expect(parser).toMatchObject({ complete: false, offset: 0 });
  });

  it('content is a view of the octets received, not a copy', () => {
    const octets = octetsOf(`${OK}\r\nhello`);
    const parser = new ResponseParser(PARSER_DEFAULTS);
    parser.receive(octets);
    parser.next();
    const event = parser.next();
    octets.write('J', 19);
    expect(event).toEqual({ type: 'content', octets: Buffer.from('Jello') });
  });

  it('one buffer serves for every read', () => {
    const wire = `\r\n${OK}A: b\r\n c\r\nTransfer-Encoding: chunked\r\n\r\n5;e="f"\r\nhello\r\n0\r\nT: u\r\n\r\nmore`;
    const buffer = Buffer.alloc(7);
    const parser = new ResponseParser(PARSER_DEFAULTS);
    const events: string[] = [];
    let extra = '';
    for (const piece of inPieces(octetsOf(wire), buffer.length)) {
      piece.copy(buffer);
      parser.receive(buffer.subarray(0, piece.length));
      for (let event = parser.next(); event !== null; event = parser.next())
        events.push(JSON.stringify(event.type === 'content' ? event.octets.toString() : event));
      extra += parser.takeExtra().toString();
      buffer.fill('~');
    }
    expect(events.join()).not.toContain('~');
    expect(events.map((event) => event.replace(/.*"type":"([a-z-]+)".*/, '$1')).join()).toBe(
      'warning,warning,head,transfer-chunk,"he","llo",last-chunk,trailers,end,warning',
    );
    expect(extra).toBe('more');
  });

  it('empty reads change nothing', () => {
    const empty = Buffer.alloc(0);
    const wire = `${OK}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`;
    const pieces = [...inPieces(octetsOf(wire), 1)].flatMap((piece) => [empty, piece, empty]);
    expect(readResponse(pieces)).toEqual(readResponse([octetsOf(wire)]));
  });

  it.each([
    ['Content-Length', `${OK}Content-Length: 1\r\n\r\nx`, 'octets-after-message'],
    ['last-chunk', `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 'octets-after-message'],
    ['no content', 'HTTP/1.1 204 x\r\n\r\n', 'content-after-no-content'],
    ['upgrade', 'HTTP/1.1 101 x\r\n\r\n', null],
  ])('after an end by %s it gives one warning of what comes, and null for ever', (_, wire, code) => {
    const parser = parserOf(wire);
    while (parser.next() !== null);
    parser.receiveEof();
    expect([parser.next(), parser.next(), parser.complete]).toEqual([null, null, true]);
    parser.receive(octetsOf(`${OK}\r\n`));
    if (code !== null)
      expect(parser.next()).toEqual({
        type: 'warning',
        code,
        message: expect.stringContaining('octets after') as string,
        offset: wire.length,
      });
    expect([parser.next(), parser.next()]).toEqual([null, null]);
    expect(parser).toMatchObject({ complete: true, offset: wire.length });
    expect(parser.takeExtra().toString()).toBe(`${OK}\r\n`);
    expect(parser.takeExtra()).toHaveLength(0);
    parser.receive(octetsOf('more'));
    expect(parser.next()).toBeNull();
    expect(parser.takeExtra().toString()).toBe('more');
  });

  it('the close ends close-delimited content once', () => {
    const parser = parserOf(`${OK}\r\nx`);
    const types: (string | null)[] = [];
    for (let calls = 0; calls < 3; calls++) types.push(parser.next()?.type ?? null);
    parser.receiveEof();
    for (let calls = 0; calls < 3; calls++) types.push(parser.next()?.type ?? null);
    expect(types).toEqual(['head', 'content', null, 'end', null, null]);
  });

  it('the close may be told with the last octets', () => {
    const parser = parserOf(`${OK}\r\nx`);
    parser.receiveEof();
    const types = Array.from({ length: 4 }, () => parser.next()?.type ?? null);
    expect(types).toEqual(['head', 'content', 'end', null]);
  });

  it.each([
    ['in the head', `${OK}A\r\n\r\n`],
    ['in the content', `${OK}Transfer-Encoding: chunked\r\n\r\nz\r\n`],
  ])('an error %s is thrown once, then it gives null for ever', (_, wire) => {
    const parser = parserOf(wire);
    expect(() => {
      while (parser.next() !== null);
    }).toThrow(MalformedResponse);
    expect([parser.next(), parser.next()]).toEqual([null, null]);
    parser.receive(octetsOf(`${OK}\r\n`));
    parser.receiveEof();
    expect([parser.next(), parser.next()]).toEqual([null, null]);
    expect(parser.complete).toBe(false);
  });

  it('what was refused is extra, once', () => {
    const parser = parserOf(`${OK}A\r\nmore`);
    expect(() => parser.next()).toThrow(MalformedResponse);
    expect(parser.takeExtra().toString()).toBe('A\r\nmore');
    expect(parser.takeExtra()).toHaveLength(0);
  });

  it('warnings are told before the error that follows them', () => {
    const reading = readInEverySplit('\nHTTP/1.1 200 OK\nA : b\n\0\r\n');
    expect(warningsOf(reading)).toEqual([
      ['bare-lf', 0],
      ['empty-line-before-status-line', 0],
      ['bare-lf', 16],
      ['bare-lf', 22],
      ['space-before-colon', 17],
    ]);
    expect(errorOf(reading)).toEqual(malformedAt(23));
  });

  it('warnings of framing are told before the head, and before an error of framing', () => {
    const head = `HTTP/1.0 200 OK\r\nTransfer-Encoding: `;
    expect(readInEverySplit(`${head}gzip\r\n\r\n`).events.map(({ type }) => type)).toEqual([
      'warning',
      'warning',
      'head',
      'end',
    ]);
    const twice = 'Content-Length: 1\r\nTransfer-Encoding: chunked, chunked\r\n';
    const refused = readInEverySplit(`${OK}${twice}\r\n`, { strict: true });
    expect(warningsOf(refused)).toEqual([['content-length-ignored', 73]]);
    expect(errorOf(refused)).toEqual(malformedAt(73));
  });

  it('warnings of trailers are told before the trailers', () => {
    const reading = readInEverySplit(`${OK}Transfer-Encoding: chunked\r\n\r\n0\r\nA : b\r\n\r\n`);
    expect(reading.events.map(({ type }) => type)).toEqual([
      'head',
      'last-chunk',
      'warning',
      'trailers',
      'end',
    ]);
  });

  it('an error that is no MalformedResponse is a mistake in the program, and stays one', () => {
    const parser = new ResponseParser(PARSER_DEFAULTS);
    parser.receive(undefined as unknown as Buffer);
    for (let calls = 0; calls < 2; calls++) expect(() => parser.next()).toThrow(TypeError);
  });
});

describe('work is linear in the octets', () => {
  const LONG = 150_000;
  // Linear, a case takes up to half a second; quadratic work took 13 s in the least of those that it befell.
  // CPU time, because the load of other processes does not change it
  const MOST_CPU_MS = 4000;
  const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;

  /** Reads to the end or to a refusal. */
  function countEvents(pieces: Iterable<Buffer>): number {
    const parser = new ResponseParser({ ...PARSER_DEFAULTS, maxHeadBytes: 2 * LONG, maxFieldLines: LONG });
    let count = 0;
    try {
      for (const piece of pieces) {
        parser.receive(piece);
        while (parser.next() !== null) count++;
      }
    } catch (error) {
      if (!(error instanceof MalformedResponse)) throw error;
    }
    return count;
  }

  it.each<[what: string, wire: string, events: number]>([
    ['blanks within the reason phrase', `HTTP/1.1\t200 a${' '.repeat(LONG)}a\r\n\r\n`, 2],
    ['blanks after the status code', `HTTP/1.1\t200${' '.repeat(LONG)}\0\r\n`, 1],
    ['empty lines', '\n'.repeat(LONG), 2 * LONG],
    ['folded lines', `${OK}A: b\r\n${' \n'.repeat(LONG / 2)}\r\n`, LONG + 1],
    ['short field lines', `${OK}${'a:\n'.repeat(LONG / 2)}\r\n`, LONG / 2 + 1],
    ['blanks before a colon', `${OK}A${' '.repeat(LONG)}: b\r\n\r\n`, 2],
    ['members of Content-Length', `${OK}Content-Length: 1${',1'.repeat(LONG / 2)}\r\n\r\n`, 2],
    ['transfer codings', `${OK}Transfer-Encoding: ${'x,'.repeat(LONG / 2)}\r\n\r\n`, 2],
    ['chunks of one octet', `${CHUNKED}${'1\r\nx\r\n'.repeat(LONG / 5)}0\r\n\r\n`, (2 * LONG) / 5 + 3],
    ['chunk extensions', `${CHUNKED}1${';a = "b" '.repeat(1800)};\r\nx\r\n0\r\n\r\n`, 6],
    ['digits of a chunk-size', `${CHUNKED}${'0'.repeat(LONG)}`, 1],
  ])('%s', (_, wire, events) => {
    const octets = octetsOf(wire);
    const before = process.cpuUsage();
    for (const size of [octets.length, 1460, 1]) expect(countEvents(inPieces(octets, size))).toBe(events);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(MOST_CPU_MS);
  });
});

it('what follows a 1xx and is no HTTP is refused before its line has ended', () => {
  const parser = new ResponseParser(PARSER_DEFAULTS);
  parser.receive(octetsOf('HTTP/1.1'));
  expect(parser.next()).toBeNull();
  parser.receive(octetsOf(' 103 Early Hints\r\n\r\n220 mail'));
  expect(parser.next()).toMatchObject({ type: 'informational' });
  expect(() => parser.next()).toThrow(MalformedResponse);
});
