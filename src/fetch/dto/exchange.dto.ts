import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { COOKIE_FINDINGS, type CookieFinding } from '../../semantics/cookie-findings';

@ApiSchema({ name: 'FieldLine', description: 'A field line, RFC 9110 §5.' })
export class FieldLineDto {
  /**
   * Field name in wire case.
   * @example Content-Type
   */
  name: string;

  /**
   * Field value; one character U+0000 to U+00FF per octet.
   * @example "text/html; charset=EUC-KR"
   */
  value: string;
}

@ApiSchema({ name: 'SentRequest', description: 'The request as it was written.' })
export class SentRequestDto {
  /**
   * Method; null when raw octets do not show one.
   * @example GET
   */
  method: string | null;

  /**
   * Request target.
   * @example /
   */
  target: string | null;

  /**
   * HTTP version.
   * @example "1.1"
   */
  httpVersion: string | null;

  /** Field lines in wire order and case. */
  headers: FieldLineDto[];

  /**
   * Octets of request line and field section.
   * @example 120
   */
  @ApiProperty({ type: 'integer' })
  headBytes: number;

  /**
   * Octets of content.
   * @example 0
   */
  @ApiProperty({ type: 'integer' })
  bodyBytes: number;

  /**
   * The head's octets, base64; null unless `include.rawHead`.
   * @example R0VUIC8gSFRUUC8xLjENCkhvc3Q6IDEyNy4wLjAuMTo4MDgxDQoNCg==
   */
  rawHead: string | null;
}

@ApiSchema({ name: 'Informational', description: 'A 1xx response that came before the final one.' })
export class InformationalDto {
  /**
   * Status code.
   * @example 103
   */
  @ApiProperty({ type: 'integer' })
  status: number;

  /**
   * Reason phrase, empty when missing.
   * @example "Early Hints"
   */
  statusText: string;

  /** Field lines in wire order and case. */
  headers: FieldLineDto[];
}

@ApiSchema({ name: 'Cookie', description: 'A Set-Cookie as a user agent understands it, RFC 6265bis.' })
export class CookieDto {
  /**
   * Name; empty for a nameless cookie, and when the line is none.
   * @example NID
   */
  name: string;

  /**
   * Value, one character per octet; the whole line when it is no cookie.
   * @example 182=MTgyPTE4Mg
   */
  value: string;

  /**
   * Domain that it is sent to.
   * @example example.com
   */
  domain: string | null;

  /**
   * Sent to exactly that host, not to its subdomains.
   * @example false
   */
  hostOnly: boolean;

  /**
   * Path that it is sent to.
   * @example /
   */
  path: string | null;

  /**
   * Expires attribute as it was sent; null when missing. A jar forgets every cookie after 400 days.
   * @example 2027-11-02T01:47:46.000Z
   */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  expires: string | null;

  /**
   * Max-Age attribute in seconds; it beats Expires, and 0 or less deletes.
   * @example 3600
   */
  @ApiProperty({ type: 'integer', nullable: true })
  maxAge: number | null;

  /**
   * Secure attribute.
   * @example false
   */
  secure: boolean;

  /**
   * HttpOnly attribute.
   * @example true
   */
  httpOnly: boolean;

  /**
   * SameSite attribute; null when missing or unknown.
   * @example Lax
   */
  sameSite: 'Strict' | 'Lax' | 'None' | null;

  /**
   * Partitioned attribute.
   * @example false
   */
  partitioned: boolean;

  /**
   * Whether a browser would store it.
   * @example true
   */
  accepted: boolean;

  /**
   * Why it would not: unparsable, too-large, domain-mismatch, public-suffix, secure-over-http, secure-cookie-exists,
   * samesite-none-without-secure, partitioned-without-secure or prefix-broken.
   * @example domain-mismatch
   */
  @ApiProperty({ type: 'string', nullable: true })
  rejectedBecause: string | null;

  /** What makes it easy to hijack, for cookies that look like a session above all. */
  @ApiProperty({
    enum: COOKIE_FINDINGS,
    isArray: true,
    example: ['session-id-without-secure', 'missing-samesite'],
  })
  findings: CookieFinding[];
}

@ApiSchema({ name: 'HopBody', description: 'The content of the response, without transfer coding.' })
export class HopBodyDto {
  /**
   * Octets of the content kept, decoded where `decoded` says so.
   * @example 24013
   */
  @ApiProperty({ type: 'integer' })
  bytes: number;

