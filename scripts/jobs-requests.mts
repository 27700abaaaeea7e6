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

/** Something that is wrong with the file, or with the command. */
export interface Mistake {
  /** of the file, from 1; 0: it is in the command */
  readonly line: number;
  /** with its place */
  readonly text: string;
}

/** What a file has in it, right or wrong. */
export interface FileContent {
  readonly requests: readonly FileRequest[];
  /** lines that are no requests */
  readonly mistakes: readonly Mistake[];
}

/** @param file a path; `-`: standard input
 *  @throws UsageError when it cannot be read, or has nothing in it */
export async function readRequests(file: string): Promise<FileContent> {
  const octets = await (file === '-' ? buffer(process.stdin) : readFile(file)).catch((error: unknown) => {
    throw new UsageError(`cannot read ${nameOf(file)}: ${(error as Error).message}`);
  });
  return parseRequests(octets, nameOf(file));
}

/** @param name how to call the file in errors */
export function parseRequests(octets: Uint8Array, name: string): FileContent {
  const requests: FileRequest[] = [];
  const mistakes: Mistake[] = [];
  for (const [index, raw] of decoded(octets, name).split('\n').entries()) {
    const text = raw.trim();
    if (text === '' || text.startsWith('#')) continue;
    const line = index + 1;
    try {
      requests.push({ line, text, ...requestOf(text) });
    } catch (error) {
      mistakes.push({ line, text: `${name}:${line}: is no JSON: ${(error as Error).message}` });
    }
  }
  if (requests.length + mistakes.length === 0) throw new UsageError(`${name} has no URLs`);
  return { requests, mistakes };
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

/** Says where in the file, or in the command, a mistake is that the service found.
 *  @param requests the job's */
export function toMistake(
  { path, message }: FieldErrorDto,
  requests: readonly FileRequest[],
  file: string,
): Mistake {
  const [, index, field] = /^requests\.(\d+)(?:\.(.*))?$/s.exec(path) ?? [];
  const request = index === undefined ? undefined : requests[Number(index)];
  if (request !== undefined) {
    const { line, text } = request;
    const what = field === undefined ? message : `${field} ${message}`;
    return { line, text: `${nameOf(file)}:${line}: ${what}: ${shortened(text)}` };
  }
  const option = OPTIONS[path] ?? (path.startsWith('defaults') ? `--defaults: ${path.slice(9)}` : path);
  return { line: 0, text: `${option} ${message}` };
}

/** A line for each, in the order of the file, up to a bound.
 *  @param omitted how many more there are */
export function toldMistakes(mistakes: readonly Mistake[], omitted: number): string {
  const inOrder = mistakes.toSorted((one, other) => one.line - other.line);
  // What is wrong with the command is wrong with each of its jobs.
  const texts = [...new Set(inOrder.map(({ text }) => text))];
  const told = texts.slice(0, MAX_TOLD);
  const more = texts.length - told.length + omitted;
  return [...told, ...(more > 0 ? [`… and ${more} more`] : [])].join('\n');
}

function shortened(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}

function nameOf(file: string): string {
  return file === '-' ? 'standard input' : file;
}
