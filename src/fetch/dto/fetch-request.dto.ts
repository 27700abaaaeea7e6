import { ApiProperty, ApiPropertyOptional, ApiSchema, getSchemaPath, ApiExtraModels } from '@nestjs/swagger';
import {
  Allow,
  ArrayMaxSize,
  IsArray,
  IsBase64,
  IsIP,
  IsObject,
  IsString,
  Matches,
  MaxLength,
} from 'class-validator';
import { REQUEST_TARGET, TOKEN } from '../../http1/grammar';
import { SESSION_ID } from '../../sessions/session-id';
import { DEFAULTS } from '../defaults';
import { Flag, Given, GivenOrNull, Nested, OneOf, Whole } from './decorators';
import { ReadAs } from './read-object';

const { timeouts, read, redirects, network, tls, include } = DEFAULTS;
const TLS_VERSIONS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
const ALPN_RULE = 'must be a list of at most 16 protocol names, each 1 to 255 characters of printable ASCII';
/** room for all authorities that browsers trust; reading as many takes a tenth of a second */
const MAX_PEM = 524_288;
const PEM_RULE = `must be PEM of at most ${MAX_PEM} characters, or null`;
/** also the form of IP addresses */
const HOST_NAME = /^(?=.{1,253}$)[0-9A-Za-z_:](?:[0-9A-Za-z_.:-]*[0-9A-Za-z_.:])?$/;

@ApiSchema({ name: 'RequestField', description: 'A field line of the request.' })
export class RequestFieldDto {
  /**
   * Field name, written in this case. A token of RFC 9110.
   * @example User-Agent
   */
  @ApiProperty({ pattern: TOKEN.source })
  name: string;

  /**
   * Field value; one character U+0000 to U+00FF per octet, without CR, LF or NUL.
   * @example Mozilla/5.0
   */
  value: string;
}

@ApiSchema({ name: 'RequestBody', description: 'The content to send: exactly one of the two.' })
export class RequestBodyDto {
  /**
   * Text, sent as UTF-8.
   * @example q=socket
   */
  @Given()
  @IsString({ message: 'must be a string' })
  text?: string;

  /**
   * Octets, base64.
   * @example cT1zb2NrZXQ=
   */
  @Given()
  @IsBase64({}, { message: 'must be base64' })
  base64?: string;
}

@ApiSchema({ name: 'RawRequest', description: 'Octets that are sent as they stand.' })
export class RawRequestDto {
  /**
   * The whole request, base64.
   * @example R0VUIC8gSFRUUC8xLjEKaG9zdDogMTI3LjAuMC4xOjgwODEKCg==
   */
  @IsBase64({}, { message: 'must be base64' })
  base64: string;
}

@ApiSchema({
  name: 'Timeouts',
  description:
    "Milliseconds. Each limits one hop, except totalMs. At most the operator's WIREFETCH_MAX_TOTAL_MS each.",
})
export class TimeoutsDto {
  /** Resolving the name, in ms. */
  @Whole({ min: 1, default: timeouts.dnsMs, example: 2000 })
  dnsMs?: number;

  /** Making the TCP connection, all attempts together, in ms. */
  @Whole({ min: 1, default: timeouts.connectMs, example: 2000 })
  connectMs?: number;

  /** The TLS handshake, in ms. */
  @Whole({ min: 1, default: timeouts.tlsMs, example: 2000 })
  tlsMs?: number;

  /** Sending the request, in ms. */
  @Whole({ min: 1, default: timeouts.sendMs, example: 5000 })
  sendMs?: number;

  /** From the last octet sent to the first received, and again after each 1xx, in ms. */
  @Whole({ min: 1, default: timeouts.firstByteMs, example: 5000 })
  firstByteMs?: number;

  /** The longest gap between two reads after the first octet, in ms. 2000 by default with `read.until: idle`. */
  @Whole({ min: 1, default: timeouts.idleMs, example: 1200 })
  idleMs?: number;

  /** The whole chain of redirects, in ms. */
  @Whole({ min: 1, default: timeouts.totalMs, example: 10000 })
  totalMs?: number;
}

@ApiSchema({ name: 'ReadOptions', description: 'How to read from the socket.' })
export class ReadOptionsDto {
  /** When to stop. complete: HTTP framing, the peer's close, or silence, whichever is first. idle: ignore framing,
   *  read until idleMs of silence or close. close: ignore framing, and silence after the head; until close or totalMs. */
  @OneOf(['complete', 'idle', 'close'], { default: read.until, example: 'complete' })
  until?: 'complete' | 'idle' | 'close';

  /** The most one read may return, in octets, as recv(n) has it. */
  @Whole({ min: 1, max: 1_048_576, default: read.bufferBytes, example: 1024 })
  bufferBytes?: number;

