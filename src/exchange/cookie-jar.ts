import { defaultPath, domainMatch, getPublicSuffix, pathMatch } from 'tough-cookie';
import { type CookieFinding, cookieFindings } from '../semantics/cookie-findings';
import { breaksPrefix } from '../semantics/cookie-prefixes';
import type { CookieRejection, ReceivedCookie } from './outcome';
import { type SetCookie, parseSetCookie } from './set-cookie';

/** RFC 6265bis §5.6 step 5, octets of name and value together */
const MAX_NAME_AND_VALUE = 4_096;
/** RFC 6265bis §5.5: a user agent limits how long a cookie lasts, "RECOMMENDED" to 400 days */
const MAX_LIFETIME_MS = 400 * 86_400_000;
/** RFC 6265bis §6.1 asks for 50 at the least; browsers keep 180 */
const MAX_OF_DOMAIN = 180;
/** RFC 6265bis §6.1 */
const MAX_COOKIES = 3_000;
/** Names, values, domains and paths together. A choice of ours: 3,000 cookies of 4,096 octets would be 12 MB. */
const MAX_OCTETS = 1_048_576;

/** A cookie with what a jar has to know of it. */
export interface StoredCookie {
  readonly cookie: ReceivedCookie & { readonly domain: string; readonly path: string };
  /** ms since the epoch; null: as long as the jar */
  readonly expiresAt: number | null;
  /** ms since the epoch */
  readonly lastAccessedAt: number;
}

/** The cookies of one user agent: RFC 6265bis' storage model (§5.7) and retrieval model (§5.8). Dates, domain-match,
 *  path-match and public suffixes are tough-cookie's; its own jar is not used, because it takes Secure cookies from
 *  loopback, knows a cookie by name, domain and path alone, lets plain http overlay Secure ones, decodes paths, bounds
 *  nothing, and reads the clock itself.
 *
 *  The jar is a value: what a store keeps of it is `stored`, in order of creation. Times are ms since the epoch. */
export class CookieJar {
  constructor(private cookies: readonly StoredCookie[] = []) {}

  /** What there is to keep, in order of creation. */
  get stored(): readonly StoredCookie[] {
    return this.cookies;
  }

  /** Octets of names, values, domains and paths. */
  get octets(): number {
    return this.cookies.reduce((sum, stored) => sum + octetsOf(stored), 0);
  }

  /** @returns the value of Cookie for a request to this URL, null when no cookie matches */
  cookieFor(url: URL, now: number): string | null {
    const matching = this.cookies.filter((stored) => !isExpired(stored, now) && matches(stored, url));
    if (matching.length === 0) return null;
    const sent = new Set(matching);
    this.cookies = this.cookies.map((one) => (sent.has(one) ? { ...one, lastAccessedAt: now } : one));
    // §5.8.3: longer paths first, then earlier creation; sorting is stable
    return matching
      .map(({ cookie }) => cookie)
      .toSorted((one, other) => other.path.length - one.path.length)
      .map(({ name, value }) => (name === '' ? value : `${name}=${value}`))
      .join('; ');
  }

  /** Stores what a user agent would store of the Set-Cookie lines of one response.
   *  @returns all of them in wire order, with the reason where one was refused */
  receive(url: URL, lines: readonly string[], now: number): ReceivedCookie[] {
    this.cookies = this.cookies.filter((stored) => !isExpired(stored, now));
    const told = lines.map((line) => this.receiveOne(url, line, now));
    this.removeExcess();
    return told;
  }

  /** @returns the cookies that are not expired, as they were told when they came */
  list(now: number): ReceivedCookie[] {
    return this.cookies.filter((stored) => !isExpired(stored, now)).map(({ cookie }) => cookie);
  }

  private receiveOne(url: URL, line: string, now: number): ReceivedCookie {
    const set = parseSetCookie(line);
    if (set === null) return unparsable(line);
    const { rejectedBecause: misdirected, ...scope } = scopeOf(set.domain, url.hostname);
    const path = set.path ?? defaultPath(url.pathname);
    const overHttp = url.protocol !== 'https:';
    const broken = breaksPrefix({ ...set, ...scope, pathAttribute: set.path });
    const rejectedBecause =
      (set.name.length + set.value.length > MAX_NAME_AND_VALUE ? 'too-large' : null) ??
      misdirected ??
      (overHttp ? this.insecureRejection(set, scope.domain, path) : null) ??
      attributeRejection(set) ??
      (broken ? 'prefix-broken' : null);
    const expiresAt = expiryOf(set, now);
    // Of what is too large the beginning will do: entropy takes its time.
    const value = set.value.slice(0, MAX_NAME_AND_VALUE);
    const judged = { ...set, ...scope, value, expiresAt, breaksPrefix: broken, overHttp };
    const findings = cookieFindings(judged, now);
    const cookie = tell(set, scope, path, rejectedBecause, findings);
    if (cookie.accepted) this.store({ cookie: copied(cookie), expiresAt, lastAccessedAt: now }, now);
    return cookie;
  }

  /** §5.7: "If the scheme component of the request-uri does not denote a "secure" protocol …" */
  private insecureRejection(set: SetCookie, domain: string, path: string): CookieRejection | null {
    if (set.secure) return 'secure-over-http';
    const overlays = this.cookies.some(
      ({ cookie }) =>
        cookie.name === set.name &&
        cookie.secure &&
        (domainMatches(cookie.domain, domain) || domainMatches(domain, cookie.domain)) &&
        pathMatch(path, cookie.path),
    );
    return overlays ? 'secure-cookie-exists' : null;
  }

