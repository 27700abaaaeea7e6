import { type Settings, readSettings } from '../../src/config/settings';
import { processesOf, shareOf } from '../../src/process/processes';

const { settings } = readSettings({ WIREFETCH_RATE_LIMIT: '7' });

describe('the number of processes', () => {
  it.each<[workers: number | 'auto', databaseUrl: string | null, processes: number]>([
    [1, null, 1],
    [3, 'postgres://db/x', 3],
    ['auto', 'postgres://db/x', 8],
    ['auto', null, 1],
  ])('%s with the database %s is %i, where there are eight processors', (workers, databaseUrl, processes) => {
    expect(processesOf({ workers, databaseUrl }, 8)).toBe(processes);
  });
});

describe('the shares of several processes', () => {
  const DIVIDED = ['maxConcurrency', 'maxPerHost', 'maxQueue', 'rateLimit', 'maxBufferedBytes'] as const;

  function shares(of: Settings, processes: number): Settings[] {
    return Array.from({ length: processes }, (_, place) => shareOf(of, place, processes));
  }

  it.each([1, 2, 3, 7])('are together what the service may do: %i', (processes) => {
    for (const name of DIVIDED) {
      const all = shares(settings, processes).map((share) => share[name]!);
      expect([name, all.reduce((sum, share) => sum + share)]).toEqual([name, settings[name]]);
      expect(Math.max(...all) - Math.min(...all)).toBeLessThanOrEqual(1);
    }
  });

  it('are one at the least, but for what there is to be none of', () => {
    const little = { ...settings, maxConcurrency: 2, maxPerHost: 1, maxQueue: 0, rateLimit: null };
    const [first, ...others] = shares(little, 3);
    expect(others).toHaveLength(2);
    for (const share of [first, ...others])
      expect(share).toMatchObject({ maxConcurrency: 1, maxPerHost: 1, maxQueue: 0, rateLimit: null });
  });

  it('leave everything else as it is', () => {
    const others = Object.entries(shareOf(settings, 1, 2)).filter(
      ([name]) => !DIVIDED.some((divided) => divided === name),
    );
    expect(settings).toMatchObject(Object.fromEntries(others));
    expect(others).toHaveLength(Object.keys(settings).length - DIVIDED.length);
  });
});
