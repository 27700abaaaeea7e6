import type { Owner } from '../access/caller';
import type { CookieAccess, Patience } from '../exchange/cookies';
import type { ReceivedCookie } from '../exchange/outcome';
import { StoreUnavailable } from '../store/database';
import { Deadlines } from '../transport/deadlines';
import type { SessionStore } from './session-store';

/** The cookies of a session, for one of the fetches that use it. What the store was asked for it may still do when the
 *  fetch has waited long enough. */
export class SessionJar implements CookieAccess {
  constructor(
    private readonly store: SessionStore,
    private readonly owner: Owner,
    private readonly id: string,
  ) {}

  cookieFor(url: URL, patience: Patience): Promise<string | null> {
    const asked = this.store.use(this.owner, this.id, (jar, now) => jar.cookieFor(url, now));
    return within(patience, asked, async () => null);
  }

  receive(url: URL, lines: readonly string[], patience: Patience): Promise<ReceivedCookie[]> {
    const asked = this.store.use(this.owner, this.id, (jar, now) => jar.receive(url, lines, now));
    return within(patience, asked, () =>
      Promise.reject(new StoreUnavailable('no answer when the fetch was cancelled')),
    );
  }
}

/** @param cancelled gives what there is when the signal has aborted
 *  @throws StoreUnavailable when there is no answer in time */
async function within<T>(
  { due, signal }: Patience,
  asked: Promise<T>,
  cancelled: () => Promise<T>,
): Promise<T> {
  const deadlines = new Deadlines(due, signal);
  const interrupted = new Promise<T>((resolve, reject) => {
    deadlines.listen((why) => {
      if (why === 'cancelled') resolve(cancelled());
      else reject(new StoreUnavailable('no answer before the fetch had to be over'));
    });
  });
  try {
    return await Promise.race([asked, interrupted]);
  } finally {
    deadlines.close();
  }
}
