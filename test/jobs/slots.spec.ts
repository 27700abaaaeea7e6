import { randomUUID } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import { LEASE_MS, thisMoment } from '../../src/jobs/lease';
import { PlaceClaims } from '../../src/jobs/place-claims';
import { type Place, type Slot, type SlotLimit, Slots } from '../../src/jobs/slots';
import type { Database } from '../../src/store/database';
import type { EmbeddedDatabase } from '../../src/store/embedded-database';
import { migrate } from '../../src/store/migrations';
import { useDirectories } from '../support/store';
import { openPrepared } from '../support/templates';

jest.setTimeout(60_000);

const FOREVER = new AbortController().signal;
const directory = useDirectories();
let database: EmbeddedDatabase;
const opened: Slots[] = [];
let names = 0;

beforeAll(async () => {
  database = await openPrepared(directory());
  await migrate(database);
});
afterEach(() => {
  for (const slots of opened.splice(0)) slots.close();
});
afterAll(() => database.close());

/** @param answered told of each answer to a claim or a beat, which it may keep for a while, or lose */
async function worker(
  others = true,
  answered: (to: 'claim' | 'beat') => Promise<void> = () => Promise.resolve(),
  failed = (error: Error): void => {
    throw error;
  },
): Promise<Slots> {
  const id = randomUUID();
  await database.query('INSERT INTO wirefetch.workers (id) VALUES ($1::uuid)', [id]);
  const asked: Database = {
    query: async <R>(...how: Parameters<Database['query']>) => {
      const rows = await database.query<R>(...how);
      if (how[0].includes('claim_places')) await answered('claim');
      if (how[0].includes('strictest_limit')) await answered('beat');
      return rows;
    },
    transaction: (act) => database.transaction(act),
    listen: (...how) => database.listen(...how),
    close: () => database.close(),
  };
  const slots = new Slots(asked, id, failed);
  slots.heard(thisMoment(), others);
  opened.push(slots);
  return slots;
}

/** @returns how many places all workers have, null: none has asked */
async function heldAt(name: string): Promise<number | null> {
  const sql = 'SELECT sum(held)::int AS held FROM wirefetch.leases WHERE name = $1';
  const [row] = await database.query<{ readonly held: number | null }>(sql, [name]);
  return row!.held;
}

/** A job that runs, as others have it, and is to go to a host. */
async function runningJobAt(host: string, concurrency: number): Promise<void> {
  const id = `job at ${host}`;
  await database.query(
    `INSERT INTO wirefetch.jobs (id, owner, state, total, pending, concurrency, host_concurrency, min_gap_ms, max_retries,
       backoff_ms, priority, keep_results_ms)
     VALUES ($1, 'somebody', 'running', 1, 1, 16, $2, 0, 0, 0, 0, 0)`,
    [id, concurrency],
  );
  await database.query('INSERT INTO wirefetch.job_hosts (job_id, host, remaining) VALUES ($1, $2, 1)', [
    id,
    host,
  ]);
}

function aName(): string {
  return `host-${names++}:80`;
}

function atMost(max: number, minGapMs = 0): SlotLimit {
  return { max, minGapMs };
}

const ROOMY = { name: 'job of many', limit: atMost(1_000) };

function enter(
  slots: Slots,
  name: string,
  limit: SlotLimit,
  signal = FOREVER,
  job: Slot = ROOMY,
): Promise<Place | null> {
  return slots.enter(job, { name, limit }, signal);
}

/** Takes a place again and again.
 *  @returns the most that were held at once, and when each began */
async function crowd(
  workers: readonly Slots[],
  name: string,
  limit: SlotLimit,
  times: number,
): Promise<{ readonly most: number; readonly beginnings: number[]; readonly ofEach: number[] }> {
  let [held, most] = [0, 0];
  const beginnings: number[] = [];
  const ofEach = workers.map(() => 0);
  const visit = async (slots: Slots, index: number): Promise<void> => {
    const place = await enter(slots, name, limit);
    beginnings.push(performance.now());
    ofEach[index]!++;
    most = Math.max(most, ++held);
    await after(2);
    held--;
    place!.leave();
  };
  await Promise.all(
    workers.flatMap((slots, index) => Array.from({ length: times }, () => visit(slots, index))),
  );
  return { most, beginnings, ofEach };
}

