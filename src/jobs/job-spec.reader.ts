import { TEXT_FACTOR } from '../edge/json-extent';
import { gateHost } from '../exchange/follow';
import { isJsonObject, readObject } from '../fetch/dto/read-object';
import { EXCLUDED_BY_RAW, type SpecLimits, readFetch, readUrl } from '../fetch/fetch-spec.reader';
import { Mistakes } from '../fetch/mistakes';
import type { FieldErrorDto } from '../problems/problem.dto';
import { JobRequestDto, type WebhookDto } from './dto/job-request.dto';
import { parseRequest, readJobContent } from './job-content';
import {
  JOB_DEFAULTS,
  JOB_EVENTS,
  type JobRequest,
  type JobSpec,
  type JobWebhook,
  MAX_REQUESTS,
} from './job-spec';

const MAX_AHEAD_DAYS = 366;
const DAY_MS = 86_400_000;
/** of the text of a request; to parse so many takes about as long as to check a short one */
const LONG_CHARACTERS = 65_536;
const WEBHOOK_SCHEMES: ReadonlySet<string> = new Set(['http:', 'https:']);
const REQUESTS_RULE = `must be a list of 1 to ${MAX_REQUESTS} requests`;
/** Whatever is in them is one thing: of content and raw octets there is one, and only the caller knows what the order of
 *  two lists of field lines would be. */
const REPLACED_WHOLE: ReadonlySet<string> = new Set(['headers', 'body', 'raw']);

