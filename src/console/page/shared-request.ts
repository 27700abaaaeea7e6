import { base64UrlOf, textOfBase64Url } from './base64';
import { type ConsoleRequest, READ_LIMITS, TIMEOUTS } from './draft';

/** A request in the fragment of the page's URL, which no server sees: `#r=` and its JSON as base64url. No key is in it.
 *  What comes with a link comes from anybody: what the form does not know is left out. */

const PARAMETER = /^#r=([\w-]+)$/;

export function fragmentOf(request: ConsoleRequest): string {
  return `#r=${base64UrlOf(JSON.stringify(request))}`;
}

/** @returns null: the fragment holds no request */
export function requestInFragment(fragment: string): ConsoleRequest | null {
  const encoded = PARAMETER.exec(fragment)?.[1];
  if (encoded === undefined) return null;
  try {
    return readRequest(JSON.parse(textOfBase64Url(encoded)));
  } catch {
    return null;
  }
}

/** @returns whether it means to hold a request, and holds none that can be read */
export function isBroken(fragment: string): boolean {
  return fragment.startsWith('#r=') && requestInFragment(fragment) === null;
}

type Read<T> = (value: unknown) => T | undefined;

const text: Read<string> = (value) => (typeof value === 'string' ? value : undefined);
const flag: Read<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);
const number: Read<number | string> = (value) =>
  typeof value === 'number' && Number.isFinite(value) ? value : text(value);
const oneOf =
  <T>(...words: readonly T[]): Read<T> =>
  (value) =>
    words.find((word) => word === value);

const until = oneOf('complete', 'idle', 'close');

/** @returns what the form knows of it; null: it is no request */
export function readRequest(value: unknown): ConsoleRequest | null {
  if (!isObject(value)) return null;
  const url = text(value['url']);
  if (url === undefined) return null;
  return without({
    url,
    method: text(value['method']),
    headers: headerLines(value['headers']),
    defaultHeaders: flag(value['defaultHeaders']),
    body: body(value['body']),
    httpVersion: oneOf('1.0', '1.1')(value['httpVersion']),
    timeouts: members(value['timeouts'], Object.fromEntries(TIMEOUTS.map((name) => [name, number]))),
    read: members(value['read'], {
      until,
      ...Object.fromEntries(READ_LIMITS.map((name) => [name, number])),
    }),
    redirects: members(value['redirects'], { follow: flag, max: number }),
    network: members(value['network'], { family: oneOf(4, 6) }),
    tls: members(value['tls'], { verify: flag, serverName: text }),
    parser: oneOf('lenient', 'strict')(value['parser']),
    decodeContent: flag(value['decodeContent']),
    session: text(value['session']),
  }) as ConsoleRequest;
}

/** as many as the service takes; each is two fields of the form */
const MOST_LINES = 1_000;

function headerLines(value: unknown): object[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const lines = value
    .slice(0, MOST_LINES)
    .filter(isObject)
    .map((line) => ({ name: text(line['name']), value: text(line['value']) }));
  return lines.filter((line) => line.name !== undefined && line.value !== undefined);
}

function body(value: unknown): object | undefined {
  const read = members(value, { text, base64: text });
  return read !== undefined && Object.keys(read).length === 1 ? read : undefined;
}

function members(value: unknown, reads: Readonly<Record<string, Read<unknown>>>): object | undefined {
  if (!isObject(value)) return undefined;
  const read = without(
    Object.fromEntries(Object.entries(reads).map(([name, one]) => [name, one(value[name])])),
  );
  return Object.keys(read).length === 0 ? undefined : read;
}

function without(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
