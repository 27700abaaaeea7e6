import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat, truncate } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import type { JobItemDto } from '../src/jobs/dto/job.dto.ts';
import { linesOf } from './jobs-lines.mts';
import { UsageError } from './jobs-options.mts';

/** What is kept of a line of output. */
export interface WrittenItem {
  readonly job: string;
  readonly outcome: Outcome;
}

/** How an item ended: `succeeded`, `cancelled`, or the code of its problem. */
export type Outcome = string;

export function outcomeOf({ state, problem }: Pick<JobItemDto, 'state' | 'problem'>): Outcome {
  return problem?.code ?? state;
}

/** @param line as the service tells it, which is kept as it stands
 *  @param url as it was asked for; null: not known */
export function toOutput(line: string, job: string, url: string | null): string {
  return `{"job":${JSON.stringify(job)},"url":${JSON.stringify(url)},${line.slice(1)}\n`;
}

/** Where results are written to, by as many as like, no faster than it is taken. */
export class Output {
  private readonly stream: Writable;
  private readonly signal: AbortSignal;
  private failure: Error | null = null;
  private drained: Promise<unknown> | null = null;

  /** @param signal aborts waiting for whoever takes it */
  constructor(stream: Writable, signal: AbortSignal) {
    this.stream = stream;
    this.signal = signal;
    stream.on('error', (error: Error) => (this.failure = error));
  }

  /** Opens a file to add to, or stdout.
   *  @param isResumed whether there may be something in it
   *  @param known told of every line in it
   *  @throws UsageError */
  static async open(
    path: string | null,
    isResumed: boolean,
    signal: AbortSignal,
    known: (item: WrittenItem) => void,
  ): Promise<Output> {
    if (path === null) return new Output(process.stdout, signal);
    try {
      const held = await stat(path).catch(() => null);
      if (held?.isFile() === true && held.size > 0) {
        if (!isResumed) throw new UsageError('has something in it, which is only added to with --resume');
        // What was being written when it was interrupted is told again.
        await truncate(path, await readOutput(path, known));
      }
      const stream = createWriteStream(path, { flags: 'a' });
      await once(stream, 'open');
      return new Output(stream, signal);
    } catch (error) {
      throw new UsageError(`--out ${path}: ${(error as Error).message}`);
    }
  }

  /** Waits when what was written before is not taken yet.
   *  @throws Error when it cannot be written */
  async write(text: string): Promise<void> {
    if (this.failure !== null) throw this.failure;
    if (this.stream.write(text)) return;
    // One for all of them: jobs may be many.
    this.drained ??= once(this.stream, 'drain', { signal: this.signal }).finally(() => (this.drained = null));
    await this.drained;
  }

  /** Waits until all of it is written.
   *  @throws Error when it cannot be */
  async flush(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.stream.write('', (error) => (error ? reject(error) : resolve()));
    });
  }
}

/** @returns how many octets of the file are whole lines */
async function readOutput(path: string, known: (item: WrittenItem) => void): Promise<number> {
  let octets = 0;
  let number = 0;
  for await (const line of linesOf(createReadStream(path))) {
    number++;
    octets += line.length + 1;
    known(itemOf(line.toString(), number));
  }
  return octets;
}

function itemOf(line: string, number: number): WrittenItem {
  try {
    const item = JSON.parse(line) as (JobItemDto & { readonly job?: unknown }) | null;
    if (typeof item?.job === 'string') return { job: item.job, outcome: outcomeOf(item) };
  } catch {
    // The same as JSON that is something else.
  }
  throw new UsageError(`line ${number} is no result; is it the right file?`);
}
