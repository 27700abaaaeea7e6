import { type CookieJar, type StoredCookie } from '../../src/exchange/cookie-jar';
import { StoreUnavailable } from '../../src/store/database';
import { Store } from '../../src/store/store';
import { MAX_OWNER_OCTETS, MAX_SESSIONS, SqlSessionStore } from '../../src/sessions/sql-session-store';
import { describeOnPostgres, usePostgres } from '../support/postgres';
import { useDirectories } from '../support/store';
import { PreparedStore } from '../support/templates';

jest.setTimeout(60_000);

const TTL_MS = 1_000;
const URL_A = new URL('http://a.example/');

const directory = useDirectories();
const postgres = usePostgres();

/** Session stores whose time is set by hand. */
class Timed {
  now = Date.UTC(2026, 10, 25);
  readonly store: SqlSessionStore;

  constructor(private readonly database: Store) {
    this.store = this.on(database);
  }

  /** Another one with the same time. */
  on(database: Store): SqlSessionStore {
    return new SqlSessionStore(database, TTL_MS, () => this.now);
  }

  /** A fetch that sets a cookie. */
  async set(owner: string, id: string, line: string, store = this.store): Promise<void> {
    await store.use(owner, id, (jar, now) => jar.receive(URL_A, [line], now));
  }

  /** A fetch that gets none. */
  sent(owner: string, id: string, store = this.store): Promise<string | null> {
    return store.use(owner, id, (jar, now) => jar.cookieFor(URL_A, now));
  }

  async ids(owner: string): Promise<string[]> {
    return (await this.store.list(owner)).map(({ id }) => id);
  }

  /** What the table has, expired or not: "owner/id". */
  async rows(): Promise<string[]> {
    const sql = "SELECT owner || '/' || id AS name FROM wirefetch.sessions ORDER BY 1";
    return (await (await this.database.open()).query<{ name: string }>(sql)).map(({ name }) => name);
  }

  /** Sessions s0, s1 …, each used a millisecond after the one before, that are said to have so many octets. */
  async fill(owner: string, count: number, octets = 0): Promise<void> {
    const database = await this.database.open();
    await database.query(
      `INSERT INTO wirefetch.sessions (owner, id, jar, octets, expiries, created_at, last_used_at)
      SELECT $1, 's' || n, '[]', $4::int, '{}', at, at
      FROM generate_series(0, $2::int - 1) n, LATERAL (SELECT $3::timestamptz + n * interval '1 millisecond') t (at)`,
      [owner, count, new Date(this.now), octets],
    );
    this.now += count;
  }
}

/** Puts cookies into a jar that no Set-Cookie can. */
function give(jar: CookieJar, cookies: readonly StoredCookie[]): void {
  Object.assign(jar, { cookies });
}

/** The same for either database.
 *  @param open makes a store; on the embedded database there is one alone */
