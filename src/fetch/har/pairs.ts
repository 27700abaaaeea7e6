import type { FieldLine } from '../../http1/events';
import { fieldValues } from '../../semantics/fields';
import type { HarParameterDto, HarSentCookieDto } from '../dto/har.dto';

/** so many pairs of a field are told of; so many more would be longer than what they are read from */
const MAX_PAIRS = 1_000;

/** What is told of a field that holds pairs, and how many are not. */
export interface Pairs<Pair> {
  readonly pairs: Pair[];
  readonly omitted: number;
}

/** The parameters of a query, decoded as those of a form.
 *  @param search of a URL
 *  @see WHATWG URL §5.1, "application/x-www-form-urlencoded parsing" */
export function toParameters(search: string): Pairs<HarParameterDto> {
  const sequences = search.slice(1).split('&').filter(isSomething);
  const told = new URLSearchParams(sequences.slice(0, MAX_PAIRS).join('&'));
  const pairs = [...told].map(([name, value]) => ({ name, value }));
  return { pairs, omitted: sequences.length - pairs.length };
}

/** The cookies of a request. A pair without "=" is a value without a name, as to user agents (RFC 6265bis §5.6). */
export function toSentCookies(headers: readonly FieldLine[]): Pairs<HarSentCookieDto> {
  const all = fieldValues(headers, 'cookie').flatMap((value) => value.split(/; */).filter(isSomething));
  const pairs = all.slice(0, MAX_PAIRS).map((pair) => {
    const end = pair.indexOf('=');
    return { name: pair.slice(0, Math.max(0, end)), value: pair.slice(end + 1) };
  });
  return { pairs, omitted: all.length - pairs.length };
}

function isSomething(pair: string): boolean {
  return pair !== '';
}
