import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  COOKIE_FINDINGS,
  type CookieFinding,
  type JudgedCookie,
  cookieFindings,
  looksLikeSession,
} from '../../src/semantics/cookie-findings';

const NOW = Date.UTC(2026, 10, 25);
const DAY_MS = 86_400_000;
const GOOD_ID = '5f8a1c0e9b7d4e2fa3c6b81d07e94f52';

/** A session's cookie as it should be. */
const SAFE: JudgedCookie = {
  name: '__Host-sid',
  value: GOOD_ID,
  hostOnly: true,
  secure: true,
  httpOnly: true,
  sameSite: 'Lax',
  expiresAt: null,
  breaksPrefix: false,
  overHttp: false,
};

const PREFERENCE: JudgedCookie = { ...SAFE, name: 'theme', value: 'dark' };

function found(of: JudgedCookie, change: Partial<JudgedCookie>): CookieFinding[] {
  return cookieFindings({ ...of, ...change }, NOW);
}

describe('a session’s cookie', () => {
  it('has no findings when it is as it should be', () => {
    expect(found(SAFE, {})).toEqual([]);
  });

  it.each<[CookieFinding, Partial<JudgedCookie>]>([
    ['sent-over-http', { overHttp: true }],
    ['prefix-broken', { breaksPrefix: true }],
    ['domain-wide', { hostOnly: false }],
    ['session-id-without-secure', { secure: false }],
    ['session-id-without-httponly', { httpOnly: false }],
    ['missing-samesite', { sameSite: null }],
    ['long-lived-session', { expiresAt: NOW + 30 * DAY_MS + 1 }],
    ['short-session-id', { value: GOOD_ID.slice(0, 31) }],
    ['low-entropy-session-id', { value: '0'.repeat(64) }],
  ])('has the one finding %s with %j', (code, change) => {
    expect(found(SAFE, change)).toEqual([code]);
  });

  it('with SameSite=None and without Secure lacks Secure twice over', () => {
    expect(found(SAFE, { sameSite: 'None', secure: false })).toEqual([
      'samesite-none-without-secure',
      'session-id-without-secure',
    ]);
  });

  it('may live for 30 days, and be SameSite=None when it is Secure', () => {
    expect(found(SAFE, { expiresAt: NOW + 30 * DAY_MS, sameSite: 'None' })).toEqual([]);
    expect(found(SAFE, { sameSite: 'Strict' })).toEqual([]);
  });

  it('with every fault has all findings, in their order', () => {
    const worst: Partial<JudgedCookie> = {
      value: '1',
      hostOnly: false,
      secure: false,
      httpOnly: false,
      expiresAt: NOW + 365 * DAY_MS,
      breaksPrefix: true,
      overHttp: true,
    };
    const all = found(SAFE, { ...worst, sameSite: null });
    const others = found(SAFE, { ...worst, sameSite: 'None' });
    expect(all).toEqual(COOKIE_FINDINGS.filter((code) => code !== 'samesite-none-without-secure'));
    expect(others).toEqual(COOKIE_FINDINGS.filter((code) => code !== 'missing-samesite'));
  });

  it('has no findings of a session when it is expired on arrival, and so deletes one', () => {
    expect(
      found(SAFE, { expiresAt: NOW, secure: false, httpOnly: false, sameSite: null, value: '' }),
    ).toEqual([]);
    expect(found(SAFE, { expiresAt: 0, overHttp: true, hostOnly: false })).toEqual([
      'sent-over-http',
      'domain-wide',
    ]);
  });
});

describe('any other cookie', () => {
  it.each<[CookieFinding[], Partial<JudgedCookie>]>([
    [[], {}],
    [[], { secure: false, httpOnly: false, sameSite: null, expiresAt: NOW + 365 * DAY_MS }],
    [['sent-over-http'], { overHttp: true }],
    [['prefix-broken'], { breaksPrefix: true }],
    [['domain-wide'], { hostOnly: false }],
    [['samesite-none-without-secure'], { sameSite: 'None', secure: false }],
  ])('has %j with %j', (codes, change) => {
    expect(found(PREFERENCE, change)).toEqual(codes);
  });
});

describe('the length of a session id', () => {
  it.each([
    ['32 hexadecimal digits', GOOD_ID],
    ['32 of them in capitals', GOOD_ID.toUpperCase()],
    ['a UUID', '5f8a1c0e-9b7d-4e2f-a3c6-b81d07e94f52'],
    ['26 digits and small letters, as PHP has them', 'q3v8k2m9x7c1b5n4z6l0p8r2t9'],
    ['22 characters of base64', 'aB3xK9mQ7pL2vN8zR5tW1y'],
    ['22 of base64url, hyphens among them', 'w920297G2-7O7Eek-_-9kQ'],
    ['39 digits', '482917365029184736502918473650291847365'],
    ['28 letters of one case', 'qwpzmxnvbcladkfjghtyrueioqpz'],
    ['23 letters of both', 'qWpZmXnVbClAdKfJgHtYrUe'],
    ['a signed one, percent-encoded', 's%3AaB3xK9mQ7pL2vN8zR5tW1yC0.dQw4w9WgXcQ%2Fx'],
  ])('is enough with %s', (_, value) => {
    expect(found(SAFE, { value })).toEqual([]);
  });

  it.each([
    ['31 hexadecimal digits', GOOD_ID.slice(0, 31)],
    ['24 digits and small letters, as ASP.NET has them', 'q3v8k2m9x7c1b5n4z6l0p8r2'],
    ['21 characters of base64', 'aB3xK9mQ7pL2vN8zR5t/W'],
    ['separators, which do not count', `5f8a1c0e${'-'.repeat(40)}9b7d4e2fa3c6b81d`],
  ])('is short with %s', (_, value) => {
    expect(found(SAFE, { value })).toEqual(['short-session-id']);
  });
});

