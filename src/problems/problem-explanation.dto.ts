import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { PROBLEMS, type ProblemCode } from './problem-table';

@ApiSchema({ name: 'ProblemRemedy', description: 'What somebody can do about a problem.' })
export class ProblemRemedyDto {
  /**
   * Who: the caller of the service, or the operator who runs it.
   * @example operator
   */
  who: 'caller' | 'operator';

  /**
   * What to do. Names of fields, settings and metrics stand between backticks.
   * @example "Add the port to `WIREFETCH_ALLOW_PORTS`, which holds at every allowed address."
   */
  what: string;
}

@ApiSchema({ name: 'ProblemReference', description: 'Where a standard speaks of it.' })
export class ProblemReferenceDto {
  /**
   * Document and section.
   * @example "RFC 9110 §15.5.4"
   */
  name: string;

  /**
   * Where to read it.
   * @example https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.4
   */
  @ApiProperty({ type: 'string', format: 'uri' })
  url: string;
}

@ApiSchema({ name: 'ProblemExplanation', description: 'What a code of a problem means.' })
export class ProblemExplanationDto {
  /**
   * The code, as problems have it.
   * @example port-denied
   */
  @ApiProperty({ enum: Object.keys(PROBLEMS) })
  code: ProblemCode;

  /**
   * URI reference of the kind of problem, as problems have it; this explanation is there.
   * @example /problems/port-denied
   */
  type: string;

  /**
   * The kind, in a few words.
   * @example "The port may not be dialled"
   */
  title: string;

  /**
   * HTTP status that it is answered with.
   * @example 403
   */
  @ApiProperty({ type: 'integer' })
  status: number;

  /**
   * Who causes it.
   * @example policy
   */
  failureSource: 'client' | 'policy' | 'resolver' | 'target' | 'service';

  /**
   * What it says, and what was or was not done. Names of fields, settings and metrics stand between backticks.
   * @example "The port may not be dialled, and nobody dialled it."
   */
  meaning: string;

  /**
   * Usual causes, the likeliest first.
   * @example ["The URL names an unusual port."]
   */
  causes: string[];

  /** What to try. */
  remedies: ProblemRemedyDto[];

  /**
   * Whether the same request may succeed later, though nobody changes anything. Items of jobs are tried again by themselves
   * then, where `retries` and their method allow it.
   * @example false
   */
  mayPass: boolean;

  /**
   * Codes that are near to it.
   * @example ["address-denied", "host-denied"]
   */
  @ApiProperty({ enum: Object.keys(PROBLEMS), isArray: true })
  seeAlso: ProblemCode[];

  /** Where the standards speak of it. */
  references: ProblemReferenceDto[];
}

@ApiSchema({ name: 'ProblemGroup', description: 'The problems that are answered with one status.' })
export class ProblemGroupDto {
  /**
   * HTTP status.
   * @example 403
   */
  @ApiProperty({ type: 'integer' })
  status: number;

  /**
   * Its reason phrase.
   * @example Forbidden
   */
  statusText: string;

  /** What is answered with it. */
  problems: ProblemExplanationDto[];
}

@ApiSchema({ name: 'ProblemList', description: 'All problems that the service answers with.' })
export class ProblemListDto {
  /** By their status, in rising order. */
  items: ProblemGroupDto[];
}
