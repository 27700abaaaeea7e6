import { lifetimeOf, momentOf } from '../../src/console/page/panes/lifetime';

describe('how long a cookie lives', () => {
  it.each([
    [1, '1 second', '1초'],
    [90, '1.5 minutes', '1.5분'],
    [3_600, '1 hour', '1시간'],
    [2_592_000, '30 days', '30일'],
    [31_536_000, '1 year', '1년'],
  ])('%i s is %s, %s', (seconds, en, ko) => {
    expect([lifetimeOf(seconds, 'en'), lifetimeOf(seconds, 'ko')]).toEqual([en, ko]);
  });

  it('ends at a time with its zone', () => {
    const zone = new Intl.DateTimeFormat('en', { timeZoneName: 'short' })
      .formatToParts(new Date(0))
      .find(({ type }) => type === 'timeZoneName')!.value;
    expect(momentOf(new Date('2031-01-01T12:00:00Z'), 'en')).toContain('2031');
    expect(momentOf(new Date(0), 'en')).toContain(zone);
  });
});
