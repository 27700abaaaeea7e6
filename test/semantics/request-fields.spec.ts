import type { FieldLine } from '../../src/http1/events';
import { type RequestFieldsInput, requestFields } from '../../src/semantics/request-fields';

/** The fields as lines, "Name: value". */
function fieldsOf(input: Partial<RequestFieldsInput>): string[] {
  const fields = requestFields({
    url: new URL('http://a.example/path'),
    method: 'GET',
    headers: [],
    defaultHeaders: true,
    decodeContent: true,
    bodyBytes: null,
    cookie: null,
    userAgent: 'wirefetch/1.2.3',
    keepAlive: false,
    ...input,
  });
  return fields.map(({ name, value }) => `${name}: ${value}`);
}

function given(...lines: string[]): FieldLine[] {
  return lines.map((line) => {
    const [name, value] = line.split(': ') as [string, string];
    return { name, value };
  });
}

const ENCODINGS = 'Accept-Encoding: gzip, deflate, br, zstd';
const DEFAULTS = ['User-Agent: wirefetch/1.2.3', 'Accept: */*', ENCODINGS, 'Connection: close'];

it('are the defaults, Host first, when the caller gives none', () => {
  expect(fieldsOf({})).toEqual(['Host: a.example', ...DEFAULTS]);
});

it("are the caller's in their order and case, with duplicates, between Host and the defaults", () => {
  const lines = ['x-one: 1', 'X-TWO: 2', 'x-one: 3'];
  expect(fieldsOf({ headers: given(...lines) })).toEqual(['Host: a.example', ...lines, ...DEFAULTS]);
});

it.each([
  ['Host', ['hOST: other.example'], ['hOST: other.example', ...DEFAULTS]],
  ['Host', ['X-One: 1', 'Host: other.example'], ['X-One: 1', 'Host: other.example', ...DEFAULTS]],
  [
    'User-Agent',
    ['user-agent: mine'],
    ['Host: a.example', 'user-agent: mine', 'Accept: */*', ENCODINGS, 'Connection: close'],
  ],
  [
    'Accept',
    ['ACCEPT: text/html'],
    ['Host: a.example', 'ACCEPT: text/html', 'User-Agent: wirefetch/1.2.3', ENCODINGS, 'Connection: close'],
  ],
  [
    'Accept-Encoding',
    ['accept-encoding: identity'],
    [
      'Host: a.example',
      'accept-encoding: identity',
      'User-Agent: wirefetch/1.2.3',
      'Accept: */*',
      'Connection: close',
    ],
  ],
  [
    'Connection',
    ['connection: upgrade'],
    ['Host: a.example', 'connection: upgrade', 'User-Agent: wirefetch/1.2.3', 'Accept: */*', ENCODINGS],
  ],
])('keep a given %s where the caller put it: %j', (_, lines, expected) => {
  expect(fieldsOf({ headers: given(...lines) })).toEqual(expected);
});

it.each([
  ['http://a.example:80/', 'a.example'],
  ['http://a.example:8080/', 'a.example:8080'],
  ['http://[::1]:8080/', '[::1]:8080'],
  ['http://user:secret@a.example/', 'a.example'],
])('name the authority of %s as the Host %s', (url, host) => {
  expect(fieldsOf({ url: new URL(url) })[0]).toBe(`Host: ${host}`);
});

it('have no Connection when the peer is to keep it open', () => {
  expect(fieldsOf({ keepAlive: true })).toEqual(['Host: a.example', ...DEFAULTS.slice(0, 3)]);
});

it('ask for no coding when none is to be undone', () => {
  const expected = ['Host: a.example', ...DEFAULTS.filter((line) => line !== ENCODINGS)];
  expect(fieldsOf({ decodeContent: false })).toEqual(expected);
});

describe('without defaults', () => {
  it('are Host alone', () => {
    expect(fieldsOf({ defaultHeaders: false })).toEqual(['Host: a.example']);
  });

  it('have a Content-Length if there is a body, and not otherwise', () => {
    expect(fieldsOf({ defaultHeaders: false, method: 'POST' })).toEqual(['Host: a.example']);
    expect(fieldsOf({ defaultHeaders: false, method: 'POST', bodyBytes: 7 })).toEqual([
      'Host: a.example',
      'Content-Length: 7',
    ]);
  });
});

describe('Content-Length', () => {
  // RFC 9110 §8.6
  it.each([
    ['POST', null, 'Content-Length: 0'],
    ['PUT', null, 'Content-Length: 0'],
    ['PATCH', null, 'Content-Length: 0'],
    ['GET', null, undefined],
    ['DELETE', null, undefined],
    ['OPTIONS', null, undefined],
    ['GET', 0, 'Content-Length: 0'],
    ['GET', 7, 'Content-Length: 7'],
    ['DELETE', 7, 'Content-Length: 7'],
    ['POST', 7, 'Content-Length: 7'],
  ])('of %s with a body of %j octets is told as %j', (method, bodyBytes, line) => {
    const lines = fieldsOf({ method, bodyBytes });
    expect(lines.filter((one) => one.startsWith('Content-Length'))).toEqual(line === undefined ? [] : [line]);
  });

  it('that is given stands where the caller put it', () => {
    const lines = fieldsOf({ method: 'POST', bodyBytes: 7, headers: given('content-length: 7', 'X-One: 1') });
    expect(lines).toEqual(['Host: a.example', 'content-length: 7', 'X-One: 1', ...DEFAULTS]);
  });
});

describe('Cookie', () => {
  it("is the jar's", () => {
    expect(fieldsOf({ cookie: 'a=1; b=2' })).toEqual(['Host: a.example', ...DEFAULTS, 'Cookie: a=1; b=2']);
  });

  it("is the caller's when one is given", () => {
    expect(fieldsOf({ cookie: 'a=1', headers: given('cookie: mine=1') })).toEqual([
      'Host: a.example',
      'cookie: mine=1',
      ...DEFAULTS,
    ]);
  });
});
