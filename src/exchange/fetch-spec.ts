import type { FieldLine } from '../http1/events';
import type { TraceContext } from '../semantics/trace-context';
import type { Family } from '../transport/resolver';
import type { TlsSpec } from '../transport/tls';

/** Milliseconds; each limits one hop, except `totalMs`, which spans the chain. */
export interface Timeouts {
  readonly dnsMs: number;
  readonly connectMs: number;
  readonly tlsMs: number;
  readonly sendMs: number;
  readonly firstByteMs: number;
  readonly idleMs: number;
  readonly totalMs: number;
}

export interface ReadSpec {
  /** complete: until framing, close or silence; idle: until silence or close; close: until close */
  readonly until: 'complete' | 'idle' | 'close';
  /** octets, the most one read may return */
  readonly bufferBytes: number;
  readonly maxReads: number | null;
  /** octets of content kept */
  readonly maxBodyBytes: number;
  /** octets of start line and field section */
  readonly maxHeadBytes: number;
}

/** How https is spoken. What names or vouches for the caller (`serverName`, `clientCertificate`) is for the first
 *  URL's origin alone. */
export type TlsPreferences = Omit<TlsSpec, 'serverName'> & {
  /** null: the URL's host */
  readonly serverName: string | null;
};

/** One fetch, checked and complete: nothing later parses strings again. Strings hold one character per octet. */
export interface FetchSpec {
  readonly url: URL;
  readonly method: string;
  readonly headers: readonly FieldLine[];
  readonly defaultHeaders: boolean;
  readonly body: Buffer | null;
  readonly httpVersion: '1.0' | '1.1';
  readonly requestTarget: string | null;
  /** sent as they stand instead of a request written here */
  readonly raw: Buffer | null;
  readonly timeouts: Timeouts;
  readonly read: ReadSpec;
  readonly redirects: { readonly follow: boolean; readonly max: number };
  readonly network: { readonly family: Family; readonly address: string | null };
  readonly tls: TlsPreferences;
  /** refuse what RFC 9112 lets a recipient refuse */
  readonly strict: boolean;
  readonly decodeContent: boolean;
  /** name of the cookie jar; null: one for this fetch alone */
  readonly session: string | null;
  /** the trace that the call is part of; null: it named none */
  readonly trace: TraceContext | null;
  /** tell the first URL's origin of the trace */
  readonly propagateTraceContext: boolean;
  readonly include: {
    readonly body: 'auto' | 'text' | 'base64' | 'none';
    readonly rawHead: boolean;
    readonly reads: 'summary' | 'full';
    readonly certificates: boolean;
  };
}