  /** §5.7, last steps: one with the same name, domain, host-only-flag and path gives its place, and its time of
   *  creation, to the new one. One that is expired already is evicted at once. */
  private store(stored: StoredCookie, now: number): void {
    const index = this.cookies.findIndex(({ cookie }) => isSame(cookie, stored.cookie));
    if (isExpired(stored, now)) this.cookies = this.cookies.filter((_, i) => i !== index);
    else if (index === -1) this.cookies = [...this.cookies, stored];
    else this.cookies = this.cookies.with(index, stored);
  }

  /** §5.7, "remove excess cookies": of a domain with too many first those that are not Secure; then of all; each
   *  time the one first that was used least recently. */
  private removeExcess(): void {
    const leastRecent = this.cookies.toSorted((one, other) => one.lastAccessedAt - other.lastAccessedAt);
    const excess = new Set<StoredCookie>();
    for (const ofDomain of Map.groupBy(leastRecent, ({ cookie }) => cookie.domain).values()) {
      const insecureFirst = ofDomain.toSorted(
        (one, other) => Number(one.cookie.secure) - Number(other.cookie.secure),
      );
      for (const one of insecureFirst.slice(0, Math.max(0, ofDomain.length - MAX_OF_DOMAIN))) excess.add(one);
    }
    const left = leastRecent.filter((one) => !excess.has(one));
    let count = left.length;
    let octets = left.reduce((sum, one) => sum + octetsOf(one), 0);
    for (const one of left) {
      if (count <= MAX_COOKIES && octets <= MAX_OCTETS) break;
      excess.add(one);
      count--;
      octets -= octetsOf(one);
    }
    if (excess.size > 0) this.cookies = this.cookies.filter((one) => !excess.has(one));
  }
}

function attributeRejection({ sameSite, secure, partitioned }: SetCookie): CookieRejection | null {
  if (secure) return null;
  // §5.7: "If the cookie's "same-site-flag" is "None", abort these steps … unless … secure-only-flag is true"
  if (sameSite === 'None') return 'samesite-none-without-secure';
  // draft-cutler-httpbis-partitioned-cookies §2.1
  return partitioned ? 'partitioned-without-secure' : null;
}

interface Scope {
  readonly domain: string;
  readonly hostOnly: boolean;
  readonly rejectedBecause: CookieRejection | null;
}

/** Whom a cookie goes to, RFC 6265bis §5.7. A public suffix that is the host itself is as good as no Domain.
 *  @param attribute of Domain, empty when there is none
 *  @param host of the request */
function scopeOf(attribute: string, host: string): Scope {
  if (attribute === '' || (attribute === host && isPublicSuffix(host)))
    return { domain: host, hostOnly: true, rejectedBecause: null };
  const domain = { domain: attribute, hostOnly: false };
  // A Domain that is not ASCII is no host's.
  if (!domainMatches(host, attribute)) return { ...domain, rejectedBecause: 'domain-mismatch' };
  return { ...domain, rejectedBecause: isPublicSuffix(attribute) ? 'public-suffix' : null };
}

/** Single labels that nobody lists, "localhost" among them, are public suffixes by the list's default rule; so are
 *  addresses here, which share their cookies with no other host. */
function isPublicSuffix(domain: string): boolean {
  return getPublicSuffix(domain, { allowSpecialUseDomain: false, ignoreError: true }) === undefined;
}

/** RFC 6265bis §5.1.3, for names that are canonical already */
function domainMatches(host: string, domain: string): boolean {
  return domainMatch(host, domain, false) === true;
}

/** RFC 6265bis §5.8.3 step 1. SameSite holds nothing back: whoever calls is the top-level site. */
function matches({ cookie }: StoredCookie, url: URL): boolean {
  const { hostOnly, domain, path, secure } = cookie;
  const host = url.hostname;
  if (hostOnly ? host !== domain : !domainMatches(host, domain)) return false;
  return (!secure || url.protocol === 'https:') && pathMatch(url.pathname, path);
}

/** In the order of the API's keys. */
function tell(
  { name, value, expires, maxAge, secure, httpOnly, sameSite, partitioned }: SetCookie,
  { domain, hostOnly }: Pick<Scope, 'domain' | 'hostOnly'>,
  path: string,
  rejectedBecause: CookieRejection | null,
  findings: readonly CookieFinding[],
): StoredCookie['cookie'] {
  const attributes = { domain, hostOnly, path, expires, maxAge, secure, httpOnly, sameSite, partitioned };
  return { name, value, ...attributes, accepted: rejectedBecause === null, rejectedBecause, findings };
}

/** Max-Age before Expires, each for 400 days at the most. */
function expiryOf({ maxAge, expires }: SetCookie, now: number): number | null {
  const latest = now + MAX_LIFETIME_MS;
  if (maxAge !== null) return maxAge <= 0 ? 0 : Math.min(now + maxAge * 1_000, latest);
  return expires === null ? null : Math.min(expires.getTime(), latest);
}

function isExpired({ expiresAt }: StoredCookie, now: number): boolean {
  return expiresAt !== null && expiresAt <= now;
}

function isSame(one: StoredCookie['cookie'], other: StoredCookie['cookie']): boolean {
  return (
    one.name === other.name &&
    one.domain === other.domain &&
    one.hostOnly === other.hostOnly &&
    one.path === other.path
  );
}

/** A slice would keep alive the whole line that it was cut from. */
function copied(cookie: StoredCookie['cookie']): StoredCookie['cookie'] {
  const { name, value, domain, path } = cookie;
  return { ...cookie, name: own(name), value: own(value), domain: own(domain), path: own(path) };
}

function own(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

function octetsOf({ cookie: { name, value, domain, path } }: StoredCookie): number {
  return name.length + value.length + domain.length + path.length;
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
    findings: [],
  };
}
