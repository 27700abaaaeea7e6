import {
  type JobItem,
  type JobRequest,
  type JobResults,
  type Wirefetch,
  WirefetchFailure,
  WirefetchProblem,
  createWirefetch,
} from '../../openapi/client/client';
import { useService } from '../support/app';
import { useCountingOrigin } from '../support/counting-origin';
import { turn } from '../support/origin';

const service = useService();
const origin = useCountingOrigin();

let wirefetch: Wirefetch;
beforeAll(() => {
  wirefetch = createWirefetch({ baseUrl: service().url });
});

/** The first `answered` of the pages are answered at once, the others never. */
function pages(count: number, answered = count): JobRequest {
  origin().reset(({ path }, response) => {
    if (Number(path.slice(1)) < answered) response.end(path);
  });
  const requests = Array.from({ length: count }, (_, index) => ({ url: `${origin().url}/${index}` }));
  return { requests, perHost: { concurrency: count }, retries: { max: 0 } };
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const taken: T[] = [];
  for await (const value of values) taken.push(value);
  return taken;
}

function indexesOf(items: readonly JobItem[]): number[] {
  return items.map(({ index }) => index).sort((a, b) => a - b);
}

it('follows a job to its end, over pages', async () => {
  const { id, state, total } = await wirefetch.submitJob(pages(25));
  expect({ state, total }).toEqual({ state: 'queued', total: 25 });
  const items = await all(wirefetch.results(id, { limit: 10, pollMs: 20 }));
  expect(indexesOf(items)).toEqual(Array.from({ length: 25 }, (_, index) => index));
  for (const { index, result, problem } of items)
    expect([result?.body.text, problem]).toEqual([`/${index}`, null]);
  expect(await wirefetch.job(id)).toMatchObject({ state: 'completed', succeeded: 25 });
  expect((await wirefetch.jobs({ state: 'completed' })).items.map((job) => job.id)).toContain(id);
});

it('goes on after a page, and gives no empty one but the last', async () => {
  const { id } = await wirefetch.submitJob(pages(7));
  await all(wirefetch.results(id, { pollMs: 20 }));
  let first: JobResults | null = null;
  for await (const page of wirefetch.resultPages(id, { limit: 3 })) {
    first = page;
    break;
  }
  const others = await all(wirefetch.resultPages(id, { limit: 2, after: first!.next! }));
  expect(others.map(({ items }) => items.length)).toEqual([2, 2, 0]);
  expect(others.at(-1)!.next).toBeNull();
  expect(indexesOf([first!, ...others].flatMap(({ items }) => items))).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

it('cancels what is left of a job, and gives the items in one state alone', async () => {
  const { id } = await wirefetch.submitJob(pages(4, 1));
  const states: JobItem['state'][] = [];
  for await (const item of wirefetch.results(id, { pollMs: 20 })) {
    states.push(item.state);
    if (states.length === 1) await wirefetch.cancelJob(id);
  }
  expect(states).toEqual(['succeeded', 'cancelled', 'cancelled', 'cancelled']);
  expect(indexesOf(await all(wirefetch.results(id, { state: 'succeeded' })))).toEqual([0]);
});

it('stops waiting for results when its signal aborts', async () => {
  let calls = 0;
  const quiet = createWirefetch({
    baseUrl: 'http://wirefetch.internal',
    fetch: () => Promise.resolve(Response.json({ items: [], next: String(++calls) })),
  });
  const leaving = new AbortController();
  const following = all(quiet.results('none', { pollMs: 3_600_000, signal: leaving.signal }));
  // The page is read from memory: after a few turns it waits for the next.
  for (let turns = 0; turns < 20; turns++) await turn();
  const reason = new Error('enough');
  leaving.abort(reason);
  await expect(following).rejects.toBe(reason);
  expect(calls).toBe(1);
});

it.each([
  '{"items": []}',
  '{"items": [], "next": 7}',
  '{"items": {}, "next": null}',
  '{"next": null}',
  '[]',
  'null',
])('fails at what is no page, rather than to ask for ever: %s', async (json) => {
  let calls = 0;
  const other = createWirefetch({
    baseUrl: 'http://wirefetch.internal',
    fetch: () => {
      calls++;
      return Promise.resolve(new Response(json));
    },
  });
  const following = all(other.results('none', { pollMs: 1 }));
  await expect(following).rejects.toBeInstanceOf(WirefetchFailure);
  await expect(following).rejects.toMatchObject({ status: 200 });
  expect(calls).toBe(1);
});

it.each(['{}', '{"items": null}', 'null'])('fails at what is no list of sessions: %s', async (json) => {
  const other = createWirefetch({
    baseUrl: 'http://wirefetch.internal',
    fetch: () => Promise.resolve(new Response(json)),
  });
  await expect(other.sessions()).rejects.toBeInstanceOf(WirefetchFailure);
  await expect(other.sessionCookies('none')).rejects.toBeInstanceOf(WirefetchFailure);
});

it('submits once with one key, however often it is called', async () => {
  const request = pages(1);
  const first = await wirefetch.submitJob(request, { idempotencyKey: 'monday' });
  expect((await wirefetch.submitJob(request, { idempotencyKey: 'monday' })).id).toBe(first.id);
  const other = wirefetch.submitJob(pages(2), { idempotencyKey: 'monday' });
  await expect(other).rejects.toMatchObject({ code: 'idempotency-mismatch', status: 409 });
});

it('throws a problem for a job that is not there, also where it would be followed', async () => {
  const id = '01KB58E5Q5SDXM3W7V8T8B1T2N';
  await expect(wirefetch.job(id)).rejects.toBeInstanceOf(WirefetchProblem);
  await expect(all(wirefetch.results(id))).rejects.toMatchObject({ code: 'not-found' });
});

it('lists sessions and their cookies, and forgets them', async () => {
  origin().reset((_, response) => void response.setHeader('Set-Cookie', 'id=7; Path=/').end());
  await wirefetch.fetch({ url: origin().url, session: 'tour-2' });
  expect(await wirefetch.sessions()).toMatchObject([{ id: 'tour-2', cookies: 1 }]);
  expect(await wirefetch.sessionCookies('tour-2')).toMatchObject([{ name: 'id', value: '7' }]);
  await wirefetch.deleteSession('tour-2');
  expect(await wirefetch.sessions()).toEqual([]);
  await expect(wirefetch.deleteSession('tour-2')).rejects.toMatchObject({ code: 'not-found' });
});

it('leaves all else to the client below', async () => {
  const { data, error } = await wirefetch.api.GET('/health/live');
  expect([data, error]).toEqual([expect.objectContaining({ status: 'ok' }), undefined]);
  const missing = await wirefetch.api.GET('/jobs/{id}', { params: { path: { id: 'none' } } });
  expect(missing.error?.code).toBe('not-found');
});
