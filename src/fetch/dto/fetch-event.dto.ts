import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ProblemDto } from '../../problems/problem.dto';
import {
  ConnectAttemptDto,
  FetchResultDto,
  FieldLineDto,
  SentRequestDto,
  TimingsDto,
  TlsDto,
} from './exchange.dto';

/** What every event says: which, when, and of which exchange. */
abstract class EventDto {
  /**
   * Milliseconds since the fetch began, without the time it waited for its turn.
   * @example 12.345
   */
  atMs: number;

  /**
   * Which exchange of the fetch: 0 for the first, one more after each redirect.
   * @example 0
   */
  @ApiProperty({ type: 'integer' })
  hop: number;
}

@ApiSchema({
  name: 'ResolvedEvent',
  description: 'The name was resolved, and the policy lets it be dialled.',
})
export class ResolvedEventDto extends EventDto {
  /**
   * Which event this is.
   * @example resolved
   */
  @ApiProperty({ enum: ['resolved'] })
  event: 'resolved';

  /**
   * The name.
   * @example example.com
   */
  host: string;

  /**
   * Addresses that may be dialled, in the order in which they will be.
   * @example ["203.0.113.7"]
   */
  addresses: string[];
}

@ApiSchema({ name: 'ConnectedEvent', description: 'TCP stands.' })
export class ConnectedEventDto extends EventDto {
  /**
   * Which event this is.
   * @example connected
   */
  @ApiProperty({ enum: ['connected'] })
  event: 'connected';

  /**
   * The peer's address.
   * @example 203.0.113.7
   */
  remoteAddress: string;

  /**
   * The peer's port.
   * @example 80
   */
  @ApiProperty({ type: 'integer' })
  remotePort: number;

  /**
   * Our own address.
   * @example 192.0.2.2
   */
  localAddress: string;

  /**
   * Our own port.
   * @example 51234
   */
  @ApiProperty({ type: 'integer' })
  localPort: number;

  /**
   * Family of both addresses.
   * @example 4
   */
  @ApiProperty({ enum: [4, 6] })
  family: 4 | 6;

  /** Every address dialled so far. */
  attempts: ConnectAttemptDto[];
}

@ApiSchema({ name: 'SecuredEvent', description: 'The TLS handshake has ended.' })
export class SecuredEventDto extends EventDto {
  /**
   * Which event this is.
   * @example secured
   */
  @ApiProperty({ enum: ['secured'] })
  event: 'secured';

  /** What was agreed on, and who the peer says it is. */
  tls: TlsDto;
}

@ApiSchema({ name: 'SentEvent', description: 'The kernel has the whole request.' })
export class SentEventDto extends EventDto {
  /**
   * Which event this is.
   * @example sent
   */
  @ApiProperty({ enum: ['sent'] })
  event: 'sent';

  /** The request as it was written. */
  request: SentRequestDto;
}

@ApiSchema({ name: 'InformationalEvent', description: 'A 1xx response.' })
export class InformationalEventDto extends EventDto {
  /**
   * Which event this is.
   * @example informational
   */
  @ApiProperty({ enum: ['informational'] })
  event: 'informational';

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

@ApiSchema({ name: 'HeadEvent', description: 'The head of a response is whole.' })
export class HeadEventDto extends EventDto {
  /**
   * Which event this is.
   * @example head
   */
  @ApiProperty({ enum: ['head'] })
  event: 'head';

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

  /** Field lines in wire order and case. */
  headers: FieldLineDto[];
}

@ApiSchema({ name: 'ReadEvent', description: 'One read from the socket; with `include.reads: full` alone.' })
export class ReadEventDto extends EventDto {
  /**
   * Which event this is.
   * @example read
   */
  @ApiProperty({ enum: ['read'] })
  event: 'read';

  /**
   * Octets that it returned.
   * @example 1024
   */
  @ApiProperty({ type: 'integer' })
  bytes: number;
}

@ApiSchema({ name: 'TransferChunkEvent', description: 'The line that begins a chunk, RFC 9112 §7.1.' })
export class TransferChunkEventDto extends EventDto {
  /**
   * Which event this is.
   * @example transfer-chunk
   */
  @ApiProperty({ enum: ['transfer-chunk'] })
  event: 'transfer-chunk';

