import type { FieldLine, Informational, ParseWarning } from '../http1/events';
import type { CookieFinding } from '../semantics/cookie-findings';
import type { ConnectAttempt } from '../transport/connector';
import type { Endpoints } from '../transport/connection';
import type { TransportCode } from '../transport/failure';
import type { ReadStatistics } from '../transport/read-log';
import type { TlsFacts } from '../transport/tls';
import type { StoredOctets } from './octet-store';

export type Phase = 'policy' | 'dns' | 'connect' | 'tls' | 'send' | 'wait' | 'head' | 'receive' | 'decode';

export type EndedBy =
  | 'content-length'
  | 'last-chunk'
  | 'no-content'
  | 'close'
  | 'idle-timeout'
  | 'total-timeout'
  | 'size-limit'
  | 'read-limit'
  | 'reset'
  | 'parse-error'
  | 'upgrade'
  | 'cancelled';

export type FailureCode =
  | TransportCode
  | 'store-unavailable'
  | 'connection-closed'
  | 'send-timeout'
  | 'first-byte-timeout'
  | 'head-timeout'
  | 'idle-timeout'
  | 'size-limit'
  | 'read-limit'
  | 'malformed-response'
  | 'content-decoding-failed'
  | 'head-too-large'
  | 'too-many-redirects'
  | 'invalid-redirect';

/** An expected failure, as data. Callers match the code, never the text. */
export interface Failure {
  readonly code: FailureCode;
  readonly phase: Phase;
  readonly message: string;
  readonly cause?: unknown;
}

/** The request as it was written; null where raw octets do not say. */
export interface SentRequest {
  readonly method: string | null;
  readonly target: string | null;
  readonly httpVersion: string | null;
  readonly headers: readonly FieldLine[];
  readonly headBytes: number;
  readonly bodyBytes: number;
  /** the head's octets */
  readonly rawHead: Buffer;
}

export interface ReceivedHead {
  readonly status: number;
  readonly statusText: string;
  readonly httpVersion: string;
  readonly headers: readonly FieldLine[];
  readonly headBytes: number;
  /** one character per octet; null unless asked for */
  readonly rawHead: string | null;
}

/** Why a user agent would not store a cookie; docs/cookies.md says what each means. */
export type CookieRejection =
  | 'unparsable'
  | 'too-large'
  | 'domain-mismatch'
  | 'public-suffix'
  | 'secure-over-http'
  | 'secure-cookie-exists'
  | 'samesite-none-without-secure'
  | 'partitioned-without-secure'
  | 'prefix-broken';

/** A Set-Cookie as a user agent understands it, RFC 6265bis §5. */
export interface ReceivedCookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string | null;
  readonly hostOnly: boolean;
  readonly path: string | null;
  readonly expires: Date | null;
  /** seconds */
  readonly maxAge: number | null;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: 'Strict' | 'Lax' | 'None' | null;
  readonly partitioned: boolean;
  readonly accepted: boolean;
  readonly rejectedBecause: CookieRejection | null;
  /** what makes it easy to hijack */
  readonly findings: readonly CookieFinding[];
}

export interface TransferCoding {
  readonly chunks: number;
  /** chunk-sizes in octets, the first 1,000 */
  readonly sizes: readonly number[];
  readonly extensions: readonly string[];
  readonly sizesOmitted: number;
}

/** Milliseconds; null: did not happen. The phases do not overlap. */
export interface Timings {
  /** in our own queue; no part of the total */
  readonly queue: number;
  readonly dns: number | null;
  readonly connect: number | null;
  readonly tls: number | null;
  readonly send: number | null;
  readonly wait: number | null;
  readonly receive: number | null;
  /** of the phases */
  readonly total: number;
}

/** One request and what came of it: one hop. */
export interface ExchangeOutcome {
  readonly url: URL;
  readonly startedAt: Date;
  readonly request: SentRequest;
  /** null when none arrived whole; `failure` then says why */
  readonly head: ReceivedHead | null;
  readonly informational: readonly Informational[];
  readonly trailers: readonly FieldLine[];
  readonly cookies: readonly ReceivedCookie[];
  /** the content, with its codings undone where `decoded` says so */
  readonly content: StoredOctets;
  /** octets of the content as it came, without transfer coding */
  readonly wireBytes: number;
  /** of Content-Encoding, in lower case and in the order they were applied */
  readonly contentCodings: readonly string[];
  /** all codings were undone, as far as the content goes, or there was nothing to undo */
  readonly decoded: boolean;
  /** octets after the message */
  readonly extra: StoredOctets;
  /** octets from the first one on, until a head was whole */
  readonly received: StoredOctets;
  readonly bufferBytes: number;
  readonly reads: ReadStatistics;
  readonly transferCoding: TransferCoding | null;
  /** the message ended as its framing says (RFC 9112 §8), and every coding undone reached its own end */
  readonly complete: boolean;
  /** null when there is no head */
  readonly endedBy: EndedBy | null;
  readonly timings: Timings;
  readonly endpoints: Endpoints | null;
  readonly attempts: readonly ConnectAttempt[];
  /** what `reads` are reads of */
  readonly layer: 'tcp' | 'tls';
  /** null without TLS, or when the handshake did not end */
  readonly tls: TlsFacts | null;
  readonly warnings: readonly ParseWarning[];
  /** why the exchange is not complete */
  readonly failure: Failure | null;
}

/** An exchange that received a head. */
export type Answered = ExchangeOutcome & {
  readonly head: ReceivedHead;
  readonly endedBy: EndedBy;
};

/** A whole fetch. */
export interface FetchOutcome {
  /** the exchanges before the last, in order */
  readonly hops: readonly ExchangeOutcome[];
  readonly last: ExchangeOutcome;
  /** why there is no final response; null when `last` has a head that is the result */
  readonly failure: Failure | null;
  /** milliseconds of all hops */
  readonly chainTotalMs: number;
}
