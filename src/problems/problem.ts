import type { FieldErrorDto, ProblemDto } from './problem.dto';
import { PROBLEMS, type ProblemCode } from './problem-table';

/** What a fetch adds to its problem: what it did and received before it failed. */
export type FetchEvidence = Pick<
  ProblemDto,
  'startedAt' | 'request' | 'hops' | 'timings' | 'chunks' | 'connection' | 'warnings' | 'received'
>;

const NOTHING_HAPPENED: FetchEvidence = {
  startedAt: null,
  request: null,
  hops: [],
  timings: null,
  chunks: null,
  connection: null,
  warnings: [],
  received: null,
};

/** Detail of an internal-error: what failed is for the operator alone. */
export const LOGGED = 'The failure has been logged.';

/** Detail of an unsupported-media-type: what to do about it. */
export const MEDIA_TYPE_HINT = 'Send the request with content-type: application/json.';

/** An expected failure on its way to the caller as an RFC 9457 problem. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    readonly more: {
      /** path of what failed, "/fetch/{id}" */
      readonly instance?: string;
      readonly phase?: ProblemDto['phase'];
      readonly evidence?: FetchEvidence;
      readonly errors?: readonly FieldErrorDto[];
      readonly errorsOmitted?: number;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(detail);
  }

  /** @param path of the HTTP request, told when the problem names no instance of its own */
  toJson(path: string): ProblemDto {
    const { status, title, source } = PROBLEMS[this.code];
    const { instance, phase, evidence, errors, errorsOmitted } = this.more;
    return {
      type: `/problems/${this.code}`,
      title,
      status,
      detail: this.detail,
      instance: instance ?? path,
      code: this.code,
      phase: phase ?? null,
      failureSource: source,
      ...(evidence ?? NOTHING_HAPPENED),
      ...(errors === undefined ? {} : { errors: [...errors], errorsOmitted: errorsOmitted ?? 0 }),
    };
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }
}
