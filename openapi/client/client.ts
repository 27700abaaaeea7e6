import createClient, { type Client, type Middleware } from 'openapi-fetch';
import type {
  Cookie,
  DoneState,
  FetchRequest,
  FetchResult,
  Har,
  Job,
  JobItem,
  JobList,
  JobRequest,
  JobResults,
  JobState,
  Problem,
  ProblemEvent,
  ResultEvent,
  Session,
  paths,
} from './schema.ts';

/** A client of wirefetch. It is one file beside its types, asks the platform for nothing but fetch, streams and text, and
 *  has no syntax but what can be erased: browsers' bundlers, Node, Deno and Bun take it as it is. */

export type * from './schema.ts';

const CUT_SHORT = 'the answer was cut short';

/** What a fetch tells as it happens. */
export type FetchEvent = paths['/fetch']['post']['responses'][200]['content']['application/x-ndjson'];

/** What `stream` yields: a problem is thrown. */
export type StreamEvent = Exclude<FetchEvent, ProblemEvent>;

export type ProblemCode = Problem['code'];

export interface WirefetchOptions {
  /** where the service is, with the path before its own if there is one: http://localhost:8080 */
  readonly baseUrl: string | URL;
  /** sent as `Authorization: Bearer` */
  readonly apiKey?: string | undefined;
  /** instead of the platform's */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** sent with every call */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface CallOptions {
  /** aborts the call, and with it the fetch; what is thrown then is its reason */
  readonly signal?: AbortSignal | undefined;
}

export interface SubmitOptions extends CallOptions {
  /** makes repeated calls with the same content one job */
  readonly idempotencyKey?: string | undefined;
}

export interface JobListOptions extends CallOptions {
  /** `next` of the page before */
  readonly after?: string | undefined;
  /** jobs on a page, 1 to 1,000; 100 by default */
  readonly limit?: number | undefined;
  /** these alone */
  readonly state?: JobState | undefined;
}

export interface ResultsOptions extends CallOptions {
  /** `next` of the last page known, to go on after it */
  readonly after?: string | undefined;
  /** items on a page, 1 to 1,000; 100 by default */
  readonly limit?: number | undefined;
  /** items in this state alone */
  readonly state?: DoneState | undefined;
  /** how long to wait where nothing has come since the last page, in ms; 1,000 by default */
  readonly pollMs?: number | undefined;
}

/** A fetch's content, put together. */
export interface Collected {
  /** as `fetch` gives it, but its `body` holds no content that was streamed */
  readonly result: FetchResult;
  /** null: it is no text, or there is none with `include.body: none` */
  readonly text: string | null;
  /** null: it is text, or there is none with `include.body: none` */
  readonly octets: Uint8Array | null;
}

/** The service says what went wrong, in the words of RFC 9457: match `code`. */
export class WirefetchProblem extends Error {
  override readonly name = 'WirefetchProblem';
  readonly code: ProblemCode;
  /** HTTP status of the answer, or what it would have been where the answer had already begun */
  readonly status: number;
  /** how far the fetch had come */
  readonly phase: Problem['phase'];
  /** who caused it */
  readonly failureSource: Problem['failureSource'];
  /** all of it, with what was sent and received before */
  readonly problem: Problem;
  /** when to call again, from now, in ms; null: the service does not say */
  readonly retryAfterMs: number | null;

