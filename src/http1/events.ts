/** One field line, RFC 9110 §5: name in wire case; one character per octet. */
export interface FieldLine {
  readonly name: string;
  readonly value: string;
}

/** A departure from RFC 9112 that was understood all the same. */
export interface ParseWarning {
  /** stable, kebab-case; docs/wire-behaviour.md lists them */
  readonly code: string;
  readonly message: string;
  /** octets from the first octet received on the connection */
  readonly offset: number | null;
}

/** How the end of the content is found, RFC 9112 §6.3. */
export type Framing =
  | { readonly kind: 'no-content' }
  | { readonly kind: 'content-length'; readonly length: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until-close' }
  | { readonly kind: 'upgrade' };

export interface Informational {
  readonly type: 'informational';
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly FieldLine[];
}

export interface ResponseHead {
  readonly type: 'head';
  readonly status: number;
  readonly statusText: string;
  /** as received, "1.1" */
  readonly httpVersion: string;
  readonly headers: readonly FieldLine[];
  /** start line and field section with all line ends, in octets */
  readonly headBytes: number;
  /** the same octets as latin1 text; null unless asked for */
  readonly rawHead: string | null;
  readonly framing: Framing;
}

/** A piece of the content, without transfer coding. The view is valid until the next `receive`. */
export interface Content {
  readonly type: 'content';
  readonly octets: Buffer;
}

/** The line that begins a chunk, RFC 9112 §7.1. */
export interface TransferChunk {
  readonly type: 'transfer-chunk';
  /** chunk-size in octets */
  readonly size: number;
  /** chunk-ext as received, without the leading semicolon; null when there is none */
  readonly extension: string | null;
}

/** The line of the last-chunk, whose chunk-size is zero; trailers may follow. */
export interface LastChunk {
  readonly type: 'last-chunk';
  /** as that of a chunk */
  readonly extension: string | null;
}

export interface Trailers {
  readonly type: 'trailers';
  readonly fields: readonly FieldLine[];
}

export interface EndOfMessage {
  readonly type: 'end';
  readonly by: 'content-length' | 'last-chunk' | 'no-content' | 'close' | 'upgrade';
}

export interface Warning extends ParseWarning {
  readonly type: 'warning';
}

export type ResponseEvent =
  Informational | ResponseHead | Content | TransferChunk | LastChunk | Trailers | EndOfMessage | Warning;

/** Receives each warning where it is found. */
export type Warn = (code: string, message: string, offset: number | null) => void;

/** The peer sent what RFC 9112 does not let a recipient accept, or more than a limit allows. */
export class MalformedResponse extends Error {
  override readonly name = 'MalformedResponse';

  constructor(
    message: string,
    /** octets from the first octet received */
    readonly offset: number,
    readonly code: 'malformed-response' | 'head-too-large' = 'malformed-response',
  ) {
    super(message);
  }
}
