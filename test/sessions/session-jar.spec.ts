import { CookieJar } from '../../src/exchange/cookie-jar';
import type { ReceivedCookie } from '../../src/exchange/outcome';
import { SessionJar } from '../../src/sessions/session-jar';
import type { SessionStore, SessionSummary } from '../../src/sessions/session-store';
import { StoreUnavailable } from '../../src/store/database';
import { type Origin, answering, response, routes, useOrigins } from '../support/origin';
import { fetchUrl } from '../support/spec';

const start = useOrigins();

/** A store of one session that does as it is told for each use in turn, and after that answers. */
class Unsteady implements SessionStore {
  private readonly jar = new CookieJar();
  uses = 0;

  constructor(private readonly moods: readonly ('answers' | 'is silent' | 'is away')[]) {}

  async use<T>(_owner: string, _id: string, act: (jar: CookieJar, now: number) => T): Promise<T> {
    const mood = this.moods[this.uses++] ?? 'answers';
    if (mood === 'is silent') await new Promise(() => undefined);
    if (mood === 'is away') throw new StoreUnavailable('away');
    return act(this.jar, Date.now());
  }

  async list(): Promise<SessionSummary[]> {
    return [];
  }

  async cookies(): Promise<ReceivedCookie[]> {
    return this.jar.list(Date.now());
  }

  async delete(): Promise<boolean> {
    return false;
  }
}

function cookiesIn(store: SessionStore): SessionJar {
  return new SessionJar(store, 'me', 's');
}

function setting(): Promise<Origin> {
  return start(answering(response('200 OK\r\nSet-Cookie: a=1')));
}

describe('a fetch whose session cannot be reached', () => {
  it('sends nothing', async () => {
    const origin = await setting();
    const cookies = cookiesIn(new Unsteady(['is away']));
    await expect(fetchUrl(origin.url(), {}, { cookies })).rejects.toThrow(new StoreUnavailable('away'));
    expect(origin.requests).toEqual([]);
  });

  it('waits for it until totalMs', async () => {
    const origin = await setting();
    const cookies = cookiesIn(new Unsteady(['is silent']));
    const began = performance.now();
    const fetched = fetchUrl(origin.url(), { timeouts: { totalMs: 50 } }, { cookies });
    await expect(fetched).rejects.toThrow(StoreUnavailable);
    expect(performance.now() - began).toBeGreaterThan(49);
    expect(origin.requests).toEqual([]);
  });

  it.each([0, 50])('waits no more when it is cancelled, after %d ms', async (ms) => {
    const origin = await setting();
    const cookies = cookiesIn(new Unsteady(['is silent']));
    const signal = ms === 0 ? AbortSignal.abort() : AbortSignal.timeout(ms);
    const { failure } = await fetchUrl(origin.url(), {}, { cookies, signal });
    expect(failure).toMatchObject({ code: 'cancelled' });
    expect(origin.requests).toEqual([]);
  });

  it.each(['is away', 'is silent'] as const)(
    'tells what it received before, when the store %s for the next hop',
    async (mood) => {
      const origin = await start(routes({ '/': response('302 Found\r\nLocation: /2') }));
      const cookies = cookiesIn(new Unsteady(['answers', mood]));
      const { hops, last, failure } = await fetchUrl(
        origin.url(),
        { timeouts: { totalMs: 200 } },
        { cookies },
      );
      expect(hops).toEqual([]);
      expect(last).toMatchObject({ head: { status: 302 }, failure: null });
      expect(failure).toMatchObject({ code: 'store-unavailable', phase: 'head' });
      expect(origin.requests).toHaveLength(1);
    },
  );

  it.each(['is away', 'is silent'] as const)(
    'is no success, when the store %s for what was set',
    async (mood) => {
      const origin = await setting();
      const cookies = cookiesIn(new Unsteady(['answers', mood]));
      const { last, failure, chainTotalMs } = await fetchUrl(
        origin.url(),
        { timeouts: { totalMs: 200 } },
        { cookies },
      );
      expect(last).toMatchObject({ head: { status: 200 }, complete: true, cookies: [] });
      expect(failure).toMatchObject({
        code: 'store-unavailable',
        cause: expect.any(StoreUnavailable) as Error,
      });
      expect(chainTotalMs).toBe(last.timings.total);
    },
  );

  it('is cancelled while it waits to give what was set', async () => {
    const origin = await setting();
    const store = new Unsteady(['answers', 'is silent']);
    const controller = new AbortController();
    const fetched = fetchUrl(origin.url(), {}, { cookies: cookiesIn(store), signal: controller.signal });
    while (store.uses < 2) await new Promise(setImmediate);
    controller.abort();
    expect((await fetched).failure).toMatchObject({ code: 'cancelled' });
  });

  it('fails as it does, when that is unforeseen', async () => {
    const origin = await setting();
    const store = new Unsteady([]);
    const error = new Error('unforeseen');
    jest.spyOn(store, 'use').mockResolvedValueOnce(null).mockRejectedValueOnce(error);
    await expect(fetchUrl(origin.url(), {}, { cookies: cookiesIn(store) })).rejects.toBe(error);
  });
});

describe('what a fetch that is over has received', () => {
  const held = (): Promise<Origin> =>
    start(async (peer) => {
      await peer.request();
      await peer.send('HTTP/1.1 200 OK\r\nContent-Length: 9\r\nSet-Cookie: a=1\r\n\r\nhalf');
    });

  it('is still given to its session after totalMs', async () => {
    const origin = await held();
    const cookies = cookiesIn(new Unsteady([]));
    const { last, failure } = await fetchUrl(origin.url(), { timeouts: { totalMs: 100 } }, { cookies });
    expect(failure).toBeNull();
    expect(last).toMatchObject({ endedBy: 'total-timeout', cookies: [{ name: 'a', accepted: true }] });
  });

  it('is still given to its session when it is cancelled, while that does not take long', async () => {
    for (const [mood, count] of [
      ['answers', 1],
      ['is silent', 0],
    ] as const) {
      const origin = await held();
      const cookies = cookiesIn(new Unsteady(['answers', mood]));
      const controller = new AbortController();
      const { signal } = controller;
      const onRead = (): void => controller.abort();
      const { last } = await fetchUrl(origin.url(), {}, { cookies, signal, onRead });
      expect(last.endedBy).toBe('cancelled');
      expect(last.cookies).toHaveLength(count);
    }
  });
});
