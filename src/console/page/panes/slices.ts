/** How long work may go on before whoever waits for the page has a turn, in ms. */
const SLICE_MS = 12;

/** Does long work a slice at a time, so that the page stays alive meanwhile.
 *  @param work yields wherever it can be left; no step between may take long
 *  @param signal ends it early
 *  @throws the signal's reason */
export async function inSlices<T>(work: Generator<void, T, void>, signal: AbortSignal): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    const until = performance.now() + SLICE_MS;
    do {
      const step = work.next();
      if (step.done === true) return step.value;
    } while (performance.now() < until);
    await nextTurn();
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
