import { setTimeout as pause } from 'node:timers/promises';
import type { JobDto } from '../src/jobs/dto/job.dto.ts';
import type { FieldErrorDto, ProblemDto } from '../src/problems/problem.dto.ts';
import { linesOf } from './jobs-lines.mts';

const SUBMIT_TRIES = 5;
/** about ten minutes, in which a service may be restarted or moved */
const FOLLOW_TRIES = 45;
const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 15_000;
const MAX_RETRY_AFTER_MS = 60_000;
/** so long a submit under way may go on after an interruption: it may have made a job, whose name is to be told */
const GRACE_MS = 3_000;
const CANCEL_MS = 5_000;
/** The runtime ends an answer of which nothing came for five minutes; a job may well be as quiet. */
const QUIET: ReadonlySet<unknown> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** To try again would change nothing. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly errors: readonly FieldErrorDto[];
  /** of all mistakes */
  readonly count: number;

  constructor(message: string, errors: readonly FieldErrorDto[] = [], count = errors.length) {
    super(message);
    this.errors = errors;
    this.count = count;
  }
}

/** It may go well the next time. */
class Passing extends Error {
  override readonly name = 'Passing';
  readonly retryAfterMs: number;
  readonly isQuiet: boolean;

  constructor(message: string, { retryAfterMs = 0, isQuiet = false } = {}) {
    super(message);
    this.retryAfterMs = retryAfterMs;
    this.isQuiet = isQuiet;
  }
}

/** Counts failures in a row. */
class Patience {
  private failures = 0;
  private readonly tries: number;

  constructor(tries: number) {
    this.tries = tries;
  }

  succeeded(): void {
    this.failures = 0;
  }

  /** @returns how long to wait
   *  @throws Error when that was the last try */
  failed(failure: Passing): number {
    if (failure.isQuiet) return 0;
    if (++this.failures >= this.tries) throw new Refused(failure.message);
    const delayMs = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (this.failures - 1));
    // Not all of them at the same time: of many jobs each has a connection.
    return Math.max(failure.retryAfterMs, delayMs * (0.75 + Math.random() / 4));
  }
}

/** The routes of jobs. What fails and may pass is tried again. */
export class JobsClient {
  private readonly server: URL;
  private readonly headers: Readonly<Record<string, string>>;
  private readonly signal: AbortSignal;
  private readonly note: (text: string) => void;

  /** @param signal aborts what is under way, and waiting
   *  @param note is told why something takes longer */
  constructor(server: URL, key: string | null, signal: AbortSignal, note: (text: string) => void) {
    this.server = server;
    this.headers = key === null ? {} : { authorization: `Bearer ${key}` };
    this.signal = signal;
    this.note = note;
  }

