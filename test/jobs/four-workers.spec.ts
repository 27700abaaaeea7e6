import { PostgresDatabase } from '../../src/store/postgres-database';
import { type CountingOrigin, useCountingOrigin } from '../support/counting-origin';
import { JobCaller } from '../support/job-caller';
import { describeOnPostgres, usePostgres } from '../support/postgres';
import { ServiceProcess } from '../support/service-process';

jest.setTimeout(120_000);

/** as long as an origin takes to answer, so that others could come meanwhile */
const ANSWER_MS = 5;

describeOnPostgres('four workers keep the limits of a host, all together', () => {
  const url = usePostgres();
  const origins = [useCountingOrigin(), useCountingOrigin()];
  let services: ServiceProcess[] = [];
  let database: PostgresDatabase;
  let caller: JobCaller;
  beforeAll(async () => {
    const start = (role: string): Promise<ServiceProcess> =>
      ServiceProcess.start({ WIREFETCH_ROLE: role, WIREFETCH_DATABASE_URL: url()! });
    services = await Promise.all(['api', 'worker', 'worker', 'worker', 'worker'].map(start));
    caller = new JobCaller(services[0]!.url);
    database = new PostgresDatabase(url()!);
  });
  afterAll(() => Promise.all([...services.map((service) => service.kill()), database?.close()]));

  /** So many requests at each host, by turns. */
  const atEach = (count: number): { readonly url: string }[] =>
    Array.from({ length: count }, (_, n) =>
      origins.map((origin) => ({ url: `${origin().url}/${n}` })),
    ).flat();

  it('of how much goes on at once', async () => {
    for (const origin of origins)
      origin().reset(({ path }, response) => void setTimeout(() => response.end(path), ANSWER_MS));
    const job = { requests: atEach(400), concurrency: 64, perHost: { concurrency: 3 } };
    const { id } = await caller.submit(job);
    expect(await caller.over(id)).toMatchObject({ succeeded: 800, failed: 0 });
    for (const origin of origins) {
      expect(origin().most).toBe(3);
      expect(origin().arrivals).toHaveLength(400);
    }
  });

  // How long a request is on its way, from the database's word to the target, is in nobody's hand: two may arrive closer
  // together than they began. So the database is asked when it let each begin, and the origin whether it saw none before.
  it('of how soon one follows another', async () => {
    const [minGapMs, count] = [40, 25];
    await database.query(NOTE_BEGINNINGS);
    const seen = origins.map((origin) => {
      const times: number[] = [];
      origin().reset((_, response) => {
        times.push(Date.now());
        response.end();
      });
      return times;
    });
    const { id } = await caller.submit({ requests: atEach(count), perHost: { concurrency: 8, minGapMs } });
    expect(await caller.over(id)).toMatchObject({ succeeded: count * origins.length });
    for (const [n, origin] of origins.entries()) {
      const begun = await beginningsAt(origin(), minGapMs);
      const gaps = begun.slice(1).map((at, before) => at - begun[before]!);
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(minGapMs);
      expect(seen[n]).toHaveLength(count);
      // The clock of the origin counts whole milliseconds.
      for (const [nth, at] of seen[n]!.entries()) expect(at + 1).toBeGreaterThan(begun[nth]!);
    }
  });

  /** @returns when the database let each begin, in ms since the epoch */
  const beginningsAt = async ({ url: origin }: CountingOrigin, minGapMs: number): Promise<number[]> => {
    const rows = await database.query<{ readonly nextMs: number }>(
      'SELECT extract(epoch FROM next_at)::float8 * 1000 AS "nextMs" FROM beginnings WHERE name = $1 ORDER BY 1',
      [new URL(origin).host],
    );
    return rows.map(({ nextMs }) => nextMs - minGapMs);
  };
});

/** With each beginning at a host is written when the next one may be. */
const NOTE_BEGINNINGS = `
CREATE TABLE beginnings (name text NOT NULL, next_at timestamptz NOT NULL);
CREATE FUNCTION note_beginning() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO beginnings VALUES (NEW.name, NEW.next_at);
  RETURN NULL;
END $$;
CREATE TRIGGER note_beginning AFTER UPDATE ON wirefetch.slots FOR EACH ROW EXECUTE FUNCTION note_beginning()`;
