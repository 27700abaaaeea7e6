import type { FieldLine, ParseWarning } from '../http1/events';
import { readRequestOctets } from '../http1/request-reader';
import { writeRequestHead } from '../http1/request-writer';
import { fieldValues } from '../semantics/fields';
import { hostOf, portOf, sameOrigin } from '../semantics/origin';
import {
  type RedirectableRequest,
  isRedirect,
  redirectTarget,
  redirectWarnings,
  redirectedRequest,
} from '../semantics/redirect';
import { requestFields } from '../semantics/request-fields';
import { traceFields } from '../semantics/trace-context';
import { canonicalHost } from '../transport/address-policy';
import type { Connector } from '../transport/connector';
import type { TlsSpec } from '../transport/tls';
import { type CookieAccess, type Patience, isUnavailable, withCookies } from './cookies';
import { type WritableRequest, exchange } from './exchange';
import type { FetchListener } from './fetch-listener';
import type { FetchSpec } from './fetch-spec';
import type { HopGate } from './hop-gate';
import type { OctetAccount } from './octet-budget';
import type { ExchangeOutcome, Failure, FetchOutcome, SentRequest } from './outcome';

const SMALL_BODY_BYTES = 16_384;
/** what came before time ran out is still given to who keeps cookies, if that takes no longer */
const KEEPING_GRACE_MS = 1_000;
/** as above, where nobody waits any more */
const CANCELLED_GRACE_MS = 100;

export interface FollowDependencies {
  readonly connector: Connector;
  readonly userAgent: string;
}

/** What belongs to one fetch beside what it is to do. */
export interface FetchContext {
  /** asked before each hop, and given what came after it */
  readonly cookies: CookieAccess;
  /** passed before each hop */
  readonly gate: HopGate;
  /** is told what the fetch holds; closed by whoever opened it, when the answer has left */
  readonly memory: OctetAccount;
  /** cancels the fetch */
  readonly signal: AbortSignal;
  /** is told what happens; null: nobody listens */
  readonly listener: FetchListener | null;
}

/** What the next hop is, if there is one. */
type Next =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly failure: Failure }
  | {
      readonly kind: 'follow';
      readonly url: URL;
      readonly request: RedirectableRequest;
      readonly warnings: readonly ParseWarning[];
    };

/** Fetches a URL and goes where it redirects to. What the gate and the cookies throw at the first hop is thrown: nothing
 *  was sent. Later on it is an outcome that cookies cannot be reached: what was sent and received is told. */
export async function follow(
  spec: FetchSpec,
  dependencies: FollowDependencies,
  { cookies, gate, memory, signal, listener }: FetchContext,
): Promise<FetchOutcome> {
  let totalDue = performance.now() + spec.timeouts.totalMs;
  const hops: ExchangeOutcome[] = [];
  // Raw octets are meant for one target alone: they cannot be sent to another.
  const follows = spec.redirects.follow && spec.raw === null;
  let url = spec.url;
  let request: RedirectableRequest = spec;
  for (;;) {
    const arrivedAt = performance.now();
    await gate.enter(gateHost(spec, url), signal);
    const queueMs = performance.now() - arrivedAt;
    // totalMs leaves out the time in our own queue.
    totalDue += queueMs;
    const cookie = await reached(cookies.cookieFor(url, { due: totalDue, signal }));
    if (cookie instanceof Error) {
      const before = hops.pop();
      if (before === undefined) throw cookie;
      return cut(hops, before, cookie, signal);
    }
    listener?.nextExchange();
    const exchanged = await exchange(writable(spec, url, request, cookie, dependencies, hops), {
      connector: dependencies.connector,
      spec,
      totalDue,
      queueMs,
      holds: () => gate.holds(),
      signal,
      memory,
      follows,
      listener,
    });
    const outcome = await reached(withCookies(exchanged, cookies, keeping(totalDue, signal)));
    if (outcome instanceof Error) return cut(hops, exchanged, outcome, signal);
    tellWarnings(listener, outcome.warnings.slice(exchanged.warnings.length));
    const next = nextHop(spec, outcome, request, hops.length, follows);
    if (next.kind === 'follow') {
      hops.push({ ...outcome, warnings: [...outcome.warnings, ...next.warnings] });
      tellWarnings(listener, next.warnings);
      ({ url, request } = next);
      listener?.tell({ event: 'redirect', status: outcome.head!.status, url, timings: outcome.timings });
      continue;
    }
    const noHead = outcome.head === null ? outcome.failure : null;
    return chain(hops, outcome, next.kind === 'refused' ? next.failure : noHead);
  }
}

