/** What a name prefix demands of its cookie. */
export interface PrefixedCookie {
  readonly name: string;
  readonly value: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly hostOnly: boolean;
  /** the Path attribute; null: none, or one that does not begin with "/" */
  readonly pathAttribute: string | null;
}

type Condition = (cookie: PrefixedCookie) => boolean;

const isHostBound: Condition = ({ hostOnly, pathAttribute }) => hostOnly && pathAttribute === '/';
const isHttpOnly: Condition = ({ httpOnly }) => httpOnly;

/** RFC 6265bis §5.4 and §5.7; the two with "http" are draft-ietf-httpbis-layered-cookies', and browsers'.
 *  All of them demand Secure too. `__Host-Http-` begins with `__Host-`, and so demands what that one does. */
const PREFIXES: readonly (readonly [prefix: string, condition: Condition])[] = [
  ['__secure-', () => true],
  ['__host-', isHostBound],
  ['__http-', isHttpOnly],
  ['__host-http-', isHttpOnly],
];

/** Whether a cookie's name claims what its attributes do not keep. Case does not matter: servers exist to which it
 *  does not. A nameless cookie whose value begins with a prefix would look like a prefixed one to its server.
 *  @see RFC 6265bis §5.7, the last steps before a cookie is stored */
export function breaksPrefix(cookie: PrefixedCookie): boolean {
  const name = cookie.name.toLowerCase();
  if (name === '') {
    const value = cookie.value.toLowerCase();
    return PREFIXES.some(([prefix]) => value.startsWith(prefix));
  }
  return PREFIXES.some(
    ([prefix, condition]) => name.startsWith(prefix) && !(cookie.secure && condition(cookie)),
  );
}

/** @returns the name without its prefix */
export function withoutPrefix(name: string): string {
  return name.replace(/^__(?:host-http|secure|host|http)-/i, '');
}
