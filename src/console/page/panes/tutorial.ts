import type { FetchResult } from '../data';
import { textOf } from './octets';

/** How the loop would have ended. */
export type LoopEnd =
  /** recv() returned b'': the peer closed */
  | 'closed'
  /** recv() raised TimeoutError: the peer kept the connection */
  | 'timed-out'
  /** recv() raised ConnectionResetError */
  | 'reset'
  /** nobody knows: reading was stopped here, and the loop would have gone on */
  | 'unknown';

/** What the loop would have printed, and how far that is known. */
export interface LoopOutput {
  /** octets of each read, as far as they are told */
  readonly sizes: readonly number[];
  /** reads that are not told one by one */
  readonly omitted: number;
  readonly end: LoopEnd;
  /** false: reading had stopped before, because the message was over; the end is what the peer had announced */
  readonly seen: boolean;
}

/** lines that are shown of it */
const MAX_LINES = 1_000;

/** What a loop over recv() would have seen of the final exchange.
 *  @param idleMs how long the loop waits in recv(), in milliseconds */
export function loopOutput(result: FetchResult, idleMs: number): LoopOutput {
  const { items, sizes, count } = result.chunks;
  const told = items === null ? sizes : items.map(({ bytes }) => bytes);
  const patient = readsBefore(result, idleMs);
  if (patient !== null)
    return {
      sizes: told.slice(0, Math.min(patient, MAX_LINES)),
      omitted: Math.max(0, patient - MAX_LINES),
      end: 'timed-out',
      seen: true,
    };
  const shown = told.slice(0, MAX_LINES);
  return { sizes: shown, omitted: count - shown.length, ...loopEnd(result, idleMs) };
}

/** @returns how many reads come before the first silence that the loop would not have borne; null: there is none */
function readsBefore({ chunks: { items }, timings: { wait } }: FetchResult, idleMs: number): number | null {
  if (wait !== null && wait >= idleMs) return 0;
  const after = items?.findIndex(({ atMs }, i) => i > 0 && atMs - items[i - 1]!.atMs >= idleMs) ?? -1;
  return after === -1 ? null : after;
}

function loopEnd(result: FetchResult, idleMs: number): { end: LoopEnd; seen: boolean } {
  switch (result.endedBy) {
    case 'close':
      return { end: 'closed', seen: true };
    case 'reset':
      return { end: 'reset', seen: true };
    case 'idle-timeout':
      return { end: 'timed-out', seen: true };
    case 'total-timeout':
      return silenceAtEnd(result) >= idleMs
        ? { end: 'timed-out', seen: true }
        : { end: 'unknown', seen: false };
    case 'upgrade':
      return { end: 'timed-out', seen: false };
    case 'content-length':
    case 'last-chunk':
    case 'no-content':
      return { end: persists(result) ? 'timed-out' : 'closed', seen: false };
    case 'size-limit':
    case 'read-limit':
    case 'parse-error':
    case 'cancelled':
      return { end: 'unknown', seen: false };
  }
}

/** @returns milliseconds */
function silenceAtEnd({ chunks: { lastAtMs }, timings: { total } }: FetchResult): number {
  return lastAtMs === null ? total : total - lastAtMs;
}

/** What HTTP had said of where the message ends. */
export type Framing =
  /** octets that Content-Length announced */
  | { readonly kind: 'length'; readonly bytes: string }
  | { readonly kind: 'chunked' }
  /** such a response has none: RFC 9110 §6.4.1 */
  | { readonly kind: 'no-content' }
  /** the close alone */
  | { readonly kind: 'close' };

export function framingOf({ request, status, headers, transferCoding }: FetchResult): Framing {
  if (request.method === 'HEAD' || status === 204 || status === 304) return { kind: 'no-content' };
  if (transferCoding !== null) return { kind: 'chunked' };
  const has = (wanted: string): string | undefined =>
    headers.find(({ name }) => name.toLowerCase() === wanted)?.value;
  const bytes = has('content-length');
  return bytes === undefined || has('transfer-encoding') !== undefined
    ? { kind: 'close' }
    : { kind: 'length', bytes: bytes.trim() };
}

