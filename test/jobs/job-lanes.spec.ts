import { JobLanes } from '../../src/jobs/job-lanes';
import type { ClaimedItem } from '../../src/jobs/ledger';

/** Of an item these alone matter here. */
function itemOf(job: string, index: number, concurrency = 2, more: Partial<ClaimedItem> = {}): ClaimedItem {
  const how = { host: 'a:80', concurrency, hostConcurrency: concurrency, priority: 0, crashes: 0 };
  return { job, index, ...how, ...more } as ClaimedItem;
}

/** Lanes whose items are over when they are told to be. */
class Road {
  readonly begun: string[] = [];
  readonly lanes = new JobLanes(
    (item) =>
      new Promise((over) => {
        this.begun.push(nameOf(item));
        this.ends.set(nameOf(item), over);
      }),
  );
  private readonly ends = new Map<string, () => void>();

  async end(name: string): Promise<void> {
    this.ends.get(name)!();
    await Promise.resolve();
    await Promise.resolve();
  }
}

function nameOf({ job, index }: ClaimedItem): string {
  return `${job}${index}`;
}

describe('JobLanes', () => {
  it('has as many items at a host under way as it may have, and the others wait in their order', () => {
    const { lanes, begun } = new Road();
    for (const index of [0, 1, 2, 3]) lanes.add(itemOf('a', index));
    expect(begun).toEqual(['a0', 'a1']);
    expect([...lanes.items()].map(nameOf)).toEqual(['a2', 'a3']);
    expect(lanes.size).toBe(2);
  });

  it('begins the next when one is over', async () => {
    const road = new Road();
    for (const index of [0, 1, 2, 3]) road.lanes.add(itemOf('a', index));
    await road.end('a1');
    expect(road.begun).toEqual(['a0', 'a1', 'a2']);
    await road.end('a0');
    expect(road.begun).toEqual(['a0', 'a1', 'a2', 'a3']);
    expect(road.lanes.size).toBe(0);
  });

  it('does not let one job wait for another', () => {
    const road = new Road();
    for (const index of [0, 1]) road.lanes.add(itemOf('a', index, 1));
    road.lanes.add(itemOf('b', 0, 1));
    expect(road.begun).toEqual(['a0', 'b0']);
  });

  it('goes on with a job that had nothing left', async () => {
    const road = new Road();
    road.lanes.add(itemOf('a', 0));
    await road.end('a0');
    road.lanes.add(itemOf('a', 1));
    expect(road.begun).toEqual(['a0', 'a1']);
  });

  it('drops what waits of a job, and of all', async () => {
    const road = new Road();
    for (const job of ['a', 'b', 'c']) for (const index of [0, 1]) road.lanes.add(itemOf(job, index, 1));
    expect(road.lanes.drop('a').map(nameOf)).toEqual(['a1']);
    expect(road.lanes.drop('nobody')).toEqual([]);
    expect(road.lanes.size).toBe(2);
    expect(road.lanes.dropAll().map(nameOf)).toEqual(['b1', 'c1']);
    expect(road.lanes.size).toBe(0);
    await road.end('a0');
    expect(road.begun).toEqual(['a0', 'b0', 'c0']);
  });

  it('does not let one host of a job wait for another', () => {
    const road = new Road();
    for (const index of [0, 1, 2]) road.lanes.add(itemOf('a', index, 1));
    road.lanes.add(itemOf('a', 3, 1, { host: 'b:80' }));
    expect(road.begun).toEqual(['a0', 'a3']);
  });

  it('has no more under way than the job may have', () => {
    const road = new Road();
    for (const index of [0, 1, 2]) road.lanes.add(itemOf('a', index, 1, { hostConcurrency: 2 }));
    expect(road.begun).toEqual(['a0']);
  });

  it('drops one that waits, and knows of none that does not', () => {
    const { lanes } = new Road();
    const items = [0, 1, 2].map((index) => itemOf('a', index, 1));
    for (const item of items) lanes.add(item);
    expect(items.map((item) => lanes.dropOne(item))).toEqual([false, true, true]);
    expect(lanes.dropOne(itemOf('b', 0))).toBe(false);
    expect(lanes.size).toBe(0);
  });
});
