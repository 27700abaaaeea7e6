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
  readonly good: boolean;
  readonly bytes: number | null;
  readonly ms: number | null;
}

export const MOST_RECENT = 20;
/** Longer requests are not kept: the store of a page is small. */
const LONGEST_REQUEST = 50_000;

/** @returns null: there is nothing to remember of it */
export function recentOf(request: ConsoleRequest, state: FetchState, at: number): Recent | null {
  if (JSON.stringify(request).length > LONGEST_REQUEST) return null;
  const { result, problem } = state;
  if (result !== null)
    return {
      request,
      at,
      outcome: [result.status, ...(result.error === null ? [] : [result.error.code])].join(' '),
      good: result.complete,
      bytes: result.chunks.bytes,
      ms: result.timings.chainTotal ?? result.timings.total,
    };
  if (problem === null) return null;
  return { request, at, outcome: problem.code, good: false, bytes: problem.chunks?.bytes ?? null, ms: null };
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
  const { request, at, outcome, good, bytes, ms } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const read = readRequest(request);
  if (read === null || typeof at !== 'number' || typeof outcome !== 'string') return [];
  return [
    { request: read, at, outcome, good: good === true, bytes: numberOrNull(bytes), ms: numberOrNull(ms) },
  ];
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
