import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { FieldErrorDto } from '../src/problems/problem.dto.ts';
import { UsageError } from './jobs-options.mts';

/** Half of what the service takes by default: `defaults` are merged under every request, and count each time. */
const MAX_CHARACTERS = 33_554_432;
const MAX_TOLD = 20;
const SHOWN_CHARACTERS = 80;

/** A line of the file. */
export interface FileRequest {
  /** from 1 */
  readonly line: number;
  readonly text: string;
  /** as POST /fetch takes it */
  readonly json: string;
  /** null: a JSON object without one */
  readonly url: string | null;
}

/** @param file a path; `-`: standard input
 *  @throws UsageError which names every line that is no request */
export async function readRequests(file: string): Promise<FileRequest[]> {
  const octets = await (file === '-' ? buffer(process.stdin) : readFile(file)).catch((error: unknown) => {
    throw new UsageError(`cannot read ${nameOf(file)}: ${(error as Error).message}`);
  });
  return parseRequests(octets, nameOf(file));
}

/** @param name how to call the file in errors */
export function parseRequests(octets: Uint8Array, name: string): FileRequest[] {
  const requests: FileRequest[] = [];
  const mistakes: string[] = [];
  for (const [index, raw] of decoded(octets, name).split('\n').entries()) {
    const text = raw.trim();
    if (text === '' || text.startsWith('#')) continue;
    const line = index + 1;
    try {
      requests.push({ line, text, ...requestOf(text) });
    } catch (error) {
      mistakes.push(`${name}:${line}: is no JSON: ${(error as Error).message}`);
    }
  }
  if (mistakes.length > 0) throw new UsageError(firstOf(mistakes, mistakes.length));
  if (requests.length === 0) throw new UsageError(`${name} has no URLs`);
  return requests;
}

function decoded(octets: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(octets);
  } catch {
    throw new UsageError(`${name} is not UTF-8`);
  }
}

function requestOf(text: string): Pick<FileRequest, 'json' | 'url'> {
  if (!text.startsWith('{')) return { json: JSON.stringify({ url: text }), url: text };
  const { url } = JSON.parse(text) as { readonly url?: unknown };
  // As it stands: written again, a number could be another one.
  return { json: text, url: typeof url === 'string' ? url : null };
}

/** Splits what is too much for one job. The same file is always split the same way, so that jobs can be taken up again. */
export function inJobs(
  requests: readonly FileRequest[],
  maxRequests: number,
  maxCharacters = MAX_CHARACTERS,
): FileRequest[][] {
  const jobs: FileRequest[][] = [];
  let characters = Infinity;
  for (const request of requests) {
    const isFull = jobs.at(-1)?.length === maxRequests || characters + request.json.length > maxCharacters;
    if (isFull || jobs.length === 0) {
      jobs.push([]);
      characters = 0;
    }
    jobs.at(-1)!.push(request);
    characters += request.json.length;
  }
  return jobs;
}

const OPTIONS: Readonly<Record<string, string>> = {
  concurrency: '--concurrency',
  'perHost.concurrency': '--per-host',
  'perHost.minGapMs': '--min-gap-ms',
  'retries.max': '--retries',
  priority: '--priority',
  'defaults.timeouts.totalMs': '--timeout-ms',
};

/** Says where in the file, or in the command, each mistake is that the service found.
 *  @param requests the job's
 *  @param count of all mistakes; the service tells the first ones alone */
export function toldMistakes(
  errors: readonly FieldErrorDto[],
  count: number,
  requests: readonly FileRequest[],
  file: string,
): string {
  return firstOf(
    errors.map((error) => toldMistake(error, requests, file)),
    count,
  );
}

function toldMistake(
  { path, message }: FieldErrorDto,
  requests: readonly FileRequest[],
  file: string,
): string {
  const [, index, field] = /^requests\.(\d+)(?:\.(.*))?$/s.exec(path) ?? [];
  const request = index === undefined ? undefined : requests[Number(index)];
  if (request !== undefined) {
    const what = field === undefined ? message : `${field} ${message}`;
    return `${nameOf(file)}:${request.line}: ${what}: ${shortened(request.text)}`;
  }
  const option = OPTIONS[path] ?? (path.startsWith('defaults') ? `--defaults: ${path.slice(9)}` : path);
  return `${option} ${message}`;
}

function firstOf(mistakes: readonly string[], count: number): string {
  const told = mistakes.slice(0, MAX_TOLD);
  return [...told, ...(count > told.length ? [`… and ${count - told.length} more`] : [])].join('\n');
}

function shortened(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}

function nameOf(file: string): string {
  return file === '-' ? 'standard input' : file;
}
