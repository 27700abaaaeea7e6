import type { Interruption } from './deadlines';

/** How opening a connection or waiting on it can fail; the codes are those of the API. */
export type TransportCode =
  | 'host-denied'
  | 'port-denied'
  | 'address-denied'
  | 'dns-not-found'
  | 'dns-failed'
  | 'dns-timeout'
  | 'connection-refused'
  | 'connection-reset'
  | 'host-unreachable'
  | 'connect-timeout'
  | 'total-timeout'
  | 'cancelled'
  | 'internal-error';

export type TransportPhase = 'policy' | 'dns' | 'connect';

/** A connection that was not to be had. */
export class TransportFailure extends Error {
  override readonly name = 'TransportFailure';

  constructor(
    readonly code: TransportCode,
    readonly phase: TransportPhase,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** @param timeout the code of the phase's own limit */
export function interruptedIn(
  phase: TransportPhase,
  why: Interruption,
  timeout: TransportCode,
): TransportFailure {
  if (why === 'cancelled') return new TransportFailure('cancelled', phase, 'the fetch was cancelled');
  if (why === 'total')
    return new TransportFailure('total-timeout', phase, 'totalMs ran out before a connection was made');
  return new TransportFailure(timeout, phase, `${timeout === 'dns-timeout' ? 'dnsMs' : 'connectMs'} ran out`);
}

const CONNECT_CODES: Readonly<Record<string, TransportCode>> = {
  ECONNREFUSED: 'connection-refused',
  ECONNRESET: 'connection-reset',
  ETIMEDOUT: 'connect-timeout',
  EHOSTUNREACH: 'host-unreachable',
  EHOSTDOWN: 'host-unreachable',
  ENETUNREACH: 'host-unreachable',
  ENETDOWN: 'host-unreachable',
  EADDRNOTAVAIL: 'host-unreachable',
  EAFNOSUPPORT: 'host-unreachable',
  ECONNABORTED: 'connection-reset',
  EACCES: 'host-unreachable',
  EPERM: 'host-unreachable',
  EINVAL: 'host-unreachable',
};

/** @returns the API's code for what connect(2) said */
export function connectCode(errno: string | undefined): TransportCode {
  return CONNECT_CODES[errno ?? ''] ?? 'internal-error';
}