describe('places of several workers', () => {
  it('are never more than there may be, and all get theirs', async () => {
    const workers = await Promise.all([worker(), worker(), worker()]);
    const { most, ofEach } = await crowd(workers, aName(), atMost(2), 60);
    expect(most).toBe(2);
    expect(ofEach).toEqual([60, 60, 60]);
  });

  it('are yielded by a worker that never has two who want one', async () => {
    const name = aName();
    const workers = await Promise.all([worker(), worker()]);
    const visits = [0, 0];
    const isOver = (): boolean => Math.min(...visits) >= 5;
    const visit = async (slots: Slots, nth: number): Promise<void> => {
      while (!isOver()) {
        const place = await enter(slots, name, atMost(1));
        visits[nth]!++;
        await after(5);
        place!.leave();
      }
    };
    const began = performance.now();
    await Promise.all(workers.map(visit));
    // Each yields after a second at the latest; without that the second had none for many.
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(Math.max(...visits)).toBeLessThan(1_000);
  });

  it('begin no closer together than they may', async () => {
    const workers = await Promise.all([worker(), worker()]);
    const { beginnings } = await crowd(workers, aName(), atMost(4, 50), 4);
    const gaps = beginnings.slice(1).map((at, n) => at - beginnings[n]!);
    // They are told of a little later than the database counts.
    expect(Math.min(...gaps)).toBeGreaterThan(30);
    expect(beginnings).toHaveLength(8);
  });

  it('are not given away when a name is forgotten in the midst', async () => {
    const [first, job] = [aName(), aName()];
    const id = randomUUID();
    await database.query('INSERT INTO wirefetch.workers (id) VALUES ($1::uuid)', [id]);
    // As when housekeeping comes between the two steps of a claim.
    await database.query(`
      CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN DELETE FROM wirefetch.slots WHERE name = '${first}'; RETURN NULL; END $$;
      CREATE TRIGGER forget AFTER INSERT ON wirefetch.slots FOR EACH STATEMENT EXECUTE FUNCTION forget()`);
    const claims = new PlaceClaims(database, id);
    const names = [first, job].map((name) => ({ name, leased: 0, spare: 0, limit: atMost(1) }));
    await expect(claims.claim(names, [{ host: 0, job: 1 }])).rejects.toMatchObject({ code: '40001' });
    await database.query('DROP TRIGGER forget ON wirefetch.slots');
    expect(await claims.claim(names, [{ host: 0, job: 1 }])).toMatchObject([{ granted: 1 }, { granted: 1 }]);
  });

  it('are counted no more of a worker that is silent', async () => {
    const name = aName();
    const [silent, other] = await Promise.all([worker(), worker()]);
    await enter(silent, name, atMost(1));
    await database.query(`
      UPDATE wirefetch.workers SET beat_at = now() - interval '1 minute'
      WHERE id IN (SELECT worker FROM wirefetch.leases WHERE name = '${name}')`);
    expect(await enter(other, name, atMost(1))).not.toBeNull();
  });
});

