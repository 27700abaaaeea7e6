import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, IsObject, Max, Min, ValidateIf } from 'class-validator';
import { ReadAs } from './read-object';

/** Checks a field only when it is there. Unlike IsOptional it does not let null stand for absence:
 *  null is accepted where the contract says so, and nowhere else. */
export function Given(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/** As `Given`, and null means absent too. */
export function GivenOrNull(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined && value !== null);
}

interface WholeOptions {
  readonly min: number;
  /** left out where the operator sets it */
  readonly max?: number;
  readonly default?: number | null;
  readonly example?: number;
  readonly nullable?: boolean;
}

/** A whole number within a range. */
export function Whole({ min, max, nullable = false, ...documented }: WholeOptions): PropertyDecorator {
  const range = max === undefined ? `${min} or more` : `from ${min} to ${max}`;
  const message = `must be a whole number, ${range}`;
  const documentation: ApiPropertyOptions = { type: 'integer', minimum: min, nullable, ...documented };
  return applyDecorators(
    ApiPropertyOptional(max === undefined ? documentation : { ...documentation, maximum: max }),
    nullable ? GivenOrNull() : Given(),
    IsInt({ message }),
    Min(min, { message }),
    ...(max === undefined ? [] : [Max(max, { message })]),
  );
}

/** One of a few words or numbers. */
export function OneOf(
  values: readonly (string | number)[],
  documented: { readonly default: string | number; readonly example?: string | number },
): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ ...choiceOf(values), ...documented }),
    Given(),
    IsIn([...values], { message: `must be one of ${values.join(', ')}` }),
  );
}

/** Words and numbers have a type each: one `enum` of both would be called strings. */
function choiceOf(values: readonly (string | number)[]): ApiPropertyOptions {
  const words = values.filter((value) => typeof value === 'string');
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length === 0) return { enum: words };
  const oneOf = [
    { type: 'string', enum: words },
    { type: 'integer', enum: numbers },
  ];
  return { oneOf };
}

/** true or false. */
export function Flag(documented: {
  readonly default: boolean;
  readonly example?: boolean;
}): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: 'boolean', ...documented }),
    Given(),
    IsBoolean({ message: 'must be true or false' }),
  );
}

/** An object with fields of its own. */
export function Nested(type: new () => object): PropertyDecorator {
  return applyDecorators(Given(), IsObject({ message: 'must be an object' }), ReadAs(type));
}
