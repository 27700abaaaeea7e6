import type { KeyObject, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import {
  type ConnectionOptions,
  DEFAULT_CIPHERS,
  type PeerCertificate,
  type SecureContext,
  type SecureVersion,
  type TLSSocket,
  checkServerIdentity,
  createSecureContext,
} from 'node:tls';

/** How a connection is to be secured. */
export interface TlsSpec {
  /** host name or IP address that the certificate must name; a name is also asked for by SNI */
  readonly serverName: string;
  /** refuse a certificate that cannot be verified; otherwise it is only told */
  readonly verify: boolean;
  readonly minVersion: SecureVersion;
  /** application protocols offered, RFC 7301; empty: none */
  readonly alpn: readonly string[];
  /** certificate authorities to trust, PEM; null: those of the runtime */
  readonly ca: string | null;
  /** certificate and private key to present, PEM */
  readonly clientCertificate: string | null;
}

/** A certificate as the peer sent it. */
export interface Certificate {
  /** distinguished names, most specific part first: "CN=www.example.com, O=Example" */
  readonly subject: string;
  readonly issuer: string;
  /** as "DNS:www.example.com", "IP Address:192.0.2.7" */
  readonly subjectAltNames: readonly string[];
  /** null where the certificate holds no date there */
  readonly validFrom: Date | null;
  readonly validTo: Date | null;
  /** whole days until `validTo` at the time of the handshake; negative when it has passed */
  readonly daysLeft: number | null;
  /** hexadecimal */
  readonly serialNumber: string;
  /** SHA-256 of the certificate, hexadecimal with colons */
  readonly fingerprint256: string;
  /** "rsa", "ec", "ed25519"; null for a key that OpenSSL does not know */
  readonly keyType: string | null;
  /** of the modulus of an RSA or DSA key */
  readonly keyBits: number | null;
  readonly pem: string;
}

/** What the handshake agreed on, and what is to be thought of the peer. */
export interface TlsFacts {
  /** "TLSv1.3" */
  readonly protocol: string | null;
  /** IANA's name, "TLS_AES_256_GCM_SHA384" */
  readonly cipher: string | null;
  /** application protocol chosen by the peer, null when it chose none */
  readonly alpn: string | null;
  /** asked for by SNI, null where the host is an IP address */
  readonly serverName: string | null;
  readonly authorized: boolean;
  /** why not: OpenSSL's name of the error, or ERR_TLS_CERT_ALTNAME_INVALID */
  readonly authorizationError: string | null;
  /** the same in words */
  readonly authorizationMessage: string | null;
  /** in the order sent, the peer's own certificate first */
  readonly chain: readonly Certificate[];
}

export type CertificateCode =
  | 'tls-certificate-expired'
  | 'tls-certificate-not-yet-valid'
  | 'tls-certificate-self-signed'
  | 'tls-certificate-untrusted'
  | 'tls-certificate-name-mismatch'
  | 'tls-certificate-invalid';

const CERTIFICATE_CODES: Readonly<Record<string, CertificateCode>> = {
  CERT_HAS_EXPIRED: 'tls-certificate-expired',
  CERT_NOT_YET_VALID: 'tls-certificate-not-yet-valid',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls-certificate-self-signed',
  // The certificate itself was issued by somebody; it is the root of the chain that nobody vouches for.
  SELF_SIGNED_CERT_IN_CHAIN: 'tls-certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'tls-certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls-certificate-untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls-certificate-untrusted',
  CERT_UNTRUSTED: 'tls-certificate-untrusted',
  HOSTNAME_MISMATCH: 'tls-certificate-name-mismatch',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls-certificate-name-mismatch',
};

/** @returns the API's code for why a certificate was not accepted */
export function certificateCode(authorizationError: string): CertificateCode {
  return CERTIFICATE_CODES[authorizationError] ?? 'tls-certificate-invalid';
}

/** A `TlsSpec` made ready to dial with, as often as it takes. */
export interface TlsClient {
  readonly spec: TlsSpec;
  /** of tls.connect. They let the handshake end whatever the certificate says: the verdict is read from
   *  `tlsFacts`, so that the chain can be told along with it */
  readonly options: ConnectionOptions;
}

/** @throws Error when OpenSSL does not take the certificates or the key */
export function tlsClient(spec: TlsSpec): TlsClient {
  const { serverName, alpn } = spec;
  const sni = sniOf(serverName);
  const options: ConnectionOptions = {
    secureContext: contextOf(spec),
    rejectUnauthorized: false,
    // The socket is dialled by address: the name that counts is the one of the URL.
    checkServerIdentity: (_, certificate: PeerCertificate) => checkServerIdentity(serverName, certificate),
    ...(sni === null ? {} : { servername: sni }),
    ...(alpn.length === 0 ? {} : { ALPNProtocols: [...alpn] }),
  };
  return { spec, options };
}

/** Reads what a handshake that has ended agreed on. */
export function tlsFacts(socket: TLSSocket, { spec: { serverName } }: TlsClient): TlsFacts {
  const { authorizationError } = socket;
  const chain = [...certificatesOf(socket)];
  return {
    protocol: socket.getProtocol(),
    cipher: socket.getCipher()?.standardName ?? null,
    alpn: typeof socket.alpnProtocol === 'string' ? socket.alpnProtocol : null,
    serverName: sniOf(serverName),
    authorized: socket.authorized,
    authorizationError: socket.authorized ? null : String(authorizationError),
    authorizationMessage: socket.authorized ? null : describe(String(authorizationError), serverName, chain),
    chain,
  };
}

/** RFC 6066 §3: "Literal IPv4 and IPv6 addresses are not permitted", nor is a trailing dot. */
function sniOf(serverName: string): string | null {
  const name = serverName.replace(/\.$/, '');
  return name === '' || isIP(name) !== 0 ? null : name;
}

/** A context costs more than a handshake's own work to make, and its authorities far more: those used last are kept.
 *  One with a key of the caller's is not. */
const contexts = new Map<string, SecureContext>();
const MAX_CONTEXTS = 16;

function contextOf({ minVersion, ca, clientCertificate }: TlsSpec): SecureContext {
  if (clientCertificate !== null) return newContext(minVersion, ca, clientCertificate);
  const key = `${minVersion} ${ca ?? ''}`;
  const context = contexts.get(key) ?? newContext(minVersion, ca, null);
  contexts.delete(key);
  contexts.set(key, context);
  const [oldest] = contexts.keys();
  if (contexts.size > MAX_CONTEXTS) contexts.delete(oldest!);
  return context;
}

function newContext(minVersion: SecureVersion, ca: string | null, identity: string | null): SecureContext {
  return createSecureContext({
    minVersion,
    ...(ca === null ? {} : { ca }),
    ...(identity === null ? {} : { cert: identity, key: identity }),
    // OpenSSL offers TLS 1.0 and 1.1 at its lowest security level alone; who asks for them means it.
    ...(minVersion === 'TLSv1' || minVersion === 'TLSv1.1'
      ? { ciphers: `${DEFAULT_CIPHERS}:@SECLEVEL=0` }
      : {}),
  });
}

function* certificatesOf(socket: TLSSocket): Generator<Certificate> {
  const now = Date.now();
  let certificate = socket.getPeerX509Certificate();
  while (certificate !== undefined) {
    yield toCertificate(certificate, now);
    certificate = certificate.issuerCertificate;
  }
}

const DAY_MS = 86_400_000;

function toCertificate(certificate: X509Certificate, now: number): Certificate {
  const validTo = dateOrNull(certificate.validToDate);
  const key = publicKeyOf(certificate);
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    subjectAltNames: splitAltNames(certificate.subjectAltName ?? ''),
    validFrom: dateOrNull(certificate.validFromDate),
    validTo,
    daysLeft: validTo === null ? null : Math.floor((validTo.getTime() - now) / DAY_MS),
    serialNumber: certificate.serialNumber,
    fingerprint256: certificate.fingerprint256,
    keyType: key?.asymmetricKeyType ?? null,
    keyBits: key?.asymmetricKeyDetails?.modulusLength ?? null,
    pem: certificate.toString(),
  };
}

