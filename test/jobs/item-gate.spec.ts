import { TestService } from '../support/app';
import { useCountingOrigin } from '../support/counting-origin';
import { JobCaller } from '../support/job-caller';

jest.setTimeout(60_000);

describe('items that are redirected', () => {
  const from = useCountingOrigin();
  const to = useCountingOrigin();
  let service: TestService;
  beforeAll(async () => {
    service = await TestService.start({ WIREFETCH_MAX_CONCURRENCY: '1' });
  });
  afterAll(() => service.close());

  it('hold nothing while they wait for a host where others wait for this process', async () => {
    from().answering = ({ path }, response) =>
      void response.writeHead(302, { location: to().url + path }).end();
    const caller = new JobCaller(service.url);
    const requests = Array.from({ length: 40 }, (_, n) => ({ url: `${[from, to][n % 2]!().url}/${n}` }));
    const { id } = await caller.submit({ requests, perHost: { concurrency: 1 }, retries: { max: 0 } });
    expect(await caller.over(id)).toMatchObject({ succeeded: 40 });
    for (const { index, result } of await caller.results(id))
      expect([result?.error, result?.body?.text]).toEqual([null, `/${index}`]);
    expect(to().arrivals).toHaveLength(40);
    expect(to().most).toBe(1);
  });
});
