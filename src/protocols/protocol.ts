import type { CookieAccess } from '../exchange/cookies';
import type { FetchSpec } from '../exchange/fetch-spec';
import type { FetchOutcome } from '../exchange/outcome';

/** Fetches URLs of one scheme or several. */
export interface Protocol {
  /** Never rejects for what a target does: that is an outcome.
   *  @param cookies where its cookies come from and go to
   *  @param signal cancels the fetch */
  run(spec: FetchSpec, cookies: CookieAccess, signal: AbortSignal): Promise<FetchOutcome>;
}

/** Scheme with its colon, as `URL.protocol` has it → how to fetch it. */
export type Protocols = Readonly<Record<string, Protocol>>;
