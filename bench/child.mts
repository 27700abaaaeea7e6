import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import type { JobsQuestion, Question, Usage } from './contract.mts';
import type { Order } from './siege-contract.mts';

const ROOT = join(import.meta.dirname, '..');
const PROBE = join(import.meta.dirname, 'probe.mts');
const START_MS = 20_000;
const STOP_MS = 3_000;
/** as nice(1) has it */
const YIELDING = 10;
const LISTENING = /listening (?:on|at) http:\/\/127\.0\.0\.1:(\d+)/;

/** @returns what `npm run start:prod` tells Node: the service is measured as it is shipped */
function flagsOf(script: string): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const command = scripts['start:prod']!;
  return command.endsWith(` ${script}`) ? (command.match(/(?<= )--\S+/g) ?? []) : [];
}

/** A process of the benchmark, which asks it things over IPC, one at a time. */
export class Child {
  private readonly process: ChildProcess;
  private readonly gone: Promise<never>;
  private readonly name: string;

  /** @param script below the project's root
   *  @param env beside what is inherited; settings of a wirefetch are not */
  constructor(script: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
    this.name = [script, ...args].join(' ');
    this.process = fork(join(ROOT, script), args, {
      cwd: ROOT,
      env: { ...inheritedEnvironment(), ...env },
      execArgv: [...flagsOf(script), '--import', PROBE],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    this.gone = once(this.process, 'exit').then(([code, signal]) => {
      throw new Error(`${this.name} ended (${String(signal ?? code)})`);
    });
    // Whoever waits for something hears of it; an end that was wanted is no failure.
    this.gone.catch(() => undefined);
  }

  /** Waits until it tells where it listens, and from then on reads its log as a log shipper would.
   *  @returns the port */
  async listening(): Promise<number> {
    const stdout = this.process.stdout!;
    const port = new Promise<number>((resolve) => {
      let text = '';
      const look = (octets: Buffer): void => {
        text += octets.toString('latin1');
        const found = LISTENING.exec(text)?.[1];
        if (found === undefined) return;
        stdout.off('data', look);
        stdout.resume();
        resolve(Number(found));
      };
      stdout.on('data', look);
    });
    return this.within(START_MS, port, 'did not listen');
  }

  /** Waits until it says that it takes questions; to be called as soon as it is started. */
  async ready(): Promise<void> {
    await this.within(START_MS, once(this.process, 'message'), 'was not ready');
  }

  /** @throws Error when there is no answer in time, or the process has ended */
  async ask<Answer>(question: Question | JobsQuestion | Order, withinMs = START_MS): Promise<Answer> {
    const answer = once(this.process, 'message').then(([message]) => message as Answer);
    this.process.send(question);
    return this.within(withinMs, answer, `did not answer "${question.ask}"`);
  }

  /** Lets others go first when processors are scarce. */
  yieldToOthers(): void {
    setPriority(this.process.pid!, YIELDING);
  }

  usage(): Promise<Usage> {
    return this.ask({ ask: 'usage' });
  }

  /** Ends this process, and no other. */
  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exited = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    const kill = setTimeout(() => this.process.kill('SIGKILL'), STOP_MS);
    await exited;
    clearTimeout(kill);
  }

  private async within<T>(ms: number, promise: Promise<T>, what: string): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${this.name} ${what} within ${ms} ms`)), ms);
    });
    try {
      return await Promise.race([promise, late, this.gone]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function inheritedEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('WIREFETCH_') && name !== 'HOST' && name !== 'PORT',
  );
  return Object.fromEntries(inherited);
}
