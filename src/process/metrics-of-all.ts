import { AggregatorRegistry } from 'prom-client';
import type { Metrics } from './messages';

/** The numbers of several processes as those of one service. What counts never goes back, which would be taken for a
 *  restart and all of it for new: of a process that is gone, or does not answer, stays what it had counted when it was
 *  last asked. */
export class MetricsOfAll {
  /** process → what it had counted when it was last asked */
  private readonly counted = new Map<number, Metrics>();
  private ofTheGone: Promise<Metrics> = Promise.resolve([]);

  add(process: number): void {
    this.counted.set(process, []);
  }

  /** A process is gone. */
  remove(process: number): void {
    const last = this.counted.get(process) ?? [];
    this.counted.delete(process);
    this.ofTheGone = this.ofTheGone.then((gone) =>
      AggregatorRegistry.aggregate([gone, last]).getMetricsAsJSON(),
    );
  }

  /** @param told what each process says; null: nothing
   *  @returns Prometheus' text format */
  async sum(told: ReadonlyMap<number, Metrics | null>): Promise<string> {
    const all = [...this.counted].map(([process, before]) => {
      const now = told.get(process) ?? null;
      if (now !== null) this.counted.set(process, now.filter(counts));
      return now ?? before;
    });
    return AggregatorRegistry.aggregate([...all, await this.ofTheGone]).metrics();
  }
}

/** A gauge tells how it is now. */
function counts({ type }: Metrics[number]): boolean {
  // The types have it as a const enum, which one file by itself cannot read.
  return String(type) !== 'gauge';
}
