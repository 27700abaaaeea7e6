import { Cookie, CookieJar, defaultPath } from 'tough-cookie';
import type { FieldLine } from '../http1/events';
import { fieldValues } from '../semantics/fields';
import type { ReceivedCookie } from './outcome';

/** Set-Cookie lines considered in one response */
export const MAX_SET_COOKIE = 50;
const SAME_SITE = { strict: 'Strict', lax: 'Lax', none: 'None' } as const;

/** The cookies of one fetch: taken from its responses, given to its later hops. */
export class FetchCookies {
  /** made on the first Set-Cookie: most fetches have none */
  private jar: CookieJar | null = null;

  /** @returns the value of Cookie for a request to this URL, null when no cookie matches */
  cookieFor(url: URL): string | null {
    const cookies = this.jar?.getCookieStringSync(url.href) ?? '';
    return cookies === '' ? null : cookies;
  }

  /** Stores what a user agent would store of a response's Set-Cookie lines.
   *  @returns all of them in wire order, with the reason where one was refused */
  receive(url: URL, headers: readonly FieldLine[]): ReceivedCookie[] {
    return fieldValues(headers, 'set-cookie')
      .slice(0, MAX_SET_COOKIE)
      .map((line) => this.receiveOne(url, line));
  }

  private receiveOne(url: URL, line: string): ReceivedCookie {
    const cookie = Cookie.parse(line);
    if (cookie === undefined) return unparsable(line);
    this.jar ??= new CookieJar(undefined, { prefixSecurity: 'silent', allowSpecialUseDomain: true });
    const rejectedBecause = rejection(cookie, url) ?? this.store(cookie, url);
    return describe(cookie, url, rejectedBecause);
  }

  private store(cookie: Cookie, url: URL): string | null {
    try {
      return this.jar!.setCookieSync(cookie.toString(), url.href) === undefined ? 'prefix-broken' : null;
    } catch (error) {
      return /public suffix/i.test((error as Error).message) ? 'public-suffix' : 'domain-mismatch';
    }
  }
}

/** What RFC 6265bis §5.7 refuses and tough-cookie leaves to its user. */
function rejection(cookie: Cookie, url: URL): string | null {
  // step 8: "If the scheme component does not denote a secure protocol, and the cookie is secure, abort"
  if (cookie.secure && url.protocol !== 'https:') return 'secure-over-http';
  // step 19
  if (cookie.sameSite === 'none' && !cookie.secure) return 'samesite-none-without-secure';
  // §5.6 step 4: name and value together
  if (cookie.key.length + cookie.value.length > 4096) return 'too-large';
  return null;
}

function describe(cookie: Cookie, url: URL, rejectedBecause: string | null): ReceivedCookie {
  const { key, value, domain, path, expires, maxAge, secure, httpOnly, sameSite, extensions } = cookie;
  return {
    name: key,
    value,
    domain: domain ?? url.hostname,
    hostOnly: domain === null,
    path: path ?? defaultPath(url.pathname),
    expires: expires instanceof Date && !Number.isNaN(expires.getTime()) ? expires : null,
    maxAge: typeof maxAge === 'number' ? maxAge : null,
    secure,
    httpOnly,
    sameSite: SAME_SITE[sameSite as keyof typeof SAME_SITE] ?? null,
    partitioned: extensions?.some((extension) => extension.toLowerCase() === 'partitioned') ?? false,
    accepted: rejectedBecause === null,
    rejectedBecause,
  };
}

function unparsable(line: string): ReceivedCookie {
  return {
    name: '',
    value: line,
    domain: null,
    hostOnly: true,
    path: null,
    expires: null,
    maxAge: null,
    secure: false,
    httpOnly: false,
    sameSite: null,
    partitioned: false,
    accepted: false,
    rejectedBecause: 'unparsable',
  };
}
