import type { FieldLine } from './events';
import { FIELD_VALUE, REQUEST_TARGET, TOKEN } from './grammar';

/** A request's head, ready to be written. Strings hold one character per octet. */
export interface RequestHead {
  readonly method: string;
  readonly target: string;
  readonly httpVersion: '1.0' | '1.1';
  /** written in this order and case */
  readonly headers: readonly FieldLine[];
}

/** Thrown for what must never be written: CR, LF, NUL or another octet outside the grammar. */
export class InvalidRequest extends Error {
  override readonly name = 'InvalidRequest';
}

/** Writes request line and field section, RFC 9112 §3 and §5, as one character per octet.
 *  @throws InvalidRequest rather than let a value end its line */
export function writeRequestHead({ method, target, httpVersion, headers }: RequestHead): string {
  if (!TOKEN.test(method)) throw new InvalidRequest('method is not a token');
  if (!REQUEST_TARGET.test(target)) throw new InvalidRequest('request target has blanks or controls');
  let head = `${method} ${target} HTTP/${httpVersion}\r\n`;
  for (const { name, value } of headers) {
    if (!TOKEN.test(name)) throw new InvalidRequest('field name is not a token');
    if (!FIELD_VALUE.test(value)) throw new InvalidRequest(`value of ${name} has a control character`);
    head += `${name}: ${value}\r\n`;
  }
  return `${head}\r\n`;
}
