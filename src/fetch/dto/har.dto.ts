import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { COOKIE_FINDINGS, type CookieFinding } from '../../semantics/cookie-findings';
import {
  ChunksDto,
  ConnectAttemptDto,
  FieldLineDto,
  InformationalDto,
  OctetsDto,
  ResultErrorDto,
  TlsDto,
  TransferCodingDto,
  WarningDto,
} from './exchange.dto';

@ApiSchema({ name: 'HarCreator', description: 'What made the log.' })
export class HarCreatorDto {
  /**
   * Its name.
   * @example wirefetch
   */
  name: string;

  /**
   * Its version.
   * @example "0.1.0"
   */
  version: string;
}

@ApiSchema({ name: 'HarSentCookie', description: 'A cookie of the request: a pair of its Cookie field.' })
export class HarSentCookieDto {
  /**
   * Name; empty for a pair without "=".
   * @example NID
   */
  name: string;

  /**
   * Value, one character per octet.
   * @example 182=MTgyPTE4Mg
   */
  value: string;
}

@ApiSchema({
  name: 'HarCookie',
  description: 'A Set-Cookie of the response; `path`, `domain` and `expires` are left out where it has none.',
})
export class HarCookieDto {
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
   * Path that it is sent to.
   * @example /
   */
  path?: string;

  /**
   * Domain that it is sent to.
   * @example example.com
   */
  domain?: string;

  /**
   * Expires attribute as it was sent; Max-Age, which beats it, is in `_maxAge`.
   * @example 2027-11-02T01:47:46.000Z
   */
  @ApiProperty({ type: 'string', format: 'date-time', required: false })
  expires?: string;

  /**
   * HttpOnly attribute.
   * @example true
   */
  httpOnly: boolean;

  /**
   * Secure attribute.
   * @example false
   */
  secure: boolean;

  /**
   * Sent to exactly that host, not to its subdomains.
   * @example false
   */
  _hostOnly: boolean;

  /**
   * Max-Age attribute in seconds.
   * @example 3600
   */
  @ApiProperty({ type: 'integer', nullable: true })
  _maxAge: number | null;

  /**
   * SameSite attribute; null when missing or unknown.
   * @example Lax
   */
  _sameSite: 'Strict' | 'Lax' | 'None' | null;

  /**
   * Partitioned attribute.
   * @example false
   */
  _partitioned: boolean;

  /**
   * Whether a browser would store it.
   * @example true
   */
  _accepted: boolean;

  /**
   * Why it would not.
   * @example domain-mismatch
   */
  @ApiProperty({ type: 'string', nullable: true })
  _rejectedBecause: string | null;

  /** What makes it easy to hijack. */
  @ApiProperty({
    enum: COOKIE_FINDINGS,
    isArray: true,
    example: ['session-id-without-secure', 'missing-samesite'],
  })
  _findings: CookieFinding[];
}

@ApiSchema({ name: 'HarParameter', description: "A parameter of the URL's query." })
export class HarParameterDto {
  /**
   * Name, decoded as a form's.
   * @example q
   */
  name: string;

  /**
   * Value, decoded as a form's.
   * @example "socket programming"
   */
  value: string;
}

@ApiSchema({
  name: 'HarPostData',
  description: 'The content of the request: `text`, or `_base64` where it is none.',
})
export class HarPostDataDto {
  /**
   * The content as text; left out where `_base64` holds it.
   * @example q=socket+programming
   */
  text?: string;

  /**
   * The content as base64; null where `text` holds it.
   * @example iVBORw0KGgo=
   */
  @ApiProperty({ type: 'string', nullable: true })
  _base64: string | null;

  /**
   * Content-Type as it was sent, empty when missing.
   * @example application/x-www-form-urlencoded
   */
  mimeType: string;
}

@ApiSchema({ name: 'HarRequest', description: 'The request as it was written.' })
export class HarRequestDto {
  /**
   * Method; empty when raw octets do not show one.
   * @example GET
   */
  method: string;

  /**
   * URL without fragment; what RFC 3986 does not allow in it is percent-encoded.
   * @example http://www.example.com/?q=socket+programming
   */
  @ApiProperty({ type: 'string', format: 'uri' })
  url: string;

