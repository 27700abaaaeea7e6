import cluster from 'node:cluster';
import { Registry } from 'prom-client';

/** To be loaded before the service: from SIGUSR2 to the next one a process of several cannot tell its numbers, or tells
 *  what cannot be summed, as TEST_NUMBERS says. It logs that it has heard. */

const { getMetricsAsJSON } = Registry.prototype;
let isFailing = false;

Registry.prototype.getMetricsAsJSON = async function (this: Registry) {
  const metrics = await getMetricsAsJSON.call(this);
  if (!isFailing) return metrics;
  if (process.env['TEST_NUMBERS'] === 'untold') throw new Error('no numbers today');
  return metrics.map((metric) => Object.assign(metric, { aggregator: 'median' }));
};

if (cluster.isWorker)
  process.on('SIGUSR2', () => {
    isFailing = !isFailing;
    process.stdout.write(`${JSON.stringify({ pid: process.pid, msg: `numbers fail: ${isFailing}` })}\n`);
  });
