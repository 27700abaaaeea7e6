import { FALLBACKS } from './fallbacks';

/** A request as a form has it: texts, empty where the service is to decide. */

/** What the form knows of POST /fetch, as it is sent. */
export interface ConsoleRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers?: readonly HeaderLine[];
  readonly defaultHeaders?: boolean;
  readonly body?: { readonly text: string } | { readonly base64: string };
  readonly httpVersion?: string;
  readonly timeouts?: Readonly<Record<string, number | string>>;
  readonly read?: Readonly<Record<string, number | string>>;
  readonly redirects?: { readonly follow?: boolean; readonly max?: number | string };
  readonly network?: { readonly family: 4 | 6 };
  readonly tls?: { readonly verify?: boolean; readonly serverName?: string };
  readonly parser?: string;
  readonly decodeContent?: boolean;
  readonly session?: string;
}

export interface HeaderLine {
  readonly name: string;
  readonly value: string;
}

export const TIMEOUTS = [
  'idleMs',
  'firstByteMs',
  'totalMs',
  'dnsMs',
  'connectMs',
  'tlsMs',
  'sendMs',
] as const;
export type TimeoutName = (typeof TIMEOUTS)[number];
export const READ_LIMITS = ['bufferBytes', 'maxReads', 'maxBodyBytes', 'maxHeadBytes'] as const;
export type ReadLimitName = (typeof READ_LIMITS)[number];

export interface Draft {
  readonly url: string;
  readonly method: string;
  readonly headers: readonly HeaderLine[];
  readonly defaultHeaders: boolean;
  readonly bodyKind: 'none' | 'text' | 'base64';
  readonly body: string;
  readonly httpVersion: string;
  readonly until: string;
  readonly timeouts: Readonly<Record<TimeoutName, string>>;
  readonly limits: Readonly<Record<ReadLimitName, string>>;
  readonly follow: boolean;
  readonly maxRedirects: string;
  readonly family: string;
  readonly verify: boolean;
  readonly serverName: string;
  readonly parser: string;
  readonly decodeContent: boolean;
  readonly session: string;
}

export const EMPTY_DRAFT: Draft = {
  url: '',
  method: 'GET',
  headers: [],
  defaultHeaders: true,
  bodyKind: 'none',
  body: '',
  httpVersion: '1.1',
  until: 'complete',
  timeouts: { idleMs: '', firstByteMs: '', totalMs: '', dnsMs: '', connectMs: '', tlsMs: '', sendMs: '' },
  limits: { bufferBytes: '', maxReads: '', maxBodyBytes: '', maxHeadBytes: '' },
  follow: true,
  maxRedirects: '',
  family: 'any',
  verify: true,
  serverName: '',
  parser: 'lenient',
  decodeContent: true,
  session: '',
};

/** @returns how long a silence the request allows, in milliseconds */
export function idleMsOf({ timeouts, read }: ConsoleRequest): number {
  const given = timeouts?.['idleMs'];
  if (typeof given === 'number') return given;
  return read?.['until'] === 'idle' ? FALLBACKS.idleMsUntilIdle : FALLBACKS.timeouts.idleMs;
}

/** @returns how long the request lets the whole fetch take, in milliseconds */
export function totalMsOf({ timeouts }: ConsoleRequest): number {
  const given = timeouts?.['totalMs'];
  return typeof given === 'number' ? given : FALLBACKS.timeouts.totalMs;
}