/** A peer may send any octets that have the form of a certificate. */
function dateOrNull(date: Date): Date | null {
  return Number.isNaN(date.getTime()) ? null : date;
}

function publicKeyOf(certificate: X509Certificate): KeyObject | null {
  try {
    return certificate.publicKey;
  } catch {
    return null;
  }
}

/** The runtime writes one attribute a line, least specific first. */
function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').toReversed().join(', ');
}

/** The runtime writes what could be mistaken in a list as a JSON string, commas escaped. */
function splitAltNames(text: string): string[] {
  const names = text === '' ? [] : text.split(', ');
  return names.map((name) => {
    const quote = name.indexOf(':"') + 1;
    return quote === 0 ? name : name.slice(0, quote) + unquoted(name.slice(quote));
  });
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}

function describe(error: string, serverName: string, [leaf]: readonly Certificate[]): string {
  switch (certificateCode(error)) {
    case 'tls-certificate-expired':
      return `a certificate of the chain has expired; the peer's own is valid until ${dayOf(leaf?.validTo)}`;
    case 'tls-certificate-not-yet-valid':
      return `a certificate of the chain is not valid yet; the peer's own is valid from ${dayOf(leaf?.validFrom)}`;
    case 'tls-certificate-self-signed':
      return 'the certificate is signed by itself';
    case 'tls-certificate-untrusted':
      return `no trusted authority vouches for the certificate (${error})`;
    case 'tls-certificate-name-mismatch':
      return `the certificate is not for ${serverName}, but for ${leaf?.subjectAltNames.join(', ') || 'nobody'}`;
    case 'tls-certificate-invalid':
      return `the certificate cannot be verified (${error})`;
  }
}

function dayOf(date: Date | null | undefined): string {
  return date?.toISOString() ?? 'no date';
}
