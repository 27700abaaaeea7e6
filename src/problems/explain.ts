import { STATUS_CODES } from 'node:http';
import { isPassing } from '../semantics/retry';
import type { Reference } from './explanations/explanation';
import { EXPLANATIONS } from './explanations/explanations';
import type { ProblemExplanationDto, ProblemListDto, ProblemReferenceDto } from './problem-explanation.dto';
import { PROBLEMS, type ProblemCode } from './problem-table';

const CODES = Object.keys(PROBLEMS) as ProblemCode[];

/** What passes with time as well, and no job meets: its items have no rate, and are no calls. */
const PASSING_FOR_CALLERS: ReadonlySet<ProblemCode> = new Set(['rate-limited', 'request-timeout']);

/** Tells what a code means. */
export function explain(code: ProblemCode): ProblemExplanationDto {
  const { title, status, source } = PROBLEMS[code];
  const { meaning, causes, remedies, seeAlso, references } = EXPLANATIONS[code];
  return {
    code,
    type: `/problems/${code}`,
    title,
    status,
    failureSource: source,
    meaning,
    causes: [...causes],
    remedies: [...remedies],
    mayPass: isPassing(code) || PASSING_FOR_CALLERS.has(code),
    seeAlso: [...seeAlso],
    references: references.map(located),
  };
}

/** Tells what all codes mean, by their status. */
export function explainAll(): ProblemListDto {
  const byStatus = Map.groupBy(CODES, (code) => PROBLEMS[code].status);
  const items = [...byStatus].map(([status, codes]) => ({
    status,
    statusText: STATUS_CODES[status]!,
    problems: codes.map(explain),
  }));
  return { items: items.toSorted((one, other) => one.status - other.status) };
}

function located(name: Reference): ProblemReferenceDto {
  const [, number, section] = /^RFC (\d+)(?: §(.+))?$/.exec(name)!;
  const place = section === undefined ? '' : `#section-${section}`;
  return { name, url: `https://www.rfc-editor.org/rfc/rfc${number}.html${place}` };
}
