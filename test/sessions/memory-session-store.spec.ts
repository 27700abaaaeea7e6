import { MAX_OWNER_OCTETS, MAX_SESSIONS, MemorySessionStore } from '../../src/sessions/memory-session-store';

const TTL_MS = 1_000;
const URL_A = new URL('http://a.example/');

/** A store whose time is set by hand. */
class Timed {
  now = Date.UTC(2026, 10, 25);
  readonly store = new MemorySessionStore(TTL_MS, () => this.now);

  /** A fetch that sets a cookie. */
  async set(owner: string, id: string, line: string): Promise<void> {
    await this.store.use(owner, id, (jar, now) => jar.receive(URL_A, [line], now));
  }

  /** A fetch that gets none. */
  sent(owner: string, id: string): Promise<string | null> {
    return this.store.use(owner, id, (jar, now) => jar.cookieFor(URL_A, now));
  }

  async ids(owner: string): Promise<string[]> {
    return (await this.store.list(owner)).map(({ id }) => id);
  }
}

let timed: Timed;
beforeEach(() => (timed = new Timed()));

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
    expect(await timed.sent('me', 'old')).toBeNull();
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

  it('has no use for names that objects have of themselves', async () => {
    expect(await timed.store.cookies('me', 'constructor')).toBeNull();
    expect(await timed.store.delete('constructor', '__proto__')).toBe(false);
  });
});

it('past the limit the owner’s session goes that was used least recently, and nobody else’s', async () => {
  await timed.set('you', 's', 'a=1');
  for (let i = 0; i < MAX_SESSIONS; i++) await timed.sent('me', `s${i}`);
  await timed.sent('me', 's0');
  await timed.sent('me', 'one-more');
  const ids = await timed.ids('me');
  expect(ids).toHaveLength(MAX_SESSIONS);
  expect(ids).toEqual(expect.arrayContaining(['s0', 's2', 'one-more']));
  expect(ids).not.toContain('s1');
  expect(ids.at(-1)).toBe('one-more');
  expect(await timed.ids('you')).toEqual(['s']);
});

it('past the octets of an owner the session goes that was used least recently, and nobody else’s', async () => {
  await timed.set('you', 's', 'a=1');
  const MIB = 1_048_576;
  // 256 cookies of 4 KiB fill a jar; they are on as many hosts as it takes.
  const fill = (id: string): Promise<void> =>
    timed.store.use('me', id, (jar, now) => {
      for (let host = 0; host < 256; host++)
        jar.receive(new URL(`http://h${host}.example/`), [`big=${'x'.repeat(4_060)}`], now);
    });
  const count = MAX_OWNER_OCTETS / MIB + 3;
  for (let session = 0; session < count; session++) await fill(`s${session}`);
  const ids = await timed.ids('me');
  expect(ids.length).toBeLessThan(count);
  expect(ids.at(-1)).toBe(`s${count - 1}`);
  expect(ids).not.toContain('s0');
  expect(await timed.ids('you')).toEqual(['s']);
});

it('an owner who does not come back keeps nothing past the time to live', async () => {
  await timed.set('gone', 's', 'a=1');
  timed.now += TTL_MS;
  await timed.set('me', 't', 'a=1');
  timed.now -= TTL_MS;
  expect(await timed.ids('gone')).toEqual([]);
});
