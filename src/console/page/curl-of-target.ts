import { base64Of } from './base64';
import { MOST_IN_ARGUMENT, quoted } from './curl';
import type { ConsoleRequest } from './draft';
import { hasUnseen } from './unseen';

/** The same request without this service: what curl(1) has an option for. Of how it is read nothing is said, for curl
 *  reads as it does; nor of sessions, which are the service's. */

/** RFC 9110 §5.6.2. curl takes what begins with @ for the name of a file. */
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;
const MOST_REDIRECTS = 10;

/** @returns a command for sh that asks the target itself */
export function curlOfTarget(request: ConsoleRequest): string {
  const { body, method = 'GET' } = request;
  const { url, options: address } = addressed(request);
  const content = body === undefined ? null : contentOf(body);
  const options = [
    request.httpVersion === '1.0' ? '--http1.0' : '--http1.1',
    ...methodOptions(method, content !== null),
    ...headerOptions(request, content !== null || methodHasContent(method)),
    ...(content === null ? [] : [content.option]),
    ...address,
    ...limits(request),
  ];
  const command = ['curl -i', ...options, `--url ${shown(url)}`].join(' \\\n  ');
  return content === null ? command : `${content.before}${command}${content.after}`;
}

/** POST with nothing to say is a POST with an empty content. */
function methodHasContent(method: string): boolean {
  return method === 'POST';
}

function methodOptions(method: string, hasContent: boolean): string[] {
  if (method === 'GET' && !hasContent) return [];
  if (method === 'HEAD' && !hasContent) return ['--head'];
  // With --request a redirect would not turn it into GET, as it does here.
  if (method === 'POST') return hasContent ? [] : [`--data-raw ''`];
  return [`--request ${shown(method)}`];
}

function headerOptions(
  { headers = [], defaultHeaders = true, decodeContent = true }: ConsoleRequest,
  hasContent: boolean,
): string[] {
  const valid = headers.filter(({ name }) => TOKEN.test(name));
  const has = (name: string): boolean => valid.some((line) => line.name.toLowerCase() === name);
  // curl's own, where nothing was to be added.
  const unwanted = [
    ...(defaultHeaders ? [] : ['User-Agent', 'Accept']),
    ...(hasContent ? ['Content-Type'] : []),
  ].filter((name) => !has(name.toLowerCase()));
  return [
    ...valid.map(({ name, value }) => `--header ${shown(value === '' ? `${name};` : `${name}: ${value}`)}`),
    ...unwanted.map((name) => `--header '${name}:'`),
    ...(decodeContent && (defaultHeaders || has('accept-encoding')) ? ['--compressed'] : []),
  ];
}

interface Content {
  readonly option: string;
  /** what gives it to curl, and what ends that */
  readonly before: string;
  readonly after: string;
}

function contentOf(body: NonNullable<ConsoleRequest['body']>): Content {
  if (
    'text' in body &&
    body.text.length <= MOST_IN_ARGUMENT &&
    !body.text.includes('\0') &&
    !hasUnseen(body.text)
  )
    return { option: `--data-raw ${quoted(body.text)}`, before: '', after: '' };
  const base64 = 'text' in body ? base64Of(body.text) : body.base64.replace(/[^A-Za-z0-9+/=]/g, '');
  return {
    option: '--data-binary @-',
    before: `base64 -d <<'END' | `,
    after: `\n${base64.replace(/.{1,76}/g, '$&\n')}END`,
  };
}

/** Who is asked, by which name and address. */
function addressed({ url, tls, network, redirects }: ConsoleRequest): { url: string; options: string[] } {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const isHttp = parsed?.protocol === 'http:' || parsed?.protocol === 'https:';
  const options = [
    // Of other schemes curl knows more than this service: it would read files.
    ...(isHttp ? [] : ['--proto =http,https']),
    ...(network === undefined ? [] : [`-${network.family}`]),
    ...(tls?.verify === false ? ['--insecure'] : []),
    ...(redirects?.follow === false
      ? []
      : ['--location', `--max-redirs ${Number(redirects?.max ?? MOST_REDIRECTS) || 0}`, `--cookie ''`]),
    '--globoff',
  ];
  if (parsed === null || !isHttp) return { url, options };
  const name = tls?.serverName ?? '';
  if (parsed.protocol === 'http:' || name === '') return { url: parsed.href, options };
  const { host, hostname, port } = parsed;
  // The name in the URL is the one in the handshake; where it leads to is said beside it.
  parsed.hostname = name;
  const to = `::${hostname}:${port === '' ? '443' : port}`;
  return {
    url: parsed.href,
    options: [...options, `--connect-to ${shown(to)}`, `--header ${shown(`Host: ${host}`)}`],
  };
}

function limits({ timeouts = {}, read = {} }: ConsoleRequest): string[] {
  const { connectMs, totalMs, idleMs } = timeouts;
  const { maxBodyBytes } = read;
  return [
    ...(typeof connectMs === 'number' ? [`--connect-timeout ${connectMs / 1_000}`] : []),
    ...(typeof totalMs === 'number' ? [`--max-time ${totalMs / 1_000}`] : []),
    // It counts in whole seconds.
    ...(typeof idleMs === 'number'
      ? [`--speed-limit 1 --speed-time ${Math.max(1, Math.round(idleMs / 1_000))}`]
      : []),
    ...(typeof maxBodyBytes === 'number' ? [`--max-filesize ${maxBodyBytes}`] : []),
  ];
}

/** A word for sh in which everything can be seen: what could not is written as printf(1) takes it. */
function shown(text: string): string {
  if (!hasUnseen(text) && !text.includes('\n')) return quoted(text);
  const octets = Array.from(new TextEncoder().encode(text), (octet) =>
    /[\w ./:=-]/.test(String.fromCharCode(octet))
      ? String.fromCharCode(octet)
      : `\\${octet.toString(8).padStart(3, '0')}`,
  );
  return `"$(printf '${octets.join('')}')"`;
}
