import type { FieldLine } from '../http1/events';
import { ACCEPT_ENCODING } from './content-coding';
import { hasField } from './fields';

export interface RequestFieldsInput {
  readonly url: URL;
  readonly method: string;
  /** the caller's, written in this order and case */
  readonly headers: readonly FieldLine[];
  /** whether to add User-Agent, Accept, Accept-Encoding and Connection where they are absent */
  readonly defaultHeaders: boolean;
  /** content codings will be undone: ask for them */
  readonly decodeContent: boolean;
  /** null: no body */
  readonly bodyBytes: number | null;
  /** of the cookie jar; null: none */
  readonly cookie: string | null;
  readonly userAgent: string;
  /** the peer is to keep the connection open */
  readonly keepAlive: boolean;
}

/** RFC 9110 §8.6: methods whose content a server expects get a Content-Length even when there is none */
const METHODS_WITH_CONTENT: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** Puts together the field section of a request: Host first (RFC 9110 §7.2), the caller's fields as they
 *  were given, then what is missing. A given field always stands where the caller put it. */
export function requestFields(input: RequestFieldsInput): FieldLine[] {
  const { url, method, headers, defaultHeaders, decodeContent, bodyBytes, cookie, userAgent, keepAlive } =
    input;
  const fields: FieldLine[] = [];
  if (!hasField(headers, 'host')) fields.push({ name: 'Host', value: url.host });
  fields.push(...headers);
  const addMissing = (name: string, value: string): void => {
    if (!hasField(headers, name)) fields.push({ name, value });
  };
  if (defaultHeaders) {
    addMissing('User-Agent', userAgent);
    addMissing('Accept', '*/*');
    if (decodeContent) addMissing('Accept-Encoding', ACCEPT_ENCODING);
    if (!keepAlive) addMissing('Connection', 'close');
  }
  if (cookie !== null) addMissing('Cookie', cookie);
  if (bodyBytes !== null) addMissing('Content-Length', String(bodyBytes));
  else if (defaultHeaders && METHODS_WITH_CONTENT.has(method)) addMissing('Content-Length', '0');
  return fields;
}
