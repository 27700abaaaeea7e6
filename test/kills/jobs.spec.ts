import { setTimeout as after } from 'node:timers/promises';
import { PostgresDatabase } from '../../src/store/postgres-database';
import { CountingOrigin } from '../support/counting-origin';
import { JobCaller } from '../support/job-caller';
import { describeOnPostgres, usePostgresServer } from '../support/postgres';
import { ServiceProcess } from '../support/service-process';
import { useDirectories } from '../support/store';

jest.setTimeout(180_000);

const ITEMS = 2_000;
/** of several workers, which come to know of a lost one later */
const SHARED = 800;
const CONCURRENCY = 16;
/** What has ended is recorded a little later: what was not yet is fetched again. */
const MAX_UNRECORDED = 256;
/** with the start of the database longer than some heartbeats last, and not as long as a worker's places do */
const AWAY_MS = 9_000;
/** by then everybody is judged by heartbeats again */
const JUDGED_MS = 10_000;

const directory = useDirectories();
let origin: CountingOrigin;
let other: CountingOrigin;
beforeEach(async () => {
  [origin, other] = await Promise.all([CountingOrigin.listen(), CountingOrigin.listen()]);
});
afterEach(() => Promise.all([origin.close(), other.close()]));

/** @param origins taken by turns */
function bodyOf(count: number, more: object = {}, origins: readonly CountingOrigin[] = [origin]): object {
  const requests = Array.from({ length: count }, (_, n) => ({
    url: `${origins[n % origins.length]!.url}/${n}`,
  }));
  return { requests, concurrency: CONCURRENCY, perHost: { concurrency: CONCURRENCY }, ...more };
}

/** Every item is recorded once, and nothing was fetched more often than the kills explain. */
async function expectAllOnce(caller: JobCaller, id: string, fetchedAgain: number): Promise<void> {
  const { total, ...job } = await caller.over(id);
  expect(job).toMatchObject({ state: 'completed', succeeded: total, failed: 0, cancelled: 0 });
  const items = await caller.results(id);
  expect(new Set(items.map(({ index }) => index)).size).toBe(total);
  expect(items).toHaveLength(total);
  for (const { index, result } of items) expect(result?.body?.text).toBe(`/${index}`);
  const arrivals = origin.arrivals.length + other.arrivals.length;
  expect(arrivals - total).toBeLessThanOrEqual(fetchedAgain);
}

describe('the embedded database', () => {
  it('loses nothing when it is killed six times on the way, and records nothing twice', async () => {
    const env = { WIREFETCH_DATA_DIR: directory() };
    let service = await ServiceProcess.start(env);
    const { id } = await new JobCaller(service.url).submit(bodyOf(ITEMS));
    for (let kill = 1; kill <= 6; kill++) {
      await origin.until(Math.floor((ITEMS / 8) * kill));
      await service.kill();
      service = await ServiceProcess.start(env);
    }
    await expectAllOnce(new JobCaller(service.url), id, 6 * MAX_UNRECORDED);
    await service.kill();
  });

  it('is one process’, and says so to others', async () => {
    const env = { WIREFETCH_DATA_DIR: directory() };
    const first = await ServiceProcess.start(env);
    const second = await ServiceProcess.start(env);
    await new JobCaller(first.url).submit(bodyOf(1));
    const refused = await new JobCaller(second.url).post(bodyOf(1));
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1']);
    expect(refused.text).toContain('"store-unavailable"');
    await first.kill();
    await after(1_100);
    expect((await new JobCaller(second.url).post(bodyOf(1))).status).toBe(202);
    await second.kill();
  });

  it('is made anew when it was killed while it was made', async () => {
    const env = { WIREFETCH_DATA_DIR: directory() };
    for (const ms of [50, 100, 150, 200, 300, 1_500, 3_000]) {
      const service = await ServiceProcess.start(env);
      const asked = new JobCaller(service.url).post(bodyOf(1)).catch(() => null);
      await after(ms);
      await service.kill();
      await asked;
    }
    const service = await ServiceProcess.start(env);
    const caller = new JobCaller(service.url);
    const { id } = await caller.submit(bodyOf(3));
    expect(await caller.over(id)).toMatchObject({ succeeded: 3 });
    await service.kill();
  });

  it('goes on where it was after an orderly stop, and no attempt is lost', async () => {
    const env = { WIREFETCH_DATA_DIR: directory() };
    const service = await ServiceProcess.start(env);
    const { id } = await new JobCaller(service.url).submit(bodyOf(ITEMS));
    await origin.until(300);
    service.signal('SIGTERM');
    expect(await service.ended).toEqual({ code: 0, signal: null });
    expect(service.stderr).toBe('');
    const next = await ServiceProcess.start(env);
    await expectAllOnce(new JobCaller(next.url), id, 0);
    await next.kill();
  });
});

