import { fieldValues } from '../semantics/fields';
import { CookieJar } from './cookie-jar';
import type { ExchangeOutcome, ReceivedCookie } from './outcome';

/** Set-Cookie lines considered in one response. A choice of ours: RFC 6265bis §5.3 lets a user agent ignore some. */
export const MAX_SET_COOKIE = 50;

/** How long a fetch waits for who keeps its cookies. */
export interface Patience {
  /** on the clock of `performance.now()` */
  readonly due: number;
  readonly signal: AbortSignal;
}

/** The cookies that a fetch gives and is given: its own, or those of a session that other fetches use meanwhile. Where
 *  they cannot be reached, now or within the patience of the fetch, an error says so by its code, "store-unavailable". */
export interface CookieAccess {
  /** @returns the value of Cookie for a request to this URL, null when no cookie matches, or the signal has aborted: there
   *  will be no request then */
  cookieFor(url: URL, patience: Patience): Promise<string | null>;

  /** Stores what a user agent would store of the Set-Cookie lines of one response, all at once.
   *  @returns all of them in wire order, with the reason where one was refused */
  receive(url: URL, lines: readonly string[], patience: Patience): Promise<ReceivedCookie[]>;
}

/** Whether an error says that cookies cannot be reached. */
export function isUnavailable(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'store-unavailable';
}

/** The cookies of one fetch: taken from its responses, given to its later hops. */
export class FetchCookies implements CookieAccess {
  /** made on the first Set-Cookie: most fetches have none */
  private jar: CookieJar | null = null;

  async cookieFor(url: URL): Promise<string | null> {
    return this.jar?.cookieFor(url, Date.now()) ?? null;
  }

  async receive(url: URL, lines: readonly string[]): Promise<ReceivedCookie[]> {
    this.jar ??= new CookieJar();
    return this.jar.receive(url, lines, Date.now());
  }
}

/** Gives the cookies of a response to those who keep them.
 *  @returns the outcome with what became of each */
export async function withCookies(
  outcome: ExchangeOutcome,
  access: CookieAccess,
  patience: Patience,
): Promise<ExchangeOutcome> {
  const lines = fieldValues(outcome.head?.headers ?? [], 'set-cookie');
  if (lines.length === 0) return outcome;
  const cookies = await access.receive(outcome.url, lines.slice(0, MAX_SET_COOKIE), patience);
  const omitted = lines.length - cookies.length;
  if (omitted === 0) return { ...outcome, cookies };
  const message = `${omitted} Set-Cookie after the first ${MAX_SET_COOKIE} were left out`;
  const warnings = [...outcome.warnings, { code: 'set-cookie-limit', message, offset: null }];
  return { ...outcome, cookies, warnings };
}
