import type { Limits, Turn } from './contract.mts';

/** Lets each worker fetch again as soon as its last fetch is over, within the limits.
 *  @param workers one for each fetch that is to be under way at a time; one that fails gives up */
export async function closedLoop(
  workers: readonly (() => Promise<void>)[],
  { ms, count }: Limits,
): Promise<Turn> {
  const began = performance.now();
  const due = began + ms;
  let started = 0;
  let fetches = 0;
  let failure: string | null = null;
  const work = async (fetchOnce: () => Promise<void>): Promise<void> => {
    while (performance.now() < due && started++ < count) {
      await fetchOnce();
      fetches++;
    }
  };
  const working = workers.map((worker) =>
    work(worker).catch((error: unknown) => void (failure ??= String(error))),
  );
  await Promise.all(working);
  return { fetches, ms: performance.now() - began, failure };
}
