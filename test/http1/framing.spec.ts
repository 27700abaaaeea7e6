import type { Framing } from '../../src/http1/events';
import { type FramingInput, messageFraming } from '../../src/http1/framing';

const OFFSET = 42;

interface Message {
  readonly status?: number;
  readonly requestMethod?: string;
  readonly httpVersion?: string;
  readonly strict?: boolean;
}

/** @param fields as written: "Name: value" */
function frame(fields: readonly string[], message: Message = {}): { framing: Framing; warnings: string[] } {
  const input: FramingInput = {
    requestMethod: 'GET',
    status: 200,
    httpVersion: '1.1',
    strict: false,
    offset: OFFSET,
    headers: fields.map((field) => {
      const [name = '', value = ''] = field.split(/: ?(.*)/s);
      return { name, value };
    }),
    ...message,
  };
  const warnings: string[] = [];
  const framing = messageFraming(input, (code, _, offset) => {
    expect(offset).toBe(OFFSET);
    warnings.push(code);
  });
  return { framing, warnings };
}

const refused = expect.objectContaining({
  name: 'MalformedResponse',
  code: 'malformed-response',
  offset: OFFSET,
}) as Error;

const NO_CONTENT: Framing = { kind: 'no-content' };
const UPGRADE: Framing = { kind: 'upgrade' };
const CHUNKED: Framing = { kind: 'chunked' };
const UNTIL_CLOSE: Framing = { kind: 'until-close' };

describe.each<[what: string, fields: string[]]>([
  ['no framing field', []],
  ['Content-Length', ['Content-Length: 5']],
  ['Transfer-Encoding', ['Transfer-Encoding: chunked']],
  ['a Content-Length that is none', ['Content-Length: five']],
])('with %s', (_, fields) => {
  it.each<[what: string, message: Message, framing: Framing]>([
    ['a response to HEAD', { requestMethod: 'HEAD' }, NO_CONTENT],
    ['a 404 to HEAD', { requestMethod: 'HEAD', status: 404 }, NO_CONTENT],
    ['100', { status: 100 }, NO_CONTENT],
    ['103', { status: 103 }, NO_CONTENT],
    ['204', { status: 204 }, NO_CONTENT],
    ['304', { status: 304 }, NO_CONTENT],
    ['101', { status: 101 }, UPGRADE],
    ['101 to HEAD', { status: 101, requestMethod: 'HEAD' }, UPGRADE],
    ['200 to CONNECT', { requestMethod: 'CONNECT' }, UPGRADE],
    ['299 to CONNECT', { requestMethod: 'CONNECT', status: 299 }, UPGRADE],
    ['204 to CONNECT', { requestMethod: 'CONNECT', status: 204 }, NO_CONTENT],
  ])('%s is framed by its status and method alone', (_what, message, framing) => {
    const { status = 200 } = message;
    // RFC 9110 §8.6: a HEAD or 304 may tell the length that GET would have had
    const unexpected = fields.length > 0 && (status < 200 || status === 204);
    const warnings = unexpected ? ['framing-field-without-content'] : [];
    for (const strict of [false, true])
      expect(frame(fields, { ...message, strict })).toEqual({ framing, warnings });
  });
});

it.each([200, 205, 300, 303, 305, 404, 500, 999])(
  '%d without framing fields is read until close',
  (status) => {
    expect(frame([], { status })).toEqual({ framing: UNTIL_CLOSE, warnings: [] });
  },
);

it('CONNECT that did not succeed is framed as any response', () => {
  const message = { requestMethod: 'CONNECT', status: 300 };
  expect(frame(['Content-Length: 5'], message).framing).toEqual({ kind: 'content-length', length: 5 });
});

it('methods are case-sensitive', () => {
  expect(frame([], { requestMethod: 'head' }).framing).toEqual(UNTIL_CLOSE);
});

describe('Content-Length', () => {
  it.each<[fields: string[], length: number, warnings: string[]]>([
    [['Content-Length: 0'], 0, []],
    [['content-LENGTH: 42'], 42, []],
    [['Content-Length: 0042'], 42, []],
    [[`Content-Length: ${'0'.repeat(400)}42`], 42, []],
    [['Content-Length: 42,42'], 42, ['content-length-repeated']],
    [['Content-Length: 42 ,\t42'], 42, ['content-length-repeated']],
    [['Content-Length: 42', 'Content-Length: 42'], 42, ['content-length-repeated']],
    [['Content-Length: 42', 'Other: 1', 'Content-Length: 42, 42'], 42, ['content-length-repeated']],
    [['Content-Length: 007, 007'], 7, ['content-length-repeated']],
    [['Content-Length: 9007199254740991'], Number.MAX_SAFE_INTEGER, []],
    [['Content-Length-X: 5', 'Content-Length: 6'], 6, []],
    [['Content-Longth: 5', 'Transfer-Encading: chunked', 'Content-Length: 6'], 6, []],
  ])('%j is a length', (fields, length, warnings) => {
    for (const strict of [false, true])
      expect(frame(fields, { strict })).toEqual({ framing: { kind: 'content-length', length }, warnings });
  });

  it.each([
    [['Content-Length: 42, 43']],
    [['Content-Length: 42', 'Content-Length: 43']],
    [['Content-Length: 42', 'Content-Length: 042']],
    [['Content-Length: 042, 42']],
    [['Content-Length: 42,']],
    [['Content-Length: ,42']],
    [['Content-Length: 42,,42']],
    [['Content-Length: 42', 'Content-Length:']],
    [['Content-Length:']],
    [['Content-Length: ,']],
    [['Content-Length: +42']],
    [['Content-Length: -1']],
    [['Content-Length: 4 2']],
    [['Content-Length: 42s']],
    [['Content-Length: 0x2a']],
    [['Content-Length: 4e1']],
    [['Content-Length: 42.0']],
    [['Content-Length: "42"']],
    [['Content-Length: 4_2']],
    [['Content-Length: 4\xb2']],
    [['Content-Length: 42;']],
    [['Content-Length: 0X2A']],
    [['Content-Length: 2a']],
    [['Content-Length: \xa042']],
    [['Content-Length: Infinity']],
    [['Content-Length: five, five']],
    [['Content-Length: 9007199254740992']],
    [['Content-Length: 18446744073709551658']],
    [[`Content-Length: ${'9'.repeat(400)}`]],
  ])('%j is refused', (fields) => {
    for (const strict of [false, true]) expect(() => frame(fields, { strict })).toThrow(refused);
  });
});

