import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { LOOPBACK_ONLY } from './app';

const MAIN = path.join(__dirname, '../../dist/main.js');

/** A line of the log. */
export type LogLine = Readonly<Record<string, unknown>>;

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The built service as a process of its own, listening on loopback. */
export class ServiceProcess {
  /** resolves when it has ended and all it wrote is read */
  readonly ended: Promise<Exit>;
  stdout = '';
  stderr = '';
  private over = false;
  private readonly dataDir = mkdtempSync(path.join(tmpdir(), 'wirefetch-'));
  private readonly child: ChildProcessByStdio<null, Readable, Readable>;

  private constructor(env: NodeJS.ProcessEnv, flags: readonly string[] = []) {
    this.child = spawn(process.execPath, [...flags, MAIN], {
      env: { WIREFETCH_PORT: '0', WIREFETCH_DATA_DIR: this.dataDir, ...LOOPBACK_ONLY, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.ended = once(this.child, 'close').then(([code, signal]) => {
      this.over = true;
      rmSync(this.dataDir, { recursive: true, force: true });
      return { code, signal } as Exit;
    });
  }

  /** Waits until it listens.
   *  @param flags of Node */
  static async start(env: NodeJS.ProcessEnv = {}, flags: readonly string[] = []): Promise<ServiceProcess> {
    const service = new ServiceProcess(env, flags);
    await service.until(() => service.stdout.includes('listening on http'));
    return service;
  }

  /** Waits for the end of one that is not to start. */
  static async fail(env: NodeJS.ProcessEnv): Promise<ServiceProcess & Exit> {
    const service = new ServiceProcess(env);
    return Object.assign(service, await service.ended);
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** The processes that it has started: proc(5). */
  get children(): number[] {
    const pids = readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, 'latin1');
    return pids.split(' ').filter(Boolean).map(Number);
  }

  get url(): string {
    return /listening on (http:\/\/[^\s"]+)/.exec(this.stdout)![1]!;
  }

  /** What it has logged; each line is JSON, and the last may be on its way. */
  get log(): LogLine[] {
    const lines = this.stdout.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as LogLine);
  }

  /** Waits until its output shows something.
   *  @throws when it ends before that */
  async until(shown: () => boolean): Promise<void> {
    while (!shown()) {
      if (this.over) throw new Error(`the service has ended: ${this.stderr}`);
      await Promise.race([once(this.child.stdout, 'data'), this.ended]);
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Ends it, in whatever state it is. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}

/** @returns what starts a service that lives no longer than the test */
export function useProcesses(): (
  env?: NodeJS.ProcessEnv,
  flags?: readonly string[],
) => Promise<ServiceProcess> {
  const processes: ServiceProcess[] = [];
  afterEach(async () => {
    await Promise.all(processes.splice(0).map((service) => service.kill()));
  });
  return async (env, flags) => {
    const service = await ServiceProcess.start(env, flags);
    processes.push(service);
    return service;
  };
}
