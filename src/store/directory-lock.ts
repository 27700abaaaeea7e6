import { createHash, randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { StoreUnavailable } from './database';

const NAME = 'wirefetch.lock';
/** Each time somebody else took or left it meanwhile. */
const MAX_TRIES = 100;

/** Who holds a directory. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** of the process, in clock ticks since boot (proc_pid_stat(5), field 22): pids are used again; null where not known */
  readonly startTicks: string | null;
  /** of this taking: no two locks read the same */
  readonly id: string;
}

/** One process alone may use the directory of an embedded database, which itself looks after nothing of the kind. A
 *  holder that is gone, `kill -9` or not, holds it no more. */
export class DirectoryLock {
  private constructor(
    private readonly file: string,
    private readonly content: string,
  ) {}

  /** @throws StoreUnavailable when a living process has it, or the directory cannot be written */
  static take(directory: string): DirectoryLock {
    const file = path.join(directory, NAME);
    const { pid } = process;
    const me: Holder = { pid, host: hostname(), startTicks: startTicksOf(pid), id: randomUUID() };
    const content = JSON.stringify(me);
    try {
      make(directory);
      const holder = put(content, file, `${file}.${me.id}`);
      if (holder === null) return new DirectoryLock(file, content);
      throw new StoreUnavailable(
        `${directory} is in use by process ${holder.pid} on ${holder.host}: one process at a time`,
      );
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      throw new StoreUnavailable(`${directory} cannot be used: ${(error as Error).message}`);
    }
  }

  /** Who has taken it, because this process seemed to be gone, keeps it. */
  release(): void {
    if (read(this.file) === this.content) rmSync(this.file, { force: true });
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

/** @returns who has the file; null: the caller now */
function put(content: string, file: string, aside: string): Holder | null {
  try {
    writeFileSync(aside, content, { flag: 'wx', mode: 0o600 });
    return claim(aside, file);
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Makes a file, whole and at once, of one that was written aside. What somebody who is gone has left there is replaced:
 *  of those who find the same, by the one who has a second such file, named after what was found. Who comes late, and
 *  has the second when the first was replaced already, reads something else in the first.
 *  @returns who lives and has it, or is replacing it; null: the caller now */
function claim(aside: string, file: string): Holder | null {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    if (link(aside, file)) return null;
    const found = read(file);
    if (found === null) continue;
    const holder = holderIn(found);
    if (holder !== null && lives(holder)) return holder;
    const guard = `${file}.${createHash('sha256').update(found).digest('hex').slice(0, 16)}`;
    const replacing = claim(aside, guard);
    if (replacing !== null) return replacing;
    if (read(file) === found) {
      renameSync(guard, file);
      return null;
    }
    rmSync(guard);
  }
  throw new Error('others take it again and again');
}

/** @returns false when there is one */
function link(existing: string, file: string): boolean {
  try {
    linkSync(existing, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** @returns null when there is none */
function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function holderIn(content: string): Holder | null {
  try {
    return JSON.parse(content) as Holder;
  } catch {
    // Lost with the power, before it was on the disk.
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
