import { parseDate } from 'tough-cookie';
import { trimOws } from '../http1/grammar';

/** A Set-Cookie as RFC 6265bis §5.6 reads it. Strings hold one character per octet. */
export interface SetCookie {
  readonly name: string;
  readonly value: string;
  /** of the last Domain, in lower case and without its leading dot; empty: none */
  readonly domain: string;
  /** of the last Path; null: none, or one that does not begin with "/" */
  readonly path: string | null;
  readonly expires: Date | null;
  /** seconds */
  readonly maxAge: number | null;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: 'Strict' | 'Lax' | 'None' | null;
  readonly partitioned: boolean;
}

type Attributes = { -readonly [Name in keyof Omit<SetCookie, 'name' | 'value'>]: SetCookie[Name] };

// §5.6 step 1: CTL but for HTAB
const CONTROLS = /[\x00-\x08\x0a-\x1f\x7f]/;
const MAX_ATTRIBUTE_OCTETS = 1_024;
const MAX_AGE = /^-?[0-9]+$/;
const SAME_SITE: ReadonlyMap<string, SetCookie['sameSite']> = new Map([
  ['strict', 'Strict'],
  ['lax', 'Lax'],
  ['none', 'None'],
]);

/** Reads the value of a Set-Cookie field. tough-cookie's reader is made for text: it takes octets such as 0xA0 for
 *  blanks, and knows neither nameless cookies nor limits.
 *  @returns null for what a user agent ignores as a whole: with a control character, or with neither name nor value
 *  @see RFC 6265bis §5.6 */
export function parseSetCookie(line: string): SetCookie | null {
  if (CONTROLS.test(line)) return null;
  const [pair, ...attributes] = line.split(';') as [string, ...string[]];
  // Step 3: "If the name-value-pair string lacks a %x3D ("=") character, then the name string is empty"
  const [name, value] = splitAt(pair) ?? ['', trimOws(pair)];
  if (name === '' && value === '') return null;
  return { name, value, ...readAttributes(attributes) };
}

function readAttributes(texts: readonly string[]): Attributes {
  const attributes: Attributes = {
    domain: '',
    path: null,
    expires: null,
    maxAge: null,
    secure: false,
    httpOnly: false,
    sameSite: null,
    partitioned: false,
  };
  for (const text of texts) {
    const [name, value] = splitAt(text) ?? [trimOws(text), ''];
    if (value.length <= MAX_ATTRIBUTE_OCTETS) readAttribute(attributes, name.toLowerCase(), value);
  }
  return attributes;
}

/** Of several attributes by one name the last counts; a date or an age that is none does not count at all. */
function readAttribute(attributes: Attributes, name: string, value: string): void {
  switch (name) {
    case 'expires':
      attributes.expires = parseDate(value) ?? attributes.expires;
      break;
    case 'max-age':
      if (MAX_AGE.test(value)) attributes.maxAge = secondsOf(value);
      break;
    case 'domain':
      attributes.domain = value.replace(/^\./, '').toLowerCase();
      break;
    case 'path':
      attributes.path = value.startsWith('/') ? value : null;
      break;
    case 'secure':
      attributes.secure = true;
      break;
    case 'httponly':
      attributes.httpOnly = true;
      break;
    case 'samesite':
      attributes.sameSite = SAME_SITE.get(value.toLowerCase()) ?? null;
      break;
    case 'partitioned':
      attributes.partitioned = true;
      break;
  }
}

/** Ages beyond what a number can count exactly are as good as the largest that it can. */
function secondsOf(digits: string): number {
  const seconds = Number(digits);
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(seconds, Number.MAX_SAFE_INTEGER));
}

/** @returns what stands before and after the first "=", without the blanks around; null when there is none */
function splitAt(text: string): [string, string] | null {
  const equals = text.indexOf('=');
  return equals === -1 ? null : [trimOws(text.slice(0, equals)), trimOws(text.slice(equals + 1))];
}
