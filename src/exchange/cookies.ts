import { fieldValues } from '../semantics/fields';
import { CookieJar } from './cookie-jar';
import type { ExchangeOutcome, ReceivedCookie } from './outcome';

/** Set-Cookie lines considered in one response. A choice of ours: RFC 6265bis §5.3 lets a user agent ignore some. */
export const MAX_SET_COOKIE = 50;

/** The cookies that a fetch gives and is given: its own, or those of a session that other fetches use meanwhile. */
export interface CookieAccess {
  /** @returns the value of Cookie for a request to this URL, null when no cookie matches */
  cookieFor(url: URL): Promise<string | null>;

  /** Stores what a user agent would store of the Set-Cookie lines of one response, all at once.
   *  @returns all of them in wire order, with the reason where one was refused */
  receive(url: URL, lines: readonly string[]): Promise<ReceivedCookie[]>;
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
export async function withCookies(outcome: ExchangeOutcome, access: CookieAccess): Promise<ExchangeOutcome> {
  const lines = fieldValues(outcome.head?.headers ?? [], 'set-cookie');
  if (lines.length === 0) return outcome;
  const cookies = await access.receive(outcome.url, lines.slice(0, MAX_SET_COOKIE));
  const omitted = lines.length - cookies.length;
  if (omitted === 0) return { ...outcome, cookies };
  const message = `${omitted} Set-Cookie after the first ${MAX_SET_COOKIE} were left out`;
  const warnings = [...outcome.warnings, { code: 'set-cookie-limit', message, offset: null }];
  return { ...outcome, cookies, warnings };
}
