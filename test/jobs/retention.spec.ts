import { setTimeout as after } from 'node:timers/promises';
import type { JobDto } from '../../src/jobs/dto/job.dto';
import { Housekeeping } from '../../src/jobs/housekeeping';
import type { Database } from '../../src/store/database';
import { Store } from '../../src/store/store';
import { jsonOf, TestService } from '../support/app';
import { useCountingOrigin } from '../support/counting-origin';
import { JobCaller } from '../support/job-caller';
import { describeOnPostgres, usePostgres } from '../support/postgres';

jest.setTimeout(60_000);

const KEEP_MS = 600_000;

describe('a job that is kept no longer, on the embedded database,', () => {
  suite(() => ({}));
});

describeOnPostgres('a job that is kept no longer, on PostgreSQL,', () => {
  const url = usePostgres();
  suite(() => ({ WIREFETCH_DATABASE_URL: url()! }));
});

function suite(env: () => NodeJS.ProcessEnv): void {
  const origin = useCountingOrigin();
  let service: TestService;
  let jobs: JobCaller;
  let database: Database;
  let housekeeping: Housekeeping;
  beforeAll(async () => {
    service = await TestService.start(env());
    jobs = new JobCaller(service.url);
    const store = service.app.get(Store);
    database = await store.open();
    housekeeping = new Housekeeping(database, store.isEmbedded);
  });
  afterAll(() => service.close());

  const submit = async (count: number): Promise<string> => {
    const requests = Array.from({ length: count }, (_, n) => ({ url: `${origin().url}/${n}` }));
    return (await jobs.submit({ requests, keepResultsMs: KEEP_MS })).id;
  };

  /** @returns the tables, the queue's among them, with a row that names a job anywhere */
  const tablesWith = async (id: string): Promise<string[]> => {
    const tables = await database.query<{ readonly name: string }>(
      `SELECT schemaname || '.' || tablename AS name FROM pg_tables
       WHERE schemaname IN ('wirefetch', 'pgboss') ORDER BY 1`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const rows = await database.query(
        `SELECT FROM ${name} AS t WHERE strpos(to_jsonb(t)::text, $1) > 0 LIMIT 1`,
        [id],
      );
      if (rows.length > 0) found.push(name);
    }
    return found;
  };

  /** As if it had all been so long ago. */
  const age = async (ids: readonly string[], interval: string): Promise<void> => {
    await database.query(
      `UPDATE wirefetch.jobs SET finished_at = finished_at - interval '${interval}' WHERE id = ANY($1)`,
      [ids],
    );
    await database.query(`UPDATE wirefetch.slots SET next_at = next_at - interval '${interval}'`);
    await database.query(`UPDATE pgboss.job SET completed_on = completed_on - interval '${interval}'`);
    // It looks after its tables less often than a test may take.
    await database.query(`UPDATE pgboss.queue SET maintain_on = maintain_on - interval '${interval}'`);
  };

  it('is gone from every table, and answers 404', async () => {
    const [gone, kept] = [await submit(20), await submit(20)];
    await Promise.all([gone, kept].map((id) => jobs.over(id)));
    origin().reset(() => undefined);
    const cancelled = await submit(20);
    await origin().until(1);
    await jobs.cancel(cancelled);
    await jobs.over(cancelled);
    const ours = ['job_hosts', 'items', 'jobs', 'results'].map((name) => `wirefetch.${name}`);
    for (const id of [gone, kept, cancelled]) {
      expect(await tablesWith(id)).toEqual(expect.arrayContaining(ours));
    }

    expect(await housekeeping.sweep()).toBe(false);
    expect((await jobs.get(`/jobs/${gone}`)).status).toBe(200);
    await age([gone, cancelled], '3 hours');
    expect(await housekeeping.sweep()).toBe(false);
    for (const id of [gone, cancelled]) {
      for (const path of ['', '/results', '/events'])
        expect((await jobs.get(`/jobs/${id}${path}`)).status).toBe(404);
      const left = await tablesWith(id);
      expect(ours.filter((name) => left.includes(name))).toEqual([]);
    }
    const { items } = jsonOf<{ readonly items: JobDto[] }>(await jobs.get('/jobs'));
    expect(items.map(({ id }) => id)).toEqual([kept]);
    expect(await jobs.results(kept)).toHaveLength(20);

    // The queue clears itself, of what was done some time ago; places that nobody uses go with housekeeping.
    for (const id of [gone, cancelled])
      while ((await tablesWith(id)).length > 0) {
        await after(50);
        await age([], '3 hours');
        await housekeeping.sweep();
      }
  });
}
