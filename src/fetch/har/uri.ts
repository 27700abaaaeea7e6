/** octets that RFC 3986 has no place for behind the authority, and "%" that begins no percent-encoded octet */
const NOT_IN_PATH = /[^\w.~:/?@!$&'()*+,;=%-]|%(?![0-9a-f]{2})/gi;
/** the same for a name; an IPv6 address keeps its brackets */
const NOT_IN_HOST = /[^\w.~:!$&'()*+,;=%[\]-]/g;

/** A URL as the URI that RFC 3986 has for it: the URL Standard lets through characters that are none of a URI's, as "|".
 *  @param href without userinfo
 *  @returns it without its fragment */
export function toUri(href: string): string {
  const { protocol, host, pathname, search } = new URL(href);
  const path = (pathname + search).replace(NOT_IN_PATH, encodeURIComponent);
  return `${protocol}//${host.replace(NOT_IN_HOST, encodeURIComponent)}${path}`;
}
