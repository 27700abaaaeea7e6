import { TransportFailure, connectCode, interruptedIn, tlsReason } from '../../src/transport/failure';

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
  ['phase', 'dns', 'dns-timeout', 'dnsMs ran out'],
  ['phase', 'connect', 'connect-timeout', 'connectMs ran out'],
  ['phase', 'tls', 'tls-timeout', 'tlsMs ran out'],
  ['total', 'dns', 'total-timeout', 'totalMs ran out before a connection was made'],
  ['total', 'connect', 'total-timeout', 'totalMs ran out before a connection was made'],
  ['total', 'tls', 'total-timeout', 'totalMs ran out before a connection was made'],
  ['cancelled', 'connect', 'cancelled', 'the fetch was cancelled'],
] as const)('an interruption by %s in %s is %s', (why, phase, code, message) => {
  const failure = interruptedIn(phase, why);
  expect(failure).toBeInstanceOf(TransportFailure);
  expect(failure).toMatchObject({ name: 'TransportFailure', code, phase, message });
});

it.each<[NodeJS.ErrnoException & { reason?: string }, string]>([
  [
    Object.assign(new Error('…'), { code: 'ERR_SSL_WRONG_VERSION_NUMBER', reason: 'wrong version number' }),
    'the peer did not answer in TLS (ERR_SSL_WRONG_VERSION_NUMBER)',
  ],
  [Object.assign(new Error('…'), { code: 'ECONNRESET' }), 'the peer closed the connection'],
  [Object.assign(new Error('…'), { code: 'ECONNRESET', syscall: 'read' }), 'the peer reset the connection'],
  [
    Object.assign(new Error('…'), { code: 'ERR_SSL_X', reason: 'unsupported protocol' }),
    'unsupported protocol',
  ],
  [Object.assign(new Error('…'), { code: 'EPIPE' }), 'EPIPE'],
  [new Error('no code'), 'no code'],
])('TLS failing with %o is told as: %s', (error, reason) => {
  expect(tlsReason(error)).toBe(reason);
});
