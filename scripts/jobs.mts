import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { JobDto, JobItemDto } from '../src/jobs/dto/job.dto.ts';
import type { FieldErrorDto } from '../src/problems/problem.dto.ts';
import { JobsClient, Refused } from './jobs-client.mts';
import { HELP, type JobOptions, type Options, UsageError, readOptions } from './jobs-options.mts';
import { type Outcome, Output, outcomeOf, toOutput } from './jobs-output.mts';
import { ProgressDisplay, duration } from './jobs-progress.mts';
import {
  type FileRequest,
  type Mistake,
  inJobs,
  readRequests,
  toMistake,
  toldMistakes,
} from './jobs-requests.mts';

/** `npm run jobs -- urls.txt`: has a file of URLs fetched by a running service. */

const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;
/** so long a reader of the output may take for what it was sent before an interruption */
const FLUSH_MS = 1_000;
/** no request: with it a job is certain to be refused */
const NO_REQUEST = 'null';

/** A job that is followed. */
interface Followed {
  readonly id: string;
  readonly total: number;
  /** null: there was no file */
  readonly requests: readonly FileRequest[] | null;
  /** how many of its results are written already */
  readonly written: number;
}

/** Submits, follows and writes, for one command. */
class Run {
  private readonly options: Options;
  /** in the order of the file */
  private readonly jobs: Followed[] = [];
  private readonly counts = { done: 0, total: 0, succeeded: 0, failed: 0, before: 0 };
  private readonly failures = new Map<Outcome, number>();
  private readonly beganAt = performance.now();
  private readonly stopping = new AbortController();
  private readonly display: ProgressDisplay;
  private readonly client: JobsClient;
  /** 0: by nobody */
  private interruptedBy = 0;

  constructor(options: Options) {
    this.options = options;
    // Results on the same terminal would be drawn over.
    const isBar = process.stderr.isTTY && (options.out !== null || !process.stdout.isTTY);
    this.display = new ProgressDisplay(process.stderr, isBar, () => this.counts);
    this.client = new JobsClient(options.server, options.key, this.stopping.signal, (text) =>
      this.display.note(text),
    );
  }

  /** @returns the exit code */
  async run(): Promise<number> {
    const { file, jobSize, out, resume } = this.options;
    const content = file === null ? null : await readRequests(file);
    if (content !== null && content.mistakes.length > 0)
      throw await this.allMistakes(content.mistakes, 0, content.requests);
    const requests = content === null ? null : inJobs(content.requests, jobSize);
    this.heedSignals();
    const written = new Map<string, Outcome[]>(resume.map((id) => [id, []]));
    const { signal } = this.stopping;
    // Before anything is submitted: what cannot be written would be fetched for nothing.
    const output = await Output.open(out, resume.length > 0, signal, ({ job, outcome }) => {
      written.get(job)?.push(outcome);
    });
    try {
      for (const [id, outcomes] of written) await this.resume(id, outcomes, requests);
      const parts = requests?.slice(resume.length) ?? [];
      for (const [n, some] of parts.entries()) await this.submit(some, parts.slice(n + 1).flat());
      this.display.begin();
      await Promise.all(this.jobs.map((job) => this.follow(job, output)));
      await output.flush();
    } catch (error) {
      this.stopping.abort();
      this.display.end();
      await Promise.race([output.flush().catch(() => undefined), pause(FLUSH_MS)]);
      if (this.interruptedBy === 0) this.display.note(this.toldFailure(error));
      else await this.afterInterruption();
      this.tellHowToResume();
      return this.interruptedBy === 0 ? 2 : this.interruptedBy;
    }
    this.display.end();
    this.tellEnd();
    return this.counts.succeeded === this.counts.total ? 0 : 1;
  }

  /** npm may send on what the terminal has sent to both: only the first one counts. */
  private heedSignals(): void {
    for (const [signal, code] of Object.entries(SIGNALS))
      process.on(signal, () => {
        this.interruptedBy ||= code;
        this.stopping.abort();
      });
  }

  private async resume(
    id: string,
    outcomes: readonly Outcome[],
    requests: readonly FileRequest[][] | null,
  ): Promise<void> {
    const job = await this.client.find(id);
    const { total } = job;
    const ofFile = requests === null ? null : (requests[this.jobs.length] ?? []);
    if (ofFile !== null && ofFile.length !== total)
      throw new UsageError(
        `job ${id} has ${total} requests, and ${this.options.file} ${ofFile.length} for it: it is another file's`,
      );
    if (outcomes.length > total)
      throw new UsageError(`--out has ${outcomes.length} results of job ${id}, which has ${total} requests`);
    this.jobs.push({ id, total, requests: ofFile, written: outcomes.length });
    this.counts.total += total;
    this.counts.before += doneOf(job);
    for (const outcome of outcomes) this.count(outcome);
  }

  /** @param rest what is to be submitted after it */
  private async submit(requests: readonly FileRequest[], rest: readonly FileRequest[]): Promise<void> {
    this.stopping.signal.throwIfAborted();
    const body = this.bodyOf(requests.map(({ json }) => json));
    const job = await this.client.submit(body, this.idempotencyKey()).catch(async (error: unknown) => {
      if (!(error instanceof Refused) || error.errors.length === 0) throw error;
      const mistakes = this.mistakesIn(error.errors, requests);
      throw await this.allMistakes(mistakes, error.count - mistakes.length, rest);
    });
    this.accepted(job, requests);
  }

