import { hasLongHost, hostOf, portOf, sameOrigin, withoutSecrets } from '../../src/semantics/origin';

it.each([
  ['http://a.example/', 'http://a.example/other?query#fragment', true],
  ['http://a.example/', 'http://a.example:80/', true],
  ['http://A.example/', 'http://a.EXAMPLE/', true],
  ['http://user:secret@a.example/', 'http://a.example/', true],
  ['http://a.example/', 'https://a.example/', false],
  ['http://a.example:443/', 'https://a.example/', false],
  ['http://a.example/', 'http://a.example:8080/', false],
  ['http://a.example/', 'http://b.example/', false],
  ['http://a.example/', 'http://www.a.example/', false],
  ['http://a.example/', 'http://a.example./', false],
])('%s and %s are of one origin: %j', (one, other, same) => {
  expect(sameOrigin(new URL(one), new URL(other))).toBe(same);
  expect(sameOrigin(new URL(other), new URL(one))).toBe(same);
});

it.each([
  ['http://a.example/', 80],
  ['https://a.example/', 443],
  ['http://a.example:443/', 443],
  ['https://a.example:443/', 443],
  ['http://a.example:8080/', 8080],
  ['gopher://a.example/', 0],
  ['gopher://a.example:70/', 70],
])('%s leads to port %i', (url, port) => {
  expect(portOf(new URL(url))).toBe(port);
});

it.each([
  ['http://a.example:8080/', 'a.example'],
  ['http://127.1/', '127.0.0.1'],
  ['http://[::1]:8080/', '::1'],
  ['http://[2001:DB8::0:1]/', '2001:db8::1'],
])('the host of %s is %s to a resolver', (url, host) => {
  expect(hostOf(new URL(url))).toBe(host);
});

it.each([
  ['http://a.example/path', 'http://a.example/path'],
  ['https://user:secret@a.example:8443/path?token=secret#secret', 'https://a.example:8443/path'],
  ['http://[::1]/', 'http://[::1]/'],
])('%s is logged as %s', (url, logged) => {
  expect(withoutSecrets(new URL(url))).toBe(logged);
});

it.each([
  ['a'.repeat(253), false],
  [`${'a'.repeat(253)}.`, false],
  ['a'.repeat(254), true],
  [`${'a'.repeat(254)}.`, true],
  ['[::1]', false],
])('a host %s is too long: %s', (host, isLong) => {
  expect(hasLongHost(new URL(`http://${host}/`))).toBe(isLong);
});
