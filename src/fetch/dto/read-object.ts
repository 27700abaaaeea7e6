import type { FieldErrorDto } from '../../problems/problem.dto';
import { type FieldCheck, fieldChecks } from './field-checks';

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

/** Reads a JSON object and those within as their classes say; each field is checked by its decorators. Goes over names
 *  once, and no deeper than the classes: a caller's JSON may be wide, deep, or have names such as "constructor", all of
 *  which class-transformer does not survive.
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
  const shape = shapeOf(type);
  for (const [name, value] of Object.entries(given)) {
    if (shape.checks.has(name)) fields[name] = value;
    else errors.push({ path: path + name, message: 'is not a field of the request' });
  }
  for (const [name, check] of shape.checks) {
    const message = check.judge(fields[name], instance);
    if (message !== null) errors.push({ path: path + name, message });
  }
  for (const [name, nested] of shape.nested) {
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

/** What is known of a class before there is an instance. */
interface Shape {
  /** of each of its fields */
  readonly checks: ReadonlyMap<string, FieldCheck>;
  readonly nested: ReadonlyMap<string, DtoClass>;
}

const shapes = new WeakMap<DtoClass, Shape>();

function shapeOf(type: DtoClass): Shape {
  const known = shapes.get(type);
  if (known !== undefined) return known;
  const nested = Reflect.getMetadata(NESTED, type.prototype as object) as
    ReadonlyMap<string, DtoClass> | undefined;
  const shape = { checks: fieldChecks(type), nested: nested ?? new Map<string, DtoClass>() };
  shapes.set(type, shape);
  return shape;
}
