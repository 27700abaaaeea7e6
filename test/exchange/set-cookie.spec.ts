import fc from 'fast-check';
import { type SetCookie, parseSetCookie } from '../../src/exchange/set-cookie';

const PLAIN: SetCookie = {
  name: 'id',
  value: '1',
  domain: '',
  path: null,
  expires: null,
  maxAge: null,
  secure: false,
  httpOnly: false,
  sameSite: null,
  partitioned: false,
};

describe('a Set-Cookie is read as', () => {
  it('a name and a value, and nothing that it does not say', () => {
    expect(parseSetCookie('id=1')).toEqual(PLAIN);
  });

  it('all that it says', () => {
    const line =
      'id=1; Domain=.Example.COM; Path=/x; Expires=Wed, 21 Oct 2037 07:28:00 GMT; Max-Age=60; ' +
      'Secure; HttpOnly; SameSite=None; Partitioned; Priority=High';
    expect(parseSetCookie(line)).toEqual({
      name: 'id',
      value: '1',
      domain: 'example.com',
      path: '/x',
      expires: new Date('2037-10-21T07:28:00Z'),
      maxAge: 60,
      secure: true,
      httpOnly: true,
      sameSite: 'None',
      partitioned: true,
    });
  });

  it.each<[line: string, read: Partial<SetCookie>]>([
    // RFC 6265bis §5.6 steps 2 to 4: the first "=" and the first ";" divide, blanks at both ends go
    ['id=', { name: 'id', value: '' }],
    ['id=a=b', { name: 'id', value: 'a=b' }],
    [' \tid \t=\t 1\t ;', { name: 'id', value: '1' }],
    ['id="a b"', { value: '"a b"' }],
    ['a b=1', { name: 'a b' }],
    ['id=a\tb', { value: 'a\tb' }],
    // step 3: without "=" there is a value alone
    ['id', { name: '', value: 'id' }],
    ['=id', { name: '', value: 'id' }],
    ['==id', { name: '', value: '=id' }],
    ['id; Secure', { name: '', value: 'id', secure: true }],
    // octets are octets, also those that are blanks in Unicode
    ['\xe9\xff=\xa0\x85\xc3\xa0', { name: '\xe9\xff', value: '\xa0\x85\xc3\xa0' }],
    // names of attributes in any case, with blanks around
    ['id=1;httponly;SECURE', { httpOnly: true, secure: true }],
    ['id=1; Secure=no; HttpOnly =', { httpOnly: true, secure: true }],
    ['id=1; "Secure"; HttpOnly x', { httpOnly: false, secure: false }],
    ['id=1; X-Partitioned', { partitioned: false }],
    // §5.6.1 and §5.6.2: what is no date and no number does not count
    ['id=1; Expires=soon', { expires: null }],
    ['id=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT', { expires: new Date(0) }],
    [
      'id=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Expires=Fri, 02 Jan 1970 00:00:00 GMT',
      { expires: new Date(86_400_000) },
    ],
    ['id=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Expires=soon', { expires: new Date(0) }],
    ['id=1; Max-Age=0', { maxAge: 0 }],
    ['id=1; Max-Age=-1', { maxAge: -1 }],
    ['id=1; Max-Age=+1', { maxAge: null }],
    ['id=1; Max-Age=1.5', { maxAge: null }],
    ['id=1; Max-Age=', { maxAge: null }],
    ['id=1; Max-Age=-', { maxAge: null }],
    ['id=1; Max-Age=7; Max-Age=soon', { maxAge: 7 }],
    [`id=1; Max-Age=${'9'.repeat(400)}`, { maxAge: Number.MAX_SAFE_INTEGER }],
    [`id=1; Max-Age=-${'9'.repeat(400)}`, { maxAge: Number.MIN_SAFE_INTEGER }],
    // §5.6.3: one leading dot goes; the last Domain counts, also an empty one
    ['id=1; Domain=', { domain: '' }],
    ['id=1; Domain=.', { domain: '' }],
    ['id=1; Domain=..a.example', { domain: '.a.example' }],
    ['id=1; Domain=a.example; Domain=b.example', { domain: 'b.example' }],
    ['id=1; Domain=a.example; Domain=', { domain: '' }],
    // §5.6.4: the last Path counts, also one that does not begin with "/"
    ['id=1; Path=x', { path: null }],
    ['id=1; Path="/"', { path: null }],
    ['id=1; Path=/a; Path=/b', { path: '/b' }],
    ['id=1; Path=/a; Path', { path: null }],
    // §5.6.7
    ['id=1; SameSite=Strict', { sameSite: 'Strict' }],
    ['id=1; samesite=LAX', { sameSite: 'Lax' }],
    ['id=1; SameSite=Whatever', { sameSite: null }],
    ['id=1; SameSite=Strict; SameSite=constructor', { sameSite: null }],
    // §5.6: an attribute with more than 1,024 octets of value is not there
    [`id=1; Path=/${'x'.repeat(1_023)}`, { path: `/${'x'.repeat(1_023)}` }],
    [`id=1; Path=/a; Path=/${'x'.repeat(1_024)}`, { path: '/a' }],
    [`id=1; Secure=${'x'.repeat(1_025)}`, { secure: false }],
  ])('%j', (line, read) => {
    expect(parseSetCookie(line)).toMatchObject(read);
  });
});

it.each(['', ' ', '=', ' = ', ';', '; Secure', 'id=a\x01b', 'id=1; Path=/\x7f', 'id\0=1', 'id=1\x0b'])(
  'is none, as a whole: %j',
  (line) => {
    expect(parseSetCookie(line)).toBeNull();
  },
);

const OCTETS = fc.uint8Array({ maxLength: 200 }).map((octets) => Buffer.from(octets).toString('latin1'));

it('is read or ignored, whatever octets it holds', () => {
  fc.assert(
    fc.property(
      OCTETS,
      fc.constantFrom('', 'a=1;', 'a=1; Expires=', 'a=1; Max-Age=', 'a=1; Domain='),
      (octets, before) => {
        const read = parseSetCookie(before + octets);
        const ignored =
          /[\0-\x08\x0a-\x1f\x7f]/.test(octets) || /^[ \t]*=?[ \t]*(?:;|$)/.test(before + octets);
        expect(read === null).toBe(ignored);
      },
    ),
  );
});

it('takes linear time, however many blanks there are', () => {
  const began = performance.now();
  const blanks = ' '.repeat(200_000);
  expect(parseSetCookie(`a${blanks}b=${blanks}c${blanks}; Path${blanks}x${blanks}=/`)).not.toBeNull();
  expect(parseSetCookie('a=1' + ';'.repeat(200_000))).not.toBeNull();
  expect(performance.now() - began).toBeLessThan(2_000);
});
