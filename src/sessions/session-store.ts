import type { Owner } from '../access/caller';
import type { CookieJar } from '../exchange/cookie-jar';
import type { ReceivedCookie } from '../exchange/outcome';

/** Injection token of the store. */
export const SESSION_STORE = Symbol('session store');

/** A session as its owner sees it in a list. */
export interface SessionSummary {
  readonly id: string;
  /** how many are in its jar and not expired */
  readonly cookies: number;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
}

/** Keeps the cookie jars of sessions. Each belongs to its owner: to others there is none of that name. One that was
 *  not used for the operator's `SESSION_TTL_MS` is gone.
 *
 *  One method does all that fetches do, so that it is one transaction of a database: lock the row, make a jar of it,
 *  act, write `jar.stored` back if it has changed, commit. All throw StoreUnavailable. */
export interface SessionStore {
  /** Lets a fetch act on the jar of a session, which is made if there is none, and counts as using it. No other act
   *  on that jar comes in between.
   *  @param act at once; its changes to the jar are kept
   *  @returns what it returned */
  use<T>(owner: Owner, id: string, act: (jar: CookieJar, now: number) => T): Promise<T>;

  /** @returns the owner's sessions, the one used last at the end */
  list(owner: Owner): Promise<SessionSummary[]>;

  /** @returns the cookies that have not expired in order of creation, null when there is no such session */
  cookies(owner: Owner, id: string): Promise<ReceivedCookie[] | null>;

  /** @returns whether there was such a session */
  delete(owner: Owner, id: string): Promise<boolean>;
}