  /**
   * Octets of the content as it came, content codings included.
   * @example 5310
   */
  @ApiProperty({ type: 'integer' })
  wireBytes: number;

  /** Content codings that Content-Encoding names, in lower case, in the order they were applied: the last is undone
   *  first. */
  @ApiProperty({ type: [String], example: ['gzip'] })
  contentEncoding: string[];

  /**
   * The content codings were undone, or there was nothing to undo. With the error `content-decoding-failed` the
   * content is what was decoded before the damage. False: the content is given as it came, because
   * `decodeContent` is off, a coding is unknown, there are more than five, or nothing could be decoded.
   * @example true
   */
  decoded: boolean;

  /**
   * Media type without parameters, in lower case.
   * @example text/html
   */
  mediaType: string | null;

  /**
   * Charset by its name in the WHATWG Encoding Standard; null for content that is no text, is still coded, or was not
   * looked at. With `include.body` none a label unknown to that standard stands as it was given.
   * @example EUC-KR
   */
  charset: string | null;

  /**
   * What decided the charset. bom: a byte order mark. header: Content-Type. meta: what HTML or XML declares in its first
   * 1,024 octets. json: JSON is UTF-8. default: windows-1252 for text/html, UTF-8 for all else.
   * @example header
   */
  charsetSource: 'bom' | 'header' | 'meta' | 'json' | 'default' | null;

  /**
   * SHA-256 of the content kept, hexadecimal.
   * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
   */
  sha256: string;

  /**
   * There was more content than was kept, because of `read.maxBodyBytes`.
   * @example false
   */
  truncated: boolean;
}

@ApiSchema({ name: 'Body', description: 'The content of the final response.' })
export class BodyDto extends HopBodyDto {
  /**
   * The content as text; null where base64 holds it or `include.body` is none.
   * @example "<!doctype html>…"
   */
  text: string | null;

  /**
   * The content as base64; null where text holds it or `include.body` is none.
   * @example iVBORw0KGgo=
   */
  @ApiProperty({ type: 'string', nullable: true })
  base64: string | null;
}

@ApiSchema({ name: 'Octets', description: 'Octets that came and belong to no part of the message.' })
export class OctetsDto {
  /**
   * How many came.
   * @example 0
   */
  @ApiProperty({ type: 'integer' })
  bytes: number;

  /**
   * The first of them, base64; null when none came.
   * @example SFRUUC8xLjEgMjAwIE9LDQo=
   */
  @ApiProperty({ type: 'string', nullable: true })
  base64: string | null;

  /**
   * More came than base64 holds.
   * @example false
   */
  truncated: boolean;
}

@ApiSchema({ name: 'HistogramBucket', description: 'A bucket of the histogram.' })
export class HistogramBucketDto {
  /**
   * Upper bound in octets, a power of two: counts reads of at most that, and more than half of it.
   * @example 1024
   */
  @ApiProperty({ type: 'integer' })
  le: number;

  /**
   * Reads in it.
   * @example 6
   */
  @ApiProperty({ type: 'integer' })
  count: number;
}

@ApiSchema({ name: 'Read', description: 'One read from the socket.' })
export class ReadDto {
  /**
   * Milliseconds since the hop began.
   * @example 52.031
   */
  atMs: number;

  /**
   * Octets it returned.
   * @example 1024
   */
  @ApiProperty({ type: 'integer' })
  bytes: number;
}

@ApiSchema({
  name: 'Chunks',
  description:
    'Every read from the socket, which is not the chunked transfer coding. Sizes in octets, times in ms since the hop began.',
})
export class ChunksDto {
  /**
   * tcp: what recv() returned. tls: what one decrypted read returned.
   * @example tcp
   */
  layer: 'tcp' | 'tls';

  /**
   * The most one read could return.
   * @example 1024
   */
  @ApiProperty({ type: 'integer' })
  bufferBytes: number;

  /**
   * Reads.
   * @example 6
   */
  @ApiProperty({ type: 'integer' })
  count: number;

  /**
   * Octets of all reads.
   * @example 5842
   */
  @ApiProperty({ type: 'integer' })
  bytes: number;

  /**
   * Smallest read.
   * @example 722
   */
  @ApiProperty({ type: 'integer', nullable: true })
  min: number | null;

  /**
   * Largest read.
   * @example 1024
   */
  @ApiProperty({ type: 'integer', nullable: true })
  max: number | null;

  /**
   * Mean size.
   * @example 973.667
   */
  mean: number | null;

