import type { Problem } from './data';

/** Reads a problem that came instead of an answer. It may be another version's, with a code that this page does not
 *  know and without what it expects.
 *  @returns null: it is none of wirefetch's */
export function readProblem(value: unknown): Problem | null {
  if (typeof value !== 'object' || value === null) return null;
  const told = value as Readonly<Record<keyof Problem, unknown>>;
  if (typeof told.code !== 'string' || typeof told.title !== 'string') return null;
  return {
    ...(value as Problem),
    detail: typeof told.detail === 'string' ? told.detail : '',
    instance: typeof told.instance === 'string' ? told.instance : '',
    hops: listOr(told.hops, []),
    warnings: listOr(told.warnings, []),
    errors: listOr(told.errors, undefined),
    received: objectOr(told.received),
    connection: objectOr(told.connection),
    request: objectOr(told.request),
    timings: objectOr(told.timings),
    chunks: objectOr(told.chunks),
  } as Problem;
}

function listOr<T>(value: unknown, other: T): unknown[] | T {
  return Array.isArray(value) ? value : other;
}

function objectOr(value: unknown): object | null {
  return typeof value === 'object' ? value : null;
}

/** @returns what a problem of somebody else says of itself (RFC 9457 §3.1), in a line */
export function sayingOf(status: number, value: unknown): string {
  const { title, detail } = (typeof value === 'object' && value !== null ? value : {}) as {
    readonly title?: unknown;
    readonly detail?: unknown;
  };
  return [`HTTP ${status}`, title, detail].filter((part) => typeof part === 'string').join(': ');
}
