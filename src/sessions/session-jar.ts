import type { Owner } from '../access/caller';
import type { CookieAccess } from '../exchange/cookies';
import type { ReceivedCookie } from '../exchange/outcome';
import type { SessionStore } from './session-store';

/** The cookies of a session, for one of the fetches that use it. */
export class SessionJar implements CookieAccess {
  constructor(
    private readonly store: SessionStore,
    private readonly owner: Owner,
    private readonly id: string,
  ) {}

  cookieFor(url: URL): Promise<string | null> {
    return this.store.use(this.owner, this.id, (jar, now) => jar.cookieFor(url, now));
  }

  receive(url: URL, lines: readonly string[]): Promise<ReceivedCookie[]> {
    return this.store.use(this.owner, this.id, (jar, now) => jar.receive(url, lines, now));
  }
}