  /** Stop after so many reads; null: no limit. */
  @Whole({ min: 1, max: 1_000_000, default: read.maxReads, example: 1, nullable: true })
  maxReads?: number | null;

  /** Bounds the decoded content kept and the coded content read, in octets; at most the operator's
   *  WIREFETCH_MAX_BODY_BYTES. */
  @Whole({ min: 0, default: read.maxBodyBytes, example: 1_048_576 })
  maxBodyBytes?: number;

  /** Bounds start line and field section, and the trailer section, in octets. */
  @Whole({ min: 1_024, max: 1_048_576, default: read.maxHeadBytes, example: 65_536 })
  maxHeadBytes?: number;
}

@ApiSchema({
  name: 'RedirectOptions',
  description: 'Which redirects to follow: 301, 302, 303, 307 and 308 with a Location.',
})
export class RedirectOptionsDto {
  /** Whether to follow them. */
  @Flag({ default: redirects.follow, example: true })
  follow?: boolean;

  /** How many; one more is the problem too-many-redirects. */
  @Whole({ min: 0, max: 20, default: redirects.max, example: 5 })
  max?: number;
}

@ApiSchema({ name: 'NetworkOptions', description: 'Where to connect to.' })
export class NetworkOptionsDto {
  /** Address family. */
  @OneOf(['any', 4, 6], { default: network.family, example: 4 })
  family?: 'any' | 4 | 6;

  /** Dial this IP address instead of resolving the first URL's host. The egress policy still applies. */
  @ApiPropertyOptional({ type: 'string', nullable: true, default: null, example: '192.0.2.7' })
  @GivenOrNull()
  @IsIP(undefined, { message: 'must be an IP address' })
  address?: string | null;
}

@ApiSchema({ name: 'TlsOptions', description: 'How https is spoken.' })
export class TlsOptionsDto {
  /** Refuse certificates that cannot be verified. false: `connection.tls` and a warning tell what is wrong. */
  @Flag({ default: tls.verify, example: true })
  verify?: boolean;

  /** Name to ask for by SNI and to find in the certificate; null: the URL's host. For the first URL's origin alone. */
  @ApiPropertyOptional({ type: 'string', nullable: true, default: null, example: 'www.example.com' })
  @GivenOrNull()
  @Matches(HOST_NAME, { message: 'must be a host name or an IP address' })
  serverName?: string | null;

  /** Oldest protocol version to speak. */
  @OneOf(TLS_VERSIONS, { default: tls.minVersion, example: 'TLSv1.3' })
  minVersion?: (typeof TLS_VERSIONS)[number];

  /** Application protocols to offer by ALPN; none when empty. HTTP/1.1 is spoken whatever the peer chooses. */
  @ApiPropertyOptional({ type: [String], default: tls.alpn, example: ['http/1.1'], maxItems: 16 })
  @Given()
  @IsArray({ message: ALPN_RULE })
  @ArrayMaxSize(16, { message: ALPN_RULE })
  @Matches(/^[\x21-\x7e]{1,255}$/, { each: true, message: ALPN_RULE })
  alpn?: string[];

  /** Certificate authorities to trust instead of the usual ones, PEM; null: the usual ones. */
  @ApiPropertyOptional({ type: 'string', nullable: true, default: null, example: null })
  @GivenOrNull()
  @IsString({ message: 'must be PEM or null' })
  @MaxLength(MAX_PEM, { message: PEM_RULE })
  ca?: string | null;

  /** Certificate, with its chain if need be, and its unencrypted private key, PEM one after the other. Shown to the
   *  first URL's origin alone. */
  @ApiPropertyOptional({ type: 'string', nullable: true, default: null, example: null })
  @GivenOrNull()
  @IsString({ message: 'must be PEM or null' })
  @MaxLength(MAX_PEM, { message: PEM_RULE })
  clientCertificate?: string | null;
}

@ApiSchema({ name: 'IncludeOptions', description: 'What the result is to contain.' })
export class IncludeOptionsDto {
  /** auto: text where the media type is textual and the octets are text, else base64. none: its size and digest alone. */
  @OneOf(['auto', 'text', 'base64', 'none'], { default: include.body, example: 'auto' })
  body?: 'auto' | 'text' | 'base64' | 'none';

  /** The heads as octets, base64. */
  @Flag({ default: include.rawHead, example: true })
  rawHead?: boolean;

  /** full adds the time and size of each read, the first 10,000. */
  @OneOf(['summary', 'full'], { default: include.reads, example: 'full' })
  reads?: 'summary' | 'full';

  /** The whole certificate chain, not only the leaf. */
  @Flag({ default: include.certificates, example: false })
  certificates?: boolean;
}

