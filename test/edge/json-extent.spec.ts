import fc from 'fast-check';
import { holdsMoreValues } from '../../src/edge/json-extent';

/** As the scan counts: an empty list or object counts twice. */
function countOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  const members = Object.values(value);
  return members.length === 0 ? 2 : members.reduce<number>((sum, member) => sum + countOf(member), 1);
}

it('counts the values of any JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, space) => {
      const json = JSON.stringify(value, null, space);
      const count = countOf(value);
      expect(holdsMoreValues(json, count)).toBe(false);
      if (count > 1) expect(holdsMoreValues(json, count - 1)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

it.each<[json: string]>([
  ['"a,b,[{"'],
  [String.raw`"\",\",\"[{"`],
  [String.raw`"\\"`],
  ['{"a,b": ",", "c": "[[[["}'],
  ['"never closed, [, {,'],
  [String.raw`"\ `],
])('takes what stands in strings for no values: %s', (json) => {
  expect(holdsMoreValues(json, 3)).toBe(false);
});

it.each(['[', '{', '{"a":', ','])('ends on what is no JSON: %j, repeated', (part) => {
  expect(holdsMoreValues(part.repeat(100), 20)).toBe(true);
  expect(holdsMoreValues(part.repeat(100), 1_000)).toBe(false);
});