describe('a worker', () => {
  it('that has lost its places goes on waiting, and counts none that come back late', async () => {
    const name = aName();
    const slots = await worker();
    const lost = (await enter(slots, name, atMost(1)))!;
    const waiting = [enter(slots, name, atMost(1)), enter(slots, name, atMost(1))];
    await database.query('DELETE FROM wirefetch.leases WHERE name = $1', [name]);
    slots.lose();
    const next = (await waiting[0])!;
    lost.leave();
    const early = await Promise.race([waiting[1], after(100).then(() => 'waits')]);
    expect(early).toBe('waits');
    next.leave();
    (await waiting[1])!.leave();
  });

  it('begins nothing when it was silent for too long, until it has been heard', async () => {
    const name = aName();
    const slots = await worker();
    const places = await Promise.all([1, 2].map(() => enter(slots, name, atMost(2))));
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + LEASE_MS);
    expect(slots.areHeld).toBe(false);
    const waiting = [enter(slots, name, atMost(2)), enter(slots, aName(), atMost(2))];
    for (const place of places) place!.leave();
    expect(await Promise.race([...waiting, after(200).then(() => 'wait')])).toBe('wait');
    slots.heard(thisMoment(), true);
    clock.mockRestore();
    for (const place of await Promise.all(waiting)) place!.leave();
  });

  it('gives back what comes after all was lost, and asks anew', async () => {
    const name = aName();
    let answer = (): void => undefined;
    const isLate = new Promise<void>((resolve) => (answer = resolve));
    const slots = await worker(true, (to) => (to === 'claim' ? isLate : Promise.resolve()));
    const entering = enter(slots, name, atMost(1));
    while ((await heldAt(name)) === null) await after(5);
    slots.lose();
    answer();
    const place = (await entering)!;
    expect(await heldAt(name)).toBe(1);
    place.leave();
    while ((await heldAt(name)) !== null) await after(5);
  });

  it.each([true, false])('may have as many again when the stricter has gone; others: %s', async (others) => {
    const name = aName();
    const slots = await worker(others);
    (await enter(slots, name, atMost(1)))!.leave();
    const places = await Promise.all(Array.from({ length: 3 }, () => enter(slots, name, atMost(3))));
    expect(places).not.toContain(null);
    for (const place of places as Place[]) place.leave();
  });

  it('that was alone lets go of its places when it meets another', async () => {
    const name = aName();
    const alone = await worker(false);
    const other = await worker();
    const over = new AbortController();
    let visits = 0;
    // One leaves for the next, without end.
    const visit = async (): Promise<void> => {
      while (!over.signal.aborted) {
        const place = await enter(alone, name, atMost(1));
        visits++;
        await after(1);
        place!.leave();
      }
    };
    const visiting = [visit(), visit()];
    const entered = enter(other, name, atMost(1));
    expect(await Promise.race([entered, after(1_500).then(() => 'waits')])).toBe('waits');
    alone.heard(thisMoment(), true);
    const place = await entered;
    const before = visits;
    over.abort();
    place!.leave();
    await Promise.all(visiting);
    expect(before).toBeGreaterThan(0);
  });

  it('that waits no more gets none, and keeps nobody else from one', async () => {
    const name = aName();
    const slots = await worker();
    const place = (await enter(slots, name, atMost(1)))!;
    const controller = new AbortController();
    const given = enter(slots, name, atMost(1), controller.signal);
    controller.abort();
    expect(await given).toBeNull();
    place.leave();
    expect(await enter(await worker(), name, atMost(1))).not.toBeNull();
    expect(await heldAt(name)).toBe(1);
  });

  it('that does not hear what it was given has no more than it uses', async () => {
    const name = aName();
    const failures: Error[] = [];
    const slots = await worker(
      true,
      (to) =>
        to === 'claim' && failures.length === 0 ? Promise.reject(new Error('lost')) : Promise.resolve(),
      (error) => failures.push(error),
    );
    const controller = new AbortController();
    const given = enter(slots, name, atMost(2), controller.signal);
    while (failures.length === 0) await after(5);
    expect(await heldAt(name)).toBe(1);
    controller.abort();
    expect(await given).toBeNull();
    while ((await heldAt(name)) !== null) await after(5);
    const places = await Promise.all([1, 2].map(() => enter(slots, name, atMost(2))));
    expect(await heldAt(name)).toBe(2);
    for (const place of places) place!.leave();
    while ((await heldAt(name)) !== null) await after(5);
    expect(failures).toHaveLength(1);
  });

  it('asks no more often than it may while the database cannot be asked', async () => {
    const [name, unknown] = [aName(), aName()];
    const failures: Error[] = [];
    let isAway = false;
    const slots = await worker(
      false,
      () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve()),
      (error) => failures.push(error),
    );
    (await enter(slots, name, atMost(1)))!.leave();
    isAway = true;
    const stuck = enter(slots, unknown, atMost(1));
    const until = performance.now() + 1_000;
    let visits = 0;
    // Those who need nobody to be asked go on meanwhile.
    while (performance.now() < until) {
      const place = await enter(slots, name, atMost(1));
      await after(1);
      place!.leave();
      visits++;
    }
    isAway = false;
    (await stuck)!.leave();
    expect(failures.length).toBeLessThan(8);
    expect(visits).toBeGreaterThan(100);
  });

  it('lets those go on for whom there is room here while many others are asked for', async () => {
    let isSilent = false;
    let answer = (): void => undefined;
    const slots = await worker(false, (to) =>
      isSilent && to === 'claim' ? new Promise((resolve) => (answer = resolve)) : Promise.resolve(),
    );
    const name = aName();
    const place = (await enter(slots, name, atMost(1)))!;
    isSilent = true;
    const crowded = Array.from({ length: 200 }, () => enter(slots, aName(), atMost(1)));
    const next = enter(slots, name, atMost(1));
    place.leave();
    (await next)!.leave();
    isSilent = false;
    answer();
    const entered = await Promise.all(crowded);
    expect(entered).not.toContain(null);
    for (const one of entered) one!.leave();
  });

  it('has what it says that it has when the database thinks otherwise, and is heard', async () => {
    const [kept, gone] = [aName(), aName()];
    const slots = await worker();
    const place = (await enter(slots, kept, atMost(3)))!;
    (await enter(slots, gone, atMost(3)))!.leave();
    while ((await heldAt(gone)) !== null) await after(5);
    // As by an answer that came after everybody had given up waiting for it.
    await database.query(`
      INSERT INTO wirefetch.leases (name, worker, held)
      SELECT '${gone}', worker, 2 FROM wirefetch.leases WHERE name = '${kept}'`);
    await database.query('UPDATE wirefetch.leases SET held = 3 WHERE name = $1', [kept]);
    slots.heard(thisMoment(), true);
    while ((await heldAt(gone)) !== null) await after(5);
    expect(await heldAt(kept)).toBe(1);
    place.leave();
  });

  it('that is alone hears of a stricter job elsewhere when it is heard', async () => {
    const name = aName();
    const heard: string[] = [];
    const alone = await worker(false, (to) => Promise.resolve(void (to === 'beat' && heard.push(to))));
    const limit = atMost(4);
    const places = (await Promise.all([1, 2, 3, 4].map(() => enter(alone, name, limit)))) as Place[];
    const waiting = [1, 2, 3, 4].map(() => enter(alone, name, limit));
    await runningJobAt(name, 1);
    alone.heard(thisMoment(), false);
    while (heard.length < 2) await after(5);
    await after(5);
    for (const place of places) place.leave();
    const first = (await Promise.race(waiting))!;
    expect(await Promise.race([...waiting.slice(1), after(200).then(() => 'wait')])).toBe('wait');
    expect(await heldAt(name)).toBe(1);
    first.leave();
    for (const one of waiting.slice(1)) (await one)!.leave();
  });
});

