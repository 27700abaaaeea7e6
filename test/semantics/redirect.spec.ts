import type { FieldLine } from '../../src/http1/events';
import {
  type RedirectableRequest,
  isRedirect,
  redirectTarget,
  redirectWarnings,
  redirectedRequest,
} from '../../src/semantics/redirect';

function location(...values: string[]): FieldLine[] {
  return values.map((value) => ({ name: 'Location', value }));
}

describe('a response asks to be followed', () => {
  it.each([
    [301, true],
    [302, true],
    [303, true],
    [307, true],
    [308, true],
    [200, false],
    [201, false],
    [300, false],
    [304, false],
    [305, false],
    [306, false],
    [309, false],
    [404, false],
  ])('by the status %i with a Location: %j', (status, asks) => {
    expect(isRedirect(status, location('/'))).toBe(asks);
  });

  it('only with a Location that is not empty, in any case', () => {
    expect(isRedirect(302, [])).toBe(false);
    expect(isRedirect(302, [{ name: 'Content-Location', value: '/' }])).toBe(false);
    expect(isRedirect(302, [{ name: 'LOCATION', value: '/' }])).toBe(true);
    expect(isRedirect(302, location(''))).toBe(false);
    expect(isRedirect(302, [...location(''), ...location('/x')])).toBe(false);
  });
});

