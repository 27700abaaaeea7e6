import { ApiProperty, ApiPropertyOptional, ApiSchema, PartialType } from '@nestjs/swagger';
import {
  Allow,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsISO8601,
  IsIn,
  IsObject,
  Matches,
  MaxLength,
  ValidateBy,
  type ValidationOptions,
} from 'class-validator';
import { Given, GivenOrNull, Nested, Whole } from '../../fetch/dto/decorators';
import { FetchRequestDto } from '../../fetch/dto/fetch-request.dto';
import { ReadAs } from '../../fetch/dto/read-object';
import { JOB_DEFAULTS, JOB_EVENTS, type JobEvent, MAX_REQUESTS } from '../job-spec';
import { isWebhookSecret } from '../webhook';

const { perHost, retries } = JOB_DEFAULTS;
/** Without the offset a time is another one on each machine. */
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;
const DATE_TIME_RULE = 'must be an ISO 8601 date and time with an offset, "2026-11-22T01:47:46Z", or null';
const SECRET_RULE = 'must be "whsec_" and the base64 of 24 to 64 octets';
const EVENTS_RULE = `must be a list of ${JOB_EVENTS.join(', ')}: at least one of them, none twice`;

function IsWebhookSecret(options: ValidationOptions): PropertyDecorator {
  const validate = (value: unknown): boolean => typeof value === 'string' && isWebhookSecret(value);
  return ValidateBy({ name: 'isWebhookSecret', validator: { validate } }, options);
}

@ApiSchema({
  name: 'FetchDefaults',
  description: 'What requests that do not say get: fields of a fetch.',
})
export class FetchDefaultsDto extends PartialType(FetchRequestDto) {}

@ApiSchema({ name: 'PerHost', description: 'How gently to treat a host, which is name:port of each hop.' })
export class PerHostDto {
  /** How many fetches at once. The strictest of the running jobs holds, across all replicas. */
  @Whole({ min: 1, max: 64, default: perHost.concurrency, example: 2 })
  concurrency?: number;

  /** From the start of one fetch to the start of the next, at least, in ms. */
  @Whole({ min: 0, max: 3_600_000, default: perHost.minGapMs, example: 250 })
  minGapMs?: number;
}

@ApiSchema({
  name: 'Retries',
  description:
    'What to do about failures that may pass: of DNS, connections and timeouts, and the status codes 429, 502, 503 and ' +
    '504, with idempotent methods alone.',
})
export class RetriesDto {
  /** How often to try again. */
  @Whole({ min: 0, max: 10, default: retries.max, example: 3 })
  max?: number;

  /** Before the first retry, in ms; doubled before each further one. A Retry-After of up to an hour is heeded. */
  @Whole({ min: 0, max: 3_600_000, default: retries.backoffMs, example: 1_000 })
  backoffMs?: number;
}

@ApiSchema({
  name: 'Webhook',
  description:
    "Whom to tell of the job's end, signed as Standard Webhooks has it. The egress policy applies.",
})
export class WebhookDto {
  /**
   * Where to: an http or https URL without userinfo.
   * @example https://hooks.example.com/wirefetch
   */
  @ApiProperty({ type: 'string', format: 'uri' })
  @Allow()
  url: unknown;

  /**
   * What to sign with: `whsec_` and the base64 of 24 to 64 octets. It is never shown again.
   * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
   */
  @ApiProperty({ pattern: '^whsec_[A-Za-z0-9+/]{32,86}={0,2}$' })
  @IsWebhookSecret({ message: SECRET_RULE })
  secret: string;

  /** What to tell. */
  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', enum: [...JOB_EVENTS] },
    minItems: 1,
    uniqueItems: true,
    default: [...JOB_EVENTS],
    example: ['job.completed'],
  })
  @Given()
  @IsArray({ message: EVENTS_RULE })
  @ArrayNotEmpty({ message: EVENTS_RULE })
  @ArrayUnique({ message: EVENTS_RULE })
  @IsIn([...JOB_EVENTS], { each: true, message: EVENTS_RULE })
  events?: JobEvent[];
}

@ApiSchema({ name: 'JobRequest', description: 'Many fetches. Unknown fields are refused.' })
export class JobRequestDto {
  /** What to fetch, each as POST /fetch takes it. A mistake in any of them refuses them all. */
  @ApiProperty({
    type: () => [FetchRequestDto],
    minItems: 1,
    maxItems: MAX_REQUESTS,
    example: [{ url: 'http://127.0.0.1:8081/bursts' }, { url: 'http://127.0.0.1:8081/', method: 'HEAD' }],
  })
  @Allow()
  requests: unknown;

  /** Merged under every request, field by field and, within timeouts, read, redirects, network, tls and include, again;
   *  headers, body, raw and lists are replaced whole. What a request's raw excludes is left out. */
  @ApiPropertyOptional({ type: () => FetchDefaultsDto, example: { timeouts: { totalMs: 10_000 } } })
  @Given()
  @IsObject({ message: 'must be an object' })
  defaults?: object;

  /** How many fetches at once, across all replicas. */
  @Whole({ min: 1, max: 256, default: JOB_DEFAULTS.concurrency, example: 16 })
  concurrency?: number;

  /** How gently to treat a host. */
  @Nested(PerHostDto)
  perHost?: PerHostDto;

  /** What to do about failures that may pass. */
  @Nested(RetriesDto)
  retries?: RetriesDto;

  /** Higher ones go first. */
  @Whole({ min: -100, max: 100, default: JOB_DEFAULTS.priority, example: 10 })
  priority?: number;

  /** When to begin, at the earliest: ISO 8601 with an offset, at most a year ahead; null: at once. */
  @ApiPropertyOptional({
    type: 'string',
    format: 'date-time',
    nullable: true,
    default: null,
    example: null,
  })
  @GivenOrNull()
  @Matches(DATE_TIME, { message: DATE_TIME_RULE })
  @MaxLength(35, { message: DATE_TIME_RULE })
  @IsISO8601({ strict: true }, { message: DATE_TIME_RULE })
  startAfter?: string | null;

  /** Whom to tell of the end; null: nobody. */
  @ApiPropertyOptional({ type: () => WebhookDto, nullable: true, default: null })
  @GivenOrNull()
  @IsObject({ message: 'must be an object with url and secret' })
  @ReadAs(WebhookDto)
  webhook?: WebhookDto | null;

  /** How long to keep the results after the end of the job, in ms. */
  @Whole({ min: 60_000, max: 2_592_000_000, default: JOB_DEFAULTS.keepResultsMs, example: 86_400_000 })
  keepResultsMs?: number;
}
