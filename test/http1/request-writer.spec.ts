import { InvalidRequest, type RequestHead, writeRequestHead } from '../../src/http1/request-writer';

const head: RequestHead = { method: 'GET', target: '/', httpVersion: '1.1', headers: [] };

describe('writeRequestHead', () => {
  it('writes the request line and an empty field section', () => {
    expect(writeRequestHead(head)).toBe('GET / HTTP/1.1\r\n\r\n');
  });

  it('writes field lines in their order and case, duplicates kept', () => {
    const headers = [
      { name: 'hOST', value: 'a.example' },
      { name: 'X', value: '2' },
      { name: 'A', value: '' },
      { name: 'X', value: '1' },
    ];
    expect(writeRequestHead({ method: 'POST', target: '/a?b#c', httpVersion: '1.0', headers })).toBe(
      'POST /a?b#c HTTP/1.0\r\nhOST: a.example\r\nX: 2\r\nA: \r\nX: 1\r\n\r\n',
    );
  });

  it.each<[what: string, part: Partial<RequestHead>, written: string]>([
    ['a method of any token', { method: "x-!#'" }, "x-!#' / HTTP/1.1"],
    ['the asterisk form', { target: '*' }, 'GET * HTTP/1.1'],
    ['the absolute form', { target: 'http://a/' }, 'GET http://a/ HTTP/1.1'],
    ['octets above 0x7f in a target', { target: '/\xe9\xff' }, 'GET /\xe9\xff HTTP/1.1'],
    [
      'obs-text, HTAB and SP in a value',
      { headers: [{ name: 'A', value: 'b\t \x80\xff' }] },
      'A: b\t \x80\xff',
    ],
  ])('takes %s', (_, part, written) => {
    expect(writeRequestHead({ ...head, ...part }).split('\r\n')).toContain(written);
  });

  const dangerous = ['\r', '\n', '\r\nX: y', '\0', '\x7f', '\u0100', '\u010d', '\u2028'];

  describe.each<[part: string, make: (text: string) => Partial<RequestHead>, also: string[]]>([
    ['method', (method) => ({ method }), ['', ' ', '\t', ':', '\xe9', '\x01']],
    ['request target', (target) => ({ target }), ['', ' ', '\t', '\x01']],
    ['field name', (name) => ({ headers: [{ name, value: 'b' }] }), ['', ' ', '\t', ':', '\xe9', '\x01']],
    ['field value', (value) => ({ headers: [{ name: 'A', value }] }), ['\x01']],
  ])('a %s', (_, make, also) => {
    it.each([...dangerous, ...also])('is refused when it is %j', (text) => {
      expect(() => writeRequestHead({ ...head, ...make(text) })).toThrow(InvalidRequest);
    });

    it.each([...dangerous, ...also.filter((text) => text !== '')])('is refused when it has %j', (text) => {
      expect(() => writeRequestHead({ ...head, ...make(`a${text}b`) })).toThrow(InvalidRequest);
    });
  });

  it('names itself in its errors, and the field that was refused', () => {
    const headers = [{ name: 'X-Trace', value: 'a\nb' }];
    expect(() => writeRequestHead({ ...head, headers })).toThrow(
      expect.objectContaining({
        name: 'InvalidRequest',
        message: expect.stringContaining('X-Trace') as string,
      }),
    );
  });
});
