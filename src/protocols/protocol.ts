import type { FetchSpec } from '../exchange/fetch-spec';
import type { FetchContext } from '../exchange/follow';
import type { FetchOutcome } from '../exchange/outcome';

/** Fetches URLs of one scheme or several. */
export interface Protocol {
  /** Never rejects for what a target does: that is an outcome. */
  run(spec: FetchSpec, context: FetchContext): Promise<FetchOutcome>;
}

/** Scheme with its colon, as `URL.protocol` has it → how to fetch it. */
export type Protocols = Readonly<Record<string, Protocol>>;
