import { ENDED_BY, INCOMPLETE } from '../../src/console/page/ended-by';
import { count, duration, octets, power, rate } from '../../src/console/page/format';
import { PROBLEM_WORDS } from '../../src/console/page/problem-words';
import { ticksOf } from '../../src/console/page/result/ticks';
import { PROBLEMS } from '../../src/problems/problem-table';
import { DESCRIPTION } from '../api/contract';

const HANGUL = /[가-힣]/;

interface Enumerated {
  readonly enum: readonly string[];
}

function codesOf(schema: string, field: string): string[] {
  const { properties = {} } = DESCRIPTION.components.schemas[schema]!;
  return [...(properties[field] as unknown as Enumerated).enum].sort();
}

describe('there are words in both languages', () => {
  it('for every problem', () => {
    expect(Object.keys(PROBLEM_WORDS).sort()).toEqual(Object.keys(PROBLEMS).sort());
    for (const words of Object.values(PROBLEM_WORDS))
      for (const { en, ko } of [words.means, words.advice]) {
        expect(en).toMatch(/^[A-Z][^가-힣]+\.$/);
        expect(ko).toMatch(HANGUL);
      }
  });

  it.each([
    ['every reason to stop reading', ENDED_BY, codesOf('FetchResult', 'endedBy')],
    ['everything that makes a message incomplete', INCOMPLETE, codesOf('ResultError', 'code')],
  ])('for %s', (_, words, codes) => {
    expect(Object.keys(words).sort()).toEqual(codes);
    for (const { ko } of Object.values(words)) expect(ko).toMatch(HANGUL);
  });
});

describe('numbers', () => {
  it.each([
    [null, '–'],
    [0, '0 ms'],
    [0.204, '0.20 ms'],
    [12.34, '12.3 ms'],
    [999, '999 ms'],
    [1_234, '1.23 s'],
  ])('of milliseconds: %p is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it.each([
    [null, '–'],
    [0, '0 B'],
    [24_013, '24,013 B'],
    [973.66, '973.7 B'],
    [102_400, '100 KiB'],
    [10_485_760, '10 MiB'],
  ])('of octets: %p is %s', (bytes, text) => {
    expect(octets(bytes)).toBe(text);
  });

  it('of other things', () => {
    expect([count(10_000), count(null), rate(927_301), rate(null)]).toEqual([
      '10,000',
      '–',
      '905.6 KiB/s',
      '–',
    ]);
    expect([power(512), power(1_024), power(1_048_576)]).toEqual(['512', '1 Ki', '1 Mi']);
  });
});

describe('a scale', () => {
  it.each([
    [1, [0, 0.2, 0.4, 0.6, 0.8]],
    [100, [0, 20, 40, 60, 80]],
    [130, [0, 50, 100]],
    [5_200, [0, 2_000, 4_000]],
  ])('up to %p has round marks', (span, ticks) => {
    expect(ticksOf(span).map((tick) => Number(tick.toFixed(6)))).toEqual(ticks);
  });
});
