import type { Body } from '../data';
import type { HopState, ToldHead } from '../fetch-state';
import type { Received } from './head-lines';

/** What is known of a response that has no result, because it still comes or was broken off: as panes want it. */

export function responseSoFar(
  head: ToldHead,
  { informational, warnings }: Pick<HopState, 'informational' | 'warnings'>,
): Received {
  const { status, statusText, httpVersion, headBytes, headers } = head;
  return {
    status,
    statusText,
    httpVersion,
    headBytes,
    headers,
    informational: [...informational],
    trailers: [],
    warnings: [...warnings],
    // Nothing is counted back from the end of what has none.
    transferCoding: null,
    complete: false,
    chunks: { bytes: 0 },
    extra: { bytes: 0 },
    body: { wireBytes: 0 },
  };
}

/** RFC 9110 §8.3.1, as far as a first look needs it: the result says it better. */
const MEDIA_TYPE = /^\s*([^\s;/]+\/[^\s;/]+)/;
const CHARSET = /;\s*charset\s*=\s*"?([^\s";]+)/i;
const TEXTUAL = /^text\/|[/+](?:json|xml|javascript)$/;

/** Content as it is handed out: its codings are undone.
 *  @param head null: it has not come */
export function bodySoFar(head: ToldHead | null, { contentBytes }: HopState): Body {
  const contentType = head?.headers.find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? '';
  const mediaType = MEDIA_TYPE.exec(contentType)?.[1]?.toLowerCase() ?? null;
  const declared = CHARSET.exec(contentType)?.[1] ?? null;
  const charset = declared ?? (mediaType === null || TEXTUAL.test(mediaType) ? 'UTF-8' : null);
  return {
    bytes: contentBytes,
    wireBytes: contentBytes,
    contentEncoding: [],
    base64: null,
    text: null,
    decoded: true,
    mediaType,
    charset,
    charsetSource: declared !== null ? 'header' : charset === null ? null : 'default',
    // Nobody has told it.
    sha256: '',
    truncated: true,
  };
}