function casesOn(open: () => Store): void {
  let database: Store;
  let replica: Store;
  let timed: Timed;
  beforeAll(async () => {
    database = open();
    replica = database.isEmbedded ? database : open();
    await replica.open();
  });
  afterAll(async () => {
    await database.close();
    await replica.close();
  });
  beforeEach(async () => {
    await (await database.open()).query('TRUNCATE wirefetch.sessions');
    timed = new Timed(database);
  });

  describe('a session', () => {
    it('is made on first use, also when no cookie came', async () => {
      const { store } = timed;
      expect(await store.list('me')).toEqual([]);
      expect(await timed.sent('me', 's')).toBeNull();
      const at = new Date(timed.now);
      expect(await store.list('me')).toEqual([{ id: 's', cookies: 0, createdAt: at, lastUsedAt: at }]);
      expect(await store.cookies('me', 's')).toEqual([]);
    });

    it('keeps its cookies from one use to the next', async () => {
      await timed.set('me', 's', 'a=1');
      await timed.set('me', 's', 'b=2');
      expect(await timed.sent('me', 's')).toBe('a=1; b=2');
      expect(await timed.store.cookies('me', 's')).toMatchObject([{ name: 'a' }, { name: 'b' }]);
    });

    it('keeps cookies as they came, with their dates and the order of their use', async () => {
      const lines = [
        'a=1; Expires=Wed, 01 Jan 2027 00:00:00 GMT; HttpOnly; SameSite=Lax; Path=/',
        'b=2; Max-Age=99999999999999999999; Domain=a.example',
        'expires="x"',
        'refused=1; Secure',
      ];
      const told = await timed.store.use('me', 's', (jar, now) => jar.receive(URL_A, lines, now));
      expect(await timed.store.cookies('me', 's')).toEqual(told.slice(0, 3));
      const before = await timed.store.use('me', 's', (jar) => jar.stored);
      expect(before.map(({ cookie }) => cookie)).toEqual(told.slice(0, 3));
      timed.now += 1;
      await timed.store.use('me', 's', (jar, now) => jar.cookieFor(URL_A, now));
      const after = await timed.store.use('me', 's', (jar) => jar.stored);
      expect(after).toEqual(before.map((one) => ({ ...one, lastAccessedAt: timed.now })));
    });

    it('keeps every octet', async () => {
      const value = String.fromCharCode(...Array.from({ length: 256 }, (_, octet) => octet));
      await timed.set('me', 's', 'a=1');
      const octets = await timed.store.use('me', 's', (jar) => {
        const [stored] = jar.stored;
        give(jar, [{ ...stored!, cookie: { ...stored!.cookie, name: '\0\xff', value } }]);
        return jar.octets;
      });
      expect(await timed.store.cookies('me', 's')).toMatchObject([{ name: '\0\xff', value }]);
      expect(await timed.store.use('me', 's', (jar) => jar.octets)).toBe(octets);
    });

    it('shares nothing with another one, nor with another owner’s of its name', async () => {
      await timed.set('me', 's', 'a=1');
      expect(await timed.sent('me', 't')).toBeNull();
      expect(await timed.sent('you', 's')).toBeNull();
      expect(await timed.store.cookies('them', 's')).toBeNull();
      expect(await timed.store.delete('them', 's')).toBe(false);
      expect(await timed.store.list('them')).toEqual([]);
      expect(await timed.sent('me', 's')).toBe('a=1');
    });

    it('counts no cookies that have expired', async () => {
      const { store } = timed;
      await timed.set('me', 's', 'a=1; Max-Age=1');
      timed.now += 999;
      expect(await store.list('me')).toMatchObject([{ cookies: 1 }]);
      await timed.set('me', 's', 'b=1');
      expect(await store.list('me')).toMatchObject([{ cookies: 2 }]);
      timed.now += 1;
      expect(await store.list('me')).toMatchObject([{ cookies: 1 }]);
      expect(await store.cookies('me', 's')).toMatchObject([{ name: 'b' }]);
    });

    it('tells when it was made and last used; looking at it is no use', async () => {
      const { store } = timed;
      const made = timed.now;
      await timed.set('me', 's', 'a=1');
      timed.now += 500;
      await timed.sent('me', 's');
      timed.now += 400;
      await store.cookies('me', 's');
      expect(await store.list('me')).toMatchObject([
        { createdAt: new Date(made), lastUsedAt: new Date(made + 500) },
      ]);
    });

    it('is gone when it was not used for its time to live', async () => {
      await timed.set('me', 'old', 'a=1');
      timed.now += 1;
      await timed.set('me', 'new', 'a=1');
      timed.now += TTL_MS - 2;
      expect(await timed.ids('me')).toEqual(['old', 'new']);
      timed.now += 1;
      expect(await timed.ids('me')).toEqual(['new']);
      expect(await timed.store.cookies('me', 'old')).toBeNull();
      expect(await timed.store.delete('me', 'old')).toBe(false);
    });

    it('is made anew when it has expired', async () => {
      await timed.set('me', 's', 'a=1; Max-Age=3600');
      timed.now += TTL_MS;
      expect(await timed.sent('me', 's')).toBeNull();
      const at = new Date(timed.now);
      expect(await timed.store.list('me')).toEqual([{ id: 's', cookies: 0, createdAt: at, lastUsedAt: at }]);
    });

    it('lives on when it is used', async () => {
      await timed.set('me', 's', 'a=1');
      for (let i = 0; i < 3; i++) {
        timed.now += TTL_MS - 1;
        expect(await timed.sent('me', 's')).toBe('a=1');
      }
    });

    it('can be forgotten, once, and made anew', async () => {
      const { store } = timed;
      await timed.set('me', 's', 'a=1');
      expect(await store.delete('me', 's')).toBe(true);
      expect(await store.delete('me', 's')).toBe(false);
      expect(await store.cookies('me', 's')).toBeNull();
      expect(await timed.sent('me', 's')).toBeNull();
    });

    it.each(['constructor', '__proto__', '', '\0', '\ud800', "'"])('%j is none', async (id) => {
      expect(await timed.store.cookies('me', id)).toBeNull();
      expect(await timed.store.delete('me', id)).toBe(false);
    });

    it('is as it was when the act fails', async () => {
      await timed.set('me', 's', 'a=1');
      const failing = timed.store.use('me', 's', (jar, now) => {
        jar.receive(URL_A, ['a=2'], now);
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await timed.sent('me', 's')).toBe('a=1');
    });

    it('loses no cookie when replicas use it at once', async () => {
      const stores = [timed.store, timed.on(replica)];
      const numbers = Array.from({ length: 50 }, (_, index) => index);
      await Promise.all(numbers.map((n) => timed.set('me', 's', `n${n}=1`, stores[n % 2])));
      const names = (await timed.store.cookies('me', 's'))!.map(({ name }) => name);
      expect(names.toSorted()).toEqual(numbers.map((n) => `n${n}`).toSorted());
    });
  });

  it('removes an owner’s expired sessions when that uses one', async () => {
    await timed.set('me', 'old', 'a=1');
    await timed.set('me', 'used', 'a=1');
    timed.now += 1;
    await timed.set('me', 'used', 'a=1');
    timed.now += TTL_MS - 1;
    expect(await timed.rows()).toEqual(['me/old', 'me/used']);
    expect(await timed.sent('me', 'used')).toBe('a=1');
    expect(await timed.rows()).toEqual(['me/used']);
  });

  it('removes within a minute what belongs to an owner who does not come back', async () => {
    await timed.set('gone', 's', 'a=1');
    timed.now += 59_999;
    expect(await timed.ids('me')).toEqual([]);
    expect(await timed.rows()).toEqual(['gone/s']);
    timed.now += 1;
    expect(await timed.ids('me')).toEqual([]);
    expect(await timed.rows()).toEqual([]);
  });

  it('removes what has expired of many owners a part at a time', async () => {
    await timed.fill('gone', 1_500);
    timed.now += TTL_MS;
    await timed.ids('me');
    expect(await timed.rows()).toHaveLength(500);
    await timed.ids('me');
    expect(await timed.rows()).toEqual([]);
  });

  it('past the limit the owner’s session goes that was used least recently, and nobody else’s', async () => {
    await timed.set('you', 's', 'a=1');
    await timed.fill('me', MAX_SESSIONS);
    timed.now -= 1;
    await timed.sent('me', 's0');
    timed.now += 1;
    await timed.sent('me', 'one-more');
    const rows = await timed.rows();
    expect(rows).toHaveLength(MAX_SESSIONS + 1);
    expect(rows).toEqual(expect.arrayContaining(['me/s0', 'me/s2', 'me/one-more', 'you/s']));
    expect(rows).not.toContain('me/s1');
  });

  it('never removes the one that is used, even if a clock has it used first', async () => {
    await timed.fill('me', MAX_SESSIONS);
    timed.now -= MAX_SESSIONS;
    await timed.sent('me', 'late');
    const rows = await timed.rows();
    expect(rows).toHaveLength(MAX_SESSIONS);
    expect(rows).toContain('me/late');
    expect(rows).not.toContain('me/s0');
  });

  it('past the octets of an owner the session goes that was used least recently, and nobody else’s', async () => {
    await timed.set('you', 's', 'a=1');
    const MIB = 1_048_576;
    const most = MAX_OWNER_OCTETS / MIB;
    await timed.fill('me', most, MIB);
    // Without a cookie it takes up nothing.
    await timed.sent('me', 'one-more');
    expect(await timed.rows()).toHaveLength(most + 2);
    timed.now += 1;
    await timed.set('me', 'one-more', 'a=1');
    const ids = await timed.ids('me');
    expect(ids).toHaveLength(most);
    expect([ids[0], ids.at(-1)]).toEqual(['s1', 'one-more']);
    expect(await timed.ids('you')).toEqual(['s']);
  });

  it('counts the octets of cookies that are stored', async () => {
    // 256 cookies of 4 KiB fill a jar; they are on as many hosts as it takes.
    const octets = await timed.store.use('me', 's', (jar, now) => {
      for (let host = 0; host < 256; host++)
        jar.receive(new URL(`http://h${host}.example/`), [`big=${'x'.repeat(4_060)}`], now);
      return jar.octets;
    });
    expect(octets).toBeGreaterThan(1_000_000);
    const [row] = await (await database.open()).query('SELECT octets FROM wirefetch.sessions');
    expect(row).toEqual({ octets });
  });

  it('replicas that remove what is too much at once do not wait for each other', async () => {
    const stores = [timed.store, timed.on(replica)];
    await timed.fill('me', MAX_SESSIONS);
    timed.now -= 500;
    // Half of them make a session, and half use one that is about to go, or has expired.
    const uses = Array.from({ length: 200 }, (_, n) =>
      timed.set('me', n % 2 === 0 ? `new${n}` : `s${n >> 1}`, 'a=1', stores[(n >> 1) % 2]),
    );
    await Promise.all(uses);
    await timed.sent('me', 'one-more');
    expect((await timed.rows()).length).toBeLessThanOrEqual(MAX_SESSIONS);
  });

  it('a time to live that reaches beyond the epoch has no end', async () => {
    const store = new SqlSessionStore(database, Number.MAX_SAFE_INTEGER, () => timed.now);
    await timed.set('me', 's', 'a=1', store);
    timed.now += 100 * 365 * 86_400_000;
    expect(await store.list('me')).toHaveLength(1);
  });
}

describe('on the embedded database', () => {
  const embedded = (dataDir: string): Store => new PreparedStore({ dataDir, databaseUrl: null });

  casesOn(() => embedded(directory()));

  it('sessions outlive the process', async () => {
    const dataDir = directory();
    const before = embedded(dataDir);
    const timed = new Timed(before);
    await timed.set('me', 's', 'a=\xff');
    await before.close();
    const after = embedded(dataDir);
    expect(await timed.sent('me', 's', timed.on(after))).toBe('a=\xff');
    await after.close();
  });

  it('nothing is done when it is closed', async () => {
    const closed = embedded(directory());
    await closed.close();
    const { store } = new Timed(closed);
    await expect(store.list('me')).rejects.toThrow(StoreUnavailable);
    await expect(store.use('me', 's', () => undefined)).rejects.toThrow(StoreUnavailable);
    await expect(store.cookies('me', 's')).rejects.toThrow(StoreUnavailable);
    await expect(store.delete('me', 's')).rejects.toThrow(StoreUnavailable);
  });
});

describeOnPostgres('on PostgreSQL', () => {
  casesOn(() => new Store({ dataDir: '', databaseUrl: postgres() }));
});
