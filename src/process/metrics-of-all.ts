import { AggregatorRegistry } from 'prom-client';
import type { Metrics } from './messages';

/** The numbers of several processes as those of one service. What counts never goes back, which would be taken for a
 *  restart and all of it for new: of a process that is gone, or does not answer, stays what it had counted when it was
 *  last asked. */
export class MetricsOfAll {
  /** process → what it had counted when it was last asked */
  private readonly counted = new Map<number, Metrics>();
  private ofTheGone: Promise<Metrics> = Promise.resolve([]);

  /** @param lost told why what a process had counted that is gone cannot be kept */
  constructor(private readonly lost: (error: Error) => void) {}

  add(process: number): void {
    this.counted.set(process, []);
  }

  /** A process is gone. */
  remove(process: number): void {
    const last = this.counted.get(process) ?? [];
    this.counted.delete(process);
    this.ofTheGone = this.ofTheGone.then((gone) => this.withLast(gone, last));
  }

  /** @param told what each process says; null: nothing
   *  @returns Prometheus' text format
   *  @throws Error when they cannot be summed; nothing of them is remembered then */
  async sum(told: ReadonlyMap<number, Metrics | null>): Promise<string> {
    const all = [...this.counted].map(([process, before]) => told.get(process) ?? before);
    const ofAll = AggregatorRegistry.aggregate(all);
    for (const process of this.counted.keys()) {
      const now = told.get(process) ?? null;
      if (now !== null) this.counted.set(process, now.filter(counts));
    }
    const both = await Promise.all([ofAll.getMetricsAsJSON(), this.ofTheGone]);
    return AggregatorRegistry.aggregate(both).metrics();
  }

  private async withLast(gone: Metrics, last: Metrics): Promise<Metrics> {
    try {
      return await AggregatorRegistry.aggregate([gone, last]).getMetricsAsJSON();
    } catch (error) {
      this.lost(error as Error);
      return gone;
    }
  }
}

/** A gauge tells how it is now. */
function counts({ type }: Metrics[number]): boolean {
  // The types have it as a const enum, which one file by itself cannot read.
  return String(type) !== 'gauge';
}