  /**
   * HTTP version; empty when raw octets do not show one.
   * @example HTTP/1.1
   */
  httpVersion: string;

  /** What its Cookie fields hold, the first 1,000 pairs. */
  cookies: HarSentCookieDto[];

  /** Field lines in wire order and case, one character per octet. */
  headers: FieldLineDto[];

  /** What the query of the URL holds, the first 1,000 parameters. */
  queryString: HarParameterDto[];

  /** Its content; left out when there is none. */
  @ApiProperty({ type: () => HarPostDataDto, required: false })
  postData?: HarPostDataDto;

  /**
   * Octets of request line and field section.
   * @example 149
   */
  @ApiProperty({ type: 'integer' })
  headersSize: number;

  /**
   * Octets of content.
   * @example 0
   */
  @ApiProperty({ type: 'integer' })
  bodySize: number;

  /**
   * Cookies after the first 1,000.
   * @example 0
   */
  @ApiProperty({ type: 'integer' })
  _cookiesOmitted: number;

  /**
   * Parameters after the first 1,000.
   * @example 0
   */
  @ApiProperty({ type: 'integer' })
  _queryStringOmitted: number;

  /**
   * Request target as it was written; null when raw octets do not show one.
   * @example /?q=socket+programming
   */
  _target: string | null;

  /**
   * The head's octets, base64; null unless `include.rawHead`.
   * @example R0VUIC8gSFRUUC8xLjENCkhvc3Q6IDEyNy4wLjAuMTo4MDgxDQoNCg==
   */
  _rawHead: string | null;
}

@ApiSchema({
  name: 'HarContent',
  description: 'The content of the response, without transfer coding.',
})
export class HarContentDto {
  /**
   * The content as text, or as `encoding` says; left out before a redirect that was followed, and with
   * `include.body` none.
   * @example "<!doctype html>…"
   */
  text?: string;

  /**
   * `text` is base64; left out where it is text.
   * @example base64
   */
  @ApiProperty({ enum: ['base64'], required: false })
  encoding?: 'base64';

  /**
   * Octets of the content kept, content codings undone where `_decoded` says so.
   * @example 24013
   */
  @ApiProperty({ type: 'integer' })
  size: number;

  /**
   * Octets that content codings saved; left out unless the whole content was decoded.
   * @example 18703
   */
  @ApiProperty({ type: 'integer', required: false })
  compression?: number;

  /**
   * Content-Type as it was received, empty when missing.
   * @example "text/html; charset=EUC-KR"
   */
  mimeType: string;

  /** Content codings in the order they were applied. */
  @ApiProperty({ type: [String], example: ['gzip'] })
  _contentEncoding: string[];

  /**
   * The content codings were undone, or there was nothing to undo.
   * @example true
   */
  _decoded: boolean;

  /**
   * Charset by its name in the WHATWG Encoding Standard; null for content that is no text, or was not looked at.
   * @example EUC-KR
   */
  _charset: string | null;

  /**
   * What decided the charset.
   * @example header
   */
  _charsetSource: 'bom' | 'header' | 'meta' | 'json' | 'default' | null;

  /**
   * SHA-256 of the content kept, hexadecimal.
   * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
   */
  _sha256: string;

  /**
   * There was more content than was kept.
   * @example false
   */
  _truncated: boolean;
}

@ApiSchema({ name: 'HarResponse', description: 'The response.' })
export class HarResponseDto {
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
   * HTTP version.
   * @example HTTP/1.1
   */
  httpVersion: string;

  /** Every Set-Cookie. */
  cookies: HarCookieDto[];

  /** Field lines in wire order and case, duplicates kept, one character per octet. */
  headers: FieldLineDto[];

  /** The content. */
  content: HarContentDto;

  /**
   * The first Location as it was received, empty when missing.
   * @example /welcome
   */
  redirectURL: string;

  /**
   * Octets of status line and field section.
   * @example 512
   */
  @ApiProperty({ type: 'integer' })
  headersSize: number;

  /**
   * Octets of the content as it came, content codings included, without transfer coding.
   * @example 5310
   */
  @ApiProperty({ type: 'integer' })
  bodySize: number;

