import type { Owner } from '../access/caller';
import type { FetchSpec } from '../exchange/fetch-spec';
import type { FetchOutcome } from '../exchange/outcome';

/** A fetch that is over. */
export interface FetchRecord {
  readonly id: string;
  readonly spec: FetchSpec;
  readonly outcome: FetchOutcome;
  readonly owner: Owner;
  /** whether the caller has gone: nobody is answered */
  readonly callerLeft: boolean;
}
