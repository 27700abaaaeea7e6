import { call } from '../support/app';
import { useCountingOrigin } from '../support/counting-origin';
import { JobCaller } from '../support/job-caller';
import { type LogLine, type ServiceProcess, useProcesses } from '../support/service-process';
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

  it('names the job and the item in the line of each fetch of a job, and in no other', async () => {
    const service = await startService({ WIREFETCH_DATA_DIR: directory() });
    const jobs = new JobCaller(service.url);
    const { id } = await jobs.submit({ requests: [0, 1].map((n) => ({ url: `${origin().url}/${n}` })) });
    await jobs.over(id);
    await call(`${service.url}/fetch`, { method: 'POST', body: { url: `${origin().url}/none` } });

    const fetches = (): LogLine[] => service.log.filter(({ msg }) => msg === 'fetch');
    await service.until(() => fetches().length === 3);
    const named = new Map(fetches().map(({ url, job, index }) => [url, { job, index }]));
    expect(named).toEqual(
      new Map([
        [`${origin().url}/0`, { job: id, index: 0 }],
        [`${origin().url}/1`, { job: id, index: 1 }],
        [`${origin().url}/none`, { job: undefined, index: undefined }],
      ]),
    );
  });

  it('tells after a restart what is taken up again, and nothing where nothing is', async () => {
    const dataDir = directory();
    const taken = ({ log }: ServiceProcess): LogLine[] =>
      log.filter(({ msg }) => msg === 'jobs taken up again');
    const first = await startService({ WIREFETCH_DATA_DIR: dataDir });
    let jobs = new JobCaller(first.url);
    const requests = Array.from({ length: 3 }, () => ({ url: `${origin().url}/` }));
    await jobs.over((await jobs.submit({ requests })).id);
    origin().reset(() => undefined);
    const { id } = await jobs.submit({ requests, perHost: { concurrency: 3 } });
    await jobs.submit({ requests, startAfter: new Date(Date.now() + 3_600_000).toISOString() });
    await origin().until(3);
    await first.kill();
    expect(taken(first)).toEqual([]);

    origin().reset();
    const second = await startService({ WIREFETCH_DATA_DIR: dataDir });
    await second.until(() => taken(second).length === 1);
    expect(taken(second)).toMatchObject([{ level: 30, context: 'jobs', jobs: 2, putBack: 3 }]);
    jobs = new JobCaller(second.url);
    expect(await jobs.over(id)).toMatchObject({ succeeded: 3 });
  });
});