function tellWarnings(listener: FetchListener | null, warnings: readonly ParseWarning[]): void {
  for (const warning of warnings) listener?.tell({ event: 'warning', warning });
}

function chain(
  hops: readonly ExchangeOutcome[],
  last: ExchangeOutcome,
  failure: Failure | null,
): FetchOutcome {
  const chainTotalMs = [...hops, last].reduce((sum, hop) => sum + hop.timings.total, 0);
  return { hops, last, failure, chainTotalMs };
}

/** @returns what was asked of who keeps cookies, or the error that says that they cannot be reached */
function reached<T>(asked: Promise<T>): Promise<T | Error> {
  return asked.catch((error: unknown) => {
    if (isUnavailable(error)) return error;
    throw error;
  });
}

/** The outcome of a fetch that ends with a head, because its cookies cannot be reached. Why, is no caller's concern. */
function cut(
  hops: readonly ExchangeOutcome[],
  last: ExchangeOutcome,
  cause: Error,
  { aborted }: AbortSignal,
): FetchOutcome {
  const [code, message] = aborted
    ? (['cancelled', 'the fetch was cancelled while the store of its session was waited for'] as const)
    : (['store-unavailable', 'the store of the session could not be reached'] as const);
  return chain(hops, last, { code, phase: 'head', message, cause });
}

/** A response is there. That time is over may be the very end that was asked for. */
function keeping(totalDue: number, signal: AbortSignal): Patience {
  const now = performance.now();
  return signal.aborted
    ? { due: now + CANCELLED_GRACE_MS, signal: new AbortController().signal }
    : { due: Math.max(totalDue, now + KEEPING_GRACE_MS), signal };
}

function nextHop(
  spec: FetchSpec,
  { head, url: from, failure }: ExchangeOutcome,
  request: RedirectableRequest,
  hopsBefore: number,
  follows: boolean,
): Next {
  if (!follows || head === null || !isRedirect(head.status, head.headers)) return { kind: 'done' };
  const redirect = redirectTarget(head.headers, from);
  if (redirect.kind === 'invalid') return refused('invalid-redirect', redirect.reason);
  if (hopsBefore >= spec.redirects.max)
    return refused('too-many-redirects', `more than redirects.max (${spec.redirects.max}) redirects`);
  // A fetch that is over dials nothing more.
  if (failure?.code === 'total-timeout' || failure?.code === 'cancelled') return { kind: 'refused', failure };
  return {
    kind: 'follow',
    url: redirect.url,
    request: redirectedRequest(request, head.status, from, redirect.url),
    warnings: redirectWarnings(head.headers, from, redirect.url),
  };
}

function refused(code: Failure['code'], message: string): Next {
  return { kind: 'refused', failure: { code, phase: 'head', message } };
}

/** A small body goes out with the head in one segment; a large one is not copied for that. */
function piecesOf(head: Buffer, body: Buffer | null): Buffer[] {
  if (body === null) return [head];
  return body.length <= SMALL_BODY_BYTES ? [Buffer.concat([head, body])] : [head, body];
}

