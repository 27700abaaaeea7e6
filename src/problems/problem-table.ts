/** Who caused a failure. */
export type FailureSource = 'client' | 'policy' | 'resolver' | 'target' | 'service';

export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  readonly source: FailureSource;
}

function kind(status: number, source: FailureSource, title: string): ProblemKind {
  return { status, source, title };
}

/** Every problem this service answers with, by its code. */
export const PROBLEMS = {
  'invalid-request': kind(400, 'client', 'The request is not valid'),
  'unsupported-scheme': kind(400, 'client', 'The URL has a scheme that is not spoken here'),
  unauthorized: kind(401, 'client', 'An API key is needed'),
  'not-found': kind(404, 'client', 'There is nothing here'),
  'method-not-allowed': kind(405, 'client', 'The method is not allowed here'),
  'not-acceptable': kind(406, 'client', 'No representation is acceptable to you'),
  'idempotency-mismatch': kind(409, 'client', 'The Idempotency-Key was used for something else'),
  'request-timeout': kind(408, 'client', 'The request did not arrive in time'),
  'request-too-large': kind(413, 'client', 'The request is too large'),
  'unsupported-media-type': kind(415, 'client', 'The request must be JSON'),
  'misdirected-request': kind(421, 'client', 'The request is for another host'),
  'address-denied': kind(403, 'policy', 'The address may not be dialled'),
  'port-denied': kind(403, 'policy', 'The port may not be dialled'),
  'host-denied': kind(403, 'policy', 'The host may not be fetched from'),
  'rate-limited': kind(429, 'client', 'You fetch more often than you may'),
  overloaded: kind(503, 'service', 'The service takes no more fetches now'),
  'store-unavailable': kind(503, 'service', 'Jobs and sessions cannot be reached now'),
  'dns-not-found': kind(502, 'resolver', 'The name has no address'),
  'dns-failed': kind(502, 'resolver', 'The name could not be resolved'),
  'connection-refused': kind(502, 'target', 'The target refused the connection'),
  'connection-reset': kind(502, 'target', 'The target reset the connection'),
  'connection-closed': kind(502, 'target', 'The target closed the connection before a whole response head'),
  'host-unreachable': kind(502, 'target', 'The target cannot be reached'),
  'tls-handshake-failed': kind(502, 'target', 'The TLS handshake with the target failed'),
  'tls-certificate-expired': kind(502, 'target', "The target's certificate has expired"),
  'tls-certificate-not-yet-valid': kind(502, 'target', "The target's certificate is not valid yet"),
  'tls-certificate-self-signed': kind(502, 'target', "The target's certificate is signed by itself"),
  'tls-certificate-untrusted': kind(502, 'target', "Nobody trusted vouches for the target's certificate"),
  'tls-certificate-name-mismatch': kind(502, 'target', "The target's certificate is for another name"),
  'tls-certificate-invalid': kind(502, 'target', "The target's certificate cannot be verified"),
  'malformed-response': kind(502, 'target', 'What the target sent is not HTTP/1.1'),
  'head-too-large': kind(502, 'target', 'The response head is larger than allowed'),
  'too-many-redirects': kind(502, 'target', 'The target redirects too often'),
  'invalid-redirect': kind(502, 'target', 'The target redirects to where no one can follow'),
  'dns-timeout': kind(504, 'resolver', 'The name was not resolved in time'),
  'connect-timeout': kind(504, 'target', 'The connection was not made in time'),
  'tls-timeout': kind(504, 'target', 'The TLS handshake did not end in time'),
  'send-timeout': kind(504, 'target', 'The target did not take the request in time'),
  'first-byte-timeout': kind(504, 'target', 'The target did not answer in time'),
  'head-timeout': kind(504, 'target', 'The target fell silent within the response head'),
  'total-timeout': kind(504, 'target', 'The whole fetch took too long'),
  'internal-error': kind(500, 'service', 'Something failed in this service'),
} as const satisfies Readonly<Record<string, ProblemKind>>;

export type ProblemCode = keyof typeof PROBLEMS;

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}
