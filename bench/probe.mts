import type { Question, Usage } from './contract.mts';

/** Loaded before the script of every process that is measured: tells what it uses, and ends it with the
 *  benchmark, however that ends. */

process.on('message', ({ ask }: Question) => {
  if (ask !== 'usage') return;
  const { user, system } = process.cpuUsage();
  const usage: Usage = { rssBytes: process.memoryUsage.rss(), cpuMs: (user + system) / 1000 };
  process.send?.(usage);
});
process.once('disconnect', () => process.exit());
