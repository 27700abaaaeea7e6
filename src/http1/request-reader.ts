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

/** Reads a request that somebody else wrote, as far as it makes sense; refuses nothing.
 *  The head ends at the first empty line, be its lines ended by CRLF or LF. */
export function readRequestOctets(octets: Buffer): RequestOctets {
  const headBytes = endOfHead(octets);
  const lines = octets
    .toString('latin1', 0, headBytes)
    .split('\n')
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
    headBytes,
    bodyBytes: octets.length - headBytes,
  };
}

/** @returns the length of the head with its empty line, or all there is when it has none */
function endOfHead(octets: Buffer): number {
  for (let lf = octets.indexOf(0x0a); lf !== -1; lf = octets.indexOf(0x0a, lf + 1)) {
    if (octets[lf + 1] === 0x0a) return lf + 2;
    if (octets[lf + 1] === 0x0d && octets[lf + 2] === 0x0a) return lf + 3;
  }
  return octets.length;
}

function splitField(line: string): FieldLine {
  const colon = line.indexOf(':');
  return { name: trimOws(line.slice(0, colon)), value: trimOws(line.slice(colon + 1)) };
}
