import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import {
  ChunksDto,
  ConnectionDto,
  HopDto,
  OctetsDto,
  SentRequestDto,
  TimingsDto,
  WarningDto,
} from '../fetch/dto/exchange.dto';
import { PROBLEMS, type ProblemCode } from './problem-table';

@ApiSchema({ name: 'FieldError', description: 'One mistake in a request.' })
export class FieldErrorDto {
  /**
   * Where it is; empty for the whole.
   * @example timeouts.idleMs
   */
  path: string;

  /**
   * What is wrong.
   * @example "must be a whole number, 1 or more"
   */
  message: string;
}

@ApiSchema({
  name: 'Problem',
  description: 'A problem, RFC 9457. What a fetch did and received before it failed is in it.',
})
export class ProblemDto {
  /**
   * URI reference of the kind of problem; what it means, and what to try, is there.
   * @example /problems/first-byte-timeout
   */
  type: string;

  /**
   * The kind, for people.
   * @example "The target did not answer in time"
   */
  title: string;

  /**
   * HTTP status of this answer.
   * @example 504
   */
  @ApiProperty({ type: 'integer' })
  status: number;

  /**
   * This occurrence, for people.
   * @example "nothing came within firstByteMs (10000)"
   */
  detail: string;

  /**
   * This occurrence: the fetch's id, or the path that was asked for.
   * @example /fetch/01JDA2W6T1M4Z8K5Q9R7X3Y2BC
   */
  instance: string;

  /**
   * Stable code; match this.
   * @example first-byte-timeout
   */
  @ApiProperty({ enum: Object.keys(PROBLEMS) })
  code: ProblemCode;

  /**
   * How far the fetch had come.
   * @example wait
   */
  phase:
    | 'validate'
    | 'policy'
    | 'dns'
    | 'connect'
    | 'tls'
    | 'send'
    | 'wait'
    | 'head'
    | 'receive'
    | 'decode'
    | null;

  /**
   * Who caused it.
   * @example target
   */
  failureSource: 'client' | 'policy' | 'resolver' | 'target' | 'service';

  /**
   * When the failed exchange began.
   * @example 2026-11-22T01:47:46.123Z
   */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  startedAt: string | null;

  /** The request of the failed exchange. */
  @ApiProperty({ type: () => SentRequestDto, nullable: true })
  request: SentRequestDto | null;

  /** The exchanges before it; the last carried the redirect when one was refused. */
  hops: HopDto[];

  /** Milliseconds of each phase. */
  @ApiProperty({ type: () => TimingsDto, nullable: true })
  timings: TimingsDto | null;

  /** Every read from the socket. */
  @ApiProperty({ type: () => ChunksDto, nullable: true })
  chunks: ChunksDto | null;

  /** The connection, and the addresses dialled. */
  @ApiProperty({ type: () => ConnectionDto, nullable: true })
  connection: ConnectionDto | null;

  /** What was odd until then. */
  warnings: WarningDto[];

  /** What had arrived, at most `read.maxHeadBytes` of it. */
  @ApiProperty({ type: () => OctetsDto, nullable: true })
  received: OctetsDto | null;

  /** Every mistake in the request, 100 at most; only with invalid-request and unsupported-scheme. */
  @ApiPropertyOptional({ type: () => [FieldErrorDto] })
  errors?: FieldErrorDto[];

  /**
   * Mistakes after the first 100; only together with errors.
   * @example 0
   */
  @ApiPropertyOptional({ type: 'integer' })
  errorsOmitted?: number;
}