/** @returns the request, with what differs from the service's defaults alone */
export function requestOf(draft: Draft): ConsoleRequest {
  const read = { ...given({ until: draft.until }, { until: 'complete' }), ...numbers(draft.limits) };
  const timeouts = numbers(draft.timeouts);
  const redirects = {
    ...(draft.follow ? {} : { follow: false }),
    ...(draft.maxRedirects.trim() === '' ? {} : { max: numberOr(draft.maxRedirects) }),
  };
  const tls = {
    ...(draft.verify ? {} : { verify: false }),
    ...given({ serverName: draft.serverName.trim() }, { serverName: '' }),
  };
  const headers = draft.headers.filter(({ name, value }) => name !== '' || value !== '');
  return {
    url: draft.url.trim(),
    ...given({ method: draft.method.trim() }, { method: 'GET' }),
    ...(headers.length === 0 ? {} : { headers }),
    ...(draft.defaultHeaders ? {} : { defaultHeaders: false }),
    ...bodyOf(draft),
    ...given({ httpVersion: draft.httpVersion }, { httpVersion: '1.1' }),
    ...(isEmpty(timeouts) ? {} : { timeouts }),
    ...(isEmpty(read) ? {} : { read }),
    ...(isEmpty(redirects) ? {} : { redirects }),
    ...(draft.family === '4' ? { network: { family: 4 as const } } : {}),
    ...(draft.family === '6' ? { network: { family: 6 as const } } : {}),
    ...(isEmpty(tls) ? {} : { tls }),
    ...given({ parser: draft.parser }, { parser: 'lenient' }),
    ...(draft.decodeContent ? {} : { decodeContent: false }),
    ...given({ session: draft.session.trim() }, { session: '' }),
  };
}

/** @returns what a request says beyond method and URL, by the service's own names: `read.until`, `headers` */
export function settingsOf(request: ConsoleRequest): string[] {
  const others = Object.entries(request).filter(([name]) => name !== 'url' && name !== 'method');
  return others.flatMap(([name, value]) =>
    Array.isArray(value) || typeof value !== 'object' || value === null || name === 'body'
      ? [name]
      : Object.keys(value as object).map((member) => `${name}.${member}`),
  );
}

/** A host with a port, which looks like a scheme, or without one. */
const HOST = /^(?:\[[0-9a-f:.]+\]|[^\s/?#:@[\]]+)(?::\d+)?(?:[/?#]|$)/i;

/** @returns the URL with http:// before it, where it has a host and no scheme; else as it is */
export function withScheme(url: string): string {
  const trimmed = url.trim();
  return HOST.test(trimmed) ? `http://${trimmed}` : url;
}

/** @returns the form that says this request */
export function draftOf(request: ConsoleRequest): Draft {
  const { body, read = {}, timeouts = {}, redirects = {}, tls = {} } = request;
  const base64 = body !== undefined && 'base64' in body;
  return {
    url: request.url,
    method: request.method ?? EMPTY_DRAFT.method,
    headers: request.headers ?? [],
    defaultHeaders: request.defaultHeaders ?? true,
    bodyKind: body === undefined ? 'none' : base64 ? 'base64' : 'text',
    body: body === undefined ? '' : base64 ? body.base64 : body.text,
    httpVersion: request.httpVersion ?? EMPTY_DRAFT.httpVersion,
    until: String(read['until'] ?? EMPTY_DRAFT.until),
    timeouts: texts(TIMEOUTS, timeouts),
    limits: texts(READ_LIMITS, read),
    follow: redirects.follow ?? true,
    maxRedirects: String(redirects.max ?? ''),
    family: String(request.network?.family ?? EMPTY_DRAFT.family),
    verify: tls.verify ?? true,
    serverName: tls.serverName ?? '',
    parser: request.parser ?? EMPTY_DRAFT.parser,
    decodeContent: request.decodeContent ?? true,
    session: request.session ?? '',
  };
}

function bodyOf({ bodyKind, body }: Draft): Pick<ConsoleRequest, 'body'> {
  if (bodyKind === 'none') return {};
  return { body: bodyKind === 'text' ? { text: body } : { base64: body } };
}

function given<T extends Record<string, string>>(values: T, defaults: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => value !== defaults[name]),
  ) as Partial<T>;
}

function numbers(values: Readonly<Record<string, string>>): Record<string, number | string> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, text]) => text.trim() !== '')
      .map(([name, text]) => [name, numberOr(text)]),
  );
}

/** What is no number goes as it is: the service says what is wrong with it, and where. */
function numberOr(text: string): number | string {
  const trimmed = text.trim();
  const number = Number(trimmed);
  return trimmed === '' || !Number.isFinite(number) ? text : number;
}

function texts<Name extends string>(
  names: readonly Name[],
  values: Readonly<Record<string, number | string>>,
): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, String(values[name] ?? '')])) as Record<Name, string>;
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0;
}
