import fc from 'fast-check';
import { type Attempted, type RetryPolicy, retryDelayMs } from '../../src/semantics/retry';

const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 4, 17, 12, 0, 0);
const POLICY: RetryPolicy = { max: 2, backoffMs: 1000 };

const REFUSED: Attempted = { method: 'GET', code: 'connection-refused', status: null, retryAfter: [] };
const CODES = ['dns-failed', 'total-timeout', 'dns-not-found', 'cancelled', null];
const STATUSES = [null, 200, 404, 429, 502, 503, 504];

function unavailable(...retryAfter: string[]): Attempted {
  return { method: 'GET', code: null, status: 503, retryAfter };
}

describe('an item is tried again', () => {
  it.each([
    'dns-failed',
    'dns-timeout',
    'connection-refused',
    'connection-reset',
    'connection-closed',
    'host-unreachable',
    'connect-timeout',
    'tls-handshake-failed',
    'tls-timeout',
    'send-timeout',
    'first-byte-timeout',
    'head-timeout',
    'total-timeout',
    'store-unavailable',
    'overloaded',
  ])('after %s, with or without a response', (code) => {
    expect(retryDelayMs({ ...REFUSED, code }, 1, POLICY, NOW, 0)).toBe(500);
    expect(retryDelayMs({ ...REFUSED, code, status: 200 }, 1, POLICY, NOW, 0)).toBe(500);
    expect(retryDelayMs({ ...REFUSED, code, status: 404 }, 1, POLICY, NOW, 0)).toBe(500);
  });

  it.each([
    'dns-not-found',
    'address-denied',
    'port-denied',
    'host-denied',
    'invalid-request',
    'tls-certificate-expired',
    'tls-certificate-not-yet-valid',
    'tls-certificate-self-signed',
    'tls-certificate-untrusted',
    'tls-certificate-name-mismatch',
    'tls-certificate-invalid',
    'malformed-response',
    'head-too-large',
    'too-many-redirects',
    'invalid-redirect',
    'content-decoding-failed',
    'idle-timeout',
    'size-limit',
    'read-limit',
    'cancelled',
    'internal-error',
    'rate-limited',
    'CONNECTION-RESET',
    '',
  ])('but not after %j', (code) => {
    expect(retryDelayMs({ ...REFUSED, code }, 1, POLICY, NOW, 0)).toBeNull();
    expect(retryDelayMs({ ...REFUSED, code, status: 200 }, 1, POLICY, NOW, 0)).toBeNull();
  });

  it.each([
    [200, false],
    [204, false],
    [304, false],
    [400, false],
    [404, false],
    [408, false],
    [425, false],
    [428, false],
    [429, true],
    [430, false],
    [500, false],
    [501, false],
    [502, true],
    [503, true],
    [504, true],
    [505, false],
  ])('after the status %i: %j', (status, again) => {
    const attempted = { ...REFUSED, code: null, status };
    expect(retryDelayMs(attempted, 1, POLICY, NOW, 0)).toBe(again ? 500 : null);
  });

  it('after a passing status whose content was of no use either', () => {
    const attempted = { ...REFUSED, code: 'content-decoding-failed', status: 503 };
    expect(retryDelayMs(attempted, 1, POLICY, NOW, 0)).toBe(500);
  });

  // RFC 9110 §9.2.2, and §9.1: methods are case-sensitive
  it.each([
    ['GET', true],
    ['HEAD', true],
    ['OPTIONS', true],
    ['TRACE', true],
    ['PUT', true],
    ['DELETE', true],
    ['POST', false],
    ['PATCH', false],
    ['PROPFIND', false],
    ['get', false],
    ['', false],
  ])('by the method %j: %j', (method, again) => {
    expect(retryDelayMs({ ...REFUSED, method }, 1, POLICY, NOW, 0)).toBe(again ? 500 : null);
    expect(retryDelayMs({ ...unavailable(), method }, 1, POLICY, NOW, 0)).toBe(again ? 500 : null);
  });

  it.each([
    [0, 1, false],
    [1, 1, true],
    [1, 2, false],
    [2, 2, true],
    [2, 3, false],
    [2, 4, false],
  ])('with %i retries allowed, after %i attempts: %j', (max, attemptsMade, again) => {
    const delay = retryDelayMs(REFUSED, attemptsMade, { max, backoffMs: 1000 }, NOW, 0);
    expect(delay !== null).toBe(again);
  });
});

