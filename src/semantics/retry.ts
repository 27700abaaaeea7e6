import { DIGITS } from '../http1/grammar';

export interface RetryPolicy {
  /** tries after the first */
  readonly max: number;
  /** before the first of them; doubled for each further one */
  readonly backoffMs: number;
}

/** What an attempt came to. */
export interface Attempted {
  /** as the caller gave it: what a redirect made of it does not undo what the first request may have done. Empty
   *  where it is not known, as with raw octets */
  readonly method: string;
  /** of the problem, or of the error of the result; null: none */
  readonly code: string | null;
  /** null: no final response */
  readonly status: number | null;
  /** values of the final response's Retry-After, as received */
  readonly retryAfter: readonly string[];
}

const HOUR_MS = 3_600_000;

/** 1 ms doubled so often is past an hour. */
const MAX_DOUBLINGS = 22;

// RFC 9110 §9.2.2: PUT, DELETE, and the safe methods of §9.2.1. Methods are case-sensitive (§9.1).
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/** What may be gone the next time. Not among them: dns-not-found and certificates, which are answers, and
 *  idle-timeout, the very end that `read.until: idle` asks for. */
const PASSING_CODES: ReadonlySet<string> = new Set([
  'dns-failed',
  'dns-timeout',
  'connection-refused',
  'connection-reset',
  'connection-closed',
  'host-unreachable',
  'connect-timeout',
  // Mostly a disagreement that will last. But a peer that is too busy, and closes or resets within the handshake, has
  // this code as well, and to try in vain costs a handshake where to give up costs the item.
  'tls-handshake-failed',
  'tls-timeout',
  'send-timeout',
  'first-byte-timeout',
  'head-timeout',
  'total-timeout',
  'store-unavailable',
  'overloaded',
]);

// RFC 6585 §4, and RFC 9110 §15.6.3 to §15.6.5.
const PASSING_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Decides whether an item of a job is tried again, and when.
 *  @param attemptsMade all so far, this one among them
 *  @param now ms since the epoch
 *  @param random from 0 to below 1
 *  @returns whole ms from `now` to wait before the next attempt, an hour at the most; null when there is to be none
 *  @see RFC 9110 §9.2.2 and §10.2.3 */
export function retryDelayMs(
  attempted: Attempted,
  attemptsMade: number,
  policy: RetryPolicy,
  now: number,
  random: number,
): number | null {
  if (attemptsMade > policy.max || !IDEMPOTENT.has(attempted.method) || !mayPass(attempted)) return null;
  // Rounded up: to come a part of a millisecond early is to come early.
  return Math.ceil(
    Math.max(backoff(attemptsMade, policy, random), retryAfterMs(attempted.retryAfter, now) ?? 0),
  );
}

/** @param code of a problem, or of the error of a result
 *  @returns whether it may be gone the next time, though nobody changes anything */
export function isPassing(code: string): boolean {
  return PASSING_CODES.has(code);
}

/** A result that was cut short counts by what cut it, whatever its status. */
function mayPass({ code, status }: Attempted): boolean {
  return (code !== null && isPassing(code)) || (status !== null && PASSING_STATUSES.has(status));
}

/** Equal jitter: half of the wait is certain, half is chance. Full jitter would spread the items of a job no better
 *  than `perHost` does already, and try some of them again at once. */
function backoff(attemptsMade: number, { backoffMs }: RetryPolicy, random: number): number {
  const whole = Math.min(backoffMs * 2 ** Math.min(attemptsMade - 1, MAX_DOUBLINGS), HOUR_MS);
  return (whole / 2) * (1 + random);
}

/** A longer wait than an hour is cut to one: a job does not end in time for a target that asks for a day, yet one
 *  more attempt in an hour is no burden to it. Of several values, which RFC 9110 §5.3 does not let a sender write,
 *  the longest wait pleases all.
 *  @returns null when none of the values is valid */
function retryAfterMs(values: readonly string[], now: number): number | null {
  const waits = values.map((value) => waitMs(value, now)).filter((ms) => ms !== null);
  return waits.length === 0 ? null : Math.min(Math.max(...waits), HOUR_MS);
}

// RFC 9110 §10.2.3: Retry-After = HTTP-date / delay-seconds; delay-seconds = 1*DIGIT
function waitMs(value: string, now: number): number | null {
  if (DIGITS.test(value)) return Number(value) * 1_000;
  const at = httpDateMs(value, now);
  return at === null ? null : at - now;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const DAY_NAME = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const DAY_NAME_L = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';
const MONTH = `(?<month>${MONTHS.join('|')})`;
// time-of-day = hour ":" minute ":" second; "00:00:00 - 23:59:60 (leap second)"
const TIME = '(?<hour>[01][0-9]|2[0-3]):(?<minute>[0-5][0-9]):(?<second>[0-5][0-9]|60)';

// RFC 9110 §5.6.7: HTTP-date = IMF-fixdate / rfc850-date / asctime-date, all of them case-sensitive.
const HTTP_DATES: readonly RegExp[] = [
  // Sun, 06 Nov 1994 08:49:37 GMT
  new RegExp(`^${DAY_NAME}, (?<day>[0-9]{2}) ${MONTH} (?<year>[0-9]{4}) ${TIME} GMT$`),
  // Sunday, 06-Nov-94 08:49:37 GMT
  new RegExp(`^${DAY_NAME_L}, (?<day>[0-9]{2})-${MONTH}-(?<year>[0-9]{2}) ${TIME} GMT$`),
  // Sun Nov  6 08:49:37 1994
  new RegExp(`^${DAY_NAME} ${MONTH} (?<day>[0-9]{2}| [0-9]) ${TIME} (?<year>[0-9]{4})$`),
];

/** Lenient: the day of the week need not be that of the date, which says all there is to say.
 *  @returns ms since the epoch, null for what is no HTTP-date or a day that its month does not have */
function httpDateMs(text: string, now: number): number | null {
  for (const pattern of HTTP_DATES) {
    const { day, month, year, hour, minute, second } = pattern.exec(text)?.groups ?? {};
    if (year === undefined) continue;
    const date = new Date(0);
    date.setUTCFullYear(fullYear(year, now), MONTHS.indexOf(month!), Number(day));
    if (date.getUTCDate() !== Number(day)) return null;
    return date.setUTCHours(Number(hour), Number(minute), Number(second));
  }
  return null;
}

/** RFC 9110 §5.6.7: a year of two digits that "appears to be more than 50 years in the future" is the most recent one
 *  in the past with these digits. Told by the year alone: a wait of 50 years is cut in any case. */
function fullYear(year: string, now: number): number {
  if (year.length === 4) return Number(year);
  const latest = new Date(now).getUTCFullYear() + 50;
  return latest - ((latest - Number(year)) % 100);
}
