import type { Exchange, FieldLine, Warning } from '../data';
import { textOf } from './octets';

/** A response, as far as what is said of its head needs it. */
export type Received = Pick<
  Exchange,
  | 'status'
  | 'statusText'
  | 'httpVersion'
  | 'headBytes'
  | 'headers'
  | 'informational'
  | 'trailers'
  | 'warnings'
  | 'transferCoding'
  | 'complete'
> & {
  readonly chunks: { readonly bytes: number };
  readonly extra: { readonly bytes: number };
  readonly body: { readonly wireBytes: number };
};

/** A line of a head. */
export interface HeadLine {
  /** of its first octet, from the first octet of the head */
  readonly offset: number;
  /** with its line end, one character per octet */
  readonly text: string;
}

/** A warning at the octet that it is about. */
export interface PlacedWarning {
  readonly warning: Warning;
  /** which line of the head */
  readonly line: number;
  /** octets from the line's first */
  readonly at: number;
}

/** A head with what is odd about it. */
export interface AnnotatedHead {
  readonly lines: readonly HeadLine[];
  /** octets that came before the head; null where nobody knows */
  readonly base: number | null;
  readonly placed: readonly PlacedWarning[];
  /** warnings that are about something else, or have no place */
  readonly elsewhere: readonly Warning[];
}

/** Lines end at LF; what follows the last one is a line too. */
export function headLines(octets: Uint8Array): HeadLine[] {
  const lines: HeadLine[] = [];
  for (let offset = 0; offset < octets.length;) {
    const end = octets.indexOf(0x0a, offset);
    const next = end === -1 ? octets.length : end + 1;
    lines.push({ offset, text: textOf(octets.subarray(offset, next)) });
    offset = next;
  }
  return lines;
}

/** Puts the warnings of a response where they belong in its head. */
export function annotateHead(exchange: Received, octets: Uint8Array): AnnotatedHead {
  const lines = headLines(octets);
  const base = octetsBefore(exchange);
  const placed: PlacedWarning[] = [];
  const elsewhere: Warning[] = [];
  for (const warning of exchange.warnings) {
    const at = base === null || warning.offset === null ? -1 : warning.offset - base;
    if (at < 0 || at >= octets.length) {
      elsewhere.push(warning);
      continue;
    }
    const line = lines.findLastIndex(({ offset }) => offset <= at);
    placed.push({ warning, line, at: at - lines[line]!.offset });
  }
  return { lines, base, placed, elsewhere };
}

/** Octets from the connection's first to the head's first. Heads of informational responses come before it: of those
 *  only the fields are told, so their octets are what is left when all others are taken away.
 *  @returns null where the octets of the content cannot be told: chunked, or not read to its end */
function octetsBefore(exchange: Received): number | null {
  const { informational, headBytes, transferCoding, complete, chunks, extra, body } = exchange;
  if (informational.length === 0) return 0;
  if (transferCoding !== null || !complete) return null;
  return chunks.bytes - headBytes - body.wireBytes - extra.bytes;
}

/** The head as its parsed fields tell it, for want of its octets. */
export function writtenHead(
  head: { readonly status: number; readonly statusText: string; readonly headers: readonly FieldLine[] },
  httpVersion: string,
): string[] {
  const reason = head.statusText === '' ? '' : ` ${head.statusText}`;
  return [`HTTP/${httpVersion} ${head.status}${reason}`, ...head.headers.map(writtenField)];
}

export function writtenField({ name, value }: FieldLine): string {
  return `${name}: ${value}`;
}