describe('Transfer-Encoding', () => {
  it.each<[fields: string[], framing: Framing, warnings: string[]]>([
    [['Transfer-Encoding: chunked'], CHUNKED, []],
    [['transfer-encoding: CHUNKED'], CHUNKED, []],
    [['Transfer-Encoding: , chunked,'], CHUNKED, []],
    [['Transfer-Encoding: chunked', 'Content-Length: 5'], CHUNKED, ['content-length-ignored']],
    [['Content-Length: five', 'Transfer-Encoding: chunked'], CHUNKED, ['content-length-ignored']],
    [['Transfer-Encoding: gzip, chunked'], CHUNKED, ['transfer-coding-unknown']],
    [['Transfer-Encoding: gzip', 'Transfer-Encoding: chunked'], CHUNKED, ['transfer-coding-unknown']],
    [['Transfer-Encoding: gzip'], UNTIL_CLOSE, ['transfer-coding-unknown']],
    [['Transfer-Encoding: identity'], UNTIL_CLOSE, ['transfer-coding-unknown']],
    [['Transfer-Encoding: xchunked'], UNTIL_CLOSE, ['transfer-coding-unknown']],
    [['Transfer-Encoding: chunked chunked'], UNTIL_CLOSE, ['transfer-coding-unknown']],
    [['Transfer-Encoding: \xa0chunked'], UNTIL_CLOSE, ['transfer-coding-unknown']],
    [['Transfer-Encoding: identity, chunked'], CHUNKED, ['transfer-coding-unknown']],
    [
      ['Transfer-Encoding: identity', 'Content-Length: 5'],
      UNTIL_CLOSE,
      ['content-length-ignored', 'transfer-coding-unknown'],
    ],
    [['Transfer-Encoding:'], UNTIL_CLOSE, ['transfer-encoding-empty']],
    [['Transfer-Encoding: ,', 'Transfer-Encoding:'], UNTIL_CLOSE, ['transfer-encoding-empty']],
    [
      ['Transfer-Encoding:', 'Content-Length: 5'],
      UNTIL_CLOSE,
      ['content-length-ignored', 'transfer-encoding-empty'],
    ],
    [['Transfer-Encoding:', 'Transfer-Encoding: chunked'], CHUNKED, []],
    [['Transfer-Encoding: "chunked"'], UNTIL_CLOSE, ['transfer-coding-unknown']],
    [['Transfer-Encoding: chunked, gzip'], UNTIL_CLOSE, ['transfer-coding-unknown', 'chunked-not-final']],
  ])('%j', (fields, framing, warnings) => {
    for (const strict of [false, true]) expect(frame(fields, { strict })).toEqual({ framing, warnings });
  });

  // RFC 9112 §7.1: parameters of chunked SHOULD be treated as an error
  it.each(['chunked;q=1', 'chunked ;a=b', 'Chunked;', 'gzip, chunked\t; a="b, c"'])(
    '%j is a coding that is not known; strict refuses it',
    (coding) => {
      const fields = [`Transfer-Encoding: ${coding}`];
      expect(frame(fields)).toEqual({ framing: UNTIL_CLOSE, warnings: ['transfer-coding-unknown'] });
      expect(() => frame(fields, { strict: true })).toThrow(refused);
    },
  );

  it.each([
    [['Transfer-Encoding: chunked, chunked']],
    [['Transfer-Encoding: chunked', 'Transfer-Encoding: Chunked']],
  ])('%j is undone once, with a warning; strict refuses it', (fields) => {
    expect(frame(fields)).toEqual({ framing: CHUNKED, warnings: ['chunked-repeated'] });
    expect(() => frame(fields, { strict: true })).toThrow(refused);
  });

  it.each(['1.0', '0.9'])('in HTTP/%s is taken with a warning; strict refuses it', (httpVersion) => {
    const fields = ['Transfer-Encoding: chunked'];
    expect(frame(fields, { httpVersion })).toEqual({
      framing: CHUNKED,
      warnings: ['transfer-encoding-before-http11'],
    });
    expect(() => frame(fields, { httpVersion, strict: true })).toThrow(refused);
  });

  it.each(['2', '3'])('in HTTP/%s is no older than HTTP/1.1', (httpVersion) => {
    expect(frame(['Transfer-Encoding: chunked'], { httpVersion })).toEqual({
      framing: CHUNKED,
      warnings: [],
    });
  });

  it('names in its warning what was not undone', () => {
    const warn = jest.fn();
    const headers = [{ name: 'Transfer-Encoding', value: 'GZIP, x-own, chunked' }];
    messageFraming(
      { requestMethod: 'GET', status: 200, httpVersion: '1.1', headers, strict: false, offset: 0 },
      warn,
    );
    expect(warn).toHaveBeenCalledWith(expect.any(String), expect.stringContaining('gzip, x-own'), 0);
  });
});
