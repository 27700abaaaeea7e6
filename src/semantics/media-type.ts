import { trimOws } from '../http1/grammar';

/** A Content-Type, RFC 9110 §8.3.1. */
export interface MediaType {
  /** type and subtype in lower case, "text/html" */
  readonly essence: string;
  /** the charset parameter as given, unquoted; null when absent */
  readonly charset: string | null;
}

const ESSENCE = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+\/[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// RFC 9110 §5.6.6: parameter = name "=" ( token / quoted-string )
const PARAMETER = /;[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(?:"((?:[^"\\]|\\.)*)"|([^;"]*))/g;

/** @returns null when the value names no media type */
export function parseMediaType(value: string): MediaType | null {
  const semicolon = value.indexOf(';');
  const essence = trimOws(semicolon === -1 ? value : value.slice(0, semicolon)).toLowerCase();
  if (!ESSENCE.test(essence)) return null;
  let charset: string | null = null;
  if (semicolon !== -1)
    for (const [, name, quoted, token] of value.slice(semicolon).matchAll(PARAMETER))
      if (charset === null && name!.toLowerCase() === 'charset')
        charset = quoted === undefined ? trimOws(token!) : quoted.replace(/\\(.)/g, '$1');
  return { essence, charset: charset === '' ? null : charset };
}

/** Whether content of this type is text to a reader: text/*, JSON, XML, JavaScript, forms. */
export function isTextual(essence: string): boolean {
  return (
    essence.startsWith('text/') ||
    /[/+](?:json|xml)$/.test(essence) ||
    /^application\/(?:x-)?(?:javascript|ecmascript|x-www-form-urlencoded)$/.test(essence) ||
    /^application\/(?:json5|ld\+json|x-ndjson|jsonl|yaml|graphql)$/.test(essence)
  );
}