/** Wire strings hold one character per octet. */
function wire(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

describe('a Location leads', () => {
  const FROM = 'http://a.example/dir/page?query#part';

  it.each([
    ['http://b.example/x', 'http://b.example/x#part'],
    ['HTTPS://B.example:443', 'https://b.example/#part'],
    ['/x', 'http://a.example/x#part'],
    ['x', 'http://a.example/dir/x#part'],
    ['../x', 'http://a.example/x#part'],
    ['?other', 'http://a.example/dir/page?other#part'],
    ['', 'http://a.example/dir/page?query#part'],
    ['//b.example/x', 'http://b.example/x#part'],
    // RFC 9110 §10.2.2: its own fragment beats the one that is inherited
    ['/x#other', 'http://a.example/x#other'],
    ['#other', 'http://a.example/dir/page?query#other'],
    // as browsers read URLs
    ['\\\\b.example\\x', 'http://b.example/x#part'],
    ['/\\b.example/x', 'http://b.example/x#part'],
    ['http:127.0.0.1', 'http://a.example/dir/127.0.0.1#part'],
    ['https:b.example', 'https://b.example/#part'],
    [' /x ', 'http://a.example/x#part'],
    ['http://0x7f.1/', 'http://127.0.0.1/#part'],
    // a credential of the target's choosing is not taken along
    ['http://user:secret@b.example/', 'http://b.example/#part'],
    ['//user@b.example/', 'http://b.example/#part'],
    // octets are UTF-8 where they can be, and otherwise stay the octets they are
    [wire('/é?ü'), 'http://a.example/%C3%A9?%C3%BC#part'],
    ['/\xe9?\xfc', 'http://a.example/%E9?%FC#part'],
    ['/%e9', 'http://a.example/%e9#part'],
    [wire('http://bücher.example/'), 'http://xn--bcher-kva.example/#part'],
  ])('%j leads to %s', (value, to) => {
    const redirect = redirectTarget(location(value), new URL(FROM));
    expect(redirect).toEqual({ kind: 'url', url: new URL(to) });
    expect(redirect.kind === 'url' && redirect.url.href).toBe(to);
  });

  it('by the first of several', () => {
    expect(redirectTarget(location('/first', '/second'), new URL(FROM))).toMatchObject({
      url: new URL('http://a.example/first#part'),
    });
  });

  it.each([
    ['http://', 'Location is not a URL reference'],
    ['http://a b/', 'Location is not a URL reference'],
    ['http://[fe80::1%25eth0]/', 'Location is not a URL reference'],
    ['http://a.example:99999/', 'Location is not a URL reference'],
    ['ftp://a.example/', 'Location leads to the scheme ftp'],
    ['file:///etc/passwd', 'Location leads to the scheme file'],
    ['gopher://a.example/', 'Location leads to the scheme gopher'],
    ['data:text/plain,x', 'Location leads to the scheme data'],
    ['javascript:alert(1)', 'Location leads to the scheme javascript'],
    ['about:blank', 'Location leads to the scheme about'],
    ['localhost:80/', 'Location leads to the scheme localhost'],
    [`http://${'a'.repeat(254)}/`, 'Location has a host that is longer than a name may be'],
  ])('nowhere when it is %j', (value, reason) => {
    expect(redirectTarget(location(value), new URL(FROM))).toEqual({ kind: 'invalid', reason });
  });

  it('nowhere else when there is none', () => {
    expect(redirectTarget([], new URL(FROM))).toEqual({ kind: 'url', url: new URL(FROM) });
  });
});

describe('the request to the next URL', () => {
  const A = new URL('http://a.example/');
  const HERE = new URL('http://a.example/next');
  const ELSEWHERE = new URL('http://b.example/');
  const BODY = Buffer.from('content');

  function redirected(
    status: number,
    method: string,
    names: readonly string[],
    to: URL,
    body: Buffer | null = BODY,
  ): RedirectableRequest {
    const headers = names.map((name) => ({ name, value: 'x' }));
    return redirectedRequest({ method, headers, body }, status, A, to);
  }

  // Fetch standard §4.4, HTTP-redirect fetch, step 12
  it.each([
    [301, 'GET', 'GET', true],
    [301, 'POST', 'GET', false],
    [301, 'PUT', 'PUT', true],
    [301, 'DELETE', 'DELETE', true],
    [302, 'POST', 'GET', false],
    [302, 'PATCH', 'PATCH', true],
    [302, 'HEAD', 'HEAD', true],
    [303, 'POST', 'GET', false],
    [303, 'PUT', 'GET', false],
    [303, 'DELETE', 'GET', false],
    [303, 'GET', 'GET', true],
    [303, 'HEAD', 'HEAD', true],
    [307, 'POST', 'POST', true],
    [307, 'PUT', 'PUT', true],
    [308, 'POST', 'POST', true],
    [308, 'GET', 'GET', true],
    // methods are case-sensitive
    [301, 'post', 'post', true],
  ])('after %i to %s is %s, its content kept: %j', (status, method, next, keeps) => {
    const request = redirected(status, method, ['Content-Type', 'X-Own'], HERE);
    expect(request.method).toBe(next);
    expect(request.body).toBe(keeps ? BODY : null);
    expect(request.headers.map(({ name }) => name)).toEqual(keeps ? ['Content-Type', 'X-Own'] : ['X-Own']);
  });

  it('has no field that describes a content it no longer has', () => {
    const described = [
      'Content-Encoding',
      'content-language',
      'CONTENT-LENGTH',
      'Content-Location',
      'Content-Type',
    ];
    const { headers } = redirected(303, 'POST', [...described, 'Content-Disposition', 'Accept'], HERE);
    expect(headers.map(({ name }) => name)).toEqual(['Content-Disposition', 'Accept']);
  });

  const OWN = ['Host', 'Authorization', 'Cookie', 'proxy-authorization', 'X-Own'];

  it.each([
    ['within the origin, all fields', HERE, OWN],
    ['to another host, no credential and no Host', ELSEWHERE, ['X-Own']],
    ['to another scheme, no credential and no Host', new URL('https://a.example/'), ['X-Own']],
    ['to another port, no credential and no Host', new URL('http://a.example:8080/'), ['X-Own']],
  ])('has, %s', (_, to, names) => {
    for (const status of [302, 303, 307]) {
      const { headers } = redirected(status, 'GET', OWN, to, null);
      expect(headers.map(({ name }) => name)).toEqual(names);
    }
  });

  it('does not get a credential back when the chain returns', () => {
    const there = redirected(307, 'GET', OWN, ELSEWHERE, null);
    const back = redirectedRequest(there, 307, ELSEWHERE, A);
    expect(back.headers.map(({ name }) => name)).toEqual(['X-Own']);
  });
});

it.each([
  ['http://a/', 'http://b/', ['/x'], []],
  ['http://a/', 'https://a/', ['/x'], []],
  ['https://a/', 'https://a/', ['/x', '/x'], []],
  ['https://a/', 'http://a/', ['/x'], ['redirect-to-http']],
  ['https://a/', 'https://a/', ['/x', '/y'], ['location-repeated']],
])('a redirect from %s to %s by %j is told to be %j', (from, to, locations, codes) => {
  const headers = locations.map((value) => ({ name: 'Location', value }));
  const warnings = redirectWarnings(headers, new URL(from), new URL(to));
  expect(warnings.map(({ code }) => code)).toEqual(codes);
});

it.each([
  ['/next', '#mine'],
  ['/next#its', '#its'],
  ['/next#', ''],
])('a Location %s leaves the fragment of http://a/#mine as %j', (location, hash) => {
  const redirect = redirectTarget([{ name: 'Location', value: location }], new URL('http://a/#mine'));
  expect(redirect).toMatchObject({ kind: 'url', url: { hash } });
});