/** What the operator lets a job ask for. */
export interface JobLimits extends SpecLimits {
  /** of one request, with the defaults merged; all of them may have TEXT_FACTOR times as much. Counted in characters of
   *  JSON here, of which an octet never holds more than one */
  readonly maxRequestBytes: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads the body of POST /jobs in steps, none of which takes longer than to read one request: a piece of the text each,
 *  then a request each. All mistakes of all requests are found before it is refused.
 *
 *  `defaults` are merged under every request: a field that a request does not have is theirs, and so are the fields of
 *  `timeouts`, `read`, `redirects`, `network`, `tls` and `include`, one by one. `headers` in either form, `body`, `raw` and
 *  lists are replaced whole; null in a request replaces as well. A request with `raw` gets none of the defaults that raw
 *  excludes. The defaults have to be right by themselves, but for the URL.
 *  @param text pieces of it, cut anywhere, or the whole; undefined: there was no content
 *  @param now milliseconds since the epoch
 *  @throws Problem invalid-request, or unsupported-scheme where nothing else is wrong */
export function* readJobSpec(
  text: string | Iterable<string> | undefined,
  limits: JobLimits,
  now: number,
): Generator<void, JobSpec> {
  const pieces = typeof text === 'string' ? [text] : (text ?? []);
  const { members, requests } = yield* readJobContent(pieces, limits.maxRequestBytes);
  const mistakes = new Mistakes();
  const job = readJob(members, requests, now, mistakes);
  yield;
  const under = readDefaults((members as Fields)['defaults'], limits, mistakes);
  yield;
  const read = yield* readRequests(requests ?? [], under, limits, mistakes);
  if (!mistakes.isEmpty) throw mistakes.problem();
  return { ...job, requests: read };
}

/** Reads all but the requests and their defaults. */
function readJob(
  members: object,
  requests: readonly string[] | null,
  now: number,
  mistakes: Mistakes,
): Omit<JobSpec, 'requests'> {
  const errors: FieldErrorDto[] = [];
  const dto = readObject(JobRequestDto, members, '', errors);
  if (requests === null && dto.requests === undefined)
    errors.push({ path: 'requests', message: 'is required' });
  else if (requests === null || requests.length === 0)
    errors.push({ path: 'requests', message: REQUESTS_RULE });
  const webhook = readWebhook(dto.webhook ?? null, errors);
  const startAfter = typeof dto.startAfter === 'string' ? new Date(dto.startAfter) : null;
  if (startAfter !== null && startAfter.getTime() > now + MAX_AHEAD_DAYS * DAY_MS)
    errors.push({ path: 'startAfter', message: 'must be at most a year ahead' });
  mistakes.add(errors);
  const { perHost, retries } = JOB_DEFAULTS;
  return {
    concurrency: dto.concurrency ?? JOB_DEFAULTS.concurrency,
    perHost: {
      concurrency: dto.perHost?.concurrency ?? perHost.concurrency,
      minGapMs: dto.perHost?.minGapMs ?? perHost.minGapMs,
    },
    retries: {
      max: dto.retries?.max ?? retries.max,
      backoffMs: dto.retries?.backoffMs ?? retries.backoffMs,
    },
    priority: dto.priority ?? JOB_DEFAULTS.priority,
    startAfter,
    webhook,
    keepResultsMs: dto.keepResultsMs ?? JOB_DEFAULTS.keepResultsMs,
  };
}

function readWebhook(dto: WebhookDto | null, errors: FieldErrorDto[]): JobWebhook | null {
  if (dto === null) return null;
  const reading = readUrl(dto.url, WEBHOOK_SCHEMES);
  if (reading.url !== null)
    return { url: reading.url.href, secret: dto.secret, events: dto.events ?? JOB_EVENTS };
  errors.push({ path: 'webhook.url', message: reading.message });
  return null;
}

/** @returns what to merge under the requests. Of wrong defaults that is a URL at the most: what is wrong with them is told
 *  once, and not with each request */
function readDefaults(given: unknown, limits: SpecLimits, mistakes: Mistakes): Fields {
  // What is no object has been told.
  if (!isJsonObject(given)) return {};
  const defaults = given as Fields;
  const [scheme] = limits.schemes;
  const anyUrl = { url: `${scheme}//defaults.invalid/` };
  const { spec, errors, unsupportedScheme } = readFetch({ ...anyUrl, ...defaults }, limits);
  if (spec !== null) return defaults;
  mistakes.add(errors, 'defaults', unsupportedScheme);
  return 'url' in defaults ? anyUrl : {};
}

/** @param texts are let go of one by one */
function* readRequests(
  texts: string[],
  under: Fields,
  limits: JobLimits,
  mistakes: Mistakes,
): Generator<void, JobRequest[]> {
  const requests: JobRequest[] = [];
  let charactersLeft = TEXT_FACTOR * limits.maxRequestBytes;
  for (const [index, text] of texts.entries()) {
    texts[index] = '';
    const request = yield* readRequest(text, `requests.${index}`, under, limits, mistakes);
    charactersLeft -= request?.json.length ?? 0;
    if (charactersLeft < 0) throw tooLong(limits);
    if (request !== null && mistakes.isEmpty) requests.push(request);
    yield;
  }
  return requests;
}

/** Takes a long one in more steps than one.
 *  @returns null when anything is wrong with it */
function* readRequest(
  text: string,
  path: string,
  under: Fields,
  limits: JobLimits,
  mistakes: Mistakes,
): Generator<void, JobRequest | null> {
  const parsed = parseRequest(text);
  if ('message' in parsed) {
    mistakes.add([{ path, message: parsed.message }]);
    return null;
  }
  const merged = isJsonObject(parsed.value) ? merge(under, parsed.value as Fields) : parsed.value;
  const isLong = text.length > LONG_CHARACTERS;
  if (isLong) yield;
  const { spec, errors, unsupportedScheme } = readFetch(merged, limits);
  mistakes.add(errors, path, unsupportedScheme);
  if (spec === null) return null;
  if (isLong) yield;
  const json = JSON.stringify(merged);
  if (json.length <= limits.maxRequestBytes) return { json, host: gateHost(spec) };
  const message = `must be at most ${limits.maxRequestBytes} characters of JSON, with the defaults`;
  mistakes.add([{ path, message }]);
  return null;
}

/** What repeats the defaults ten thousand times has to fit as well. */
function tooLong({ maxRequestBytes }: JobLimits): Error {
  const mistakes = new Mistakes();
  const message = `make the requests together longer than ${TEXT_FACTOR * maxRequestBytes} characters of JSON`;
  mistakes.add([{ path: 'defaults', message }]);
  return mistakes.problem();
}

function merge(under: Fields, own: Fields): Fields {
  const merged: Record<string, unknown> = { ...under };
  if (isJsonObject(own['raw'])) for (const field of EXCLUDED_BY_RAW) delete merged[field];
  for (const [name, value] of Object.entries(own)) {
    const inherited = merged[name];
    const isPartwise = isJsonObject(value) && isJsonObject(inherited) && !REPLACED_WHOLE.has(name);
    merged[name] = isPartwise ? { ...inherited, ...value } : value;
  }
  return merged;
}
