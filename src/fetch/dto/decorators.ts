import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsObject, Max, Min, ValidateIf, ValidateNested } from 'class-validator';

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
    ApiPropertyOptional({ enum: [...values], ...documented }),
    Given(),
    IsIn([...values], { message: `must be one of ${values.join(', ')}` }),
  );
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
export function Nested(type: () => new () => object): PropertyDecorator {
  return applyDecorators(Given(), IsObject({ message: 'must be an object' }), ValidateNested(), Type(type));
}
