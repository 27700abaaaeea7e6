import type { Informational, ParseWarning, ResponseHead } from '../http1/events';
import type { ConnectAttempt } from '../transport/connector';
import type { Endpoints } from '../transport/connection';
import type { TlsFacts } from '../transport/tls';
import type { OctetAccount } from './octet-budget';
import type { SentRequest, Timings } from './outcome';

/** What happens in an exchange, when it happens. */
export type FetchEvent =
  | { readonly event: 'resolved'; readonly host: string; readonly addresses: readonly string[] }
  | {
      readonly event: 'connected';
      readonly endpoints: Endpoints;
      readonly attempts: readonly ConnectAttempt[];
    }
  | { readonly event: 'secured'; readonly tls: TlsFacts }
  | { readonly event: 'sent'; readonly request: SentRequest }
  | { readonly event: 'informational'; readonly response: Informational }
  | { readonly event: 'head'; readonly head: ResponseHead }
  | {
      readonly event: 'read';
      readonly bytes: number;
      /** on the clock of `performance.now()` */
      readonly at: number;
    }
  | { readonly event: 'transfer-chunk'; readonly size: number; readonly extension: string | null }
  | {
      readonly event: 'content';
      /** a view, valid until the listener returns */
      readonly octets: Buffer;
      /** its codings are undone, or there were none */
      readonly decoded: boolean;
      /** of the response that is the result, and not of a redirect that is followed */
      readonly isFinal: boolean;
    }
  | { readonly event: 'warning'; readonly warning: ParseWarning }
  | {
      readonly event: 'redirect';
      readonly status: number;
      /** where the next exchange goes */
      readonly url: URL;
      /** of the exchange that is over */
      readonly timings: Timings;
    };

/** Follows a fetch while it runs, and has it wait: what is not taken from the listener is not read from the target. */
export interface FetchListener {
  /** whether its caller has been told anything, so that an answer has begun */
  readonly hasBegun: boolean;
  /** whether the content of the final response need not be kept, because it is told */
  readonly takesContent: boolean;
  /** Nothing more should be read until there is room. */
  readonly isFull: boolean;

  /** Milliseconds for which the fetch has waited for room. */
  readonly waitedMs: number;

  /** The next exchange begins. */
  nextExchange(): void;

  tell(event: FetchEvent): void;

  /** @param memory is held meanwhile: where others wait for it, the caller may be cut off
   *  @returns when there is room, or nobody listens any more; not at once */
  room(memory: OctetAccount): Promise<void>;
}