  /**
   * Median size, nearest-rank.
   * @example 1024
   */
  @ApiProperty({ type: 'integer', nullable: true })
  median: number | null;

  /**
   * 95th percentile of the sizes, nearest-rank.
   * @example 1024
   */
  @ApiProperty({ type: 'integer', nullable: true })
  p95: number | null;

  /**
   * Standard deviation of the sizes, the population's.
   * @example 112.546
   */
  stdev: number | null;

  /**
   * When the first read returned, ms.
   * @example 52.031
   */
  firstAtMs: number | null;

  /**
   * When the last read returned, ms.
   * @example 58.311
   */
  lastAtMs: number | null;

  /**
   * Longest time between two reads, ms; null for a single read.
   * @example 5.102
   */
  maxGapMs: number | null;

  /**
   * Octets a second from the first read to the last; null for a single read.
   * @example 930254
   */
  @ApiProperty({ type: 'integer', nullable: true })
  bytesPerSecond: number | null;

  /** Reads by size, by powers of two, empty buckets left out. */
  histogram: HistogramBucketDto[];

  /** Sizes in order, the first 1,000. */
  @ApiProperty({ type: 'array', items: { type: 'integer' }, example: [1024, 1024, 1024, 1024, 1024, 722] })
  sizes: number[];

  /** Time and size of each read, the first 10,000; null unless `include.reads` is full. */
  @ApiProperty({ type: () => [ReadDto], nullable: true })
  items: ReadDto[] | null;

  /**
   * Reads after the first 1,000.
   * @example 0
   */
  @ApiProperty({ type: 'integer' })
  sizesOmitted: number;

  /**
   * Reads after the first 10,000, when items are given.
   * @example 0
   */
  @ApiProperty({ type: 'integer' })
  itemsOmitted: number;

  /**
   * Median and p95 come from the histogram, because there were more than 10,000 reads.
   * @example false
   */
  estimated: boolean;
}

@ApiSchema({
  name: 'TransferCoding',
  description: 'The chunked transfer coding, RFC 9112 §7.1; the last-chunk not counted.',
})
export class TransferCodingDto {
  /**
   * Chunks.
   * @example 2
   */
  @ApiProperty({ type: 'integer' })
  chunks: number;

  /** Sizes in octets, the first 1,000. */
  @ApiProperty({ type: 'array', items: { type: 'integer' }, example: [4096, 1214] })
  sizes: number[];

  /** Chunk extensions as they came. */
  @ApiProperty({ type: [String], example: [] })
  extensions: string[];

  /**
   * Chunks after the first 1,000.
   * @example 0
   */
  @ApiProperty({ type: 'integer' })
  sizesOmitted: number;
}

@ApiSchema({
  name: 'Timings',
  description:
    'Milliseconds of each phase; null: did not happen. Phases do not overlap; total is their sum without queue.',
})
export class TimingsDto {
  /**
   * Waiting in this service.
   * @example 0
   */
  queue: number | null;

  /**
   * Resolving the name.
   * @example 4.102
   */
  dns: number | null;

  /**
   * Making the connection.
   * @example 9.813
   */
  connect: number | null;

  /**
   * TLS handshake; null for http.
   * @example 21.407
   */
  @ApiProperty({ type: 'number', nullable: true })
  tls: number | null;

  /**
   * Writing the request.
   * @example 0.204
   */
  send: number | null;

  /**
   * From the last octet sent to the first received.
   * @example 38.011
   */
  wait: number | null;

  /**
   * From the first octet received until reading ended and what came was decoded.
   * @example 6.302
   */
  receive: number | null;

  /**
   * This hop.
   * @example 58.432
   */
  total: number;

  /**
   * All hops; null in a hop.
   * @example 121.911
   */
  chainTotal: number | null;
}

@ApiSchema({ name: 'ConnectAttempt', description: 'An address that was dialled.' })
export class ConnectAttemptDto {
  /**
   * IP address.
   * @example 192.0.2.7
   */
  address: string;

  /**
   * TCP port.
   * @example 80
   */
  @ApiProperty({ type: 'integer' })
  port: number;

  /**
   * How long it took, ms.
   * @example 9.813
   */
  ms: number;

  /**
   * The system's error code, or what ended the attempt: lost-race (another address connected first),
   * connect-timeout, total-timeout or cancelled; null for success.
   * @example ECONNREFUSED
   */
  error: string | null;
}

