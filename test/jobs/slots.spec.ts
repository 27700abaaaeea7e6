import { randomUUID } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import { type Place, type SlotLimit, Slots } from '../../src/jobs/slots';
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

/** @param answered may keep what the database answers for a while */
async function worker(
  others = true,
  answered = <R>(rows: R[]): Promise<R[]> => Promise.resolve(rows),
): Promise<Slots> {
  const id = randomUUID();
  await database.query('INSERT INTO wirefetch.workers (id) VALUES ($1::uuid)', [id]);
  const asked: Database = {
    query: async (...how) => answered(await database.query(...how)),
    transaction: (act) => database.transaction(act),
    listen: (...how) => database.listen(...how),
    close: () => database.close(),
  };
  const slots = new Slots(asked, id, (error) => {
    throw error;
  });
  slots.meet(others);
  opened.push(slots);
  return slots;
}

/** @returns how many places all workers have, null: none has asked */
async function heldAt(name: string): Promise<number | null> {
  const sql = 'SELECT sum(held)::int AS held FROM wirefetch.leases WHERE name = $1';
  const [row] = await database.query<{ readonly held: number | null }>(sql, [name]);
  return row!.held;
}

function aName(): string {
  return `host-${names++}:80`;
}

function atMost(max: number, minGapMs = 0): SlotLimit {
  return { max, minGapMs };
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
    const place = await slots.enter(name, limit, FOREVER);
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

  it('begin no closer together than they may', async () => {
    const workers = await Promise.all([worker(), worker()]);
    const { beginnings } = await crowd(workers, aName(), atMost(4, 50), 4);
    const gaps = beginnings.slice(1).map((at, n) => at - beginnings[n]!);
    // They are told of a little later than the database counts.
    expect(Math.min(...gaps)).toBeGreaterThan(30);
    expect(beginnings).toHaveLength(8);
  });

  it('are counted no more of a worker that is silent', async () => {
    const name = aName();
    const [silent, other] = await Promise.all([worker(), worker()]);
    await silent.enter(name, atMost(1), FOREVER);
    await database.query(`
      UPDATE wirefetch.workers SET beat_at = now() - interval '1 minute'
      WHERE id IN (SELECT worker FROM wirefetch.leases WHERE name = '${name}')`);
    expect(await other.enter(name, atMost(1), FOREVER)).not.toBeNull();
  });
});

describe('a worker', () => {
  it('that has lost its places goes on waiting, and counts none that come back late', async () => {
    const name = aName();
    const slots = await worker();
    const lost = (await slots.enter(name, atMost(1), FOREVER))!;
    const waiting = [slots.enter(name, atMost(1), FOREVER), slots.enter(name, atMost(1), FOREVER)];
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
    const places = await Promise.all([1, 2].map(() => slots.enter(name, atMost(2), FOREVER)));
    slots.renew(performance.now());
    expect(slots.areHeld).toBe(false);
    const waiting = [slots.enter(name, atMost(2), FOREVER), slots.enter(aName(), atMost(2), FOREVER)];
    for (const place of places) place!.leave();
    expect(await Promise.race([...waiting, after(200).then(() => 'wait')])).toBe('wait');
    slots.renew(Infinity);
    for (const place of await Promise.all(waiting)) place!.leave();
  });

  it('gives back what comes after all was lost, and asks anew', async () => {
    const name = aName();
    let answer = (): void => undefined;
    const isLate = new Promise<void>((resolve) => (answer = resolve));
    const slots = await worker(true, async (rows) => {
      await isLate;
      return rows;
    });
    const entering = slots.enter(name, atMost(1), FOREVER);
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
    (await slots.enter(name, atMost(1), FOREVER))!.leave();
    const places = await Promise.all(Array.from({ length: 3 }, () => slots.enter(name, atMost(3), FOREVER)));
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
        const place = await alone.enter(name, atMost(1), FOREVER);
        visits++;
        await after(1);
        place!.leave();
      }
    };
    const visiting = [visit(), visit()];
    const entered = other.enter(name, atMost(1), FOREVER);
    expect(await Promise.race([entered, after(1_500).then(() => 'waits')])).toBe('waits');
    alone.meet(true);
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
    const place = (await slots.enter(name, atMost(1), FOREVER))!;
    const controller = new AbortController();
    const given = slots.enter(name, atMost(1), controller.signal);
    controller.abort();
    expect(await given).toBeNull();
    place.leave();
    expect(await (await worker()).enter(name, atMost(1), FOREVER)).not.toBeNull();
    expect(await heldAt(name)).toBe(1);
  });
});
