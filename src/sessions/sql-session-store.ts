import type { Owner } from '../access/caller';
import { CookieJar, type StoredCookie } from '../exchange/cookie-jar';
import type { ReceivedCookie } from '../exchange/outcome';
import type { Database, Queryable } from '../store/database';
import type { Store } from '../store/store';
import { SESSION_ID } from './session-id';
import type { SessionStore, SessionSummary } from './session-store';

/** of one owner */
export const MAX_SESSIONS = 1_000;
/** of one owner's cookies together: names, values, domains and paths */
export const MAX_OWNER_OCTETS = 33_554_432;

/** so often is looked for what has expired of owners who do not come back */
const SWEEP_MS = 60_000;
/** sessions removed at once: whoever comes by waits for it */
const MAX_SWEPT = 1_000;

/** A session that is locked. */
interface Taken {
  readonly jar: Uint8Array;
  readonly octets: number;
  /** it was made just now */
  readonly isNew: boolean;
  /** others of the owner have expired */
  readonly expired: boolean;
}

/** Keeps sessions in the store, where they outlive the process and replicas share them. What has expired is not there
 *  for anybody, and removed when its owner uses a session, or within a minute or so of any call; past the limits the
 *  owner's session goes that was used least recently.
 *
 *  No two transactions wait for each other: each waits at its first statement alone, for the session that it uses, and
 *  holds nothing then. What it removes later is what nobody has locked. */
export class SqlSessionStore implements SessionStore {
  private sweptAt = -Infinity;

  /** @param ttlMs since last use
   *  @param clock ms since the epoch; the database's own is not asked */
  constructor(
    private readonly store: Pick<Store, 'open'>,
    private readonly ttlMs: number,
    private readonly clock: () => number,
  ) {}

  async use<T>(owner: Owner, id: string, act: (jar: CookieJar, now: number) => T): Promise<T> {
    const database = await this.open();
    return database.transaction(async (tx) => {
      const now = this.clock();
      const values = [owner, id, EMPTY, new Date(now), this.expiredAt(now)];
      const [taken] = await tx.query<Taken>(TAKE, values);
      const jar = new CookieJar(decoded(taken!.jar));
      const before = jar.stored;
      const result = act(jar, now);
      // A jar whose cookies were only sent has changed, too: the order in which they are removed is that of their last
      // use (RFC 6265bis §5.7). To leave out what is less than a second old would save little, since the row is written
      // as it is, and have the cookie go that was used last where many are used and set within that second.
      if (jar.stored !== before) await put(tx, owner, id, jar);
      if (taken!.isNew || taken!.expired || jar.octets > taken!.octets)
        await tx.query(REMOVE_EXCESS, [owner, id, this.expiredAt(now), MAX_SESSIONS, MAX_OWNER_OCTETS]);
      return result;
    });
  }

  async list(owner: Owner): Promise<SessionSummary[]> {
    const database = await this.open();
    const now = this.clock();
    return database.query<SessionSummary>(LIST, [owner, this.expiredAt(now), now]);
  }

  async cookies(owner: Owner, id: string): Promise<ReceivedCookie[] | null> {
    // What cannot be a name may hold what the database takes for no text.
    if (!SESSION_ID.test(id)) return null;
    const database = await this.open();
    const now = this.clock();
    const [row] = await database.query<{ readonly jar: Uint8Array }>(
      'SELECT jar FROM wirefetch.sessions WHERE owner = $1 AND id = $2 AND last_used_at > $3',
      [owner, id, this.expiredAt(now)],
    );
    return row === undefined ? null : new CookieJar(decoded(row.jar)).list(now);
  }

  async delete(owner: Owner, id: string): Promise<boolean> {
    if (!SESSION_ID.test(id)) return false;
    const database = await this.open();
    const deleted = await database.query(
      'DELETE FROM wirefetch.sessions WHERE owner = $1 AND id = $2 AND last_used_at > $3 RETURNING id',
      [owner, id, this.expiredAt(this.clock())],
    );
    return deleted.length > 0;
  }

  private async open(): Promise<Database> {
    const database = await this.store.open();
    const now = this.clock();
    if (now - this.sweptAt < SWEEP_MS) return database;
    this.sweptAt = now;
    const swept = await database.query(SWEEP, [this.expiredAt(now), MAX_SWEPT]);
    // There may be more: the next caller looks again.
    if (swept.length === MAX_SWEPT) this.sweptAt = -Infinity;
    return database;
  }

