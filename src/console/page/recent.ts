import type { ConsoleRequest } from './draft';
import type { FetchState } from './fetch-state';
import { readRequest } from './shared-request';

/** The fetches that were made here, the last first. They stay in the browser. */

export interface Recent {
  readonly request: ConsoleRequest;
  /** ms since 1970 */
  readonly at: number;
  /** status, with the code of what kept it from being complete; or code of the problem */
  readonly outcome: string;
  readonly look: Look;
  readonly bytes: number | null;
  readonly ms: number | null;
}

/** good: a whole response that is no error; bad: none, or a server's error; warn: all between */
export type Look = 'good' | 'warn' | 'bad';

export const MOST_RECENT = 20;
/** Longer requests are not kept: the store of a page is small. */
const LONGEST_REQUEST = 50_000;

/** @returns null: there is nothing to remember of it */
export function recentOf(request: ConsoleRequest, state: FetchState, at: number): Recent | null {
  // What the service does not take is no fetch, and may hold a password where none belongs.
  if (state.problem?.code === 'invalid-request') return null;
  if (JSON.stringify(request).length > LONGEST_REQUEST) return null;
  const { result, problem, course, hops, atMs } = state;
  const last = hops.at(-1)!;
  const one = { request: withoutSecrets(request), at };
  if (result !== null) {
    const { status, error, complete, chunks, timings } = result;
    return {
      ...one,
      outcome: [status, ...(error === null ? [] : [error.code])].join(' '),
      look: !complete ? 'warn' : status < 400 ? 'good' : status < 500 ? 'warn' : 'bad',
      bytes: chunks.bytes,
      ms: timings.chainTotal ?? timings.total,
    };
  }
  if (problem !== null) {
    const bytes = problem.chunks?.bytes ?? null;
    return { ...one, outcome: problem.code, look: 'bad', bytes, ms: problem.timings?.chainTotal ?? atMs };
  }
  if (course === 'running') return null;
  return {
    ...one,
    outcome: [...(last.status === null ? [] : [last.status]), course].join(' '),
    look: 'warn',
    bytes: last.sums.bytes,
    ms: atMs,
  };
}

/** Fields that let in whoever has them. */
const SECRET = /^(?:authorization|proxy-authorization|cookie)$/i;

/** @returns the request as it is kept: who opens it again gives them again */
function withoutSecrets(request: ConsoleRequest): ConsoleRequest {
  if (!request.headers?.some(({ name }) => SECRET.test(name.trim()))) return request;
  const headers = request.headers.map((line) =>
    SECRET.test(line.name.trim()) ? { ...line, value: '' } : line,
  );
  return { ...request, headers };
}

/** @returns the list with one more; the same request is there once */
export function remember(list: readonly Recent[], one: Recent): Recent[] {
  const request = JSON.stringify(one.request);
  return [one, ...list.filter((other) => JSON.stringify(other.request) !== request)].slice(0, MOST_RECENT);
}

/** @param text as it was kept; others may have written there */
export function readRecent(text: string | null): Recent[] {
  if (text === null) return [];
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.flatMap(readOne).slice(0, MOST_RECENT) : [];
  } catch {
    return [];
  }
}

function readOne(value: unknown): Recent[] {
  const { request, at, outcome, look, bytes, ms } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const read = readRequest(request);
  if (read === null || typeof at !== 'number' || typeof outcome !== 'string') return [];
  return [
    { request: read, at, outcome, look: lookOf(look), bytes: numberOrNull(bytes), ms: numberOrNull(ms) },
  ];
}

function lookOf(value: unknown): Look {
  return value === 'good' || value === 'bad' ? value : 'warn';
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
