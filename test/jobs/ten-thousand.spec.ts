import { useService } from '../support/app';
import { useCountingOrigin } from '../support/counting-origin';
import { JobCaller } from '../support/job-caller';

jest.setTimeout(180_000);

const ITEMS = 10_000;

const service = useService();
const origin = useCountingOrigin();

it('10,000 items are accepted at once, and each is fetched once and recorded once', async () => {
  const caller = new JobCaller(service().url);
  const requests = Array.from({ length: ITEMS }, (_, n) => ({ url: `${origin().url}/${n}` }));
  const accepted = await caller.submit({ requests, concurrency: 64, perHost: { concurrency: 64 } });
  expect(accepted).toMatchObject({ state: 'queued', total: ITEMS, pending: ITEMS, finishedAt: null });
  const over = await caller.over(accepted.id);
  expect(over).toMatchObject({ state: 'completed', succeeded: ITEMS, failed: 0, pending: 0, running: 0 });

  const items = await caller.results(accepted.id);
  expect(items).toHaveLength(ITEMS);
  expect(new Set(items.map(({ index }) => index)).size).toBe(ITEMS);
  const wrong = items.filter(
    ({ index, state, attempts, result }) =>
      state !== 'succeeded' || attempts !== 1 || result?.body?.text !== `/${index}`,
  );
  expect(wrong).toEqual([]);
  expect(origin().arrivals).toHaveLength(ITEMS);
  expect(origin().counts.size).toBe(ITEMS);
});