@ApiSchema({ name: 'Certificate', description: 'A certificate as the peer sent it.' })
export class CertificateDto {
  /**
   * Distinguished name of its owner, most specific part first.
   * @example "CN=www.example.com, O=Example, C=KR"
   */
  subject: string;

  /**
   * Distinguished name of who signed it.
   * @example "CN=Example CA, O=Example, C=KR"
   */
  issuer: string;

  /** Names that it is for. */
  @ApiProperty({ type: [String], example: ['DNS:www.example.com', 'IP Address:192.0.2.7'] })
  subjectAltNames: string[];

  /**
   * Valid from.
   * @example 2026-10-01T00:00:00.000Z
   */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  validFrom: string | null;

  /**
   * Valid to.
   * @example 2026-12-30T23:59:59.000Z
   */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  validTo: string | null;

  /**
   * Whole days until it expires, at the time of the handshake; negative when it has.
   * @example 35
   */
  @ApiProperty({ type: 'integer', nullable: true })
  daysLeft: number | null;

  /**
   * Serial number, hexadecimal.
   * @example 316E5BE3A2324A7C32C153BCE70EE93D2F70885D
   */
  serialNumber: string;

  /**
   * SHA-256 of the certificate, hexadecimal with colons.
   * @example "5F:3B:8C:F2:F8:10:B3:7D:78:B4:CE:EC:19:19:C3:73:34:B9:C7:74:F4:1C:41:59:A5:F4:55:F8:57:8B:8A:2D"
   */
  fingerprint256: string;

  /**
   * Kind of its key; null for one that is not known.
   * @example ec
   */
  keyType: string | null;

  /**
   * Bits of the modulus of an RSA or DSA key.
   * @example 2048
   */
  @ApiProperty({ type: 'integer', nullable: true })
  keyBits: number | null;

  /**
   * The certificate itself, PEM.
   * @example "-----BEGIN CERTIFICATE-----…"
   */
  pem: string;
}

@ApiSchema({ name: 'Tls', description: 'What the TLS handshake agreed on.' })
export class TlsDto {
  /**
   * Protocol version.
   * @example TLSv1.3
   */
  protocol: string | null;

  /**
   * Cipher suite, as IANA names it.
   * @example TLS_AES_256_GCM_SHA384
   */
  cipher: string | null;

  /**
   * Application protocol that the peer chose by ALPN.
   * @example http/1.1
   */
  alpn: string | null;

  /**
   * Name asked for by SNI; null where the host is an IP address.
   * @example www.example.com
   */
  serverName: string | null;

  /**
   * The certificate is trusted and for this host.
   * @example true
   */
  authorized: boolean;

  /**
   * Why it is not: OpenSSL's name of the error.
   * @example CERT_HAS_EXPIRED
   */
  @ApiProperty({ type: 'string', nullable: true })
  authorizationError: string | null;

  /** The peer's own certificate; null when it sent none. */
  @ApiProperty({ type: () => CertificateDto, nullable: true })
  certificate: CertificateDto | null;

  /** All certificates in the order sent; null unless `include.certificates`, or a problem with the certificate. */
  @ApiProperty({ type: () => [CertificateDto], nullable: true })
  chain: CertificateDto[] | null;
}

@ApiSchema({ name: 'Connection', description: 'The connection that was used.' })
export class ConnectionDto {
  /**
   * The peer's IP address; null when no connection was made.
   * @example 192.0.2.7
   */
  remoteAddress: string | null;

  /**
   * The peer's port.
   * @example 80
   */
  @ApiProperty({ type: 'integer', nullable: true })
  remotePort: number | null;

  /**
   * Our IP address.
   * @example 192.0.2.2
   */
  localAddress: string | null;

  /**
   * Our port.
   * @example 51234
   */
  @ApiProperty({ type: 'integer', nullable: true })
  localPort: number | null;

  /**
   * IP version.
   * @example 4
   */
  @ApiProperty({ type: 'integer', enum: [4, 6], nullable: true })
  family: 4 | 6 | null;

  /**
   * An earlier exchange used it too; never so far.
   * @example false
   */
  reused: boolean;

  /** Every address that was dialled, in order. Attempts overlap: the next begins after 250 ms, or when one fails. */
  attempts: ConnectAttemptDto[];

  /** TLS of the connection; null for http, and where no handshake ended. */
  @ApiProperty({ type: () => TlsDto, nullable: true })
  tls: TlsDto | null;
}

@ApiSchema({
  name: 'Warning',
  description: 'A departure from the standards that was understood all the same.',
})
export class WarningDto {
  /**
   * Stable code; docs/wire-behaviour.md lists them.
   * @example bare-lf
   */
  code: string;