  private bodyOf(requests: readonly string[]): string {
    const options = JSON.stringify(this.options.job satisfies JobOptions);
    return `{"requests":[${requests.join(',')}],${options.slice(1)}`;
  }

  /** Those of the options too: they are in the same list. */
  private mistakesIn(errors: readonly FieldErrorDto[], requests: readonly FileRequest[]): Mistake[] {
    return errors.map((error) => toMistake(error, requests, this.options.file!));
  }

  /** Has the service look at what will not be submitted: nobody likes to mend a file twice.
   *  @param omitted how many there are beside those that are known
   *  @param rest requests that it has not seen */
  private async allMistakes(
    known: readonly Mistake[],
    omitted: number,
    rest: readonly FileRequest[],
  ): Promise<UsageError> {
    const mistakes = [...known];
    let notes = '';
    try {
      // Room for what is no request.
      for (const some of inJobs(rest, Math.max(1, this.options.jobSize - 1))) {
        const refused = await this.client.mistakesOf(
          this.bodyOf([...some.map(({ json }) => json), NO_REQUEST]),
        );
        const ours = `requests.${some.length}`;
        const errors = refused.errors.filter(({ path }) => path !== ours);
        mistakes.push(...this.mistakesIn(errors, some));
        omitted += Math.max(0, refused.count - 1 - errors.length);
      }
    } catch (error) {
      notes = `\nwhat else there may be is not known: ${(error as Error).message}`;
    }
    return new UsageError(toldMistakes(mistakes, omitted) + notes);
  }

  /** The second job's is made from the first one's name: whoever resumes the first and submits the rest gets the job that
   *  may have been made when it was interrupted. */
  private idempotencyKey(): string {
    const [first] = this.jobs;
    return first === undefined ? randomUUID() : `${first.id}/${this.jobs.length}`;
  }

  private accepted(job: JobDto, requests: readonly FileRequest[]): void {
    const { id, total } = job;
    this.jobs.push({ id, total, requests, written: 0 });
    this.counts.total += total;
    // It may have been made when the one before it was interrupted.
    if (this.options.resume.length > 0) this.counts.before += doneOf(job);
    this.display.note(`job ${id}: ${total} ${total === 1 ? 'request' : 'requests'}`);
    // It was waited for the name alone.
    this.stopping.signal.throwIfAborted();
  }

  private async follow(job: Followed, output: Output): Promise<void> {
    for await (const line of this.client.results(job.id, job.written)) {
      const item = JSON.parse(line) as JobItemDto;
      await output.write(toOutput(line, job.id, this.urlOf(job, item.index)));
      this.count(outcomeOf(item));
    }
  }

  private urlOf({ requests }: Followed, index: number): string | null {
    const { url } = this.options.job.defaults;
    return requests?.[index]?.url ?? (requests !== null && typeof url === 'string' ? url : null);
  }

  private count(outcome: Outcome): void {
    this.counts.done++;
    if (outcome === 'succeeded') this.counts.succeeded++;
    else {
      this.counts.failed++;
      this.failures.set(outcome, (this.failures.get(outcome) ?? 0) + 1);
    }
  }

  private tellEnd(): void {
    const { done, succeeded, failed, before } = this.counts;
    const reasons = [...this.failures].sort(([, one], [, other]) => other - one);
    const why = reasons.map(([code, count]) => `${count} ${code}`).join(', ');
    const took = duration(performance.now() - this.beganAt);
    this.display.note(
      `${done - before} in ${took}${before === 0 ? '' : ` and ${before} before`}: ${succeeded} succeeded, ${failed} failed${why === '' ? '' : ` (${why})`}`,
    );
  }

  private toldFailure(error: unknown): string {
    if (error instanceof UsageError || error instanceof Refused) return error.message;
    // What the system says of the output: EPIPE, ENOSPC.
    if (error instanceof Error && 'syscall' in error) return `cannot write the results: ${error.message}`;
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }

  private async afterInterruption(): Promise<void> {
    if (!this.options.cancelOnInterrupt) return;
    for (const { id } of this.jobs)
      await this.client.cancel(id).then(
        () => this.display.note(`job ${id} is cancelled`),
        (error: Error) => this.display.note(`job ${id} could not be cancelled: ${error.message}`),
      );
  }

  private tellHowToResume(): void {
    const { again, file, resume, cancelOnInterrupt } = this.options;
    if (this.jobs.length === 0) {
      if (this.interruptedBy !== 0 && file !== null && resume.length === 0)
        this.display.note('interrupted before a job was known to be accepted; GET /jobs lists yours');
      return;
    }
    if (this.interruptedBy !== 0 && cancelOnInterrupt) return;
    const ids = this.jobs.map(({ id }) => id);
    const names = `${ids.length === 1 ? 'job' : 'jobs'} ${ids.join(' ')}`;
    const args = [...again, ...ids.flatMap((id) => ['--resume', id])].map(quoted).join(' ');
    this.display.note(
      `the service goes on with ${names}; to follow again:\n  npm run --silent jobs -- ${args}`,
    );
  }
}

function doneOf({ succeeded, failed, cancelled }: JobDto): number {
  return succeeded + failed + cancelled;
}

/** As a shell takes it. */
function quoted(argument: string): string {
  return /^[\w./:=,@%+-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}

async function main(): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2), process.env);
    if (options !== null) return await new Run(options).run();
    process.stdout.write(HELP);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

const code = await main();
// What is left over are connections, and stdout that nobody takes after an interruption; all that counts is written.
process.exit(code);
