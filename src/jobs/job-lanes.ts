import type { ClaimedItem } from './ledger';

/** The items of one job at one host that are here. */
interface Lane {
  readonly job: string;
  readonly waiting: ClaimedItem[];
  underWay: number;
}

/** Items that a worker has taken, behind one another where they are of the same job and for the same host: of these no more
 *  are under way than may be anywhere. What waits costs nothing but its memory. */
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
    const name = `${item.job} ${item.host}`;
    const lane = this.lanes.get(name) ?? { job: item.job, waiting: [], underWay: 0 };
    this.lanes.set(name, lane);
    lane.waiting.push(item);
    this.count++;
    if (lane.underWay < Math.min(item.concurrency, item.hostConcurrency)) void this.follow(name, lane);
  }

  /** @returns what waited of a job */
  drop(job: string): ClaimedItem[] {
    return [...this.lanes.values()].flatMap((lane) => (lane.job === job ? this.empty(lane) : []));
  }

  /** @returns what waited */
  dropAll(): ClaimedItem[] {
    return [...this.lanes.values()].flatMap((lane) => this.empty(lane));
  }

  /** Drops one that waits, if it does. */
  dropOne(item: ClaimedItem): boolean {
    const waiting = this.lanes.get(`${item.job} ${item.host}`)?.waiting ?? [];
    const position = waiting.indexOf(item);
    if (position === -1) return false;
    waiting.splice(position, 1);
    this.count--;
    return true;
  }

  private empty({ waiting }: Lane): ClaimedItem[] {
    this.count -= waiting.length;
    return waiting.splice(0);
  }

  /** One item after the other, as long as there are any. */
  private async follow(name: string, lane: Lane): Promise<void> {
    lane.underWay++;
    for (let item = lane.waiting.shift(); item !== undefined; item = lane.waiting.shift()) {
      this.count--;
      await this.go(item);
    }
    lane.underWay--;
    if (lane.underWay === 0) this.lanes.delete(name);
  }
}
