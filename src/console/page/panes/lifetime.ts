import type { Language } from '../language';

const UNITS: readonly (readonly [unit: string, seconds: number])[] = [
  ['year', 31_536_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** @param seconds more than none
 *  @returns them in the largest unit that they fill, to a tenth: 1 year, 1.5 hours */
export function lifetimeOf(seconds: number, language: Language): string {
  const [unit, size] = UNITS.find(([, one]) => seconds >= one) ?? UNITS.at(-1)!;
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    maximumFractionDigits: 1,
  }).format(seconds / size);
}

/** @returns a point in time, with its zone */
export function momentOf(date: Date, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'long' }).format(date);
}
