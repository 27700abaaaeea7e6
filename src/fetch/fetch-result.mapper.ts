import { turns } from '../event-loop/turns';
import type { StoredOctets } from '../exchange/octet-store';
import type { Answered, ExchangeOutcome, FetchOutcome, SentRequest, Timings } from '../exchange/outcome';
import type { FetchSpec } from '../exchange/fetch-spec';
import { LOGGED, Problem, type FetchEvidence } from '../problems/problem';
import { isProblemCode } from '../problems/problem-table';
import { round3 } from '../transport/read-log';
import type { Certificate, TlsFacts } from '../transport/tls';
import type { CharsetDecision } from '../semantics/charset';
import {
  type LongContent,
  type Mapped,
  SHORT_BYTES,
  toBody,
  toHopBody,
  toLongBody,
  toStreamedBody,
} from './body.mapper';
import { toCookie } from './cookie.mapper';
import type {
  BodyDto,
  CertificateDto,
  ChunksDto,
  ConnectionDto,
  ExchangeDto,
  FetchResultDto,
  HopDto,
  OctetsDto,
  ResultErrorDto,
  SentRequestDto,
  TimingsDto,
  TlsDto,
} from './dto/exchange.dto';

type Include = FetchSpec['include'];

/** A result on its way to the caller. */
export interface FetchAnswer {
  readonly result: FetchResultDto;
  /** what the result lacks; null: nothing */
  readonly content: LongContent | null;
}

/** Maps the outcome of a fetch to what the caller is answered.
 *  @throws Problem when there is no final response */
export async function toAnswer(id: string, spec: FetchSpec, outcome: FetchOutcome): Promise<FetchAnswer> {
  if (outcome.last.content.octets.length > SHORT_BYTES) return turns.finish(toLongAnswer(id, spec, outcome));
  return { result: toResult(id, spec, outcome), content: null };
}

/** Maps the outcome of a fetch to the result of the API; keys are in the order of its description.
 *  @throws Problem when there is no final response */
export function toResult(id: string, spec: FetchSpec, outcome: FetchOutcome): FetchResultDto {
  const last = finalOf(id, spec, outcome);
  return toResultWith(toBody(last, spec.include.body), last, id, spec, outcome);
}

/** Maps the outcome of a fetch whose caller has been given its content piece by piece.
 *  @param decision how that was read
 *  @throws Problem when there is no final response */
export function toStreamedAnswer(
  id: string,
  spec: FetchSpec,
  outcome: FetchOutcome,
  decision: CharsetDecision,
): FetchAnswer {
  const last = finalOf(id, spec, outcome);
  return { result: toResultWith(toStreamedBody(last, decision), last, id, spec, outcome), content: null };
}

function* toLongAnswer(id: string, spec: FetchSpec, outcome: FetchOutcome): Generator<void, FetchAnswer> {
  const last = finalOf(id, spec, outcome);
  const { content, ...mapped } = yield* toLongBody(last, spec.include.body);
  return { result: toResultWith(mapped, last, id, spec, outcome), content };
}

function finalOf(id: string, spec: FetchSpec, outcome: FetchOutcome): Answered {
  if (outcome.failure !== null || !isAnswered(outcome.last)) throw toProblem(id, spec, outcome);
  return outcome.last;
}

function toResultWith(
  { body, warnings }: Mapped<BodyDto>,
  last: Answered,
  id: string,
  { url, include }: FetchSpec,
  { hops, chainTotalMs }: FetchOutcome,
): FetchResultDto {
  return {
    id,
    url: url.href,
    finalUrl: last.url.href,
    ...toMessage(last, include),
    body,
    ...toReading(last),
    timings: toTimings(last.timings, chainTotalMs),
    connection: toConnection(last, include.certificates),
    hops: hops.filter(isAnswered).map((hop) => toHop(hop, include)),
    warnings: [...last.warnings, ...warnings],
    error: toError(last),
  };
}

/** Maps the outcome of a fetch that has no final response; what it did receive goes along. */
function toProblem(
  id: string,
  spec: FetchSpec,
  { last, hops, chainTotalMs, failure }: FetchOutcome,
): Problem {
  const { code, phase, message } = failure!;
  const instance = `/fetch/${id}`;
  // An exchange with a head that failed carried a redirect that was refused: it is a hop like the others.
  const answered = (isAnswered(last) ? [...hops, last] : hops).filter(isAnswered);
  const evidence: FetchEvidence = {
    startedAt: last.startedAt.toISOString(),
    request: toSentRequest(last.request, spec.include),
    hops: answered.map((hop) => toHop(hop, spec.include)),
    timings: toTimings(last.timings, chainTotalMs),
    chunks: toChunks(last),
    // What was refused is told whole: whoever asks why wants to see it.
    connection: toConnection(last, spec.include.certificates || phase === 'tls'),
    warnings: [...last.warnings],
    received: toOctets(last.received, last.reads.bytes),
  };
  if (code === 'cancelled')
    return new Problem('overloaded', 'The service is stopping.', {
      instance,
      phase,
      evidence,
      headers: { 'retry-after': '1' },
    });
  if (!isProblemCode(code)) throw failure!.cause ?? new Error(`no problem for ${code}`);
  if (code === 'store-unavailable')
    return new Problem(code, LOGGED, { instance, phase, evidence, headers: { 'retry-after': '1' } });
  return new Problem(code, code === 'internal-error' ? LOGGED : message, { instance, phase, evidence });
}

