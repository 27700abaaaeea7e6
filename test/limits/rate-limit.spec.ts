import fc from 'fast-check';
import { RateLimit } from '../../src/limits/rate-limit';

/** How many of `count` at one moment are let through. */
function through(limit: RateLimit, key: string, count: number, now: number): number {
  return Array.from({ length: count }, () => limit.take(key, now)).filter((taken) => taken).length;
}

describe('a limit of five a second', () => {
  it('lets a second’s worth through at once, and no more', () => {
    expect(through(new RateLimit(5), 'a', 20, 1_000)).toBe(5);
  });

  it('lets one more through each fifth of a second after that', () => {
    const limit = new RateLimit(5);
    through(limit, 'a', 5, 1_000);
    expect([1_199, 1_200, 1_201, 1_399, 1_400].map((now) => through(limit, 'a', 1, now))).toEqual([
      0, 1, 0, 0, 1,
    ]);
  });

  it.each([1, 3, 7, 30])('lets the first through at any moment, and all of a burst: %i', (perSecond) => {
    for (const now of [65_534.1, 65_535.3, 131_071.7, 1_048_575.9])
      expect(through(new RateLimit(perSecond), 'a', perSecond + 1, now)).toBe(perSecond);
  });

  it('saves up nothing beyond a second', () => {
    const limit = new RateLimit(5);
    through(limit, 'a', 5, 0);
    expect(through(limit, 'a', 20, 1_000_000)).toBe(5);
  });

  it('counts each key alone', () => {
    const limit = new RateLimit(5);
    expect(through(limit, 'a', 9, 0)).toBe(5);
    expect(through(limit, 'b', 9, 0)).toBe(5);
  });
});

it('never lets more through in any second than twice its rate, nor less than asked for below it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 200 }),
      (perSecond, gaps) => {
        const limit = new RateLimit(perSecond);
        const taken: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now += gap;
          if (limit.take('a', now)) taken.push(now);
        }
        // Over any span, the burst and what the span itself allows.
        for (const [index, from] of taken.entries())
          for (const [count, to] of taken.slice(index).entries())
            expect(count + 1).toBeLessThanOrEqual(perSecond + ((to - from) * perSecond) / 1_000 + 1e-6);
      },
    ),
  );
});
