import { type PrefixedCookie, breaksPrefix, withoutPrefix } from '../../src/semantics/cookie-prefixes';

const BEST: PrefixedCookie = {
  name: '',
  value: '1',
  secure: true,
  httpOnly: true,
  hostOnly: true,
  pathAttribute: '/',
};

describe('a prefix of a name', () => {
  it.each<[name: string, missing: Partial<PrefixedCookie>[]]>([
    ['__Secure-id', [{ secure: false }]],
    ['__Host-id', [{ secure: false }, { hostOnly: false }, { pathAttribute: null }, { pathAttribute: '/a' }]],
    ['__Http-id', [{ secure: false }, { httpOnly: false }]],
    [
      '__Host-Http-id',
      [{ secure: false }, { httpOnly: false }, { hostOnly: false }, { pathAttribute: null }],
    ],
  ])('%s is kept by the best of cookies in any case, and broken by each lack of %j', (name, lacks) => {
    for (const spelt of [name, name.toLowerCase(), name.toUpperCase()]) {
      expect(breaksPrefix({ ...BEST, name: spelt })).toBe(false);
      for (const lack of lacks) expect(breaksPrefix({ ...BEST, ...lack, name: spelt })).toBe(true);
    }
  });

  it.each(['__Secure-id', '__Host-id', '__Http-id', '__Host-Http-id'])(
    '%s demands no more than that',
    (name) => {
      const least = { ...BEST, name, httpOnly: /http-/i.test(name) };
      expect(
        breaksPrefix(/host/i.test(name) ? least : { ...least, hostOnly: false, pathAttribute: null }),
      ).toBe(false);
    },
  );

  it.each(['id', '__Secure', '__Secure_id', '_Host-id', ' __Host-id', 'x__Host-id', '__Httpx-id'])(
    '%j is none',
    (name) => {
      expect(breaksPrefix({ ...BEST, name, secure: false, httpOnly: false, hostOnly: false })).toBe(false);
    },
  );

  it('cannot be feigned by a nameless cookie', () => {
    for (const value of ['__Secure-id=1', '__host-', '__HTTP-x', '__Host-Http-a=b'])
      expect(breaksPrefix({ ...BEST, value })).toBe(true);
    expect(breaksPrefix({ ...BEST, value: '__Other-id=1' })).toBe(false);
    expect(breaksPrefix({ ...BEST, name: 'id', value: '__Host-id=1' })).toBe(false);
  });
});

it.each([
  ['__Secure-id', 'id'],
  ['__HOST-id', 'id'],
  ['__Host-Http-id', 'id'],
  ['__Http-id', 'id'],
  ['__Host-__Secure-id', '__Secure-id'],
  ['id__Host-', 'id__Host-'],
])('%s without its prefix is %s', (name, bare) => {
  expect(withoutPrefix(name)).toBe(bare);
});
