import type { ProblemCode } from '../problem-table';

/** What a code means to whoever meets it. In the texts, names of fields, settings and metrics stand between backticks. */
export interface Explanation {
  /** two or three sentences */
  readonly meaning: string;
  /** usual ones, the likeliest first */
  readonly causes: readonly string[];
  readonly remedies: readonly Remedy[];
  readonly seeAlso: readonly ProblemCode[];
  readonly references: readonly Reference[];
}

/** What somebody can do: who calls the service, or who runs it. */
export interface Remedy {
  readonly who: 'caller' | 'operator';
  readonly what: string;
}

/** "RFC 9110 §15.5.1"; without a section the whole document */
export type Reference = `RFC ${number}` | `RFC ${number} §${string}`;

export function caller(what: string): Remedy {
  return { who: 'caller', what };
}

export function operator(what: string): Remedy {
  return { who: 'operator', what };
}
