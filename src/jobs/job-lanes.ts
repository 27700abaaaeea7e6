import type { ClaimedItem } from './ledger';

/** The items of one job that are here. */
interface Lane {
  readonly waiting: ClaimedItem[];
  underWay: number;
}

/** Items that a worker has taken, each job's behind one another: of a job no more are under way than it may have at once
 *  anywhere. What waits costs nothing but its memory. */
export class JobLanes {
  private readonly lanes = new Map<string, Lane>();
  private count = 0;

  /** @param go fetches an item; settles when it is over, and never fails */
  constructor(private readonly go: (item: ClaimedItem) => Promise<void>) {}

  /** that wait */
  get size(): number {
    return this.count;
  }

  /** that wait */
  *items(): Generator<ClaimedItem> {
    for (const { waiting } of this.lanes.values()) yield* waiting;
  }

  add(item: ClaimedItem): void {
    const lane = this.lanes.get(item.job) ?? { waiting: [], underWay: 0 };
    this.lanes.set(item.job, lane);
    lane.waiting.push(item);
    this.count++;
    if (lane.underWay < item.concurrency) void this.follow(item.job, lane);
  }

  /** @returns what waited of a job */
  drop(job: string): ClaimedItem[] {
    const dropped = this.lanes.get(job)?.waiting.splice(0) ?? [];
    this.count -= dropped.length;
    return dropped;
  }

  /** @returns what waited */
  dropAll(): ClaimedItem[] {
    return [...this.lanes.keys()].flatMap((job) => this.drop(job));
  }

  /** One item after the other, as long as there are any. */
  private async follow(job: string, lane: Lane): Promise<void> {
    lane.underWay++;
    for (let item = lane.waiting.shift(); item !== undefined; item = lane.waiting.shift()) {
      this.count--;
      await this.go(item);
    }
    lane.underWay--;
    if (lane.underWay === 0) this.lanes.delete(job);
  }
}
