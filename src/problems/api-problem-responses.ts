import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { Problem } from './problem';
import { ProblemDto } from './problem.dto';
import { PROBLEMS, type ProblemCode } from './problem-table';

/** Not answered by POST /fetch: the route's own, and what waits for other representations. */
const NOT_OF_FETCH: ReadonlySet<ProblemCode> = new Set(['not-found', 'method-not-allowed', 'not-acceptable']);

/** Documents every problem that POST /fetch answers with, by status. */
export function ApiProblemResponses(): MethodDecorator & ClassDecorator {
  const codesByStatus = new Map<number, ProblemCode[]>();
  for (const [code, { status }] of Object.entries(PROBLEMS) as [ProblemCode, { status: number }][])
    if (!NOT_OF_FETCH.has(code)) codesByStatus.set(status, [...(codesByStatus.get(status) ?? []), code]);
  return applyDecorators(
    ApiExtraModels(ProblemDto),
    ...[...codesByStatus].map(([status, codes]) =>
      ApiResponse({
        status,
        description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('  \n'),
        content: {
          'application/problem+json': {
            schema: { $ref: getSchemaPath(ProblemDto) },
            examples: Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code) }])),
          },
        },
      }),
    ),
  );
}

function exampleOf(code: ProblemCode): ProblemDto {
  return new Problem(code, PROBLEMS[code].title, {
    instance: '/fetch/01JDA2W6T1M4Z8K5Q9R7X3Y2BC',
    ...(code === 'invalid-request'
      ? { errors: [{ path: 'timeouts.idleMs', message: 'must be a whole number, 1 or more' }] }
      : {}),
  }).toJson('/fetch');
}
