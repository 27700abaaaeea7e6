import { TransportFailure, connectCode, interruptedIn } from '../../src/transport/failure';

it.each([
  ['ECONNREFUSED', 'connection-refused'],
  ['ECONNRESET', 'connection-reset'],
  ['ETIMEDOUT', 'connect-timeout'],
  ['EHOSTUNREACH', 'host-unreachable'],
  ['ENETUNREACH', 'host-unreachable'],
  ['EADDRNOTAVAIL', 'host-unreachable'],
  ['EACCES', 'host-unreachable'],
  ['EINVAL', 'host-unreachable'],
  // these are this machine's doing, not the target's
  ['EMFILE', 'internal-error'],
  [undefined, 'internal-error'],
])('connect(2) saying %s is %s', (errno, code) => {
  expect(connectCode(errno)).toBe(code);
});

it.each([
  ['phase', 'dns', 'dns-timeout', 'dns-timeout', 'dnsMs ran out'],
  ['phase', 'connect', 'connect-timeout', 'connect-timeout', 'connectMs ran out'],
  ['total', 'dns', 'dns-timeout', 'total-timeout', 'totalMs ran out before a connection was made'],
  ['total', 'connect', 'connect-timeout', 'total-timeout', 'totalMs ran out before a connection was made'],
  ['cancelled', 'connect', 'connect-timeout', 'cancelled', 'the fetch was cancelled'],
] as const)('an interruption by %s in %s (%s) is %s', (why, phase, timeout, code, message) => {
  const failure = interruptedIn(phase, why, timeout);
  expect(failure).toBeInstanceOf(TransportFailure);
  expect(failure).toMatchObject({ name: 'TransportFailure', code, phase, message });
});
