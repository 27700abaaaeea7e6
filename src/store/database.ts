/** A row of a result, by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>;

/** Where SQL can be asked. Both implementations give timestamps as Date, bytea as Uint8Array, and int8 as either has it:
 *  statements cast what may be read to int4, float8 or text. */
export interface Queryable {
  /** @param sql one statement; several, separated by semicolons, where there are no values
   *  @returns the rows; of several statements those of all
   *  @throws StoreUnavailable when there is nobody to ask, DatabaseError when the answer is an error */
  query<R = Row>(sql: string, values?: readonly unknown[]): Promise<R[]>;
}

/** PostgreSQL, of whatever kind. */
export interface Database extends Queryable {
  /** Runs statements as one: when `act` rejects, nothing of them was done. They wait for no other transaction, but in
   *  the order in which they were begun where there is a single connection. */
  transaction<T>(act: (tx: Queryable) => Promise<T>): Promise<T>;

  /** Hears what is notified on a channel, until closed; what was said while the connection was away is not heard.
   *  @param channel a name of letters and underscores */
  listen(channel: string, heard: (payload: string) => void): Promise<void>;

  /** Ends it; what is under way is waited for. */
  close(): Promise<void>;
}

/** Thrown where a database cannot be asked: it is away, locked by another process, or cannot be written. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  /** of the API */
  readonly code = 'store-unavailable';
}

/** An error that the database itself told. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';

  constructor(
    message: string,
    /** SQLSTATE, PostgreSQL's appendix A */
    readonly code: string,
  ) {
    super(message);
  }
}
