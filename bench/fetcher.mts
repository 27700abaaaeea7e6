import { closedLoop } from './closed-loop.mts';
import type { Question, Way } from './contract.mts';
import { fetchBy, verify } from './fetching.mts';

/** Fetches in one way, in a process of its own, without a service around it. */

const fetchPage = fetchBy(process.argv[2] as Way);

process.on('message', (question: Question) => {
  if (question.ask !== 'fetch') return;
  const { url, page, limits } = question;
  const worker = async (): Promise<void> => verify(await fetchPage(url), page);
  void closedLoop(
    Array.from({ length: limits.concurrency }, () => worker),
    limits,
  ).then((turn) => process.send?.(turn));
});
process.send?.('ready');
