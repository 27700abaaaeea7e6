import { get } from 'node:http';
import type { Order, Vigil } from './siege-contract.mts';

/** Asks the service every 50 ms whether it lives, from a process of its own: what it measures is not the delay of
 *  those who besiege it. A question does not wait for the answer to the one before. */

const EVERY_MS = 50;
const LATE_MS = 10_000;

const latencies: number[] = [];
let failures = 0;
let timer: NodeJS.Timeout | null = null;

process.on('message', (order: Order) => {
  if (order.ask === 'watch') {
    const { port } = order;
    timer = setInterval(() => look(port), EVERY_MS);
    process.send?.('watching');
  }
  if (order.ask === 'report') {
    if (timer !== null) clearInterval(timer);
    const vigil: Vigil = { latencies, failures };
    process.send?.(vigil);
    latencies.length = 0;
    failures = 0;
  }
});
process.send?.('ready');

function look(port: number): void {
  const began = performance.now();
  const question = get({ host: '127.0.0.1', port, path: '/health/live', agent: false, timeout: LATE_MS });
  question.on('timeout', () => question.destroy(new Error('late')));
  question.on('error', () => void failures++);
  question.on('response', (answer) => {
    latencies.push(performance.now() - began);
    if (answer.statusCode !== 200) failures++;
    answer.resume();
  });
}
