import type { FieldLine } from './events';
import { trimOws } from './grammar';

/** What can be told of a request's octets; null where they do not say. */
export interface RequestOctets {
  readonly method: string | null;
  readonly target: string | null;
  /** "1.1" */
  readonly httpVersion: string | null;
  readonly headers: readonly FieldLine[];
  readonly headBytes: number;
  readonly bodyBytes: number;
}

const CR = 0x0d;
const LF = 0x0a;
/** field lines told of; the rest is sent all the same */
const MAX_FIELD_LINES = 1_000;

/** Reads a request that somebody else wrote, as far as it makes sense; refuses nothing.
 *  Empty lines before it are skipped, as servers do (RFC 9112 §2.2). The head ends at the first empty line, be
 *  its lines ended by CRLF or LF. */
export function readRequestOctets(octets: Buffer): RequestOctets {
  const start = startOfHead(octets);
  const end = endOfHead(octets, start);
  const lines = octets
    .toString('latin1', start, end)
    .split('\n', MAX_FIELD_LINES + 1)
    .map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  // request-line = method SP request-target SP HTTP-version
  const match = /^([^ \t]+)(?:[ \t]+([^ \t]+))?(?:[ \t]+HTTP\/([0-9]\.[0-9]))?/.exec(lines[0]!);
  return {
    method: match?.[1] ?? null,
    target: match?.[2] ?? null,
    httpVersion: match?.[3] ?? null,
    headers: lines
      .slice(1)
      .filter((line) => line.includes(':'))
      .map(splitField),
    headBytes: end,
    bodyBytes: octets.length - end,
  };
}

function startOfHead(octets: Buffer): number {
  let start = 0;
  while (octets[start] === LF || (octets[start] === CR && octets[start + 1] === LF)) start++;
  return start;
}

/** @returns where the head with its empty line ends, or all there is when it has none */
function endOfHead(octets: Buffer, start: number): number {
  const ends = ['\n\n', '\n\r\n'].flatMap((end) => {
    const at = octets.indexOf(end, start, 'latin1');
    return at === -1 ? [] : [at + end.length];
  });
  return Math.min(octets.length, ...ends);
}

function splitField(line: string): FieldLine {
  const colon = line.indexOf(':');
  return { name: trimOws(line.slice(0, colon)), value: trimOws(line.slice(colon + 1)) };
}