  /**
   * For people.
   * @example "line ended by LF without CR"
   */
  message: string;

  /**
   * Octets from the first octet received; null when it has no place.
   * @example 17
   */
  @ApiProperty({ type: 'integer', nullable: true })
  offset: number | null;
}

@ApiSchema({ name: 'ResultError', description: 'Why a result is not complete.' })
export class ResultErrorDto {
  /**
   * Stable code.
   * @example idle-timeout
   */
  @ApiProperty({
    enum: [
      'idle-timeout',
      'total-timeout',
      'size-limit',
      'read-limit',
      'connection-closed',
      'connection-reset',
      'malformed-response',
      'content-decoding-failed',
      'cancelled',
    ],
  })
  code: string;

  /**
   * Where it happened.
   * @example receive
   */
  @ApiProperty({ enum: ['receive', 'decode'] })
  phase: string;

  /**
   * For people.
   * @example "silence for idleMs before the end of the message"
   */
  message: string;
}

@ApiSchema({ name: 'Exchange', description: 'What every exchange of a fetch tells.' })
export class ExchangeDto {
  /**
   * URL of the exchange; of the whole fetch's request in a result.
   * @example http://example.com/
   */
  url: string;

  /**
   * When it began.
   * @example 2026-11-22T01:47:46.123Z
   */
  @ApiProperty({ type: 'string', format: 'date-time' })
  startedAt: string;

  /** The request as it was written. */
  request: SentRequestDto;

  /**
   * Status code.
   * @example 200
   */
  @ApiProperty({ type: 'integer' })
  status: number;

  /**
   * Reason phrase, empty when missing.
   * @example OK
   */
  statusText: string;

  /**
   * HTTP version of the response.
   * @example "1.1"
   */
  httpVersion: string;

  /**
   * Octets of status line and field section.
   * @example 512
   */
  @ApiProperty({ type: 'integer' })
  headBytes: number;

  /**
   * The head's octets, base64; null unless `include.rawHead`.
   * @example SFRUUC8xLjEgMjAwIE9LDQoNCg==
   */
  rawHead: string | null;

  /** Field lines in wire order and case, duplicates kept. */
  headers: FieldLineDto[];

  /** Trailer section, never merged into headers. */
  trailers: FieldLineDto[];

  /** 1xx responses. */
  informational: InformationalDto[];

  /** Every Set-Cookie of the response. */
  cookies: CookieDto[];

  /** Octets after the message: until idle or close, or after HEAD and 304. */
  extra: OctetsDto;

  /** Every read from the socket. */
  chunks: ChunksDto;

  /** The chunked transfer coding; null when it was not used. */
  @ApiProperty({ type: () => TransferCodingDto, nullable: true })
  transferCoding: TransferCodingDto | null;

  /**
   * The message ended as RFC 9112 §8 says it must.
   * @example true
   */
  complete: boolean;

  /**
   * Why reading ended.
   * @example last-chunk
   */
  endedBy:
    | 'content-length'
    | 'last-chunk'
    | 'no-content'
    | 'close'
    | 'idle-timeout'
    | 'total-timeout'
    | 'size-limit'
    | 'read-limit'
    | 'reset'
    | 'parse-error'
    | 'upgrade'
    | 'cancelled';

  /** Milliseconds of each phase. */
  timings: TimingsDto;

  /** The connection that was used. */
  connection: ConnectionDto;

  /** Departures from the standards, and what else is odd. */
  warnings: WarningDto[];

  /** Why it is not complete; null when it is. */
  @ApiProperty({ type: () => ResultErrorDto, nullable: true })
  error: ResultErrorDto | null;
}

@ApiSchema({ name: 'Hop', description: 'An exchange before the final one.' })
export class HopDto extends ExchangeDto {
  /** Its content, without the octets. */
  body: HopBodyDto;
}

@ApiSchema({ name: 'FetchResult', description: 'A whole fetch.' })
export class FetchResultDto extends ExchangeDto {
  /**
   * Id of the fetch, a ULID; the log has it too.
   * @example 01JDA2W6T1M4Z8K5Q9R7X3Y2BC
   */
  id: string;

  /**
   * URL of the final response, after redirects.
   * @example http://www.example.com/
   */
  finalUrl: string;

  /** The content. */
  body: BodyDto;

  /** Every exchange before the final one. */
  hops: HopDto[];
}
