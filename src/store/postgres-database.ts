import { Client, Pool, type PoolClient } from 'pg';
import { type Database, DatabaseError, type Queryable, StoreUnavailable } from './database';

/** so many connections of a process, beside the one that listens */
const MAX_CONNECTIONS = 8;
const CONNECT_MS = 5_000;
/** so long may a statement take: one that hangs is no better than one that fails */
const STATEMENT_MS = 30_000;
/** and so long may a transaction wait for its next statement */
const IDLE_MS = 5_000;
const RECONNECT_MS = 500;
/** SQLSTATE that says the server is going, full, too slow, or cannot write; PostgreSQL's appendix A */
const UNAVAILABLE = /^(08|53|57P|57014|58|25006|XX)/;

/** PostgreSQL that replicas share. It may go away and come back: what is asked meanwhile fails. */
export class PostgresDatabase implements Database {
  private readonly pool: Pool;
  private readonly heard = new Map<string, (payload: string) => void>();
  private listener: Client | null = null;
  private reconnecting: NodeJS.Timeout | null = null;
  private isClosed = false;

  /** @param url postgres://… as libpq has it */
  constructor(private readonly url: string) {
    this.pool = new Pool({
      connectionString: url,
      max: MAX_CONNECTIONS,
      connectionTimeoutMillis: CONNECT_MS,
      statement_timeout: STATEMENT_MS,
      query_timeout: STATEMENT_MS + CONNECT_MS,
      // A process that was stopped within a transaction holds its locks.
      idle_in_transaction_session_timeout: IDLE_MS,
      keepAlive: true,
      application_name: 'wirefetch',
    });
    // Of a connection that nobody uses: the next one asks for another.
    this.pool.on('error', () => undefined);
  }

  async query<R>(sql: string, values: readonly unknown[] = []): Promise<R[]> {
    return ask<R>(this.pool, sql, values);
  }

  async transaction<T>(act: (tx: Queryable) => Promise<T>): Promise<T> {
    const client = await this.connect();
    try {
      await ask(client, 'BEGIN', []);
      const result = await act({ query: (sql, values = []) => ask(client, sql, values) });
      await ask(client, 'COMMIT', []);
      client.release();
      return result;
    } catch (error) {
      // A connection that cannot be rolled back is in no known state.
      await ask(client, 'ROLLBACK', []).then(
        () => client.release(),
        () => client.release(true),
      );
      throw error;
    }
  }

  async listen(channel: string, heard: (payload: string) => void): Promise<void> {
    this.heard.set(channel, heard);
    if (this.listener === null) await this.startListening();
    else await this.listener.query(`LISTEN ${channel}`).catch(() => undefined);
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    if (this.reconnecting !== null) clearTimeout(this.reconnecting);
    await this.listener?.end().catch(() => undefined);
    await this.pool.end();
  }

  private async connect(): Promise<PoolClient> {
    try {
      const client = await this.pool.connect();
      // A connection that breaks tells its user by the statement that fails, and everybody else in this way.
      if (client.listenerCount('error') === 0) client.on('error', () => undefined);
      return client;
    } catch (error) {
      throw translated(error);
    }
  }

  private async startListening(): Promise<void> {
    const client = new Client({
      connectionString: this.url,
      keepAlive: true,
      application_name: 'wirefetch listener',
      connectionTimeoutMillis: CONNECT_MS,
    });
    this.listener = client;
    client.on('error', () => this.listenLater(client));
    client.on('end', () => this.listenLater(client));
    client.on('notification', ({ channel, payload }) => this.heard.get(channel)?.(payload ?? ''));
    try {
      await client.connect();
      for (const channel of this.heard.keys()) await client.query(`LISTEN ${channel}`);
    } catch {
      this.listenLater(client);
    }
  }

  private listenLater(client: Client): void {
    if (this.isClosed || this.listener !== client || this.reconnecting !== null) return;
    void client.end().catch(() => undefined);
    this.reconnecting = setTimeout(() => {
      this.reconnecting = null;
      void this.startListening();
    }, RECONNECT_MS);
  }
}

async function ask<R>(on: Pool | PoolClient, sql: string, values: readonly unknown[]): Promise<R[]> {
  try {
    // Without values the simple protocol is spoken, which takes several statements and answers with a list.
    const results: unknown = values.length === 0 ? await on.query(sql) : await on.query(sql, [...values]);
    const all = (Array.isArray(results) ? results : [results]) as { readonly rows: R[] }[];
    return all.flatMap(({ rows }) => rows);
  } catch (error) {
    throw translated(error);
  }
}

function translated(error: unknown): Error {
  const { message, code } = error as Error & { readonly code?: unknown };
  const isSqlState = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);
  return isSqlState && !UNAVAILABLE.test(code)
    ? new DatabaseError(message, code)
    : new StoreUnavailable(message);
}
