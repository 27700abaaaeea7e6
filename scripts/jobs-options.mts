import { parseArgs } from 'node:util';

/** of POST /jobs */
const MAX_REQUESTS = 10_000;

export const HELP = `Has a file of URLs fetched by a running wirefetch, and writes the results as NDJSON.

  npm run --silent jobs -- urls.txt > results.ndjson
  npm run jobs -- urls.txt --out results.ndjson

The file has a URL a line, or a JSON object as POST /fetch takes it. Blank lines and those that begin with # are skipped;
- is standard input. More than 10,000 become several jobs. Without --silent npm writes two lines of its own to stdout.

Each result is a line of GET /jobs/{id}/results, in the order of completion, with two fields put before its own:
"job", and "url" as it was asked for (null in what is followed without the file). "index" counts the job's requests from
0. A result is a success whatever the target's status.

In brackets is what holds without an option.

  --server URL            the service (WIREFETCH_URL, else http://127.0.0.1:8080)
  --key KEY               its API key (WIREFETCH_API_KEY, which is better: everyone on the machine sees the command line)
  --concurrency N         fetches at once, of a job (16)
  --per-host N            fetches at once at a host (2)
  --min-gap-ms N          from the start of one fetch at a host to the next (0)
  --retries N             how often to try again what may pass (2)
  --priority N            -100 to 100: --priority=-5 (0)
  --timeout-ms N          for each fetch, redirects included (30000)
  --defaults JSON         fields for requests that do not have them: '{"include":{"body":"none"}}' (those of POST /fetch)
  --job-size N            requests of a job at the most, where the service takes less at once (10000)
  --out FILE              where to write (stdout); a file that has something in it is only added to, with --resume
  --resume ID             follow this job instead of submitting, after its lines in --out, else from its beginning. Give
                          the same file again, and once for each job, in order; what the file has beyond is submitted
  --cancel-on-interrupt   Ctrl-C cancels what was submitted; else the service goes on with it
  --help

Exit: 0 all succeeded, 1 some did not, 2 not submitted or not followed to the end, 130 interrupted.
`;

/** What is wrong with the command or the file, for its user. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What a job is submitted with beside its requests; JSON leaves out what is undefined. */
export interface JobOptions {
  readonly concurrency: number | undefined;
  readonly perHost: { readonly concurrency: number | undefined; readonly minGapMs: number | undefined };
  readonly retries: { readonly max: number | undefined };
  readonly priority: number | undefined;
  readonly defaults: Readonly<Record<string, unknown>>;
}

export interface Options {
  /** null: none, there are jobs to follow */
  readonly file: string | null;
  readonly server: URL;
  readonly key: string | null;
  /** null: stdout */
  readonly out: string | null;
  /** names of jobs */
  readonly resume: readonly string[];
  readonly cancelOnInterrupt: boolean;
  /** requests of a job at the most */
  readonly jobSize: number;
  readonly job: JobOptions;
  /** the arguments to give once more to take it up again: all but the key and the jobs */
  readonly again: readonly string[];
}

const OPTIONS = {
  server: { type: 'string' },
  key: { type: 'string' },
  concurrency: { type: 'string' },
  'per-host': { type: 'string' },
  'min-gap-ms': { type: 'string' },
  retries: { type: 'string' },
  priority: { type: 'string' },
  'timeout-ms': { type: 'string' },
  defaults: { type: 'string' },
  'job-size': { type: 'string' },
  out: { type: 'string' },
  resume: { type: 'string', multiple: true },
  'cancel-on-interrupt': { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** @returns null: help is asked for
 *  @throws UsageError */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): Options | null {
  const { values, positionals, tokens } = parsed(args);
  if (values.help === true) return null;
  const resume = values.resume ?? [];
  for (const id of resume)
    if (!/^[0-9A-Z]{26}$/.test(id)) throw new UsageError(`--resume ${id}: is no id of a job`);
  if (new Set(resume).size < resume.length) throw new UsageError('--resume: the same job twice');
  const [file = null] = positionals;
  if (positionals.length > 1) throw new UsageError('one file at a time');
  if (file === null && resume.length === 0) throw new UsageError('which file? See --help');
  const whole = (name: 'concurrency' | 'per-host' | 'min-gap-ms' | 'retries' | 'priority' | 'timeout-ms') =>
    wholeNumber(name, values[name]);
  return {
    file,
    server: serverOf(values.server ?? env['WIREFETCH_URL'] ?? 'http://127.0.0.1:8080'),
    key: keyOf(values.key ?? env['WIREFETCH_API_KEY'] ?? ''),
    out: values.out ?? null,
    resume,
    cancelOnInterrupt: values['cancel-on-interrupt'] ?? false,
    jobSize: jobSizeOf(values['job-size']),
    job: {
      concurrency: whole('concurrency'),
      perHost: { concurrency: whole('per-host'), minGapMs: whole('min-gap-ms') },
      retries: { max: whole('retries') },
      priority: whole('priority'),
      defaults: defaultsOf(values.defaults, whole('timeout-ms')),
    },
    again: tokens.flatMap((token) => {
      if (token.kind === 'positional') return [token.value];
      if (token.kind !== 'option' || token.name === 'key' || token.name === 'resume') return [];
      return [token.value === undefined ? token.rawName : `${token.rawName}=${token.value}`];
    }),
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, tokens: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function serverOf(text: string): URL {
  // So that what is joined to it comes after its path.
  const url = URL.canParse(text) ? new URL(text.endsWith('/') ? text : `${text}/`) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw new UsageError(`--server ${text}: must be an http or https URL without a user name`);
  return url;
}

function keyOf(text: string): string | null {
  if (!/^[\x21-\x7e]*$/.test(text)) throw new UsageError('the key has characters that no key has');
  return text === '' ? null : text;
}

function jobSizeOf(text: string | undefined): number {
  const size = wholeNumber('job-size', text) ?? MAX_REQUESTS;
  if (size >= 1 && size <= MAX_REQUESTS) return size;
  throw new UsageError(`--job-size ${size}: must be from 1 to ${MAX_REQUESTS}`);
}

/** The service knows the ranges. */
function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^-?\d{1,9}$/.test(text)) throw new UsageError(`--${name} ${text}: must be a whole number`);
  return Number(text);
}

function defaultsOf(text = '{}', totalMs: number | undefined): Readonly<Record<string, unknown>> {
  const defaults = objectIn(text);
  if (defaults === null) throw new UsageError('--defaults: must be a JSON object');
  if (totalMs === undefined) return defaults;
  return { ...defaults, timeouts: { ...(defaults['timeouts'] as object | undefined), totalMs } };
}

function objectIn(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
