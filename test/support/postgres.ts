import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const USER = 'wirefetch';
/** where Debian has them; the newest is the last */
const BIN =
  globSync('/usr/lib/postgresql/*/bin/initdb')
    .toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }))
    .map((file) => path.dirname(file))
    .at(-1) ?? null;

/** `describe` where PostgreSQL is installed; elsewhere the tests are skipped, and told to be. */
export const describeOnPostgres = BIN === null ? describe.skip : describe;

/** Starts a PostgreSQL of its own for the tests of a file.
 *  @returns its URL, null where it is not installed */
export function usePostgres(): () => string | null {
  let server: PostgresServer | null = null;
  beforeAll(async () => {
    if (BIN === null) console.warn('PostgreSQL is not installed: what needs it is not tested');
    else server = await PostgresServer.start(BIN);
  }, 60_000);
  afterAll(async () => server?.stop(), 60_000);
  return () => server?.url ?? null;
}

class PostgresServer {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly directory: string,
  ) {}

  static async start(bin: string): Promise<PostgresServer> {
    const directory = mkdtempSync(path.join(tmpdir(), 'wirefetch-pg-'));
    const data = path.join(directory, 'data');
    const as = whoMayRunIt();
    if (as !== null) chownSync(directory, as.uid, as.gid);
    const how = { ...as, cwd: directory, env: { ...process.env, LC_ALL: 'C' } };
    const options = ['-D', data, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--no-sync'];
    const made = spawnSync(path.join(bin, 'initdb'), options, { ...how, encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
    const port = await freePort();
    const settings = ['listen_addresses=127.0.0.1', 'fsync=off', 'full_page_writes=off'];
    const child = spawn(
      path.join(bin, 'postgres'),
      ['-D', data, '-k', directory, '-p', String(port), ...settings.flatMap((one) => ['-c', one])],
      { ...how, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    await whenReady(child);
    return new PostgresServer(`postgres://${USER}@127.0.0.1:${port}/postgres`, child, directory);
  }

  async stop(): Promise<void> {
    const exited = once(this.child, 'exit');
    // "fast": whoever is connected is cut off
    this.child.kill('SIGINT');
    await exited;
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** It refuses to run as root; the package has made a user for it. */
function whoMayRunIt(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid!() !== 0) return null;
  const [uid, gid] = ['-u', '-g'].map((which) =>
    Number(spawnSync('id', [which, 'postgres'], { encoding: 'utf8' }).stdout),
  );
  return { uid: uid!, gid: gid! };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** What it says is read on, so that it never waits for a reader. */
function whenReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('ready to accept connections')) resolve();
    });
    child.on('exit', () => reject(new Error(`postgres has ended: ${said}`)));
  });
}