  /** @param key makes the call one job, however often it is repeated
   *  @throws Refused */
  submit(body: string, key: string): Promise<JobDto> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': key };
    return this.persist(SUBMIT_TRIES, async () => {
      const signal = later(this.signal, GRACE_MS);
      return await this.json<JobDto>('jobs', { method: 'POST', headers, body, signal });
    });
  }

  /** Asks once for what is to be refused.
   *  @param body of a job that has a mistake, and cannot become one
   *  @returns all its mistakes
   *  @throws Error when none are told */
  async mistakesOf(body: string): Promise<Refused> {
    const headers = { 'content-type': 'application/json' };
    try {
      await this.json<JobDto>('jobs', { method: 'POST', headers, body });
    } catch (error) {
      if (error instanceof Refused && error.errors.length > 0) return error;
      throw error;
    }
    throw new Refused(`${this.server.href} took a job that is none`);
  }

  /** @throws Refused */
  find(id: string): Promise<JobDto> {
    return this.persist(FOLLOW_TRIES, () => this.json<JobDto>(`jobs/${id}`));
  }

  /** Tries once, whatever was interrupted. */
  cancel(id: string): Promise<JobDto> {
    return this.json(`jobs/${id}`, { method: 'DELETE', signal: AbortSignal.timeout(CANCEL_MS) });
  }

  /** Each line of a job's results, to the end of the job, over as many connections as it takes. Results are numbered
   *  from 1 on without a gap, so that to count them is to know the number of the last.
   *  @param after number of the last one known
   *  @throws Refused */
  async *results(id: string, after: number): AsyncGenerator<string, void> {
    const patience = new Patience(FOLLOW_TRIES);
    for (let last = after; ;) {
      try {
        const first = last;
        for await (const line of this.lines(id, last)) {
          last++;
          patience.succeeded();
          yield line.toString();
        }
        const job = await this.json<JobDto>(`jobs/${id}`);
        if (job.finishedAt !== null && last === job.total) return;
        if (job.finishedAt !== null && last === first)
          throw new Refused(`job ${id} has ${job.total} results, and after ${last} none came`);
        throw new Passing('the answer ended before the job');
      } catch (error) {
        await this.wait(patience, error);
      }
    }
  }

  private async *lines(id: string, after: number): AsyncGenerator<Buffer, void> {
    const headers = { accept: 'application/x-ndjson' };
    const { body } = await this.call(`jobs/${id}/results?after=${after}`, { headers });
    try {
      if (body !== null) yield* linesOf(body);
    } catch (error) {
      throw this.failureOf(error);
    }
  }

  private async persist<T>(tries: number, attempt: () => Promise<T>): Promise<T> {
    const patience = new Patience(tries);
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        await this.wait(patience, error);
      }
    }
  }

  /** Waits until it may be tried again.
   *  @throws what cannot pass */
  private async wait(patience: Patience, error: unknown): Promise<void> {
    if (!(error instanceof Passing)) throw error;
    const ms = patience.failed(error);
    if (ms > 0) this.note(`${error.message}; trying again in ${(ms / 1_000).toFixed(1)} s`);
    await pause(ms, undefined, { signal: this.signal });
  }

  private async json<T>(path: string, init: RequestInit = {}): Promise<T> {
    const response = await this.call(path, init);
    try {
      return (await response.json()) as T;
    } catch (error) {
      if (error instanceof SyntaxError)
        throw new Refused(`${this.server.href} is no wirefetch: no JSON came`);
      throw this.failureOf(error);
    }
  }

  /** @throws Refused, Passing */
  private async call(path: string, init: RequestInit): Promise<Response> {
    const headers = { accept: 'application/json', ...this.headers, ...(init.headers as object) };
    let response: Response;
    try {
      // Whom a redirect leads to has not been asked for, and is not to have the key.
      const all = { signal: this.signal, redirect: 'manual', ...init, headers } as const;
      response = await fetch(new URL(path, this.server), all);
    } catch (error) {
      throw this.failureOf(error);
    }
    if (response.ok) return response;
    throw await this.refusalOf(response);
  }

  private async refusalOf(response: Response): Promise<Error> {
    const { status } = response;
    const problem = await readProblem(response);
    const message = `${this.server.href} answered ${status} ${problem.code ?? ''}`.trimEnd();
    const retryAfterMs = Math.min(
      MAX_RETRY_AFTER_MS,
      1_000 * Number(response.headers.get('retry-after')) || 0,
    );
    if (status === 429 || status >= 500) return new Passing(message, { retryAfterMs });
    const { errors = [], errorsOmitted = 0, detail } = problem;
    const told = detail === undefined ? message : `${message}: ${detail}`;
    return new Refused(told, errors, errors.length + errorsOmitted);
  }

  /** An interruption stays what it is. */
  private failureOf(error: unknown): unknown {
    if (this.signal.aborted || !(error instanceof Error)) return error;
    const { code, message } = (error.cause ?? error) as { readonly code?: unknown; readonly message: string };
    const why = message === '' ? String(code) : message;
    return new Passing(`${this.server.href} cannot be reached: ${why}`, { isQuiet: QUIET.has(code) });
  }
}

type Problem = Partial<Pick<ProblemDto, 'code' | 'detail' | 'errors' | 'errorsOmitted'>>;

/** @returns nothing of what is no problem of the service: others may be in between */
async function readProblem(response: Response): Promise<Problem> {
  try {
    return (await response.json()) as Problem;
  } catch {
    return {};
  }
}

/** @returns aborts so much later */
function later(signal: AbortSignal, ms: number): AbortSignal {
  const delayed = new AbortController();
  signal.addEventListener('abort', () => setTimeout(() => delayed.abort(signal.reason), ms).unref(), {
    once: true,
  });
  return delayed.signal;
}
