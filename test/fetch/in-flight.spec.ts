import { readSettings } from '../../src/config/settings';
import { InFlight } from '../../src/fetch/in-flight';
import { Problem } from '../../src/problems/problem';

function inFlight(shutdownMs = 60_000): InFlight {
  return new InFlight(readSettings({ WIREFETCH_SHUTDOWN_MS: String(shutdownMs) }).settings);
}

const STAYING = new AbortController().signal;

/** A fetch that ends when it is aborted, or told to. */
function fetchUntilAborted(signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve('aborted')));
}

describe('the fetches under way', () => {
  it('end with their result, or with what they throw', async () => {
    const running = inFlight();
    expect(await running.run(STAYING, () => Promise.resolve('result'))).toBe('result');
    await expect(running.run(STAYING, () => Promise.reject(new Error('defect')))).rejects.toThrow('defect');
    await running.drain();
  });

  it('are aborted with their callers, each alone', async () => {
    const running = inFlight();
    const caller = new AbortController();
    const gone = running.run(caller.signal, fetchUntilAborted);
    let signal: AbortSignal | undefined;
    const other = running.run(STAYING, (own) => {
      signal = own;
      return gone;
    });
    caller.abort();
    expect(await gone).toBe('aborted');
    await other;
    expect(signal!.aborted).toBe(false);
  });

  it('are aborted at once for a caller that has left before', async () => {
    const aborted = await inFlight().run(AbortSignal.abort(), (signal) => Promise.resolve(signal.aborted));
    expect(aborted).toBe(true);
  });

  it('are no longer taken when the service is stopping', async () => {
    const running = inFlight();
    expect(running.accepting).toBe(true);
    running.stopAccepting();
    expect(running.accepting).toBe(false);
    const refused = running.run(STAYING, () => Promise.resolve('never'));
    await expect(refused).rejects.toThrow(Problem);
    await expect(refused).rejects.toMatchObject({
      code: 'overloaded',
      more: { headers: { 'retry-after': '1' } },
    });
  });

  it('are waited for at shutdown', async () => {
    const running = inFlight();
    let finish: (result: string) => void;
    const fetch = running.run(STAYING, () => new Promise<string>((resolve) => (finish = resolve)));
    let over = false;
    const shutdown = running.drain().then(() => (over = true));
    await new Promise(setImmediate);
    expect([running.accepting, over]).toEqual([false, false]);
    finish!('in time');
    expect(await fetch).toBe('in time');
    expect(await shutdown).toBe(true);
  });

  it('are aborted when they take longer than SHUTDOWN_MS', async () => {
    const running = inFlight(10);
    const fetches = [running.run(STAYING, fetchUntilAborted), running.run(STAYING, fetchUntilAborted)];
    await running.drain();
    expect(await Promise.all(fetches)).toEqual(['aborted', 'aborted']);
  });

  it('are aborted before SHUTDOWN_MS is over, so that there is time to answer', async () => {
    const running = inFlight(1_000);
    const remaining = running.run(STAYING, async (signal) => {
      await fetchUntilAborted(signal);
      return running.remainingMs;
    });
    await running.drain();
    expect(await remaining).toBeGreaterThan(0);
    expect(await remaining).toBeLessThan(500);
  });
});
