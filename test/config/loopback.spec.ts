import { isLoopback } from '../../src/config/loopback';

it.each([
  'localhost',
  'LOCALHOST.',
  '127.0.0.1',
  '127.255.255.255',
  '::1',
  '0:0:0:0:0:0:0:1',
  '::0001',
  '::ffff:127.0.0.1',
])('%s is this machine alone', (host) => {
  expect(isLoopback(host)).toBe(true);
});

it.each([
  '',
  'localhost.test',
  '126.255.255.255',
  '128.0.0.0',
  '0.0.0.0',
  '127.1',
  '0177.0.0.1',
  '2130706433',
  '127.0.0.1.test',
  '::',
  '::2',
  '::ffff:128.0.0.1',
  '::127.0.0.1',
  '2001:db8::1',
  '[::1]',
])('%j is not', (host) => {
  expect(isLoopback(host)).toBe(false);
});