/** RFC 9112 §9.3, and §9.6: who was asked to close does, or should. */
function persists({ httpVersion, headers, request }: FetchResult): boolean {
  const response = options(headers);
  if (response.has('close') || options(request.headers).has('close')) return false;
  return httpVersion === '1.1' || response.has('keep-alive');
}

function options(fields: FetchResult['headers']): Set<string> {
  const values = fields.filter(({ name }) => name.toLowerCase() === 'connection').map(({ value }) => value);
  return new Set(values.flatMap((value) => value.toLowerCase().split(/[\s,]+/)));
}

/** The lines that the program prints. */
export function printedLines({ sizes, omitted, end }: LoopOutput): string[] {
  const lines = sizes.map(String);
  if (omitted > 0) lines.push(`… (+${omitted})`);
  switch (end) {
    case 'closed':
      return [...lines, "b''"];
    case 'timed-out':
      return [...lines, 'timed out'];
    case 'reset':
      return [...lines, '[Errno 104] Connection reset by peer'];
    case 'unknown':
      return [...lines, '…'];
  }
}

/** The tutorial's program for this very request: its host, port, octets, buffer and patience.
 *  @param idleMs how long it waits in recv(), in milliseconds
 *  @param rawHead the octets of the request's head; null: written anew from its fields */
export function tutorialProgram(result: FetchResult, rawHead: Uint8Array | null, idleMs: number): string {
  const { request, chunks, connection } = result;
  const url = new URL(result.finalUrl);
  const isTls = url.protocol === 'https:';
  // An IPv6 address stands in brackets in a URL, and in no call.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port);
  const head = rawHead === null ? writtenRequest(request) : textOf(rawHead);
  const lines = [
    'import socket',
    ...(isTls ? ['import ssl'] : []),
    '',
    'request = (',
    ...head.match(/[^\n]*\n|[^\n]+$/g)!.map((line) => `    ${bytesLiteral(line)}`),
    ')',
    ...(request.bodyBytes > 0
      ? [`content = open('content.bin', 'rb').read()  # ${request.bodyBytes} bytes`]
      : []),
    '',
    `s = socket.socket(socket.${connection.family === 6 ? 'AF_INET6' : 'AF_INET'}, socket.SOCK_STREAM)`,
    `s.settimeout(${idleMs / 1_000})`,
    `s.connect((${stringLiteral(host)}, ${port}))`,
    ...(isTls ? tlsLines(result, host) : []),
    `s.sendall(request${request.bodyBytes > 0 ? ' + content' : ''})`,
    'try:',
    '    while True:',
    `        data = s.recv(${chunks.bufferBytes})`,
    '        if not data:',
    '            print(data)',
    '            break',
    '        print(len(data))',
    'except OSError as error:',
    '    print(error)',
    's.close()',
  ];
  return `${lines.join('\n')}\n`;
}

function tlsLines({ connection: { tls } }: FetchResult, host: string): string[] {
  const isTrusted = tls?.authorized ?? true;
  return [
    'context = ssl.create_default_context()',
    // It was fetched all the same, and so is it to be here.
    ...(isTrusted ? [] : ['context.check_hostname = False', 'context.verify_mode = ssl.CERT_NONE']),
    `s = context.wrap_socket(s, server_hostname=${stringLiteral(tls?.serverName ?? host)})`,
  ];
}

function writtenRequest({ method, target, httpVersion, headers }: FetchResult['request']): string {
  const lines = [
    `${method ?? 'GET'} ${target ?? '/'} HTTP/${httpVersion ?? '1.1'}`,
    ...headers.map(({ name, value }) => `${name}: ${value}`),
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** @param text one character per octet */
function bytesLiteral(text: string): string {
  return `b${stringLiteral(text)}`;
}

/** As Python's repr() would write it. */
function stringLiteral(text: string): string {
  const escaped = text.replace(/[\\'\0-\x1f\x7f-\uffff]/g, (character) => {
    switch (character) {
      case '\r':
        return '\\r';
      case '\n':
        return '\\n';
      case '\t':
        return '\\t';
      case '\\':
      case "'":
        return `\\${character}`;
      default:
        return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
    }
  });
  return `'${escaped}'`;
}