  constructor(problem: Problem, retryAfterMs: number | null = null) {
    const mistakes = problem.errors?.map(({ path, message }) => `; ${path}: ${message}`) ?? [];
    super(`${problem.code}: ${problem.detail}${mistakes.join('')}`);
    this.code = problem.code;
    this.status = problem.status;
    this.phase = problem.phase;
    this.failureSource = problem.failureSource;
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The service does not say what went wrong: it was not reached, another answered in its place, or its answer was cut
 *  short. The `cause` is what the platform said. */
export class WirefetchFailure extends Error {
  override readonly name = 'WirefetchFailure';
  /** HTTP status of the answer; null: none came */
  readonly status: number | null;
  /** what was answered instead; null: nothing that could be read */
  readonly content: string | null;
  /** when to call again, from now, in ms; null: nobody says */
  readonly retryAfterMs: number | null;

  constructor(
    message: string,
    {
      status = null,
      content = null,
      retryAfterMs = null,
      cause,
    }: {
      readonly status?: number | null;
      readonly content?: string | null;
      readonly retryAfterMs?: number | null;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause });
    this.status = status;
    this.content = content;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The calls of one service. Each throws WirefetchProblem, WirefetchFailure, or its signal's reason. */
class Wirefetch {
  /** openapi-fetch's client, for everything else; it throws no problems, but gives them as `error`. Its middleware sees
   *  the calls of this class too, but no answers to these that are none of 2xx */
  readonly api: Client<paths>;

  constructor({ baseUrl, apiKey, fetch, headers }: WirefetchOptions) {
    this.api = createClient<paths>({
      baseUrl: String(baseUrl),
      // Whom a redirect leads to has not been asked for, and is not to have the key.
      redirect: 'manual',
      headers: { ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }), ...headers },
      ...(fetch === undefined ? {} : { fetch }),
    });
  }

  /** Fetches a URL. A target's 404 or 500 is a result. */
  async fetch(request: FetchRequest, { signal }: CallOptions = {}): Promise<FetchResult> {
    return jsonOf(await this.post(request, 'application/json', signal), signal);
  }

  /** Fetches a URL, and tells of it as it happens. The call is made when the first event is asked for, no faster than
   *  events are taken, and ends with the loop that takes them: a `break` cancels the fetch. The last event is `result`.
   *  @throws WirefetchProblem in place of the event `problem`, after all others
   *  @throws WirefetchFailure when the answer ends without either */
  async *stream(
    request: FetchRequest,
    { signal }: CallOptions = {},
  ): AsyncGenerator<StreamEvent, void, undefined> {
    const response = await this.post(request, 'application/x-ndjson', signal);
    let last: ResultEvent | ProblemEvent | null = null;
    try {
      for await (const line of linesFrom(response, signal)) {
        const event = eventOf(line, response);
        if (event.event === 'result' || event.event === 'problem') last = event;
        else yield event;
      }
    } catch (error) {
      // The last event is whole, whatever became of the connection after it.
      if (last === null) throw error;
    }
    const { status } = response;
    if (last === null) throw new WirefetchFailure('the answer ended before its last event', { status });
    if (last.event === 'problem') throw new WirefetchProblem(last.problem);
    yield last;
  }

  /** Fetches a URL, and tells it as an HTTP Archive. */
  async har(request: FetchRequest, { signal }: CallOptions = {}): Promise<Har> {
    return jsonOf(await this.post(request, 'application/har+json', signal), signal);
  }

  /** Has many URLs fetched. Once it has returned, nothing of the job is lost. */
  async submitJob(request: JobRequest, { idempotencyKey, signal }: SubmitOptions = {}): Promise<Job> {
    const header = idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey };
    const call = this.api.POST('/jobs', { body: request, params: { header }, ...asStream(signal) });
    return jsonOf(await answered(call, signal), signal);
  }

  /** A page of your jobs, the newest first. */
  async jobs({ signal, ...query }: JobListOptions = {}): Promise<JobList> {
    const call = this.api.GET('/jobs', { params: { query: given(query) }, ...asStream(signal) });
    return jsonOf(await answered(call, signal), signal);
  }

  /** How far a job is. */
  async job(id: string, { signal }: CallOptions = {}): Promise<Job> {
    const call = this.api.GET('/jobs/{id}', { params: { path: { id } }, ...asStream(signal) });
    return jsonOf(await answered(call, signal), signal);
  }

  /** Cancels what is left of a job. */
  async cancelJob(id: string, { signal }: CallOptions = {}): Promise<Job> {
    const call = this.api.DELETE('/jobs/{id}', { params: { path: { id } }, ...asStream(signal) });
    return jsonOf(await answered(call, signal), signal);
  }

  /** Each item of a job as it is done, in the order of completion, to the end of the job. */
  async *results(id: string, options: ResultsOptions = {}): AsyncGenerator<JobItem, void, undefined> {
    for await (const { items } of this.resultPages(id, options)) yield* items;
  }

  /** The same by pages, none of them empty but perhaps the last. Who keeps a page's `next` goes on after it with
   *  `after`, also in another process. */
  async *resultPages(
    id: string,
    { signal, pollMs = 1_000, after, ...options }: ResultsOptions = {},
  ): AsyncGenerator<JobResults, void, undefined> {
    let place = after;
    for (let isOver = false; !isOver;) {
      const params = { path: { id }, query: given({ ...options, after: place }) };
      const call = this.api.GET('/jobs/{id}/results', { params, ...asStream(signal) });
      const response = await answered(call, signal);
      const page = pageOf(await jsonOf(response, signal), response);
      isOver = page.next === null;
      place = page.next ?? undefined;
      if (page.items.length > 0 || isOver) yield page;
      else await pause(pollMs, signal);
    }
  }

  /** Your cookie jars. */
  async sessions({ signal }: CallOptions = {}): Promise<Session[]> {
    const call = this.api.GET('/sessions', asStream(signal));
    const response = await answered(call, signal);
    return itemsOf(await jsonOf<{ items: Session[] }>(response, signal), response).items;
  }