describe('who waits', () => {
  it('at a slow host keeps nobody of its job from another', async () => {
    const job: Slot = { name: 'job of two hosts', limit: atMost(2) };
    const [slow, fast] = [aName(), aName()];
    const [here, elsewhere] = [await worker(), await worker()];
    const taken = (await enter(elsewhere, slow, atMost(1)))!;
    const stuck = [1, 2, 3].map(() => enter(here, slow, atMost(1), FOREVER, job));
    for (let n = 0; n < 5; n++) (await enter(here, fast, atMost(1), FOREVER, job))!.leave();
    expect(await heldAt(job.name)).toBeLessThanOrEqual(2);
    taken.leave();
    for (const one of stuck) (await one)!.leave();
  });

  it('for its job keeps nobody from its host', async () => {
    const busy: Slot = { name: 'job that is full', limit: atMost(1) };
    const name = aName();
    const [here, elsewhere] = [await worker(), await worker()];
    const fills = (await enter(elsewhere, aName(), atMost(1), FOREVER, busy))!;
    const stuck = enter(here, name, atMost(1), FOREVER, busy);
    for (let n = 0; n < 5; n++) (await enter(here, name, atMost(1)))!.leave();
    expect(await heldAt(busy.name)).toBe(1);
    fills.leave();
    (await stuck)!.leave();
  });

  it('comes in turn with those of another job at the same host', async () => {
    const name = aName();
    const jobs: Slot[] = [1, 2].map((n) => ({ name: `job ${n} of two`, limit: atMost(4) }));
    const slots = await worker(false);
    const order: number[] = [];
    const visit = async (nth: number): Promise<void> => {
      for (let n = 0; n < 10; n++) {
        const place = await enter(slots, name, atMost(1), FOREVER, jobs[nth]);
        order.push(nth);
        await after(1);
        place!.leave();
      }
    };
    await Promise.all([visit(0), visit(1)]);
    expect(order.slice(0, 10).filter((nth) => nth === 0)).toHaveLength(5);
  });
});
