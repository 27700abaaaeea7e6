import { withoutPrefix } from './cookie-prefixes';
import { OTHER_PATTERNS, SESSION_NAMES, SESSION_PATTERNS } from './session-cookies';

/** Everything that can be found of a cookie; docs/cookies.md says what each means. */
export const COOKIE_FINDINGS = [
  'sent-over-http',
  'prefix-broken',
  'domain-wide',
  'samesite-none-without-secure',
  'session-id-without-secure',
  'session-id-without-httponly',
  'missing-samesite',
  'long-lived-session',
  'short-session-id',
  'low-entropy-session-id',
] as const;

export type CookieFinding = (typeof COOKIE_FINDINGS)[number];

/** What there is to know of a cookie, and of the way it came. Strings hold one character per octet. */
export interface JudgedCookie {
  readonly name: string;
  readonly value: string;
  readonly hostOnly: boolean;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: 'Strict' | 'Lax' | 'None' | null;
  /** when it is forgotten, in ms since the epoch; null: with the session */
  readonly expiresAt: number | null;
  readonly breaksPrefix: boolean;
  /** it came without TLS */
  readonly overHttp: boolean;
}

/** OWASP Session Management Cheat Sheet: an id has 128 bits at least, of which 64 cannot be foreseen. */
const MIN_ID_BITS = 128;
const MIN_ENTROPY_BITS = 64;
/** RFC 6265bis, "Expiration Dates", calls two weeks reasonable for a session identifier. A choice of ours: a month */
const MAX_SESSION_MS = 30 * 86_400_000;

const NAMES: ReadonlySet<string> = new Set(
  SESSION_NAMES.flatMap(({ names }) => names.toLowerCase().split(' ')),
);

/** What makes a cookie easy to hijack, in the order of COOKIE_FINDINGS.
 *  @param now in ms since the epoch */
export function cookieFindings(cookie: JudgedCookie, now: number): CookieFinding[] {
  const { secure, httpOnly, sameSite, expiresAt } = cookie;
  const found: CookieFinding[] = [];
  const find = (code: CookieFinding, holds: boolean): void => {
    if (holds) found.push(code);
  };
  find('sent-over-http', cookie.overHttp);
  find('prefix-broken', cookie.breaksPrefix);
  find('domain-wide', !cookie.hostOnly);
  find('samesite-none-without-secure', sameSite === 'None' && !secure);
  // One that deletes a session's cookie is none itself.
  const deletes = expiresAt !== null && expiresAt <= now;
  if (deletes || !looksLikeSession(cookie.name, cookie.value)) return found;
  find('session-id-without-secure', !secure);
  find('session-id-without-httponly', !httpOnly);
  find('missing-samesite', sameSite === null);
  find('long-lived-session', expiresAt !== null && expiresAt - now > MAX_SESSION_MS);
  const id = randomPart(cookie.value);
  find('short-session-id', lengthBits(id) < MIN_ID_BITS);
  find('low-entropy-session-id', entropyBits(id) < MIN_ENTROPY_BITS);
  return found;
}

/** Whether a cookie is likely to stand for a session: a name that frameworks give to one, or else a value that looks
 *  random under a name that is not known to mean something else. */
export function looksLikeSession(name: string, value: string): boolean {
  const bare = withoutPrefix(name);
  if (NAMES.has(bare.toLowerCase())) return true;
  if (OTHER_PATTERNS.some((pattern) => pattern.test(bare))) return false;
  return SESSION_PATTERNS.some((pattern) => pattern.test(bare)) || looksRandom(value);
}

const MIN_TOKEN_LENGTH = 20;

/** Random text changes between upper case, lower case and digits at nearly every second character; words, numbers,
 *  dates and addresses seldom do. */
function looksRandom(value: string): boolean {
  return unescaped(value)
    .split(/[^0-9A-Za-z+/_-]+/)
    .map((token) => token.replace(/[^0-9A-Za-z]/g, ''))
    .some(
      (token) =>
        token.length >= MIN_TOKEN_LENGTH &&
        classChanges(token) * 3 >= token.length &&
        entropyBits(token) >= MIN_ENTROPY_BITS,
    );
}

function classChanges(token: string): number {
  let changes = 0;
  for (let i = 1; i < token.length; i++) if (classOf(token[i]!) !== classOf(token[i - 1]!)) changes++;
  return changes;
}

function classOf(character: string): 'digit' | 'upper' | 'lower' {
  if (character <= '9') return 'digit';
  return character <= 'Z' ? 'upper' : 'lower';
}

/** The characters of an id that carry something: no separators, and no percent-encoding. Base64 has letters of both
 *  cases, and to it "-", "_", "+" and "/" are no separators. */
function randomPart(value: string): string {
  const text = unescaped(value);
  const isBase64 = /[A-Z]/.test(text) && /[a-z]/.test(text);
  return text.replace(isBase64 ? /[^0-9A-Za-z+/_-]/g : /[^0-9A-Za-z]/g, '');
}

function unescaped(value: string): string {
  return value.replace(/%[0-9A-Fa-f]{2}/g, (octet) =>
    String.fromCharCode(Number.parseInt(octet.slice(1), 16)),
  );
}

/** Sizes of the usual alphabets. None is of letters alone: an id that drew no digit is not for that a shorter one. */
const ALPHABETS: readonly (readonly [RegExp, number])[] = [
  [/^[0-9]*$/, 10],
  [/^(?:[0-9a-f]*|[0-9A-F]*)$/, 16],
  [/^(?:[0-9a-z]*|[0-9A-Z]*)$/, 36],
];
const BASE64 = 64;

/** What an id could hold at the most, if every character were drawn from its alphabet. */
function lengthBits(id: string): number {
  const size = ALPHABETS.find(([pattern]) => pattern.test(id))?.[1] ?? BASE64;
  return id.length * Math.log2(size);
}

/** An estimate from one sample: Shannon's entropy of its characters, or of the steps between neighbours where that is
 *  less (a run such as "abcdef" repeats one step), times its length. An upper bound: what is counted up or is a hash
 *  of something known looks as random as what is. */
function entropyBits(id: string): number {
  const codes = [...id].map((character) => character.charCodeAt(0));
  const steps = codes.slice(1).map((code, i) => code - codes[i]!);
  return id.length * Math.min(shannon(codes), shannon(steps));
}

/** @returns bits a symbol */
function shannon(symbols: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const symbol of symbols) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) {
    const share = count / symbols.length;
    bits -= share * Math.log2(share);
  }
  return bits;
}