  /** What is in one of them. */
  async sessionCookies(id: string, { signal }: CallOptions = {}): Promise<Cookie[]> {
    const call = this.api.GET('/sessions/{id}/cookies', { params: { path: { id } }, ...asStream(signal) });
    const response = await answered(call, signal);
    return itemsOf(await jsonOf<{ items: Cookie[] }>(response, signal), response).items;
  }

  /** Forgets one of them. */
  async deleteSession(id: string, { signal }: CallOptions = {}): Promise<void> {
    await answered(
      this.api.DELETE('/sessions/{id}', { params: { path: { id } }, ...asStream(signal) }),
      signal,
    );
  }

  private post(body: FetchRequest, accept: string, signal: AbortSignal | undefined): Promise<Response> {
    return answered(this.api.POST('/fetch', { body, headers: { accept }, ...asStream(signal) }), signal);
  }
}

export type { Wirefetch };

export function createWirefetch(options: WirefetchOptions): Wirefetch {
  return new Wirefetch(options);
}

/** Reads a stream to its end, and puts the content together, wherever it came. */
export async function collect(events: AsyncIterable<StreamEvent>): Promise<Collected> {
  let result: FetchResult | null = null;
  let text: string | null = null;
  const octets: Uint8Array[] = [];
  for await (const event of events) {
    if (event.event === 'result') result = event.result;
    if (event.event !== 'chunk') continue;
    // Of content that is empty one chunk tells, and that it is text or octets.
    if (event.text !== null) text = (text ?? '') + event.text;
    if (event.base64 !== null) octets.push(octetsOf(event.base64));
  }
  if (result === null) throw new WirefetchFailure('the events ended before the last one');
  const { body } = result;
  if (body.base64 !== null) octets.push(octetsOf(body.base64));
  return { result, text: text ?? body.text, octets: octets.length === 0 ? null : joined(octets) };
}

function octetsOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let length = 0;
  for (const piece of pieces) {
    whole.set(piece, length);
    length += piece.length;
  }
  return whole;
}

interface Line {
  readonly text: string;
  /** whether an LF ended it */
  readonly isEnded: boolean;
}

/** Splits octets at LF, wherever they are cut, also within a character. A stream is read no faster than lines are
 *  taken, and is cancelled with the loop that takes them. Blank lines are left out.
 *  @param octets of UTF-8 */
export async function* linesOf(octets: ReadableStream<Uint8Array>): AsyncGenerator<Line, void, undefined> {
  const reader = octets.getReader();
  const decoder = new TextDecoder();
  let begun = '';
  try {
    for (let isOver = false; !isOver;) {
      const { done, value } = await reader.read();
      const lines = (done ? decoder.decode() : decoder.decode(value, { stream: true })).split('\n');
      lines[0] = begun + lines[0]!;
      begun = lines.pop()!;
      for (const text of lines) if (!isBlank(text)) yield { text, isEnded: true };
      isOver = done;
    }
    // Without an LF it may be whole all the same: nothing follows it.
    if (!isBlank(begun)) yield { text: begun, isEnded: false };
  } finally {
    // Of a stream that has failed it says so once more.
    await reader.cancel().catch(() => undefined);
  }
}

function isBlank(line: string): boolean {
  return line === '' || line === '\r';
}

async function* linesFrom(
  response: Response,
  signal: AbortSignal | undefined,
): AsyncGenerator<Line, void, undefined> {
  try {
    if (response.body !== null) yield* linesOf(response.body);
  } catch (error) {
    throw failureOf(CUT_SHORT, error, signal, response);
  }
}

function eventOf({ text, isEnded }: Line, response: Response): FetchEvent {
  const { status } = response;
  let event: unknown;
  try {
    event = parsed(text, response);
  } catch (error) {
    if (isEnded) throw error;
    throw new WirefetchFailure(`${CUT_SHORT} within a line`, { status, content: text, cause: error });
  }
  if (isEvent(event)) return event;
  throw new WirefetchFailure('what was answered is no event', { status, content: text });
}

/** Events that are not known yet are let through; the last ones have to hold what is given or thrown. */
function isEvent(value: unknown): value is FetchEvent {
  if (!isObject(value) || typeof value['event'] !== 'string') return false;
  if (value['event'] === 'result') return isObject(value['result']);
  return value['event'] !== 'problem' || isProblem(value['problem']);
}

/** @returns what has the answer itself read by nobody but us */
function asStream(signal: AbortSignal | undefined): {
  parseAs: 'stream';
  signal: AbortSignal | null;
  middleware: Middleware[];
} {
  return { parseAs: 'stream', signal: signal ?? null, middleware: [REFUSALS] };
}

