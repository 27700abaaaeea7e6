import { Problem } from '../problems/problem';
import type { FieldErrorDto } from '../problems/problem.dto';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;
/** a number of an item, or the id of a job */
const NUMBER = /^\d{1,9}$/;
const JOB_ID = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const MAX_KEY_CHARACTERS = 255;
const PRINTABLE = /^[\x20-\x7e]+$/;

export type Query = Readonly<Record<string, unknown>>;

/** Reads the query of a list, all mistakes at once.
 *  @throws Problem invalid-request */
export class QueryReader {
  private readonly errors: FieldErrorDto[] = [];

  constructor(private readonly query: Query) {
    for (const name of Object.keys(query))
      if (!['after', 'limit', 'state'].includes(name)) this.fail(name, 'is not a parameter of this list');
  }

  limit(): number {
    const text = this.query['limit'];
    if (text === undefined) return DEFAULT_LIMIT;
    const limit = typeof text === 'string' && NUMBER.test(text) ? Number(text) : 0;
    if (limit < 1 || limit > MAX_LIMIT) this.fail('limit', `must be a whole number from 1 to ${MAX_LIMIT}`);
    return limit;
  }

  /** @returns the number of an item; 0: from the first on */
  afterItem(): number {
    const text = this.query['after'] ?? '0';
    if (typeof text === 'string' && NUMBER.test(text)) return Number(text);
    this.fail('after', 'must be a "next" of this list');
    return 0;
  }

  /** @returns the id of a job; null: from the newest on */
  afterJob(): string | null {
    const text = this.query['after'];
    if (text === undefined) return null;
    if (typeof text === 'string' && JOB_ID.test(text)) return text;
    this.fail('after', 'must be a "next" of this list');
    return null;
  }

  state<T extends string>(states: readonly T[]): T | null {
    const text = this.query['state'];
    if (text === undefined) return null;
    const state = states.find((one) => one === text);
    if (state === undefined) this.fail('state', `must be one of ${states.join(', ')}`);
    return state ?? null;
  }

  /** Called when all was read. */
  done(): void {
    refuse(this.errors);
  }

  private fail(path: string, message: string): void {
    this.errors.push({ path, message });
  }
}

/** @returns null when there is none
 *  @throws Problem invalid-request */
export function idempotencyKeyOf(value: string | string[] | undefined): string | null {
  if (value === undefined) return null;
  if (typeof value === 'string' && value.length <= MAX_KEY_CHARACTERS && PRINTABLE.test(value)) return value;
  const message = `must be 1 to ${MAX_KEY_CHARACTERS} printable characters of ASCII`;
  refuse([{ path: 'Idempotency-Key', message }]);
  return null;
}

/** WHATWG HTML §9.2.3: what a client that comes back has seen last.
 *  @returns 0: nothing
 *  @throws Problem invalid-request */
export function lastEventIdOf(value: string | string[] | undefined): number {
  if (value === undefined || value === '') return 0;
  if (typeof value === 'string' && NUMBER.test(value)) return Number(value);
  refuse([{ path: 'Last-Event-ID', message: 'must be the id of an event of this job' }]);
  return 0;
}

function refuse(errors: readonly FieldErrorDto[]): void {
  if (errors.length === 0) return;
  throw new Problem('invalid-request', 'The request cannot be understood.', { phase: 'validate', errors });
}
