import { jsonOf, TestService } from '../support/app';
import { useCountingOrigin } from '../support/counting-origin';
import { JobCaller } from '../support/job-caller';
import { describeOnPostgres, usePostgres } from '../support/postgres';

jest.setTimeout(60_000);

describeOnPostgres('a replica', () => {
  const database = usePostgres();
  const origin = useCountingOrigin();
  let api: TestService;
  let worker: TestService | null = null;
  const start = (role: string): Promise<TestService> =>
    TestService.start({ WIREFETCH_ROLE: role, WIREFETCH_DATABASE_URL: database()! });
  beforeAll(async () => {
    api = await start('api');
  });
  afterAll(() => Promise.all([api.close(), worker?.close()]));

  it('that takes jobs works on none; one that works on them does, and counts', async () => {
    const caller = new JobCaller(api.url);
    const { id } = await caller.submit({ requests: [{ url: `${origin().url}/a` }] });
    const before = await api.get('/metrics');
    expect(before.text).toMatch(/^wirefetch_job_items_queued 1$/m);
    expect(before.text).toMatch(/^wirefetch_jobs_open 1$/m);
    expect(origin().arrivals).toHaveLength(0);
    worker = await start('worker');
    expect(await caller.over(id)).toMatchObject({ state: 'completed', succeeded: 1 });
    const after = await worker.get('/metrics');
    expect(after.text).toMatch(/^wirefetch_job_items_total\{outcome="succeeded"\} 1$/m);
    expect(after.text).toMatch(/^wirefetch_jobs_oldest_age_seconds 0$/m);
  });

  it('that works on jobs answers probes, and no callers', async () => {
    for (const path of ['/health/live', '/health/ready', '/metrics'])
      expect([path, (await worker!.get(path)).status]).toEqual([path, 200]);
    for (const path of [
      '/',
      '/console/frame.html',
      '/jobs',
      '/sessions',
      '/docs',
      '/openapi.json',
      '/nowhere',
    ])
      expect([path, (await worker!.get(path)).status]).toEqual([path, 404]);
    const fetched = await worker!.fetch({ url: origin().url });
    expect([fetched.status, jsonOf<{ code: string }>(fetched).code]).toEqual([404, 'not-found']);
  });
});
