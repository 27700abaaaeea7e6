import { ValidationTypes, getMetadataStorage, validateSync } from 'class-validator';
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

/** Reads a JSON object and those within as their classes say; each field is checked by its decorators. Where no field is
 *  given that has any, as in a request that names a URL alone, class-validator is not asked: it goes over all there are.
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
  const shape = shapeOf(type);
  let mayBeWrong = shape.isDemanding;
  for (const [name, value] of Object.entries(given)) {
    if (!shape.known.has(name)) errors.push({ path: path + name, message: 'is not a field of the request' });
    else fields[name] = value;
    mayBeWrong ||= shape.checked.has(name);
  }
  if (mayBeWrong)
    for (const { property, constraints } of validateSync(instance))
      errors.push({ path: path + property, message: messageOf(constraints) });
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
  readonly known: ReadonlySet<string>;
  /** those that may be wrong when they are there */
  readonly checked: ReadonlySet<string>;
  /** whether one may be wrong that is not there */
  readonly isDemanding: boolean;
  readonly nested: ReadonlyMap<string, DtoClass>;
}

const shapes = new WeakMap<DtoClass, Shape>();

function shapeOf(type: DtoClass): Shape {
  const known = shapes.get(type);
  if (known !== undefined) return known;
  const shape = makeShape(type);
  shapes.set(type, shape);
  return shape;
}

/** Every field has a decorator of class-validator: @Allow() when there is nothing to check. */
function makeShape(type: DtoClass): Shape {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  const withType = (wanted: (kind: string) => boolean): Set<string> =>
    new Set(metadata.filter(({ type: kind }) => wanted(kind)).map(({ propertyName }) => propertyName));
  const known = withType(() => true);
  const checked = withType(
    (kind) => kind !== ValidationTypes.WHITELIST && kind !== ValidationTypes.CONDITIONAL_VALIDATION,
  );
  const optional = withType((kind) => kind === ValidationTypes.CONDITIONAL_VALIDATION);
  const isDemanding = [...checked].some((name) => !optional.has(name));
  const nested = Reflect.getMetadata(NESTED, type.prototype as object) as
    ReadonlyMap<string, DtoClass> | undefined;
  return { known, checked, isDemanding, nested: nested ?? new Map() };
}

function messageOf(constraints: Readonly<Record<string, string>> = {}): string {
  return [...new Set(Object.values(constraints))].join('; ');
}
