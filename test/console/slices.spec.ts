import { inSlices } from '../../src/console/page/panes/slices';

/** Keeps the processor busy for a millisecond in each of so many steps. */
function* busy(steps: number): Generator<void, string, void> {
  for (let i = 0; i < steps; i++) {
    for (const until = performance.now() + 1; performance.now() < until;);
    yield;
  }
  return 'done';
}

describe('long work', () => {
  it('lets others have their turn', async () => {
    let turns = 0;
    const others = setInterval(() => void turns++, 1);
    await expect(inSlices(busy(60), new AbortController().signal)).resolves.toBe('done');
    clearInterval(others);
    expect(turns).toBeGreaterThanOrEqual(3);
  });

  it('ends when nobody wants it any more', async () => {
    const left = new AbortController();
    const work = inSlices(busy(1_000_000), left.signal);
    setImmediate(() => left.abort(new Error('left')));
    await expect(work).rejects.toThrow('left');
  });
});
