import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Metrics } from '../../src/process/messages';
import { MetricsOfAll } from '../../src/process/metrics-of-all';
import { Scrape } from '../support/metrics';

/** The numbers of a process that has counted so far. */
function metricsOf(count: number) {
  const registry = new Registry();
  const registers = [registry];
  new Counter({ name: 'calls_total', help: '-', labelNames: ['code'], registers }).inc({ code: 'ok' }, count);
  const seconds = new Histogram({ name: 'seconds', help: '-', buckets: [1], registers });
  for (let n = 0; n < count; n++) seconds.observe(0.5);
  new Gauge({ name: 'running', help: '-', registers }).set(count);
  new Gauge({ name: 'backlog', help: '-', aggregator: 'max', registers }).set(count);
  return registry.getMetricsAsJSON();
}

async function sum(all: MetricsOfAll, told: Readonly<Record<number, number | null>>): Promise<Scrape> {
  const entries = Object.entries(told).map(
    async ([id, count]) => [Number(id), count === null ? null : await metricsOf(count)] as const,
  );
  return new Scrape(await all.sum(new Map(await Promise.all(entries))));
}

/** The same, of a process that would have them put together in a way that nobody knows. */
async function unsummableOf(count: number): Promise<Metrics> {
  return (await metricsOf(count)).map((metric) => ({ ...metric, aggregator: 'median' as 'sum' }));
}

let all: MetricsOfAll;
let lost: Error[];
beforeEach(() => {
  lost = [];
  all = new MetricsOfAll((error) => lost.push(error));
  for (const id of [1, 2]) all.add(id);
});

it('what is counted and what is under way is summed; what all read alike is not', async () => {
  const scrape = await sum(all, { 1: 3, 2: 4 });
  expect(scrape.value('calls_total', { code: 'ok' })).toBe(7);
  expect(scrape.value('seconds_count')).toBe(7);
  expect(scrape.value('seconds_bucket', { le: '1' })).toBe(7);
  expect(scrape.value('seconds_sum')).toBeCloseTo(3.5);
  expect(scrape.value('running')).toBe(7);
  expect(scrape.value('backlog')).toBe(4);
});

it('of one that does not answer, what it had counted stays', async () => {
  await sum(all, { 1: 3, 2: 4 });
  const scrape = await sum(all, { 1: 5, 2: null });
  expect(scrape.value('calls_total')).toBe(9);
  expect(scrape.value('running')).toBe(5);
  expect((await sum(all, { 1: 5, 2: 6 })).value('calls_total')).toBe(11);
});

it('of those that are gone, what they had counted stays for ever', async () => {
  await sum(all, { 1: 3, 2: 4 });
  for (const [gone, next] of [
    [1, 3],
    [3, 4],
  ] as const) {
    all.remove(gone);
    all.add(next);
    await sum(all, { [next]: 10 });
  }
  const scrape = await sum(all, { 2: 5, 4: 20 });
  expect(scrape.value('calls_total')).toBe(3 + 10 + 5 + 20);
  expect(scrape.value('seconds_count')).toBe(3 + 10 + 5 + 20);
  expect(scrape.value('running')).toBe(25);
});

it('one that ends while it is asked counts once', async () => {
  await sum(all, { 1: 3, 2: 4 });
  const told = sum(all, { 1: 3, 2: 4 });
  all.remove(1);
  expect((await told).value('calls_total')).toBe(7);
  expect((await sum(all, { 1: 4, 2: 4 })).value('calls_total')).toBe(7);
});

it('of what cannot be summed nothing is remembered', async () => {
  await sum(all, { 1: 3, 2: 4 });
  const told = new Map([
    [1, await unsummableOf(5)],
    [2, await metricsOf(6)],
  ]);
  await expect(all.sum(told)).rejects.toThrow('median');
  expect((await sum(all, { 1: null, 2: null })).value('calls_total')).toBe(7);
  all.remove(1);
  all.add(3);
  expect((await sum(all, { 2: 6, 3: 1 })).value('calls_total')).toBe(3 + 6 + 1);
  expect(lost).toEqual([]);
});

it('what one had counted that is gone and cannot be kept is told of, and the others count on', async () => {
  // How numbers are put together is read from those of the first.
  const told = new Map([
    [1, await metricsOf(3)],
    [2, await unsummableOf(4)],
  ]);
  expect(new Scrape(await all.sum(told)).value('calls_total')).toBe(7);
  all.remove(2);
  for (let n = 0; n < 2; n++) expect((await sum(all, { 1: 5 })).value('calls_total')).toBe(5);
  expect(lost).toMatchObject([{ message: "'median' is not a defined aggregator." }]);
  all.remove(1);
  all.add(3);
  expect((await sum(all, { 3: 1 })).value('calls_total')).toBe(5 + 1);
});
