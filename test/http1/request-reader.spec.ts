import { type RequestOctets, readRequestOctets } from '../../src/http1/request-reader';
import { octetsOf } from '../support/split';

function read(wire: string): RequestOctets {
  return readRequestOctets(octetsOf(wire));
}

describe('readRequestOctets', () => {
  it.each<[what: string, wire: string, request: Partial<RequestOctets>]>([
    [
      'a request',
      'POST /a?b HTTP/1.1\r\nHost: a.example\r\nX:\t1 \r\nx: 2\r\n\r\nbody',
      {
        method: 'POST',
        target: '/a?b',
        httpVersion: '1.1',
        headers: [
          { name: 'Host', value: 'a.example' },
          { name: 'X', value: '1' },
          { name: 'x', value: '2' },
        ],
        headBytes: 52,
        bodyBytes: 4,
      },
    ],
    ['LF line ends', 'GET / HTTP/1.0\nA: b\n\nbody', { httpVersion: '1.0', headBytes: 21, bodyBytes: 4 }],
    ['an LF line before an empty CRLF one', 'GET / HTTP/1.0\n\r\n', { headBytes: 17, bodyBytes: 0 }],
    ['a CRLF line before an empty LF one', 'GET / HTTP/1.0\r\n\n', { headBytes: 17, bodyBytes: 0 }],
    ['a CR that ends no line', 'GET / HTTP/1.0\n\rX\r\n\r\n', { headBytes: 21, bodyBytes: 0 }],
    ['no empty line', 'GET / HTTP/1.1\r\nA: b\r\n', { headBytes: 22, bodyBytes: 0 }],
    ['no line end', 'GET / HTTP/1.1', { method: 'GET', target: '/', httpVersion: '1.1', headBytes: 14 }],
    ['no version', 'GET /\r\n\r\n', { method: 'GET', target: '/', httpVersion: null }],
    ['another version', 'GET / HTTP/9.9\r\n\r\n', { target: '/', httpVersion: '9.9' }],
    ['something else than a version', 'GET / HTCPCP/1.0\r\n\r\n', { target: '/', httpVersion: null }],
    ['a method alone', 'GET\r\n\r\n', { method: 'GET', target: null, httpVersion: null }],
    ['more blanks than one', 'GET \t /  HTTP/1.1\r\n\r\n', { target: '/', httpVersion: '1.1' }],
    [
      'a target with octets above 0x7f',
      'GET /\xa0\xff HTTP/1.1\r\n\r\n',
      { target: '/\xa0\xff', httpVersion: '1.1' },
    ],
    ['blanks first', ' GET / HTTP/1.1\r\n\r\n', { method: null, target: null, httpVersion: null }],
    ['empty lines first', '\r\n\nGET / HTTP/1.1\r\n\r\nb', { method: 'GET', headBytes: 21, bodyBytes: 1 }],
    ['empty lines alone', '\r\n\r\n', { method: null, headBytes: 4, bodyBytes: 0 }],
    [
      'nothing',
      '',
      { method: null, target: null, httpVersion: null, headers: [], headBytes: 0, bodyBytes: 0 },
    ],
    [
      'lines that are no fields',
      'GET / HTTP/1.1\r\nno colon\r\n: no name\r\nA : b:c\r\n\r\n',
      {
        headers: [
          { name: '', value: 'no name' },
          { name: 'A', value: 'b:c' },
        ],
      },
    ],
    ['a body with empty lines', 'GET / HTTP/1.1\r\n\r\na\r\n\r\nb', { headBytes: 18, bodyBytes: 6 }],
  ])('%s', (_, wire, request) => {
    expect(read(wire)).toMatchObject(request);
  });

  it('tells of a thousand field lines at the most', () => {
    expect(read(`GET / HTTP/1.1\n${':\n'.repeat(100_000)}\n`).headers).toHaveLength(1_000);
  });

  it('counts every octet as head or as body', () => {
    const wire = 'GET / HTTP/1.1\r\nA: b\r\n\r\n\0\xff';
    for (let length = 0; length <= wire.length; length++) {
      const { headBytes, bodyBytes } = read(wire.slice(0, length));
      expect(headBytes + bodyBytes).toBe(length);
    }
  });
});