/** openapi-fetch leaves out what is undefined. */
function given<T extends object>(query: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return query;
}

/** Throws what an answer says that is none of 2xx. openapi-fetch would read it itself, and of one that is cut short
 *  tell the cut alone, and no status. */
const REFUSALS: Middleware = {
  onResponse: async ({ response }) => {
    if (!response.ok) throw await refusalOf(response);
  },
};

async function refusalOf(response: Response): Promise<WirefetchProblem | WirefetchFailure> {
  const { status, statusText } = response;
  const { text, cause } = await readable(response);
  const retryAfterMs = retryAfterOf(response);
  const problem = jsonIn(text);
  if (isProblem(problem)) return new WirefetchProblem(problem, retryAfterMs);
  const content = text === '' ? null : text;
  const answer = `${status} ${statusText}`.trimEnd();
  if (cause === null) {
    const message = `the service did not answer, but another: ${answer}`;
    return new WirefetchFailure(message, { status, content, retryAfterMs });
  }
  const message = `${CUT_SHORT}: ${answer}: ${reasonOf(cause)}`;
  return new WirefetchFailure(message, { status, content, retryAfterMs, cause });
}

/** @returns the content as far as it came, and why it came no further; null: that is all of it */
async function readable({ body }: Response): Promise<{ readonly text: string; readonly cause: unknown }> {
  const decoder = new TextDecoder();
  let text = '';
  let cause: unknown = null;
  try {
    const reader = body?.getReader();
    for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read())
      text += decoder.decode(piece.value, { stream: true });
  } catch (error) {
    cause = error;
  }
  return { text: text + decoder.decode(), cause };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** @returns an answer of 2xx */
async function answered(
  call: Promise<{ readonly response: Response }>,
  signal: AbortSignal | undefined,
): Promise<Response> {
  try {
    return (await call).response;
  } catch (error) {
    if (signal?.aborted !== true && (error instanceof WirefetchProblem || error instanceof WirefetchFailure))
      throw error;
    throw failureOf('the service cannot be reached', error, signal);
  }
}

/** Others answer with problems of RFC 9457 too; these have no code. */
function isProblem(value: unknown): value is Problem {
  return isObject(value) && typeof value['code'] === 'string' && typeof value['failureSource'] === 'string';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function itemsOf<T extends { readonly items: readonly unknown[] }>(list: T, { status }: Response): T {
  if (Array.isArray(list.items)) return list;
  throw new WirefetchFailure('what was answered is no list', { status, content: JSON.stringify(list) });
}

/** Without a `next` that is one, or null, a job would never end. */
function pageOf(page: JobResults, response: Response): JobResults {
  const { next } = itemsOf(page, response) as { readonly next: unknown };
  if (next === null || typeof next === 'string') return page;
  const { status } = response;
  throw new WirefetchFailure('what was answered is no page', { status, content: JSON.stringify(page) });
}

/** RFC 9110 §10.2.3: seconds, or a date. */
function retryAfterOf({ headers }: Response): number | null {
  const value = headers.get('retry-after');
  if (value === null) return null;
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}

async function jsonOf<T>(response: Response, signal: AbortSignal | undefined): Promise<T> {
  let text: string;
  try {
    text = await response.text();
  } catch (error) {
    throw failureOf(CUT_SHORT, error, signal, response);
  }
  const json = parsed(text, response);
  if (isObject(json)) return json as T;
  throw new WirefetchFailure('what was answered is no object', { status: response.status, content: text });
}

function parsed(text: string, { status }: Response): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new WirefetchFailure('what was answered is no JSON', { status, content: text, cause });
  }
}

/** An abort stays what it is. */
function failureOf(
  message: string,
  cause: unknown,
  signal: AbortSignal | undefined,
  response: Response | null = null,
): unknown {
  if (signal?.aborted === true) return signal.reason;
  const status = response?.status ?? null;
  return new WirefetchFailure(`${message}: ${reasonOf(cause)}`, { status, cause });
}

/** Platforms put what happened below words that say little: "fetch failed". */
function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { cause, message, code } = error as { readonly [Name in 'cause' | 'message' | 'code']?: unknown };
  if (typeof cause === 'object' && cause !== null) return reasonOf(cause);
  return String(message === '' ? code : message);
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason as Error);
      return;
    }
    const aborted = (): void => {
      clearTimeout(timer);
      reject(signal!.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', aborted);
      resolve();
    }, ms);
    signal?.addEventListener('abort', aborted, { once: true });
  });
}
