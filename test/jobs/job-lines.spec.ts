import { useCountingOrigin } from '../support/counting-origin';
import { JobCaller } from '../support/job-caller';
import { useProcesses } from '../support/service-process';
import { useDirectories } from '../support/store';

jest.setTimeout(60_000);

const directory = useDirectories();
const startService = useProcesses();
const origin = useCountingOrigin();

describe('the log', () => {
  it('has a line for the acceptance of a job and one for its end, however it ends', async () => {
    const service = await startService({ WIREFETCH_DATA_DIR: directory() });
    const jobs = new JobCaller(service.url, {});
    const requests = [{ url: `${origin().url}/` }];
    const done = await jobs.submit({ requests });
    await jobs.over(done.id);
    const waiting = await jobs.submit({
      requests,
      startAfter: new Date(Date.now() + 3_600_000).toISOString(),
    });
    await jobs.cancel(waiting.id);

    const linesOf = (id: string): unknown[] =>
      service.log.filter((line) => line['id'] === id).map(({ msg }) => msg);
    await service.until(() => linesOf(waiting.id).length === 3);
    expect(linesOf(done.id)).toEqual(['job accepted', 'job ended']);
    expect(linesOf(waiting.id)).toEqual(['job accepted', 'job cancelled', 'job ended']);
    const ends = service.log.filter(({ msg }) => msg === 'job ended');
    expect(ends).toMatchObject([
      { owner: 'everybody', state: 'completed', total: 1, succeeded: 1, waitedMs: expect.any(Number) },
      { owner: 'everybody', state: 'cancelled', total: 1, cancelled: 1, tookMs: 0 },
    ]);
    expect(JSON.stringify(ends)).not.toContain('webhook');
  });
});
