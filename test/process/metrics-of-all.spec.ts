import { Counter, Gauge, Histogram, Registry } from 'prom-client';
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

let all: MetricsOfAll;
beforeEach(() => {
  all = new MetricsOfAll();
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
