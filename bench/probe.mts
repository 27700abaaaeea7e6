import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Question, Usage } from './contract.mts';

const RESOLUTION_MS = 2;

/** Loaded before the script of every process that is measured: tells what it uses, and ends it with the
 *  benchmark, however that ends. */

/** null: nobody has asked yet */
let delays: ReturnType<typeof monitorEventLoopDelay> | null = null;

process.on('message', ({ ask }: Question) => {
  if (ask === 'held') process.send?.(held());
  if (ask !== 'usage') return;
  const { user, system } = process.cpuUsage();
  const usage: Usage = { rssBytes: process.memoryUsage.rss(), cpuMs: (user + system) / 1000 };
  process.send?.(usage);
});
process.once('disconnect', () => process.exit());

function held(): number {
  if (delays === null) {
    delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    delays.enable();
    return 0;
  }
  // It notes the time from one look to the next.
  const most = Math.max(0, delays.max / 1e6 - RESOLUTION_MS);
  delays.reset();
  return most;
}