describe('the wait doubles', () => {
  it.each([
    [1000, 1, 0, 500],
    [1000, 1, 0.5, 750],
    [1000, 1, 1 - Number.EPSILON, 1000],
    [1000, 2, 0, 1000],
    [1000, 3, 0, 2000],
    [1000, 3, 0.5, 3000],
    [1, 1, 0, 1],
    [3, 1, 0.1, 2],
    [0, 1, 0.9, 0],
    // to an hour at the most, before chance has its say
    [1000, 12, 0, 1_024_000],
    [1000, 13, 0, HOUR_MS / 2],
    [1000, 13, 0.5, (HOUR_MS / 4) * 3],
    [1000, 60, 0, HOUR_MS / 2],
    [1, 22, 0, 2 ** 20],
    [1, 23, 0, HOUR_MS / 2],
    [10 * HOUR_MS, 1, 0, HOUR_MS / 2],
    // where doubling has left the numbers behind
    [1, 5000, 0, HOUR_MS / 2],
    [0, 5000, 0, 0],
  ])('from %i ms, after %i attempts, by the chance of %d: %i ms', (backoffMs, made, random, ms) => {
    expect(retryDelayMs(REFUSED, made, { max: 9999, backoffMs }, NOW, random)).toBe(ms);
  });
});

