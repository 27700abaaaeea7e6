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

/** A PostgreSQL of its own, on loopback, in a directory that goes with it. */
export class PostgresServer {
  private child: ChildProcess | null = null;

  private readonly bin: string;
  private readonly directory: string;
  private readonly port: number;

  private constructor(bin: string, directory: string, port: number) {
    this.bin = bin;
    this.directory = directory;
    this.port = port;
  }

  static get isInstalled(): boolean {
    return BIN !== null;
  }

  /** @throws Error where it is not installed */
  static async make(): Promise<PostgresServer> {
    if (BIN === null) throw new Error('PostgreSQL is not installed');
    const bin = BIN;
    const server = new PostgresServer(
      bin,
      mkdtempSync(path.join(tmpdir(), 'wirefetch-pg-')),
      await freePort(),
    );
    const as = whoMayRunIt();
    if (as !== null) chownSync(server.directory, as.uid, as.gid);
    const options = ['-D', server.data, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--no-sync'];
    const made = spawnSync(path.join(bin, 'initdb'), options, { ...server.how, encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
    await server.start();
    return server;
  }

  get url(): string {
    return `postgres://${USER}@127.0.0.1:${this.port}/postgres`;
  }

  async start(): Promise<void> {
    const settings = ['listen_addresses=127.0.0.1', 'fsync=off', 'full_page_writes=off'];
    const options = ['-D', this.data, '-k', this.directory, '-p', String(this.port)];
    this.child = spawn(
      path.join(this.bin, 'postgres'),
      [...options, ...settings.flatMap((one) => ['-c', one])],
      { ...this.how, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    await whenReady(this.child);
  }

  /** "immediate": as when the machine loses its memory; what was committed is found in the log at the next start. */
  crash(): Promise<void> {
    return this.end('SIGQUIT');
  }

  async stop(): Promise<void> {
    // "fast": whoever is connected is cut off
    await this.end('SIGINT');
    rmSync(this.directory, { recursive: true, force: true });
  }

  private get data(): string {
    return path.join(this.directory, 'data');
  }

  private get how(): object {
    return { ...whoMayRunIt(), cwd: this.directory, env: { ...process.env, LC_ALL: 'C' } };
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (child === null || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
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
