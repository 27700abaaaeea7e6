import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { Problem } from './problem';
import { ProblemDto } from './problem.dto';
import { PROBLEMS, type ProblemCode } from './problem-table';

/** Not answered by POST /fetch: what is said where no route leads. */
const NOT_OF_FETCH: ReadonlySet<ProblemCode> = new Set([
  'not-found',
  'method-not-allowed',
  'idempotency-mismatch',
]);

const OF_FETCH = (Object.keys(PROBLEMS) as ProblemCode[]).filter((code) => !NOT_OF_FETCH.has(code));

/** Answered by every route, before it is asked. */
const OF_ALL = ['request-timeout', 'misdirected-request'] as const satisfies readonly ProblemCode[];

/** Documents problems that a route answers with, by status; those of POST /fetch unless others are named. Those that
 *  every route may answer with need no naming.
 *  @param instance where the examples of them happened */
export function ApiProblemResponses(
  instance = '/fetch/01JDA2W6T1M4Z8K5Q9R7X3Y2BC',
  all: readonly ProblemCode[] = OF_FETCH,
): MethodDecorator & ClassDecorator {
  const codes = new Set([...all, ...OF_ALL]);
  const codesByStatus = Map.groupBy(codes, (code) => PROBLEMS[code].status);
  return applyDecorators(
    ApiExtraModels(ProblemDto),
    ...[...codesByStatus].map(([status, codes]) =>
      ApiResponse({
        status,
        description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('  \n'),
        content: {
          'application/problem+json': {
            schema: { $ref: getSchemaPath(ProblemDto) },
            examples: Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code, instance) }])),
          },
        },
      }),
    ),
  );
}

function exampleOf(code: ProblemCode, instance: string): ProblemDto {
  return new Problem(code, PROBLEMS[code].title, {
    instance,
    ...(code === 'invalid-request'
      ? { errors: [{ path: 'timeouts.idleMs', message: 'must be a whole number, 1 or more' }] }
      : {}),
  }).toJson(instance);
}
