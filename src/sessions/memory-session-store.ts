import type { Owner } from '../access/caller';
import { CookieJar } from '../exchange/cookie-jar';
import type { ReceivedCookie } from '../exchange/outcome';
import type { SessionStore, SessionSummary } from './session-store';

/** of one owner */
export const MAX_SESSIONS = 1_000;
/** of one owner's cookies together: names, values, domains and paths */
export const MAX_OWNER_OCTETS = 33_554_432;

interface Session {
  readonly jar: CookieJar;
  readonly createdAt: number;
  lastUsedAt: number;
  /** of its jar, when it was last used */
  octets: number;
}

/** The sessions of one owner, the one that was used last at the end. */
class OwnedSessions {
  readonly byId = new Map<string, Session>();
  private octets = 0;

  /** Puts a session at the end, as the one used last. */
  touch(id: string, session: Session): void {
    this.remove(id);
    this.byId.set(id, session);
    this.octets += session.octets;
  }

  remove(id: string): boolean {
    this.octets -= this.byId.get(id)?.octets ?? 0;
    return this.byId.delete(id);
  }

  /** Removes the ones used least recently while they are too many, but for the one used last. */
  removeExcess(): void {
    for (const id of this.byId.keys()) {
      if (this.byId.size <= MAX_SESSIONS && (this.octets <= MAX_OWNER_OCTETS || this.byId.size === 1)) return;
      this.remove(id);
    }
  }

  removeExpired(now: number, ttlMs: number): void {
    for (const [id, { lastUsedAt }] of this.byId) {
      if (now - lastUsedAt < ttlMs) return;
      this.remove(id);
    }
  }
}

/** Keeps sessions for as long as the process runs. What has expired goes when anybody uses or looks at one; past the
 *  limits the owner's session goes that was used least recently. */
export class MemorySessionStore implements SessionStore {
  private readonly owners = new Map<Owner, OwnedSessions>();

  /** @param ttlMs since last use
   *  @param clock ms since the epoch */
  constructor(
    private readonly ttlMs: number,
    private readonly clock: () => number,
  ) {}

  async use<T>(owner: Owner, id: string, act: (jar: CookieJar, now: number) => T): Promise<T> {
    const now = this.clock();
    this.removeExpired(now);
    const sessions = this.owners.get(owner) ?? new OwnedSessions();
    this.owners.set(owner, sessions);
    const { jar, createdAt } = sessions.byId.get(id) ?? { jar: new CookieJar(), createdAt: now };
    const result = act(jar, now);
    sessions.touch(id, { jar, createdAt, lastUsedAt: now, octets: jar.octets });
    sessions.removeExcess();
    return result;
  }

  async list(owner: Owner): Promise<SessionSummary[]> {
    const now = this.clock();
    return [...this.sessionsOf(owner, now)].map(([id, { jar, createdAt, lastUsedAt }]) => ({
      id,
      cookies: jar.list(now).length,
      createdAt: new Date(createdAt),
      lastUsedAt: new Date(lastUsedAt),
    }));
  }

  async cookies(owner: Owner, id: string): Promise<ReceivedCookie[] | null> {
    const now = this.clock();
    return this.sessionsOf(owner, now).get(id)?.jar.list(now) ?? null;
  }

  async delete(owner: Owner, id: string): Promise<boolean> {
    this.removeExpired(this.clock());
    return this.owners.get(owner)?.remove(id) ?? false;
  }

  private sessionsOf(owner: Owner, now: number): ReadonlyMap<string, Session> {
    this.removeExpired(now);
    return this.owners.get(owner)?.byId ?? new Map();
  }

  /** Everybody's: an owner who never comes back would keep them for good. */
  private removeExpired(now: number): void {
    for (const [owner, sessions] of this.owners) {
      sessions.removeExpired(now, this.ttlMs);
      if (sessions.byId.size === 0) this.owners.delete(owner);
    }
  }
}