/** Puts a hop's request together and turns it into octets. */
function writable(
  spec: FetchSpec,
  url: URL,
  request: RedirectableRequest,
  jarred: string | null,
  { userAgent }: FollowDependencies,
  hops: readonly ExchangeOutcome[],
): WritableRequest {
  const { method, body } = request;
  const first = hops.length === 0;
  const where = {
    url,
    host: hostOf(url),
    port: portOf(url),
    address: addressOf(spec, url),
    tls: url.protocol === 'https:' ? tlsFor(spec, url) : null,
  };
  if (spec.raw !== null) {
    const info = readRequestOctets(spec.raw);
    return { ...where, pieces: [spec.raw], info: { ...info, rawHead: spec.raw.subarray(0, info.headBytes) } };
  }
  const target = (first ? spec.requestTarget : null) ?? url.pathname + url.search;
  // A given Cookie replaces the jar's on the first hop; later the two go together.
  const joins = !first && jarred !== null;
  const given = joins
    ? request.headers.filter(({ name }) => name.toLowerCase() !== 'cookie')
    : request.headers;
  const headers = requestFields({
    url,
    method,
    headers: [...given, ...traceFor(spec, url)],
    defaultHeaders: spec.defaultHeaders,
    decodeContent: spec.decodeContent,
    bodyBytes: body === null ? null : body.length,
    cookie: joins ? joinCookies(fieldValues(request.headers, 'cookie'), jarred, namesSet(hops)) : jarred,
    userAgent,
    keepAlive: spec.read.until === 'idle',
  });
  const { httpVersion } = spec;
  const head = Buffer.from(writeRequestHead({ method, target, httpVersion, headers }), 'latin1');
  const info: SentRequest = {
    method,
    target,
    httpVersion,
    headers,
    headBytes: head.length,
    bodyBytes: body?.length ?? 0,
    rawHead: head,
  };
  return { ...where, pieces: piecesOf(head, body), info };
}

/** Whom a hop reaches, as the gate is told: `name:port`, and for the first URL's host its `network.address`. */
export function gateHost(spec: Pick<FetchSpec, 'url' | 'network'>, url: URL = spec.url): string {
  return `${canonicalHost(addressOf(spec, url) ?? hostOf(url))}:${portOf(url)}`;
}

/** `network.address` is that of the first URL's host and port. */
function addressOf({ url: first, network }: Pick<FetchSpec, 'url' | 'network'>, url: URL): string | null {
  return hostOf(url) === hostOf(first) && portOf(url) === portOf(first) ? network.address : null;
}

/** A name to ask for and a certificate to show are meant for whom the caller addressed. */
function tlsFor({ url: first, tls }: FetchSpec, url: URL): TlsSpec {
  return sameOrigin(first, url)
    ? { ...tls, serverName: tls.serverName ?? hostOf(url) }
    : { ...tls, serverName: hostOf(url), clientCertificate: null };
}

/** A trace is told to whom the caller addressed: where a redirect leads was not the caller's choice. */
function traceFor({ url: first, headers, trace, propagateTraceContext }: FetchSpec, url: URL): FieldLine[] {
  const told = propagateTraceContext && trace !== null && sameOrigin(first, url);
  return told ? traceFields(trace, headers) : [];
}

/** Names of the cookies that responses of this fetch have set. */
function namesSet(hops: readonly ExchangeOutcome[]): ReadonlySet<string> {
  const accepted = hops.flatMap(({ cookies }) => cookies.filter((cookie) => cookie.accepted));
  return new Set(accepted.map(({ name }) => name));
}

/** RFC 6265bis §5.8.1: one Cookie. What a response of this fetch has set replaces what the caller gave by that name;
 *  what a session held before does not: it would be another identity in the midst of the chain. */
function joinCookies(given: readonly string[], jarred: string, set: ReadonlySet<string>): string {
  const nameOf = (pair: string): string => (pair.includes('=') ? pair.split('=', 1)[0]! : '');
  const pairs = given.flatMap((value) => value.split(/; */)).filter((pair) => pair !== '');
  const kept = pairs.filter((pair) => !set.has(nameOf(pair)));
  const names = new Set(kept.map(nameOf));
  return [...kept, ...jarred.split('; ').filter((pair) => !names.has(nameOf(pair)))].join('; ');
}
