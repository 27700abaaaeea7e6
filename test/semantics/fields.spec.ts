import type { FieldLine } from '../../src/http1/events';
import { fieldValue, fieldValues, hasField } from '../../src/semantics/fields';

const FIELDS: readonly FieldLine[] = [
  { name: 'Set-Cookie', value: 'a=1' },
  { name: 'Content-Type', value: 'text/html' },
  { name: 'set-cookie', value: 'b=2' },
  { name: 'X-Empty', value: '' },
  { name: 'SET-COOKIE', value: 'a=1' },
];

it.each<[name: string, values: string[]]>([
  ['Set-Cookie', ['a=1', 'b=2', 'a=1']],
  ['SET-cookie', ['a=1', 'b=2', 'a=1']],
  ['content-type', ['text/html']],
  ['X-Empty', ['']],
  ['Cookie', []],
  ['Set-Cookie2', []],
])('%s: all its values in wire order, the first one, and whether there is one', (name, values) => {
  expect(fieldValues(FIELDS, name)).toEqual(values);
  expect(fieldValue(FIELDS, name)).toBe(values[0] ?? null);
  expect(hasField(FIELDS, name)).toBe(values.length > 0);
});
