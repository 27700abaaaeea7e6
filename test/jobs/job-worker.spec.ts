import { randomUUID } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import { ItemQueue } from '../../src/jobs/item-queue';
import { ItemRunner } from '../../src/jobs/item-runner';
import { JobReport } from '../../src/jobs/job-report';
import { JobWorker } from '../../src/jobs/job-worker';
import { Ledger } from '../../src/jobs/ledger';
import { PostgresDatabase } from '../../src/store/postgres-database';
import { TestService } from '../support/app';
import { type CountingOrigin, useCountingOrigin } from '../support/counting-origin';
import { JobCaller } from '../support/job-caller';
import { describeOnPostgres, usePostgres } from '../support/postgres';

jest.setTimeout(60_000);

/** a worker's share of one job, and the next */
const MORE_THAN_A_WINDOW = 600;

// By itself: nobody tells it anything, as while its connection for notifications is away.
describeOnPostgres('a worker that hears of nothing', () => {
  const url = usePostgres();
  const origins = [useCountingOrigin(), useCountingOrigin(), useCountingOrigin()];
  const [fast, slow, slower] = origins as [() => CountingOrigin, () => CountingOrigin, () => CountingOrigin];
  let service: TestService;
  let caller: JobCaller;
  let database: PostgresDatabase;
  let queue: ItemQueue;
  let worker: JobWorker;
  const failures: Error[] = [];
  const failed = (error: Error): void => void failures.push(error);
  beforeAll(async () => {
    service = await TestService.start({ WIREFETCH_ROLE: 'api', WIREFETCH_DATABASE_URL: url()! });
    caller = new JobCaller(service.url);
    await caller.get('/jobs');
    database = new PostgresDatabase(url()!);
    queue = await ItemQueue.start(database, { isEmbedded: false, failed });
  });
  beforeEach(async () => {
    for (const origin of [slow, slower]) origin().reset(() => undefined);
    await startWorker();
  });
  afterEach(async () => {
    await worker.stop();
    for (const { id } of JSON.parse((await caller.get('/jobs?limit=100')).text).items)
      await caller.cancel(id);
    expect(failures).toEqual([]);
  });
  afterAll(async () => {
    await queue?.stop();
    await database?.close();
    await service?.close();
  });

  const startWorker = async (): Promise<void> => {
    const [runner, report] = [service.app.get(ItemRunner), service.app.get(JobReport)];
    const ledger = new Ledger(database, queue);
    worker = new JobWorker({ database, queue, ledger, runner, report, failed });
    await worker.start();
  };

  const at = (origin: () => CountingOrigin, count: number): { readonly url: string }[] =>
    Array.from({ length: count }, (_, n) => ({ url: `${origin().url}/${n}` }));

  it('finds out within two seconds that a job was cancelled', async () => {
    const { id } = await caller.submit({ requests: at(slow, 40) });
    await slow().until(2);
    const before = performance.now();
    await caller.cancel(id);
    expect(await caller.over(id)).toMatchObject({ state: 'cancelled', cancelled: 40 });
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  it('takes items while jobs are cancelled, and neither waits for the other for ever', async () => {
    const { url: base } = fast();
    const requests = Array.from({ length: 200 }, (_, n) => ({ url: `${base}/${n}` }));
    const cancelled = Array.from({ length: 60 }, async () => {
      const { id } = await caller.submit({ requests, perHost: { concurrency: 16 } });
      worker.wake();
      const answer = await caller.cancel(id);
      return [answer.status, (await caller.over(id)).state];
    });
    expect(new Set((await Promise.all(cancelled)).map(String))).toEqual(new Set(['202,cancelled']));
  });

  it('goes to other hosts of a job while two of them are slow', async () => {
    const { id } = await caller.submit({
      requests: [...at(slow, 1_000), ...at(slower, 1_000), ...at(fast, 500)],
    });
    expect(await caller.until(id, ({ succeeded }) => succeeded === 500)).toMatchObject({ state: 'running' });
    expect([slow().most, slower().most]).toEqual([2, 2]);
  });

  it('comes to a job that is more urgent than those for whose hosts it waits', async () => {
    const requests = at(slow, MORE_THAN_A_WINDOW);
    for (let n = 0; n < 6; n++) await caller.submit({ requests, priority: -1 });
    await slow().until(2);
    while ((await taken()) < 1_000) await after(20);
    const { id } = await caller.submit({ requests: at(fast, 50) });
    expect(await caller.over(id)).toMatchObject({ succeeded: 50 });
  });

  it('comes to a more urgent job while it waits for more hosts than it has room for', async () => {
    const hosts = Array.from({ length: 250 }, (_, n) => `127.0.1.${n}:8000`);
    await occupy(hosts);
    const requests = Array.from({ length: 600 }, (_, n) => ({ url: `http://${hosts[n % hosts.length]}/` }));
    for (let n = 0; n < 3; n++)
      await caller.submit({ requests, concurrency: 256, perHost: { concurrency: 64 }, priority: -1 });
    while ((await taken()) < 1_000) await after(20);
    const { id } = await caller.submit({ requests: at(fast, 20), priority: 5 });
    expect(await caller.over(id)).toMatchObject({ succeeded: 20 });
  });

  it('gives back what waits while it has something to fetch alone, which goes on when the rest has ended', async () => {
    const held: (() => void)[] = [];
    slow().answering = ({ path }, response) => void held.push(() => response.end(path));
    const { id: stuck } = await caller.submit({ requests: at(slow, 300) });
    await slow().until(2);
    const startAfter = new Date(Date.now() + 3_600_000).toISOString();
    const suspect = await caller.submit({ requests: at(fast, 1), startAfter });
    await blame(suspect.id);
    await caller.until(stuck, ({ running }) => running === 2);
    slow().answering = ({ path }, response) => void response.end(path);
    for (const answer of held.splice(0)) answer();
    expect(await caller.over(suspect.id)).toMatchObject({ succeeded: 1 });
    expect(await caller.over(stuck)).toMatchObject({ succeeded: 300 });
  });

  it('takes little at once of what was lost before it began, so that little is counted as lost once more', async () => {
    await worker.stop();
    const startAfter = new Date(Date.now() + 3_600_000).toISOString();
    const { id } = await caller.submit({ requests: at(slow, 300), startAfter });
    await blame(id, 1);
    await startWorker();
    while ((await taken()) < 300) await after(20);
    const claims = await database.query<{ readonly count: number }>(
      'SELECT count(*)::int AS count FROM wirefetch.items WHERE job_id = $1 GROUP BY run',
      [id],
    );
    expect(Math.max(...claims.map(({ count }) => count))).toBeLessThan(150);
  });

  it('lets go of what the queue has given to others', async () => {
    const timeouts = { firstByteMs: 60_000, totalMs: 60_000 };
    const requests = at(slow, 3).map((request) => ({ ...request, timeouts }));
    const { id } = await caller.submit({ requests, perHost: { concurrency: 3 } });
    await slow().until(3);
    slow().reset(({ path }, response) => void response.end(path));
    await putBack(id);
    // By the next that it says of them.
    expect(await caller.over(id)).toMatchObject({ succeeded: 3 });
    expect(slow().arrivals).toHaveLength(3);
  });

  it('lets go of what it was to fetch alone when that is cancelled, or given to others', async () => {
    const busy = await caller.submit({ requests: at(slow, 1) });
    await slow().until(1);
    // So that they are not taken before.
    const startAfter = new Date(Date.now() + 3_600_000).toISOString();
    const suspect = { requests: at(fast, 1), startAfter };
    const suspects = [await caller.submit(suspect), await caller.submit(suspect)];
    for (const { id } of suspects) await blame(id);
    const [gone, kept] = suspects.map(({ id }) => id) as [string, string];
    for (const id of [gone, kept]) await caller.until(id, ({ running }) => running === 1);
    await caller.cancel(gone);
    expect(await caller.over(gone)).toMatchObject({ cancelled: 1 });
    const before = await runOf(kept);
    await putBack(kept);
    while ((await runOf(kept)) === before) await after(20);
    await caller.cancel(busy.id);
    expect(await caller.over(kept)).toMatchObject({ succeeded: 1 });
    expect(fast().arrivals).toHaveLength(1);
  });

  const taken = async (): Promise<number> => {
    const sql = "SELECT count(*)::int AS count FROM wirefetch.items WHERE state = 'running'";
    const [row] = await database.query<{ readonly count: number }>(sql);
    return row!.count;
  };

  /** As by another worker that has all places there, and stays. */
  const occupy = async (hosts: readonly string[]): Promise<void> => {
    const other = randomUUID();
    await database.query(
      "INSERT INTO wirefetch.workers (id, beat_at) VALUES ($1::uuid, now() + interval '1 hour')",
      [other],
    );
    await database.query(
      'INSERT INTO wirefetch.leases (name, worker, held) SELECT n, $2::uuid, 1000 FROM unnest($1::text[]) AS n',
      [hosts, other],
    );
  };

  /** As when the worker that has a job's items was silent for too long. */
  const putBack = async (job: string): Promise<void> => {
    const rows = await database.query<{ readonly id: string }>(
      'SELECT queue_id::text AS id FROM wirefetch.items WHERE job_id = $1',
      [job],
    );
    await database.transaction((tx) =>
      queue.putBack(
        tx,
        rows.map(({ id }) => id),
      ),
    );
  };

  /** Which claim a job's only item is with. */
  const runOf = async (job: string): Promise<string> => {
    const sql = 'SELECT run::text AS run FROM wirefetch.items WHERE job_id = $1';
    const [row] = await database.query<{ readonly run: string }>(sql, [job]);
    return row!.run;
  };

  /** As when so many workers were lost with its items. */
  const blame = async (job: string, losses = 3): Promise<void> => {
    await database.query(
      `UPDATE pgboss.job SET retry_count = $2, state = 'retry', start_after = now()
       WHERE id IN (SELECT queue_id FROM wirefetch.items WHERE job_id = $1)`,
      [job, losses],
    );
  };
});
