import { getMetadataStorage, validateSync } from 'class-validator';
import type { FieldErrorDto } from '../../problems/problem.dto';

type Fields = Record<string, unknown>;
type DtoClass<T extends object = object> = new () => T;

const NESTED = Symbol('classes of nested objects');

/** Names the class of an object within an object. */
export function ReadAs(type: DtoClass): PropertyDecorator {
  return (prototype, name) => {
    const known = Reflect.getMetadata(NESTED, prototype) as ReadonlyMap<string, DtoClass> | undefined;
    Reflect.defineMetadata(NESTED, new Map([...(known ?? []), [String(name), type]]), prototype);
  };
}

/** Reads a JSON object and those within as their classes say; each field is checked by its decorators.
 *  Goes over names once, and no deeper than the classes: a caller's JSON may be wide, deep, or have names
 *  such as "constructor", all of which class-transformer does not survive.
 *  @param path what stands before the names of fields in errors
 *  @param errors gets what is wrong
 *  @returns an instance; nested fields that are no objects are left out of it */
export function readObject<T extends object>(
  type: DtoClass<T>,
  given: object,
  path: string,
  errors: FieldErrorDto[],
): T {
  const instance = new type();
  const fields = instance as Fields;
  const known = fieldsOf(type);
  for (const [name, value] of Object.entries(given)) {
    if (known.has(name)) fields[name] = value;
    else errors.push({ path: path + name, message: 'is not a field of the request' });
  }
  for (const { property, constraints } of validateSync(instance))
    errors.push({ path: path + property, message: messageOf(constraints) });
  for (const [name, nested] of nestedOf(type)) {
    const value = fields[name];
    if (isJsonObject(value)) fields[name] = readObject(nested, value, `${path}${name}.`, errors);
    else if (value !== null) fields[name] = undefined;
  }
  return instance;
}

/** @returns whether a JSON value is an object, which a list and null are not */
export function isJsonObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every field has a decorator of class-validator: @Allow() when there is nothing to check. */
function fieldsOf(type: DtoClass): ReadonlySet<string> {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  return new Set(metadata.map(({ propertyName }) => propertyName));
}

function nestedOf({ prototype }: DtoClass): ReadonlyMap<string, DtoClass> {
  return (
    (Reflect.getMetadata(NESTED, prototype as object) as ReadonlyMap<string, DtoClass> | undefined) ??
    new Map()
  );
}

function messageOf(constraints: Readonly<Record<string, string>> = {}): string {
  return [...new Set(Object.values(constraints))].join('; ');
}