@ApiSchema({ name: 'FetchRequest', description: 'One fetch. Unknown fields are refused.' })
@ApiExtraModels(RequestFieldDto)
export class FetchRequestDto {
  /**
   * What to fetch: an http or https URL without userinfo.
   * @example http://127.0.0.1:8081/bursts
   */
  @ApiProperty({ type: 'string', format: 'uri' })
  @Allow()
  url: unknown;

  /** Any RFC 9110 token but CONNECT. */
  @ApiPropertyOptional({ type: 'string', default: DEFAULTS.method, example: 'GET', pattern: TOKEN.source })
  @Given()
  @Matches(TOKEN, { message: 'must be a token of RFC 9110' })
  @Matches(/^(?!CONNECT$)/, { message: 'must not be CONNECT' })
  method?: string;

  /** Field lines, written in this order and case, duplicates kept. An object of strings or string arrays is
   *  accepted too. Values: one character U+0000 to U+00FF per octet. */
  @ApiPropertyOptional({
    oneOf: [
      { type: 'array', items: { $ref: getSchemaPath(RequestFieldDto) } },
      {
        type: 'object',
        additionalProperties: { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
      },
    ],
    default: [],
    example: [{ name: 'User-Agent', value: 'Mozilla/5.0' }],
  })
  @Allow()
  headers?: unknown;

  /** Whether to add User-Agent, Accept, Accept-Encoding (with `decodeContent`) and Connection where they are absent.
   *  Host, and Content-Length of a body, are always there. */
  @Flag({ default: DEFAULTS.defaultHeaders, example: true })
  defaultHeaders?: boolean;

  /** The content to send; no Content-Type is added. */
  @ApiPropertyOptional({ type: () => RequestBodyDto, nullable: true, default: null })
  @GivenOrNull()
  @IsObject({ message: 'must be an object with text or base64' })
  @ReadAs(RequestBodyDto)
  body?: RequestBodyDto | null;

  /** HTTP version of the request line. */
  @OneOf(['1.1', '1.0'], { default: DEFAULTS.httpVersion, example: '1.1' })
  httpVersion?: '1.0' | '1.1';

  /** What stands in the request line instead of the URL's path and query. */
  @ApiPropertyOptional({ type: 'string', nullable: true, default: null, example: '*' })
  @GivenOrNull()
  @Matches(REQUEST_TARGET, {
    message: 'must have no blanks or controls, and one character up to U+00FF per octet',
  })
  requestTarget?: string | null;

  /** Octets sent instead of a request written here; excludes method, headers, body, httpVersion, requestTarget and
   *  propagateTraceContext. Redirects are then not followed. */
  @ApiPropertyOptional({ type: () => RawRequestDto, nullable: true, default: null })
  @GivenOrNull()
  @IsObject({ message: 'must be an object with base64' })
  @ReadAs(RawRequestDto)
  raw?: RawRequestDto | null;

  /** Limits of time. */
  @Nested(TimeoutsDto)
  timeouts?: TimeoutsDto;

  /** How to read from the socket. */
  @Nested(ReadOptionsDto)
  read?: ReadOptionsDto;

  /** Which redirects to follow. */
  @Nested(RedirectOptionsDto)
  redirects?: RedirectOptionsDto;

  /** Where to connect to. */
  @Nested(NetworkOptionsDto)
  network?: NetworkOptionsDto;

  /** How https is spoken. */
  @Nested(TlsOptionsDto)
  tls?: TlsOptionsDto;

  /** lenient: accept what can be understood, and say so in `warnings`. strict: refuse it. */
  @OneOf(['lenient', 'strict'], { default: DEFAULTS.parser, example: 'lenient' })
  parser?: 'lenient' | 'strict';

  /** Ask for content codings, and undo them: gzip, deflate, br and zstd, up to five of them. */
  @Flag({ default: DEFAULTS.decodeContent, example: true })
  decodeContent?: boolean;

  /** Name of a cookie jar that fetches share, made on first use; null: a jar for this fetch alone. It belongs to the
   *  API key. */
  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    default: DEFAULTS.session,
    pattern: SESSION_ID.source,
    example: 'crawl-7',
  })
  @GivenOrNull()
  @Matches(SESSION_ID, { message: `must be 1 to 64 letters, digits, ".", "_" or "-"` })
  session?: string | null;

  /** Whether to send the `traceparent` and `tracestate` of this call on, as they came, where `headers` have none. To the
   *  first URL's origin alone. */
  @Flag({ default: DEFAULTS.propagateTraceContext, example: true })
  propagateTraceContext?: boolean;

  /** What the result is to contain. */
  @Nested(IncludeOptionsDto)
  include?: IncludeOptionsDto;
}