describe('Retry-After', () => {
  it.each([
    // delay-seconds
    ['0', 500],
    ['1', 1000],
    ['120', 120_000],
    ['0120', 120_000],
    ['3599', 3_599_000],
    ['3600', HOUR_MS],
    // longer than an hour: an hour
    ['3601', HOUR_MS],
    ['86400', HOUR_MS],
    ['9'.repeat(400), HOUR_MS],
    // the three forms of an HTTP-date
    ['Sun, 17 May 2026 12:02:00 GMT', 120_000],
    ['Sunday, 17-May-26 12:02:00 GMT', 120_000],
    ['Sun May 17 12:02:00 2026', 120_000],
    ['Sun, 17 May 2026 13:00:00 GMT', HOUR_MS],
    ['Sun, 17 May 2026 13:00:01 GMT', HOUR_MS],
    ['Wed, 17 May 2028 12:00:00 GMT', HOUR_MS],
    // a leap second is the first of the next minute
    ['Sun, 17 May 2026 12:01:60 GMT', 120_000],
    // the day of the week is not held against it
    ['Mon, 17 May 2026 12:02:00 GMT', 120_000],
    // what has passed asks for nothing
    ['Sun, 17 May 2026 12:00:00 GMT', 500],
    ['Sun, 17 May 2026 11:59:59 GMT', 500],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 500],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 500],
    ['Sun Nov  6 08:49:37 1994', 500],
    ['Sun, 17 May 0026 12:02:00 GMT', 500],
    // two digits: at most 50 years ahead, otherwise the past
    ['Sunday, 17-May-76 12:02:00 GMT', HOUR_MS],
    ['Sunday, 17-May-77 12:02:00 GMT', 500],
    ['Sunday, 17-May-27 12:02:00 GMT', HOUR_MS],
    ['Sunday, 17-May-25 12:02:00 GMT', 500],
  ])('%j makes it wait %i ms', (value, ms) => {
    expect(retryDelayMs(unavailable(value), 1, POLICY, NOW, 0)).toBe(ms);
  });

  it('of a day with one digit is read in the form of asctime', () => {
    const now = Date.UTC(2026, 4, 6, 12, 0, 0);
    const wait = (value: string) => retryDelayMs(unavailable(value), 1, POLICY, now, 0);
    expect(wait('Wed May  6 12:02:00 2026')).toBe(120_000);
    expect(wait('Wed May 06 12:02:00 2026')).toBe(120_000);
    expect(wait('Wed May 6 12:02:00 2026')).toBe(500);
  });

  it('with two digits may lead into the next century', () => {
    const now = Date.UTC(2099, 11, 31, 23, 59, 0);
    expect(retryDelayMs(unavailable('Friday, 01-Jan-00 00:01:00 GMT'), 1, POLICY, now, 0)).toBe(120_000);
  });

  it('knows the days of a month', () => {
    const at = (now: number, value: string) => retryDelayMs(unavailable(value), 1, POLICY, now, 0);
    expect(at(Date.UTC(2028, 1, 28, 23, 59), 'Tue, 29 Feb 2028 00:00:00 GMT')).toBe(60_000);
    expect(at(Date.UTC(2027, 1, 28, 23, 59), 'Mon, 29 Feb 2027 00:00:00 GMT')).toBe(500);
    expect(at(Date.UTC(2026, 3, 30, 23, 59), 'Fri, 31 Apr 2026 00:00:00 GMT')).toBe(500);
    expect(at(Date.UTC(2026, 3, 30, 23, 59), 'Fri, 00 May 2026 00:01:00 GMT')).toBe(500);
  });

  it.each([
    '',
    ' ',
    '-1',
    '+5',
    '1.5',
    '1e3',
    '0x10',
    '5s',
    '5, 10',
    '٣',
    'soon',
    'NaN',
    '2026-05-17T12:02:00Z',
    'Sun, 17 May 2026 12:02:00',
    'Sun, 17 May 2026 12:02:00 UTC',
    'Sun, 17 May 2026 12:02:00 +0000',
    'Sun, 17 May 2026 12:02:00 GMT ',
    'Sun, 17 May 2026 12:02:00 gmt',
    'sun, 17 may 2026 12:02:00 GMT',
    'Sun, 7 May 2026 12:02:00 GMT',
    'Sun,17 May 2026 12:02:00 GMT',
    'Sun, 17  May 2026 12:02:00 GMT',
    '17 May 2026 12:02:00 GMT',
    'Sun, 32 May 2026 12:02:00 GMT',
    'Sun, 17 Mai 2026 12:02:00 GMT',
    'Sun, 17 May 26 12:02:00 GMT',
    'Sun, 17 May 2026 24:00:00 GMT',
    'Sun, 17 May 2026 12:60:00 GMT',
    'Sun, 17 May 2026 12:02:61 GMT',
    'Sun, 17 May 2026 12:02 GMT',
    'Sunday, 17 May 2026 12:02:00 GMT',
    'Sunday, 17-May-2026 12:02:00 GMT',
    'Sun, 17-May-26 12:02:00 GMT',
    'Sun May 17 12:02:00 2026 GMT',
    'Sun May 17 12:02:00 26',
  ])('%j is as good as none', (value) => {
    expect(retryDelayMs(unavailable(value), 1, POLICY, NOW, 0)).toBe(500);
  });

  it('is not what makes it try again, nor how often', () => {
    expect(retryDelayMs({ ...unavailable('5'), status: 200 }, 1, POLICY, NOW, 0)).toBeNull();
    expect(retryDelayMs({ ...unavailable('5'), method: 'POST' }, 1, POLICY, NOW, 0)).toBeNull();
    expect(retryDelayMs(unavailable('5'), 3, POLICY, NOW, 0)).toBeNull();
  });

  it('counts after any failure that may pass', () => {
    const attempted = { ...REFUSED, code: 'connection-reset', status: 200, retryAfter: ['5'] };
    expect(retryDelayMs(attempted, 1, POLICY, NOW, 0)).toBe(5000);
  });

  it('yields to a longer backoff', () => {
    expect(retryDelayMs(unavailable('5'), 1, { max: 1, backoffMs: 60_000 }, NOW, 0)).toBe(30_000);
  });

  it('is the longest of several, whatever cannot be read', () => {
    expect(retryDelayMs(unavailable('5', '7', 'soon', '6'), 1, POLICY, NOW, 0)).toBe(7000);
    expect(retryDelayMs(unavailable('soon', 'later'), 1, POLICY, NOW, 0)).toBe(500);
  });

  it('is never undercut by a part of a millisecond', () => {
    expect(retryDelayMs(unavailable('Sun, 17 May 2026 12:02:00 GMT'), 1, POLICY, NOW + 0.25, 0)).toBe(
      120_000,
    );
  });
});