describeOnPostgres('four workers on PostgreSQL', () => {
  const database = usePostgresServer();
  let services: ServiceProcess[];
  const start = (role: string): Promise<ServiceProcess> =>
    ServiceProcess.start({
      WIREFETCH_ROLE: role,
      WIREFETCH_DATABASE_URL: database()!.url,
    });
  beforeEach(async () => {
    services = await Promise.all(['api', 'worker', 'worker', 'worker', 'worker'].map(start));
  });
  afterEach(() => Promise.all(services.map((service) => service.kill())));

  it('lose nothing when they are killed, and record nothing twice', async () => {
    const caller = new JobCaller(services[0]!.url);
    const { id } = await caller.submit(bodyOf(SHARED));
    for (let kill = 1; kill <= 4; kill++) {
      await origin.until(Math.floor((SHARED / 6) * kill));
      await services[kill]!.kill();
      services[kill] = await start('worker');
    }
    await expectAllOnce(caller, id, 4 * MAX_UNRECORDED);
  });

  it('go on when the database has crashed and is back', async () => {
    const caller = new JobCaller(services[0]!.url);
    const { id } = await caller.submit(bodyOf(SHARED));
    for (const share of [0.2, 0.6]) {
      await origin.until(SHARED * share);
      await database()!.crash();
      const refused = await caller.post(bodyOf(1));
      expect([refused.status, refused.text]).toEqual([503, expect.stringContaining('"store-unavailable"')]);
      await database()!.start();
    }
    await expectAllOnce(caller, id, 2 * 4 * MAX_UNRECORDED);
  });

  it('fetch nothing again of what was under way when the database is back after longer than heartbeats last', async () => {
    const caller = new JobCaller(services[0]!.url);
    const held: (() => void)[] = [];
    origin.answering = ({ path }, response) => void held.push(() => response.end(path));
    const { requests, ...more } = bodyOf(CONCURRENCY) as {
      readonly requests: readonly { readonly url: string }[];
    };
    const timeouts = { firstByteMs: 120_000, totalMs: 120_000 };
    const { id } = await caller.submit({
      ...more,
      requests: requests.map((request) => ({ ...request, timeouts })),
    });
    await origin.until(CONCURRENCY);
    await database()!.crash();
    await after(AWAY_MS);
    await database()!.start();
    await after(JUDGED_MS);
    for (const answer of held.splice(0)) answer();
    await expectAllOnce(caller, id, 0);
  });

  it('stop in time when the database is away, and what they had is fetched by others', async () => {
    const caller = new JobCaller(services[0]!.url);
    const { id } = await caller.submit(bodyOf(SHARED));
    await origin.until(SHARED / 4);
    await database()!.crash();
    const workers = services.slice(1, 4);
    for (const worker of workers) worker.signal('SIGTERM');
    expect(await Promise.all(workers.map(({ ended }) => ended))).toEqual(
      workers.map(() => ({ code: 0, signal: null })),
    );
    await database()!.start();
    await expectAllOnce(caller, id, 4 * MAX_UNRECORDED);
  });

  it('go on when one of them slept for longer than it may, and what it did is not recorded', async () => {
    const caller = new JobCaller(services[0]!.url);
    origin.answering = ({ path }, response) => void setTimeout(() => response.end(path), 20);
    const { id } = await caller.submit(bodyOf(SHARED));
    await origin.until(100);
    services[1]!.signal('SIGSTOP');
    const others = await caller.until(id, ({ succeeded }) => succeeded > SHARED / 2);
    expect(others.finishedAt).toBeNull();
    await caller.over(id);
    services[1]!.signal('SIGCONT');
    await expectAllOnce(caller, id, MAX_UNRECORDED);
  });
});

describeOnPostgres('a worker that slept for longer than it may, and goes on in the midst', () => {
  const server = usePostgresServer();
  const services: ServiceProcess[] = [];
  const start = async (...roles: string[]): Promise<ServiceProcess[]> => {
    const env = { WIREFETCH_DATABASE_URL: server()!.url };
    const started = await Promise.all(
      roles.map((role) => ServiceProcess.start({ WIREFETCH_ROLE: role, ...env })),
    );
    services.push(...started);
    return started;
  };
  let database: PostgresDatabase;
  beforeAll(() => {
    database = new PostgresDatabase(server()!.url);
  });
  afterAll(() => database?.close());
  afterEach(() => Promise.all(services.splice(0).map((service) => service.kill())));

  /** When so many workers have said that they are there, from now on. */
  const beatsOf = async (count: number): Promise<void> => {
    const [clock] = await database.query<{ readonly now: Date }>('SELECT clock_timestamp() AS now');
    for (;;) {
      const alive = await database.query('SELECT FROM wirefetch.workers WHERE beat_at > $1', [clock!.now]);
      if (alive.length >= count) return;
      await after(50);
    }
  };

  it('sends nothing more at hosts where others are, all together keep the limits, and nothing is recorded twice', async () => {
    const origins = [origin, other];
    const held: (() => void)[] = [];
    const answerAll = (): void => {
      for (const answer of held.splice(0)) answer();
    };
    for (const one of origins)
      one.answering = ({ path }, response) => void held.push(() => response.end(path));
    const [api, sleeper] = (await start('api', 'worker')) as [ServiceProcess, ServiceProcess];
    const caller = new JobCaller(api.url);
    const { id } = await caller.submit(
      bodyOf(400, { concurrency: 64, perHost: { concurrency: 3 } }, origins),
    );
    await Promise.all(origins.map((one) => one.until(3)));
    sleeper.signal('SIGSTOP');
    // It finds these when it wakes up, as if there were room for others at once.
    answerAll();
    await start('worker', 'worker', 'worker');
    // Its places are those of the others by now: all of them, for as long as nothing is answered.
    await Promise.all(origins.map((one) => one.until(6)));
    sleeper.signal('SIGCONT');
    await beatsOf(4);
    await beatsOf(4);
    expect((await caller.job(id)).finishedAt).toBeNull();
    expect(origins.map(({ most }) => most)).toEqual([3, 3]);
    for (const one of origins)
      one.answering = ({ path }, response) => void setTimeout(() => response.end(path), 5);
    answerAll();
    await expectAllOnce(caller, id, MAX_UNRECORDED);
    expect(origins.map(({ most }) => most)).toEqual([3, 3]);
  });
});
