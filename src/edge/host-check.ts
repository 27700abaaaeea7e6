import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../config/loopback';
import type { Settings } from '../config/settings';
import { Problem } from '../problems/problem';
import type { Check } from './check';

/** uri-host [ ":" port ], RFC 9112 §3.2: an IPv6 address in brackets, or an IPv4 address or a name */
const AUTHORITY = /^(?:\[([^\]]*:[^\]]*)\]|([^:[\]]*))(?::\d*)?$/;

/** Checks for whom a request is meant. Where nobody needs a key, because only this machine reaches the service, a page
 *  of a stranger would reach it too: its name is made to resolve to 127.0.0.1 (DNS rebinding), and the browser then
 *  takes the service for that page's own origin. It still sends the name, which gives it away. */
export function hostCheck({ host, apiKeys, auth }: Settings): Check {
  const isTrusting = isLoopback(host) && (apiKeys.length === 0 || auth === 'off');
  return ({ raw }) => ambiguity(raw) ?? (isTrusting ? misdirection(raw) : null);
}

/** RFC 9112 §3.2: HTTP/1.1 needs one Host; no version has two. */
function ambiguity({ rawHeaders, httpVersion }: IncomingMessage): Problem | null {
  const count = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length;
  if (count === 1 || (count === 0 && httpVersion !== '1.1')) return null;
  const message = count === 0 ? 'There is no Host.' : 'There is more than one Host.';
  return new Problem('invalid-request', message, {
    phase: 'validate',
    errors: [{ path: '', message }],
    headers: { connection: 'close' },
  });
}

/** Browsers speak HTTP/1.1: what has no Host is not theirs. */
function misdirection({ headers, url = '/' }: IncomingMessage): Problem | null {
  const authorities = [headers.host, authorityOf(url)].filter((authority) => authority !== undefined);
  if (authorities.every(isLoopbackAuthority)) return null;
  return new Problem(
    'misdirected-request',
    'Where it asks for no API key, this service answers only to localhost and to loopback addresses.',
  );
}

/** RFC 9112 §3.2.2: the authority of an absolute-form stands in the place of Host. */
function authorityOf(target: string): string | undefined {
  return target.startsWith('/') ? undefined : URL.parse(target)?.host;
}

function isLoopbackAuthority(authority: string): boolean {
  const [, ipv6, name = ''] = AUTHORITY.exec(authority) ?? [];
  return isLoopback(ipv6 ?? name);
}