const policies = fc.record({ max: fc.nat(40), backoffMs: fc.nat(2 * HOUR_MS) });
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const times = fc.integer({ min: 0, max: Date.UTC(2200, 0) });

const attempts = fc.record({
  method: fc.constantFrom('GET', 'PUT', 'POST', 'get'),
  code: fc.constantFrom(...CODES),
  status: fc.constantFrom(...STATUSES),
  retryAfter: fc.array(
    fc.oneof(fc.string(), fc.nat().map(String), fc.date({ noInvalidDate: true }).map(imf)),
  ),
});

function imf(date: Date): string {
  return date.toUTCString();
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

/** in the other two forms of RFC 9110 §5.6.7 */
function rfc850(date: Date): string {
  const [, day, month, year, time] = imf(date).split(' ');
  const name = date.toLocaleDateString('en-US', { weekday: 'long', timeZone: 'UTC' });
  return `${name}, ${day}-${month}-${year!.slice(2)} ${time} GMT`;
}

function asctime(date: Date): string {
  const [name, , month, year, time] = imf(date).split(' ');
  return `${name!.slice(0, 3)} ${month} ${String(date.getUTCDate()).padStart(2, ' ')} ${time} ${year}`;
}

it('waits whole milliseconds, an hour at the most and half the backoff at the least, whatever a target sends', () => {
  fc.assert(
    fc.property(attempts, fc.integer({ min: 1, max: 50 }), policies, times, chance, (...given) => {
      const [, made, { max, backoffMs }] = given;
      const delay = retryDelayMs(...given);
      if (delay === null) return;
      expect(made).toBeLessThanOrEqual(max);
      expect(Number.isInteger(delay)).toBe(true);
      expect(delay).toBeLessThanOrEqual(HOUR_MS);
      expect(delay).toBeGreaterThanOrEqual(Math.min(backoffMs * 2 ** (made - 1), HOUR_MS) / 2);
    }),
  );
});

it('never waits less for a Retry-After, nor less by a greater chance', () => {
  fc.assert(
    fc.property(attempts, policies, times, chance, chance, (attempted, policy, now, a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const delay = retryDelayMs(attempted, 1, policy, now, high);
      const without = retryDelayMs({ ...attempted, retryAfter: [] }, 1, policy, now, high);
      const sooner = retryDelayMs(attempted, 1, policy, now, low);
      expect([without === null, sooner === null]).toEqual([delay === null, delay === null]);
      expect(delay ?? 0).toBeGreaterThanOrEqual(Math.max(without ?? 0, sooner ?? 0));
    }),
  );
});

it('waits until the moment that a date names in any of its forms', () => {
  const policy = { max: 1, backoffMs: 0 };
  fc.assert(
    fc.property(times, fc.integer({ min: 0, max: 3600 }), (time, seconds) => {
      const now = Math.floor(time / 1000) * 1000;
      const date = new Date(now + seconds * 1000);
      for (const value of [imf(date), rfc850(date), asctime(date), String(seconds), `0${pad(seconds)}`])
        expect(retryDelayMs(unavailable(value), 1, policy, now, 0)).toBe(seconds * 1000);
    }),
  );
});