  /**
   * chunk-size in octets; the last-chunk, of 0, is not told.
   * @example 4096
   */
  @ApiProperty({ type: 'integer' })
  size: number;

  /**
   * chunk-ext as received, without the leading semicolon; null when there is none.
   * @example name=value
   */
  extension: string | null;
}

@ApiSchema({
  name: 'ChunkEvent',
  description:
    'Content, with its codings undone. Each piece of base64 is whole in itself. Text comes behind its octets while a ' +
    'character is unfinished, or the charset not known yet; a last event of 0 octets brings what is left of it.',
})
export class ChunkEventDto extends EventDto {
  /**
   * Which event this is.
   * @example chunk
   */
  @ApiProperty({ enum: ['chunk'] })
  event: 'chunk';

  /**
   * Octets of content.
   * @example 16384
   */
  @ApiProperty({ type: 'integer' })
  bytes: number;

  /**
   * With `include.body: text`; null otherwise, and for the content of a redirect that is followed.
   * @example "<!doctype html>"
   */
  text: string | null;

  /**
   * With `include.body: base64`; null otherwise, and for the content of a redirect that is followed.
   * @example ZHJpcA==
   */
  base64: string | null;
}

@ApiSchema({
  name: 'WarningEvent',
  description: 'A departure from the standards that was understood all the same.',
})
export class WarningEventDto extends EventDto {
  /**
   * Which event this is.
   * @example warning
   */
  @ApiProperty({ enum: ['warning'] })
  event: 'warning';

  /**
   * Stable code.
   * @example bare-lf
   */
  code: string;

  /**
   * What it is, for people.
   * @example "field line ended by LF without CR"
   */
  message: string;

  /**
   * Octets from the first octet received on the connection; null: not of any octet.
   * @example 17
   */
  @ApiProperty({ type: 'integer', nullable: true })
  offset: number | null;
}

@ApiSchema({ name: 'RedirectEvent', description: 'The exchange is over, and its redirect is followed.' })
export class RedirectEventDto extends EventDto {
  /**
   * Which event this is.
   * @example redirect
   */
  @ApiProperty({ enum: ['redirect'] })
  event: 'redirect';

  /**
   * Status code.
   * @example 302
   */
  @ApiProperty({ type: 'integer' })
  status: number;

  /**
   * Where the next exchange goes.
   * @example http://www.example.com/
   */
  url: string;

  /** Of the exchange that is over. */
  timings: TimingsDto;
}

@ApiSchema({ name: 'ResultEvent', description: 'The last event of a fetch that has a final response.' })
export class ResultEventDto extends EventDto {
  /**
   * Which event this is.
   * @example result
   */
  @ApiProperty({ enum: ['result'] })
  event: 'result';

  /** As JSON gives it; `body.text` and `body.base64` are null when the content came in chunks that hold it. */
  result: FetchResultDto;
}

@ApiSchema({ name: 'ProblemEvent', description: 'The last event of a fetch that has no final response.' })
export class ProblemEventDto extends EventDto {
  /**
   * Which event this is.
   * @example problem
   */
  @ApiProperty({ enum: ['problem'] })
  event: 'problem';

  /** As JSON gives it. */
  problem: ProblemDto;
}

/** Every event, in the order in which they may first come. */
export const FETCH_EVENTS = [
  ResolvedEventDto,
  ConnectedEventDto,
  SecuredEventDto,
  SentEventDto,
  InformationalEventDto,
  HeadEventDto,
  ReadEventDto,
  TransferChunkEventDto,
  ChunkEventDto,
  WarningEventDto,
  RedirectEventDto,
  ResultEventDto,
  ProblemEventDto,
] as const;

/** One line of the answer to a caller that takes application/x-ndjson. */
export type FetchEventDto = InstanceType<(typeof FETCH_EVENTS)[number]>;
