import { MEDIA_TYPE_HINT, Problem } from '../problems/problem';
import { hasContent } from '../problems/lingering';
import type { Check } from './check';

/** Methods whose content, if there is any, nobody reads: RFC 9110 §9.3.1, §9.3.2. */
const UNREAD: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Refuses content that would not be read to its end. */
export function contentCheck(): Check {
  return ({ raw, method, mediaType, headers, routeOptions: { bodyLimit } }) => {
    if (UNREAD.has(method) || !hasContent(raw)) return null;
    if (mediaType !== 'application/json') return new Problem('unsupported-media-type', MEDIA_TYPE_HINT);
    if (Number(headers['content-length'] ?? 0) <= bodyLimit) return null;
    return new Problem('request-too-large', `The content may have ${bodyLimit} octets.`);
  };
}
