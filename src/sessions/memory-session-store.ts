import type { Owner } from '../access/caller';
import { CookieJar } from '../exchange/cookie-jar';
import type { ReceivedCookie } from '../exchange/outcome';
import type { SessionStore, SessionSummary } from './session-store';

/** of one owner; a jar holds 1 MiB at the most */
export const MAX_SESSIONS = 1_000;

interface Session {
  readonly jar: CookieJar;
  readonly createdAt: number;
  lastUsedAt: number;
}

/** Keeps sessions for as long as the process runs. What has expired goes when somebody looks; past MAX_SESSIONS the
 *  owner's session goes that was used least recently. */
export class MemorySessionStore implements SessionStore {
  /** the session that was used last at the end of each owner's */
  private readonly owners = new Map<Owner, Map<string, Session>>();

  /** @param ttlMs since last use
   *  @param clock ms since the epoch */
  constructor(
    private readonly ttlMs: number,
    private readonly clock: () => number,
  ) {}

  async use<T>(owner: Owner, id: string, act: (jar: CookieJar, now: number) => T): Promise<T> {
    const now = this.clock();
    const sessions = this.sessionsOf(owner, now);
    const session = sessions.get(id) ?? { jar: new CookieJar(), createdAt: now, lastUsedAt: now };
    session.lastUsedAt = now;
    sessions.delete(id);
    sessions.set(id, session);
    this.owners.set(owner, sessions);
    for (const [oldest] of sessions) {
      if (sessions.size <= MAX_SESSIONS) break;
      sessions.delete(oldest);
    }
    return act(session.jar, now);
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
    return this.sessionsOf(owner, this.clock()).delete(id);
  }

  /** The owner's sessions without those that have expired, which are the first ones. */
  private sessionsOf(owner: Owner, now: number): Map<string, Session> {
    const sessions = this.owners.get(owner) ?? new Map<string, Session>();
    for (const [id, { lastUsedAt }] of sessions) {
      if (now - lastUsedAt < this.ttlMs) break;
      sessions.delete(id);
    }
    return sessions;
  }
}