  /** What was not used after this has expired. A time to live that reaches beyond the epoch is one without end. */
  private expiredAt(now: number): Date {
    return new Date(Math.max(0, now - this.ttlMs));
  }
}

function put(tx: Queryable, owner: Owner, id: string, jar: CookieJar): Promise<unknown> {
  const expiries = jar.stored.map(({ expiresAt }) => expiresAt ?? Infinity);
  return tx.query(
    'UPDATE wirefetch.sessions SET jar = $3, octets = $4::int, expiries = $5::float8[] WHERE owner = $1 AND id = $2',
    [owner, id, encoded(jar.stored), jar.octets, expiries],
  );
}

/** JSON in UTF-8. It is the database that compresses what is long, and not on this event loop. */
function encoded(cookies: readonly StoredCookie[]): Buffer {
  return Buffer.from(JSON.stringify(cookies));
}

const EMPTY = encoded([]);

function decoded(octets: Uint8Array): StoredCookie[] {
  const text = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString();
  return JSON.parse(text, (key, value: unknown) =>
    // The only date there is; other members by this name there are none.
    key === 'expires' && typeof value === 'string' ? new Date(value) : value,
  ) as StoredCookie[];
}

/** Makes the session if there is none, or one that has expired, and locks it, in one statement: between two it might be
 *  deleted. Clocks of replicas differ: the time of last use goes forward alone. */
const TAKE = `
INSERT INTO wirefetch.sessions AS s (owner, id, jar, octets, expiries, created_at, last_used_at)
VALUES ($1, $2, $3, 0, '{}', $4, $4)
ON CONFLICT (owner, id) DO UPDATE SET
  jar = CASE WHEN s.last_used_at > $5 THEN s.jar ELSE excluded.jar END,
  octets = CASE WHEN s.last_used_at > $5 THEN s.octets ELSE 0 END,
  expiries = CASE WHEN s.last_used_at > $5 THEN s.expiries ELSE '{}' END,
  created_at = CASE WHEN s.last_used_at > $5 THEN s.created_at ELSE excluded.created_at END,
  last_used_at = greatest(s.last_used_at, excluded.last_used_at)
RETURNING s.jar, s.octets, s.created_at = $4 AS "isNew",
  EXISTS (SELECT FROM wirefetch.sessions o WHERE o.owner = $1 AND o.id <> $2 AND o.last_used_at <= $5) AS expired`;

/** Of the owner's sessions, in the order of their last use and with the one used now at the head, those stay that are
 *  within the limits together. One that is locked is in use, and so is one that was used since this began to look. */
const REMOVE_EXCESS = `
WITH ranked AS (
  SELECT id, last_used_at, row_number() OVER recent AS position, sum(octets) OVER recent AS octets
  FROM wirefetch.sessions WHERE owner = $1
  WINDOW recent AS (ORDER BY (id = $2) DESC, last_used_at DESC, id DESC ROWS UNBOUNDED PRECEDING)
), excess AS MATERIALIZED (
  SELECT s.id FROM wirefetch.sessions s JOIN ranked r ON r.id = s.id AND r.last_used_at = s.last_used_at
  WHERE s.owner = $1 AND s.id <> $2
    AND (r.last_used_at <= $3 OR r.position > $4::int OR r.octets > $5::int)
  FOR UPDATE OF s SKIP LOCKED
)
DELETE FROM wirefetch.sessions WHERE owner = $1 AND id IN (SELECT id FROM excess)`;

const SWEEP = `
WITH expired AS MATERIALIZED (
  SELECT owner, id FROM wirefetch.sessions WHERE last_used_at <= $1
  ORDER BY last_used_at LIMIT $2::int FOR UPDATE SKIP LOCKED
)
DELETE FROM wirefetch.sessions s USING expired e WHERE s.owner = e.owner AND s.id = e.id RETURNING s.id`;

const LIST = `
SELECT id, created_at AS "createdAt", last_used_at AS "lastUsedAt",
  (SELECT count(*)::int FROM unnest(expiries) AS expires_at WHERE expires_at > $3::float8) AS cookies
FROM wirefetch.sessions WHERE owner = $1 AND last_used_at > $2 ORDER BY last_used_at, id`;
