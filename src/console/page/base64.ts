/** RFC 4648 §4.
 *  @throws DOMException when it is none */
export function octetsOf(base64: string): Uint8Array<ArrayBuffer> {
  const characters = atob(base64);
  const octets = new Uint8Array(characters.length);
  for (let i = 0; i < octets.length; i++) octets[i] = characters.charCodeAt(i);
  return octets;
}

/** RFC 4648 §4, of UTF-8. */
export function base64Of(text: string): string {
  let characters = '';
  for (const octet of new TextEncoder().encode(text)) characters += String.fromCharCode(octet);
  return btoa(characters);
}

/** RFC 4648 §5, without padding. */
export function base64UrlOf(text: string): string {
  return base64Of(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** @throws Error when it is no base64url of UTF-8 */
export function textOfBase64Url(base64url: string): string {
  const octets = octetsOf(base64url.replace(/-/g, '+').replace(/_/g, '/'));
  return new TextDecoder('utf-8', { fatal: true }).decode(octets);
}
