import type { FieldLine } from '../http1/events';
import { splitList } from '../http1/grammar';
import { fieldValues } from './fields';

/** The content codings of a message, RFC 9110 §8.4: in lower case, in the order they were applied. */
export function contentCodings(headers: readonly FieldLine[]): string[] {
  return fieldValues(headers, 'content-encoding')
    .flatMap(splitList)
    .filter((coding) => coding !== '')
    .map((coding) => coding.toLowerCase());
}
