import type { Owner } from '../access/caller';
import type { FetchSpec } from '../exchange/fetch-spec';
import type { FetchOutcome } from '../exchange/outcome';

/** Which item of which job. */
export interface FetchedItem {
  readonly job: string;
  readonly index: number;
}

/** A fetch that is over. */
export interface FetchRecord {
  readonly id: string;
  readonly spec: FetchSpec;
  readonly outcome: FetchOutcome;
  readonly owner: Owner;
  /** whether the caller has gone: nobody is answered */
  readonly callerLeft: boolean;
  /** whether the caller had been told something before it was over, so that its answer was 200 whatever came */
  readonly hasBegun: boolean;
  /** the item that it was of; null: it was no job's */
  readonly item: FetchedItem | null;
}
