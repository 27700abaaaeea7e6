import type { Interruption } from './deadlines';
import type { CertificateCode } from './tls';

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
  | 'tls-handshake-failed'
  | 'tls-timeout'
  | CertificateCode
  | 'total-timeout'
  | 'cancelled'
  | 'internal-error';

export type TransportPhase = 'policy' | 'dns' | 'connect' | 'tls';

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

/** A phase that was given up. */
export function interruptedIn(phase: 'dns' | 'connect' | 'tls', why: Interruption): TransportFailure {
  if (why === 'cancelled') return new TransportFailure('cancelled', phase, 'the fetch was cancelled');
  if (why === 'total')
    return new TransportFailure('total-timeout', phase, 'totalMs ran out before a connection was made');
  return new TransportFailure(`${phase}-timeout`, phase, `${phase}Ms ran out`);
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

/** What OpenSSL says when the octets that arrived are no TLS record. */
const NO_TLS: ReadonlySet<string> = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_HTTP_REQUEST',
]);

/** @param error what ended a TLS handshake, or spoilt what came after it
 *  @returns the same in a few words */
export function tlsReason(error: NodeJS.ErrnoException & { readonly reason?: string }): string {
  if (NO_TLS.has(error.code ?? '')) return `the peer did not answer in TLS (${error.code})`;
  // The runtime's name for a FIN within the handshake is ECONNRESET, but no call failed with it.
  if (error.code === 'ECONNRESET')
    return error.syscall === undefined ? 'the peer closed the connection' : 'the peer reset the connection';
  return error.reason ?? error.code ?? error.message;
}
