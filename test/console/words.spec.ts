import { ENDED_BY, INCOMPLETE } from '../../src/console/page/ended-by';
import { count, duration, limit, octets, power, rate } from '../../src/console/page/format';
import { fillIn } from '../../src/console/page/language';
import { KOREAN_TITLES, PROBLEM_WORDS, wantsDemo } from '../../src/console/page/problem-words';
import { ROUND_STEPS, tickNames, ticksOf } from '../../src/console/page/result/ticks';
import { PROBLEMS } from '../../src/problems/problem-table';
import { DESCRIPTION } from '../api/contract';

const HANGUL = /[가-힣]/;

function codesOf(schema: string, field: string): string[] {
  const { properties = {} } = DESCRIPTION.components.schemas[schema]!;
  return [...properties[field]!.enum!].sort();
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

  it('for the title of every problem', () => {
    expect(Object.keys(KOREAN_TITLES).sort()).toEqual(Object.keys(PROBLEMS).sort());
    for (const title of Object.values(KOREAN_TITLES)) expect(title).toMatch(HANGUL);
  });

  it.each([
    ['port-denied', 'http://127.0.0.1:8081/drip', true],
    ['connection-refused', 'https://127.0.0.1:8443/', true],
    ['address-denied', 'http://127.0.0.1:80811/', false],
    ['port-denied', 'http://192.0.2.7:8081/drip', false],
    ['malformed-response', 'http://127.0.0.1:8081/garbage', false],
  ] as const)('%s at %s is for want of the demo: %p', (code, url, wants) => {
    expect(wantsDemo(code, url)).toBe(wants);
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
    expect([limit(250), limit(4_000), limit(1_200)]).toEqual(['250 ms', '4 s', '1.2 s']);
    expect([power(512), power(1_024), power(1_048_576)]).toEqual(['512', '1 Ki', '1 Mi']);
  });
});

describe('a text', () => {
  it('has its words filled in', () => {
    expect(fillIn('{n} of {among}, {other}', { n: 1, among: 3 })).toBe('1 of 3, {other}');
  });

  it.each<[string | number, string]>([
    [0, '0 lines'],
    [1, '1 line'],
    ['1', '1 line'],
    ['1,000', '1,000 lines'],
  ])('counts %p as English does', (n, text) => {
    expect(fillIn('{n} {n:line|lines}', { n })).toBe(text);
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

  it.each([
    [
      [0, 0.5, 1, 1.5],
      ['0.0 ms', '0.5 ms', '1.0 ms', '1.5 ms'],
    ],
    [
      [0, 0.02, 0.04],
      ['0.00 ms', '0.02 ms', '0.04 ms'],
    ],
    [
      [0, 50, 100],
      ['0 ms', '50 ms', '100 ms'],
    ],
    [
      [0, 200, 400, 600, 800, 1_000],
      ['0.0 s', '0.2 s', '0.4 s', '0.6 s', '0.8 s', '1.0 s'],
    ],
    [
      [0, 2_000, 4_000],
      ['0 s', '2 s', '4 s'],
    ],
    [[0], ['0 ms']],
  ])('%p names its marks apart', (ticks, names) => {
    expect(tickNames(ticks)).toEqual(names);
  });

  it('goes in steps that have one digit', () => {
    for (const step of ROUND_STEPS) expect(step.toExponential()).toMatch(/^[125]e/);
  });
});
