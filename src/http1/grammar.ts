/** The ABNF of RFC 9110 and RFC 9112 that a recipient needs, one pattern a rule.
 *  Wire strings hold one character U+0000 to U+00FF per octet (latin1), so patterns match octets. */

// RFC 9110 §5.6.2: token = 1*tchar
export const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

// RFC 9110 §5.5: field-value = *field-content; field-vchar = VCHAR / obs-text, with SP and HTAB between.
// Stricter senders' rule: what a request may carry. CR, LF and NUL are the dangerous ones.
export const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

// RFC 9112 §3: request-target has no whitespace; other controls never belong in a request line
export const REQUEST_TARGET = /^[\x21-\x7e\x80-\xff]+$/;

// RFC 9112 §4: status-line = HTTP-version SP status-code SP [ reason-phrase ] CRLF
// Both modes take a missing SP before a missing reason-phrase: many servers omit it.
// §2.3: HTTP-version = HTTP-name "/" DIGIT "." DIGIT; whether one digit alone will do is for the mode to say.
export const STATUS_LINE = /^HTTP\/([0-9](?:\.[0-9])?) ([0-9]{3})(?: (.*))?$/s;

// RFC 9112 §4: "recipients MAY instead parse on whitespace-delimited word boundaries".
// Blanks at its end are trimmed beforehand: a pattern that skips them backtracks quadratically.
export const LENIENT_STATUS_LINE = /^HTTP\/([0-9](?:\.[0-9])?)[ \t\v\f\r]+([0-9]{3})(?:[ \t\v\f\r]+(.*))?$/s;

// RFC 9112 §4: reason-phrase = 1*( HTAB / SP / VCHAR / obs-text )
export const REASON_PHRASE = FIELD_VALUE;

// RFC 9112 §7.1: chunk-size = 1*HEXDIG
export const CHUNK_SIZE = /^[0-9A-Fa-f]+/;

// RFC 9110 §8.6: Content-Length = 1*DIGIT
export const DIGITS = /^[0-9]+$/;

// RFC 9112 §7: chunked has no parameters, yet some write it with them
export const CHUNKED_WITH_PARAMETERS = /^chunked[ \t]*;/;

/** RFC 9110 §5.6.3: OWS = *( SP / HTAB ). Removes it at both ends. */
export function trimOws(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

/** @returns whether the character code is SP or HTAB */
export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** @returns text of a peer, short enough for a message */
export function excerpt(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** Splits a list field (RFC 9110 §5.6.1) at commas outside quoted strings; members are trimmed and may be empty. */
export function splitList(value: string): string[] {
  const members: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i < value.length; i++) {
    const c = value[i];
    if (quoted && c === '\\') i++;
    else if (c === '"') quoted = !quoted;
    else if (c === ',' && !quoted) {
      members.push(trimOws(value.slice(start, i)));
      start = i + 1;
    }
  }
  members.push(trimOws(value.slice(start)));
  return members;
}