function isAnswered(outcome: ExchangeOutcome): outcome is Answered {
  return outcome.head !== null && outcome.endedBy !== null;
}

function toHop(outcome: Answered, include: Include): HopDto {
  const { body, warnings } = toHopBody(outcome);
  return {
    url: outcome.url.href,
    ...toMessage(outcome, include),
    body,
    ...toReading(outcome),
    timings: toTimings(outcome.timings, null),
    connection: toConnection(outcome, include.certificates),
    warnings: [...outcome.warnings, ...warnings],
    error: toError(outcome),
  };
}

/** The request and the response but for its content. */
function toMessage(outcome: Answered, include: Include) {
  const { head } = outcome;
  return {
    startedAt: outcome.startedAt.toISOString(),
    request: toSentRequest(outcome.request, include),
    status: head.status,
    statusText: head.statusText,
    httpVersion: head.httpVersion,
    headBytes: head.headBytes,
    rawHead: toRawHead(head.rawHead),
    headers: [...head.headers],
    trailers: [...outcome.trailers],
    informational: outcome.informational.map(({ status, statusText, headers }) => ({
      status,
      statusText,
      headers: [...headers],
    })),
    cookies: outcome.cookies.map(toCookie),
  };
}

/** How the response was read, and how that ended. */
function toReading(outcome: Answered) {
  return {
    extra: toOctets(outcome.extra, outcome.extra.total),
    chunks: toChunks(outcome),
    transferCoding: outcome.transferCoding === null ? null : copyCoding(outcome.transferCoding),
    complete: outcome.complete,
    endedBy: outcome.endedBy,
  };
}

function toError({ failure }: Answered): ResultErrorDto | null {
  return failure === null ? null : { code: failure.code, phase: failure.phase, message: failure.message };
}

function copyCoding(coding: NonNullable<ExchangeOutcome['transferCoding']>): ExchangeDto['transferCoding'] {
  return { ...coding, sizes: [...coding.sizes], extensions: [...coding.extensions] };
}

/** @param octets as latin1 text */
export function toRawHead(octets: string | null): string | null {
  return octets === null ? null : Buffer.from(octets, 'latin1').toString('base64');
}

export function toSentRequest(request: SentRequest, include: Include): SentRequestDto {
  const rawHead = include.rawHead ? request.rawHead.toString('base64') : null;
  return { ...request, headers: [...request.headers], rawHead };
}

function toOctets(store: StoredOctets, bytes: number): OctetsDto {
  return {
    bytes,
    base64: store.bytes === 0 ? null : store.octets.toString('base64'),
    truncated: bytes > store.bytes,
  };
}

function toChunks({ reads, bufferBytes, layer }: ExchangeOutcome): ChunksDto {
  const { sizesOmitted, items, itemsOmitted, estimated, ...statistics } = reads;
  return {
    layer,
    bufferBytes,
    ...statistics,
    histogram: [...reads.histogram],
    sizes: [...reads.sizes],
    items: items === null ? null : [...items],
    sizesOmitted,
    itemsOmitted,
    estimated,
  };
}

export function toTimings(timings: Timings, chainTotal: number | null): TimingsDto {
  return { ...timings, chainTotal: chainTotal === null ? null : round3(chainTotal) };
}

function toConnection({ endpoints, attempts, tls }: ExchangeOutcome, withChain: boolean): ConnectionDto {
  return {
    remoteAddress: endpoints?.remoteAddress ?? null,
    remotePort: endpoints?.remotePort ?? null,
    localAddress: endpoints?.localAddress ?? null,
    localPort: endpoints?.localPort ?? null,
    family: endpoints?.family ?? null,
    reused: false,
    attempts: [...attempts],
    tls: tls === null ? null : toTls(tls, withChain),
  };
}

export function toTls(facts: TlsFacts, withChain: boolean): TlsDto {
  const { protocol, cipher, alpn, serverName, authorized, authorizationError, chain } = facts;
  const [certificate] = chain;
  return {
    protocol,
    cipher,
    alpn,
    serverName,
    authorized,
    authorizationError,
    certificate: certificate === undefined ? null : toCertificate(certificate),
    chain: withChain ? chain.map(toCertificate) : null,
  };
}

function toCertificate(certificate: Certificate): CertificateDto {
  const { validFrom, validTo } = certificate;
  return {
    ...certificate,
    subjectAltNames: [...certificate.subjectAltNames],
    validFrom: validFrom?.toISOString() ?? null,
    validTo: validTo?.toISOString() ?? null,
  };
}
