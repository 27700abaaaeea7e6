/** RFC 6454 §5: two URLs have one origin when scheme, host and port are the same. */
export function sameOrigin(one: URL, other: URL): boolean {
  return one.protocol === other.protocol && one.host === other.host;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** @returns the port that the URL names or its scheme implies */
export function portOf(url: URL): number {
  return url.port === '' ? (DEFAULT_PORTS[url.protocol] ?? 0) : Number(url.port);
}

/** @returns the host as a resolver and a socket take it: IPv6 addresses without brackets */
export function hostOf(url: URL): string {
  return url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
}

/** RFC 1035 §2.3.4 as text: 255 octets with the length of the first label and the root's */
const MAX_NAME_OCTETS = 253;

/** @returns whether the host is longer than any name may be */
export function hasLongHost({ hostname }: URL): boolean {
  return hostname.replace(/\.$/, '').length > MAX_NAME_OCTETS;
}

/** @returns the URL as logs may hold it: without userinfo, query and fragment */
export function withoutSecrets(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}
