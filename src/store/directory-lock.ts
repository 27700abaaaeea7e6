import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { StoreUnavailable } from './database';

const NAME = 'wirefetch.lock';

/** Who holds a directory. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** of the process, in clock ticks since boot (proc_pid_stat(5), field 22): pids are used again; null where not known */
  readonly startTicks: string | null;
}

/** One process alone may use the directory of an embedded database, which itself looks after nothing of the kind. A
 *  holder that is gone, `kill -9` or not, holds it no more. */
export class DirectoryLock {
  private constructor(private readonly file: string) {}

  /** @throws StoreUnavailable when a living process has it, or the directory cannot be written */
  static take(directory: string): DirectoryLock {
    const file = path.join(directory, NAME);
    try {
      make(directory);
      for (let tries = 0; tries < 3; tries++) {
        if (create(file)) return new DirectoryLock(file);
        const holder = holderOf(file);
        if (holder !== null && lives(holder))
          throw new StoreUnavailable(
            `${directory} is in use by process ${holder.pid} on ${holder.host}: one process at a time`,
          );
        remove(file);
      }
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      throw new StoreUnavailable(`${directory} cannot be used: ${(error as Error).message}`);
    }
    throw new StoreUnavailable(`${directory} is being taken by another process`);
  }

  release(): void {
    rmSync(this.file, { force: true });
  }
}

/** Node's own `recursive` never ends where mkdir says ENOENT although the parent is there, as /proc does. */
function make(directory: string): void {
  if (existsSync(directory)) return;
  make(path.dirname(directory));
  try {
    mkdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** @returns false when there is one */
function create(file: string): boolean {
  try {
    const descriptor = openSync(file, 'wx', 0o600);
    const me: Holder = { pid: process.pid, host: hostname(), startTicks: startTicksOf(process.pid) };
    writeFileSync(descriptor, JSON.stringify(me));
    closeSync(descriptor);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Of two that remove it at once one has renamed it away: the other must not remove the new one. */
function remove(file: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    rmSync(aside, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function holderOf(file: string): Holder | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    // Cut short when its writer was killed.
    return null;
  }
}

/** What another machine's process does is not known here: in a container each start has a host name of its own, and
 *  the volume is its alone as long as it is the only one that mounts it. */
function lives({ pid, host, startTicks }: Holder): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return startTicksOf(pid) === startTicks;
}

function startTicksOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in parentheses, may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
