import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, readdirSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';

const START_MS = 20_000;
const STOP_MS = 15_000;

/** What the kernel says of the process, octets. */
export interface Residence {
  readonly now: number;
  /** the most since its start */
  readonly highest: number;
}

/** @returns what `npm run start:prod` runs */
function commandOf(root: string): string {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  return scripts['start:prod']!;
}

/** @returns a search path on which `node` is this one */
function pathTo(node: string): string {
  return `${dirname(node)}:${process.env['PATH']}`;
}

/** A port of the machine's choice: the service would listen on one that it chose itself with one socket alone. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The built service as its operators start it: a process of its own that logs to a file. Linux alone tells what this
 *  asks of it. */
export class SiegedService {
  readonly port: number;
  private readonly process: ChildProcess;
  private readonly directory: string;

  private constructor(process: ChildProcess, directory: string, port: number) {
    this.process = process;
    this.directory = directory;
    this.port = port;
  }

  /** @param root of the project, built
   *  @param directory for `stdout` and `stderr`
   *  @throws Error when it does not listen in time */
  static async start(root: string, directory: string): Promise<SiegedService> {
    const files = ['stdout', 'stderr'].map((name) => openSync(join(directory, name), 'w'));
    const child = spawn('sh', ['-c', commandOf(root)], {
      cwd: root,
      env: {
        ...process.env,
        PATH: pathTo(process.execPath),
        WIREFETCH_PORT: String(await freePort()),
        WIREFETCH_ALLOW_CIDRS: '127.0.0.0/8:*',
      },
      stdio: ['ignore', ...files],
    });
    for (const file of files) closeSync(file);
    const due = performance.now() + START_MS;
    while (performance.now() < due && child.exitCode === null) {
      const text = readFileSync(join(directory, 'stdout'), 'utf8');
      const port = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1];
      if (port !== undefined) return new SiegedService(child, directory, Number(port));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    child.kill('SIGKILL');
    throw new Error(`the service does not listen: ${readFileSync(join(directory, 'stderr'), 'utf8')}`);
  }

  get alive(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** What it has said on its standard error. */
  get complaints(): string {
    return readFileSync(join(this.directory, 'stderr'), 'utf8');
  }

  /** proc_pid_status(5): VmRSS and VmHWM */
  residence(): Residence {
    const status = readFileSync(`/proc/${this.process.pid}/status`, 'utf8');
    const kibibytes = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]);
    return { now: kibibytes('VmRSS') * 1_024, highest: kibibytes('VmHWM') * 1_024 };
  }

  openFiles(): number {
    return readdirSync(`/proc/${this.process.pid}/fd`).length;
  }

  /** Ends this process, and no other. */
  async stop(): Promise<void> {
    if (!this.alive) return;
    const exited = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    const kill = setTimeout(() => this.process.kill('SIGKILL'), STOP_MS);
    await exited;
    clearTimeout(kill);
  }
}