describe('the entropy of a session id', () => {
  it.each([
    ['', 'nothing'],
    ['123456', 'a number'],
    ['0000000000000000000000000000002a', 'a counter'],
    ['abababababababababababababababab', 'a pattern'],
    ['0123456789abcdef0123456789abcdef', 'a run'],
    ['admin', 'a name'],
  ])('is low in %j: %s', (value) => {
    expect(found(SAFE, { value })).toContain('low-entropy-session-id');
  });

  it('is never low, nor the length short, where 128 bits were drawn', () => {
    for (let i = 0; i < 500; i++) {
      // Digests are as good as random, and the same in every run.
      const octets = createHash('sha256').update(`${i}`).digest().subarray(0, 16);
      for (const value of [octets.toString('hex'), octets.toString('base64'), octets.toString('base64url')])
        expect([value, found(SAFE, { value })]).toEqual([value, []]);
    }
  });
});

it.each(COOKIE_FINDINGS)('%s is explained in the documentation', (code) => {
  const page = readFileSync(path.join(__dirname, '../../docs/cookies.md'), 'utf8');
  expect(page).toMatch(new RegExp(`^\\| \`${code}\` `, 'm'));
});

/** @returns what blanks separate */
function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

describe('what looks like a session by its name', () => {
  it.each(
    words(`
    PHPSESSID JSESSIONID ASP.NET_SessionId connect.sid sessionid _session_id laravel_session NID_AUT
    NID_SES SID HSID SSID APISID SAPISID LSID NID __Secure-1PSID __Secure-3PAPISID __Host-GAPS
    __Host-sid __Host-Http-session ASPSESSIONIDQQBRDTBA .ASPXAUTH .AspNetCore.Session
    .AspNetCore.Identity.Application wordpress_logged_in_0123456789abcdef0123456789abcdef
    wordpress_sec_0123456789abcdef0123456789abcdef SSESS0123456789abcdef0123456789abcdef
    0123456789abcdef0123456789abcdef phpbb3_ab1_sid
    remember_web_0123456789abcdef0123456789abcdef01234567 sb-project-auth-token sb-p-auth-token.0
    _myapp_key _myapp_session myapp-session app.session.id user_session_token JSESSIONID.node1 app.sid
    enwikiSession userSessionId session SESSION auth_token access-token jwt xs li_at _gh_sess
    user_session KEYCLOAK_SESSION phpsessid remember-me sess __Secure-next-auth.session-token session.0
    SAP_SESSIONID_ABC_100 _gallery_session rememberMeToken
  `),
  )('%s', (name) => {
    expect(looksLikeSession(name, '1')).toBe(true);
  });

  it.each(
    words(`
    csrftoken XSRF-TOKEN _csrf csrf_session_id __RequestVerificationToken form_token
    .AspNetCore.Antiforgery.w5W7x28NAIs nonce authenticity_token atlassian.xsrf.token lang user_lang
    locale theme dark_mode currency timezone prefs user_preferences cookie_consent OptanonConsent gdpr
    settings wp-settings-time-1 wordpress_test_cookie _ga _ga_ABC123 _gid _fbp __utma _hjSessionUser_1
    ajs_anonymous_id IDE NNB AWSALB AWSALBCORS BIGipServerpool ARRAffinity SERVERID __cf_bm cf_clearance
    _abck visid_incap_1 session_theme sessions_seen obsession sidebar inside cart a
  `),
  )('not %s', (name) => {
    expect(looksLikeSession(name, '1')).toBe(false);
  });
});

describe('what looks like a session by its value', () => {
  it.each([
    GOOD_ID,
    '5f8a1c0e-9b7d-4e2f-a3c6-b81d07e94f52',
    '182=f3K9xQ2mZ7vLp0Wc8RtYb5Nd1HsGj6Ua',
    's%3AaB3xK9mQ7pL2vN8zR5tW1yC0.sig',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U',
  ])('%s', (value) => {
    expect(looksLikeSession('x', value)).toBe(true);
    expect(looksLikeSession('csrftoken', value)).toBe(false);
  });

  it.each([
    '',
    'dark_mode_enabled_for_all_pages',
    'GoogleAnalytics4EnabledForEverybody',
    '1732492800123',
    '2026-11-22T01:47:46.123Z',
    'GA1.2.1234567890.1609459200',
    'en-US,en;q=0.9',
    '%7B%22theme%22%3A%22dark%22%2C%22size%22%3A12%7D',
    '00000000000000000000000000000000',
    '1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a',
    '203.0.113.7:8080/path/to/resource',
  ])('not %s', (value) => {
    expect(looksLikeSession('x', value)).toBe(false);
  });
});
