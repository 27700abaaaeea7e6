import { isUtf8 } from 'node:buffer';
import type { FieldLine, ParseWarning } from '../http1/events';
import { fieldValues } from './fields';
import { hasLongHost, sameOrigin } from './origin';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** The caller's, which must not reach whom the caller did not name. */
const CREDENTIALS: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization']);

/** Fetch standard, "request-body-header name": they describe a content that is no longer sent. */
const CONTENT_FIELDS: ReadonlySet<string> = new Set([
  'content-encoding',
  'content-language',
  'content-length',
  'content-location',
  'content-type',
]);

/** Where a response sends its client. */
export type Redirect =
  { readonly kind: 'url'; readonly url: URL } | { readonly kind: 'invalid'; readonly reason: string };

/** @returns whether a response asks to be followed: RFC 9110 §15.4 with a Location */
export function isRedirect(status: number, headers: readonly FieldLine[]): boolean {
  // An empty one would lead to where it came from, for ever: a result, as to curl.
  return REDIRECTS.has(status) && (fieldValues(headers, 'location')[0] ?? '') !== '';
}

/** Resolves the first Location against the URL it came from; the fragment is inherited (RFC 9110 §10.2.2),
 *  userinfo is dropped: it would be a credential of the target's choosing. */
export function redirectTarget(headers: readonly FieldLine[], from: URL): Redirect {
  const location = fieldValues(headers, 'location')[0] ?? '';
  const text = fromOctets(location);
  if (!URL.canParse(text, from.href)) return { kind: 'invalid', reason: 'Location is not a URL reference' };
  const url = new URL(text, from.href);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return { kind: 'invalid', reason: `Location leads to the scheme ${url.protocol.slice(0, -1)}` };
  if (hasLongHost(url))
    return { kind: 'invalid', reason: 'Location has a host that is longer than a name may be' };
  // An empty fragment is one too.
  if (url.hash === '' && !url.href.endsWith('#')) url.hash = from.hash;
  url.username = url.password = '';
  return { kind: 'url', url };
}

/** What is odd about a redirect that is followed all the same. */
export function redirectWarnings(headers: readonly FieldLine[], from: URL, to: URL): ParseWarning[] {
  const warnings: ParseWarning[] = [];
  const locations = new Set(fieldValues(headers, 'location'));
  // RFC 9110 §5.3: Location is no list. Browsers refuse this, curl takes the first as well.
  if (locations.size > 1)
    warnings.push({ code: 'location-repeated', message: 'Locations differ; the first counts', offset: null });
  if (from.protocol === 'https:' && to.protocol === 'http:')
    warnings.push({ code: 'redirect-to-http', message: 'leads from https to plain http', offset: null });
  return warnings;
}

export interface RedirectableRequest {
  readonly method: string;
  readonly headers: readonly FieldLine[];
  readonly body: Buffer | null;
}

/** What is sent to the next URL: method and body after the Fetch standard §4.4 (HTTP-redirect fetch, step 12),
 *  fields without what belongs to another origin. */
export function redirectedRequest(
  request: RedirectableRequest,
  status: number,
  from: URL,
  to: URL,
): RedirectableRequest {
  const dropsBody =
    ((status === 301 || status === 302) && request.method === 'POST') ||
    (status === 303 && request.method !== 'GET' && request.method !== 'HEAD');
  const leaves = !sameOrigin(from, to);
  const headers = request.headers.filter(({ name }) => {
    const lower = name.toLowerCase();
    if (dropsBody && CONTENT_FIELDS.has(lower)) return false;
    // A Host of the caller's names one authority and would misname the next.
    return !(leaves && (CREDENTIALS.has(lower) || lower === 'host'));
  });
  return dropsBody ? { method: 'GET', headers, body: null } : { ...request, headers };
}

/** A Location's octets are UTF-8 where they can be; others are percent-encoded one by one. */
function fromOctets(value: string): string {
  const octets = Buffer.from(value, 'latin1');
  if (isUtf8(octets)) return octets.toString('utf8');
  return value.replace(/[\x80-\xff]/g, (octet) => `%${octet.charCodeAt(0).toString(16).toUpperCase()}`);
}
