import type { FastifyReply } from 'fastify';

/** What every answer says to browsers, as helmet does. There is no Strict-Transport-Security: that is for the proxy to
 *  say which ends TLS, and no Access-Control-Allow-Origin: no stranger's page reads an answer. */
const TO_BROWSERS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  // The filter it would switch on in old browsers did more harm than good.
  'x-xss-protection': '0',
} as const;

/** What loads nothing, runs nothing and stands in no frame. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'";

/** A page that lives on its own origin alone. Forms are its scripts' to send. */
const PAGE = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A page to read: no script, and no form. */
const TEXT =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** @nestjs/swagger's page has two style elements and a style attribute in it, and Swagger UI writes one more, of its
 *  logo. They are named, so that no others are let in; a test tells when the page has changed. */
const SWAGGER_STYLES = [
  "'unsafe-hashes'",
  "'sha256-/jDKvbQ8cdux+c5epDIqkjHbXDaIY8RucT1PmAe8FG4='",
  "'sha256-kfDOF6gCMnqHgi6jN+gf42PjwLVOLgmfbu162ZpwEfk='",
  "'sha256-ezdv1bOGcoOD7FKudKN0Y2Mb763O6qVtM8LT2mtanIU='",
  "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='",
].join(' ');

/** Shows what was received, which nobody vouches for: an origin of its own, that reaches nothing. Its script takes what
 *  could run out of it before; this is the second wall. */
const FRAME = [
  "default-src 'none'",
  'sandbox allow-scripts',
  "script-src 'self'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  'font-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

function fieldsWith(
  policy: string,
  caching: string,
  differing: Readonly<Record<string, string>> = {},
): Map<string, string> {
  const ofAll = { ...TO_BROWSERS, 'content-security-policy': policy, 'cache-control': caching };
  return new Map(Object.entries({ ...ofAll, ...differing }));
}

/** The name of an asset has a digest of its content in it. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/** Answers of the API may hold cookies and contents: nobody keeps them. */
export const API_FIELDS = fieldsWith(NOTHING, 'no-store');
/** What is explained changes with the release alone, and holds nothing of anybody. Accept decides about refusals too. */
const PROBLEMS_FIELDS = fieldsWith(TEXT, 'no-cache', { vary: 'Accept' });
/** How long the style is kept, its route says itself: a refusal is not kept so long. */
const PROBLEMS_STYLE_FIELDS = fieldsWith(TEXT, 'no-cache');
const CONSOLE_FIELDS = fieldsWith(`${PAGE}; frame-src 'self'`, 'no-cache');
const FRAME_FIELDS = fieldsWith(FRAME, 'no-cache', {
  'x-frame-options': 'SAMEORIGIN',
  // Its origin is shared with nobody as it is.
  'origin-agent-cluster': '?0',
});
const ASSET_FIELDS = fieldsWith(NOTHING, FOR_EVER);
/** The frame that loads it has an origin of its own, to which every other is a stranger's. */
const FRAME_ASSET_FIELDS = fieldsWith(NOTHING, FOR_EVER, { 'cross-origin-resource-policy': 'cross-origin' });
const DOCS_FIELDS = fieldsWith(
  PAGE.replace("style-src 'self'", `style-src 'self' ${SWAGGER_STYLES}`),
  'no-cache',
);

/** Puts into an answer what all answers of its route say, and it does not say otherwise. To be called when it is sent: while
 *  it is waited for, a thousand of them would each hold a copy of the table.
 *  @param route as the router has it; undefined: none was found */
export function setResponseFields(reply: FastifyReply, route: string | undefined): void {
  for (const [name, value] of fieldsOf(route)) if (!reply.hasHeader(name)) void reply.header(name, value);
}

function fieldsOf(route = ''): Map<string, string> {
  if (route === '/docs' || route.startsWith('/docs/')) return DOCS_FIELDS;
  if (route === '/problems/page.css') return PROBLEMS_STYLE_FIELDS;
  if (route === '/problems' || route.startsWith('/problems/')) return PROBLEMS_FIELDS;
  if (route === '/') return CONSOLE_FIELDS;
  if (!route.startsWith('/console/')) return API_FIELDS;
  if (route === '/console/frame.html') return FRAME_FIELDS;
  return route.startsWith('/console/frame-') ? FRAME_ASSET_FIELDS : ASSET_FIELDS;
}
