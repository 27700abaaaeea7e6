import type { FieldLine } from '../http1/events';

/** @returns the values of all field lines of that name, in wire order */
export function fieldValues(headers: readonly FieldLine[], name: string): string[] {
  const wanted = name.toLowerCase();
  return headers.filter((field) => field.name.toLowerCase() === wanted).map((field) => field.value);
}

/** @returns the value of the first field line of that name, null when there is none */
export function fieldValue(headers: readonly FieldLine[], name: string): string | null {
  return fieldValues(headers, name)[0] ?? null;
}

export function hasField(headers: readonly FieldLine[], name: string): boolean {
  return fieldValue(headers, name) !== null;
}
