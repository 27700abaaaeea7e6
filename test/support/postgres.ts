import { PostgresServer } from './postgres-server';

/** `describe` where PostgreSQL is installed; elsewhere the tests are skipped, and told to be. */
export const describeOnPostgres = PostgresServer.isInstalled ? describe : describe.skip;

/** Starts a PostgreSQL of its own for the tests of a file.
 *  @returns its URL, null where it is not installed */
export function usePostgres(): () => string | null {
  const server = usePostgresServer();
  return () => server()?.url ?? null;
}

/** As `usePostgres`, with the server itself. */
export function usePostgresServer(): () => PostgresServer | null {
  let server: PostgresServer | null = null;
  beforeAll(async () => {
    if (PostgresServer.isInstalled) server = await PostgresServer.make();
    else console.warn('PostgreSQL is not installed: what needs it is not tested');
  }, 60_000);
  afterAll(async () => server?.stop(), 60_000);
  return () => server;
}