  /** 1xx responses that came before. */
  _informational: InformationalDto[];

  /** Trailer section. */
  _trailers: FieldLineDto[];

  /** The chunked transfer coding; null when it was not used. */
  @ApiProperty({ type: () => TransferCodingDto, nullable: true })
  _transferCoding: TransferCodingDto | null;

  /** Octets after the message. */
  _extra: OctetsDto;

  /**
   * The head's octets, base64; null unless `include.rawHead`.
   * @example SFRUUC8xLjEgMjAwIE9LDQoNCg==
   */
  _rawHead: string | null;
}

@ApiSchema({ name: 'HarCache', description: 'Empty: nothing is cached.' })
export class HarCacheDto {}

@ApiSchema({ name: 'HarTimings', description: 'Milliseconds of each phase; -1: did not happen.' })
export class HarTimingsDto {
  /**
   * Waiting in this service.
   * @example 0
   */
  blocked: number;

  /**
   * Resolving the name.
   * @example 4.102
   */
  dns: number;

  /**
   * Making the connection, `ssl` included.
   * @example 31.22
   */
  connect: number;

  /**
   * TLS handshake.
   * @example 21.407
   */
  ssl: number;

  /**
   * Writing the request.
   * @example 0.204
   */
  send: number;

  /**
   * From the last octet sent to the first received.
   * @example 38.011
   */
  wait: number;

  /**
   * From the first octet received until reading ended and what came was decoded.
   * @example 6.302
   */
  receive: number;
}

@ApiSchema({
  name: 'HarEntry',
  description: 'An exchange: a request and its response. Fields that begin with "_" are wirefetch\'s own.',
})
export class HarEntryDto {
  /**
   * When it began to wait for its turn in this service.
   * @example 2026-11-22T01:47:46.123Z
   */
  @ApiProperty({ type: 'string', format: 'date-time' })
  startedDateTime: string;

  /**
   * Milliseconds of all timings that are not -1, `ssl` counted once, as a part of `connect`.
   * @example 79.839
   */
  time: number;

  /** The request as it was written. */
  request: HarRequestDto;

  /** The response. */
  response: HarResponseDto;

  /** Empty: nothing is cached. */
  cache: HarCacheDto;

  /** Milliseconds of each phase. */
  timings: HarTimingsDto;

  /**
   * The peer's IP address.
   * @example 192.0.2.7
   */
  serverIPAddress?: string;

  /**
   * Our port: each exchange has a connection, and so a port, of its own.
   * @example "51234"
   */
  connection?: string;

  /**
   * The message ended as RFC 9112 §8 says it must.
   * @example true
   */
  _complete: boolean;

  /**
   * Why reading ended: `endedBy` of a result.
   * @example last-chunk
   */
  _endedBy: string;

  /** Why it is not complete; null when it is. */
  @ApiProperty({ type: () => ResultErrorDto, nullable: true })
  _error: ResultErrorDto | null;

  /** Departures from the standards, and what else is odd. */
  _warnings: WarningDto[];

  /** Every read from the socket; its times count from when the wait in this service was over. */
  _chunks: ChunksDto;

  /** Every address that was dialled. */
  _attempts: ConnectAttemptDto[];

  /** TLS of the connection; null for http. */
  @ApiProperty({ type: () => TlsDto, nullable: true })
  _tls: TlsDto | null;
}

@ApiSchema({ name: 'HarLog', description: 'The log of one fetch. It has no pages: nothing is rendered.' })
export class HarLogDto {
  /**
   * Version of the format.
   * @example "1.2"
   */
  version: '1.2';

  /** What made it. */
  creator: HarCreatorDto;

  /** Every exchange in order, the final one last. */
  entries: HarEntryDto[];

  /**
   * Id of the fetch, a ULID; the log has it too.
   * @example 01JDA2W6T1M4Z8K5Q9R7X3Y2BC
   */
  _id: string;

  /**
   * Milliseconds of all exchanges, without waiting in this service.
   * @example 121.911
   */
  _chainTotal: number;
}

@ApiSchema({ name: 'Har', description: 'A whole fetch as an HTTP Archive, HAR 1.2.' })
export class HarDto {
  /** The log. */
  log: HarLogDto;
}
