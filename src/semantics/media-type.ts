import { MIMEType } from 'whatwg-mimetype';
import { splitList } from '../http1/grammar';

/** What a Content-Type says of how its content is to be read. */
export interface MediaType {
  /** type and subtype in lower case, "text/html" */
  readonly essence: string;
  /** the charset parameter as given, unquoted; null when absent */
  readonly charset: string | null;
}

/** List members considered of all Content-Type fields together */
const MAX_MEMBERS = 100;
/** The library's trimming takes quadratic time in a run of blanks; no label holds so many. */
const BLANK_RUN = /[ \t\r\n]{9,}/g;
/** Most messages are of few types: so many values are remembered, of so many characters at the most, and then others. */
const MAX_REMEMBERED = 128;
const MAX_REMEMBERED_LENGTH = 128;
const remembered = new Map<string, MediaType | null>();

/** Reads all Content-Type fields of a message as one list: the last media type counts, and takes its charset
 *  over from one before that differs in parameters alone.
 *  @param contentTypes field values in wire order
 *  @returns null when none of them names a media type
 *  @see WHATWG Fetch, "extract a MIME type" */
export function extractMediaType(contentTypes: readonly string[]): MediaType | null {
  let extracted: MediaType | null = null;
  for (const member of splitList(contentTypes.join(', ')).slice(0, MAX_MEMBERS)) {
    const mediaType = parseMediaType(member);
    if (mediaType === null || mediaType.essence === '*/*') continue;
    if (mediaType.charset === null && mediaType.essence === extracted?.essence) continue;
    extracted = mediaType;
  }
  return extracted;
}

/** @returns null when the value names no media type
 *  @see WHATWG MIME Sniffing §4.4, "parse a MIME type" */
export function parseMediaType(value: string): MediaType | null {
  if (value.length > MAX_REMEMBERED_LENGTH) return parse(value);
  const known = remembered.get(value);
  if (known !== undefined) return known;
  if (remembered.size === MAX_REMEMBERED) remembered.clear();
  const parsed = parse(value);
  remembered.set(value, parsed);
  return parsed;
}

function parse(value: string): MediaType | null {
  const parsed = MIMEType.parse(value.replace(BLANK_RUN, '        '));
  return parsed === null
    ? null
    : { essence: parsed.essence, charset: parsed.parameters.get('charset') ?? null };
}

/** Whether content of this type is text to a reader: text/*, JSON, XML, JavaScript, forms. */
export function isTextual(essence: string): boolean {
  return (
    essence.startsWith('text/') ||
    isJson(essence) ||
    isXml(essence) ||
    /^application\/(?:x-)?(?:javascript|ecmascript|x-www-form-urlencoded)$/.test(essence) ||
    /^application\/(?:json5|x-ndjson|jsonl|yaml|graphql)$/.test(essence)
  );
}

export function isHtml(essence: string): boolean {
  return essence === 'text/html';
}

/** @see WHATWG MIME Sniffing §4.6, "XML MIME type" */
export function isXml(essence: string): boolean {
  return /^(?:text|application)\/xml$|\+xml$/.test(essence);
}

/** @see WHATWG MIME Sniffing §4.6, "JSON MIME type" */
export function isJson(essence: string): boolean {
  return /^(?:text|application)\/json$|\+json$/.test(essence);
}
