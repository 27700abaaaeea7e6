import { isUtf8 } from 'node:buffer';
import type { StoredOctets } from '../exchange/octet-store';
import type { ExchangeOutcome, FetchOutcome, ReceivedCookie } from '../exchange/outcome';
import type { FetchSpec } from '../exchange/fetch-spec';
import { LOGGED, Problem, type FetchEvidence } from '../problems/problem';
import { isProblemCode } from '../problems/problem-table';
import { type DecodedText, decodeText } from '../semantics/charset';
import { fieldValue, fieldValues } from '../semantics/fields';
import { isTextual, parseMediaType } from '../semantics/media-type';
import { splitList } from '../http1/grammar';
import { round3 } from '../transport/read-log';
import type {
  BodyDto,
  ChunksDto,
  ConnectionDto,
  CookieDto,
  ExchangeDto,
  FetchResultDto,
  HopBodyDto,
  HopDto,
  OctetsDto,
  ResultErrorDto,
  SentRequestDto,
  TimingsDto,
  WarningDto,
} from './dto/exchange.dto';

type Include = FetchSpec['include'];

/** An exchange that received a head. */
type Answered = ExchangeOutcome & {
  readonly head: NonNullable<ExchangeOutcome['head']>;
  readonly endedBy: NonNullable<ExchangeOutcome['endedBy']>;
};

/** Maps the outcome of a fetch to the result of the API; keys are in the order of its description.
 *  @throws Problem when there is no final response */
export function toResult(id: string, spec: FetchSpec, outcome: FetchOutcome): FetchResultDto {
  const { last, hops, chainTotalMs, failure } = outcome;
  if (failure !== null || !isAnswered(last)) throw toProblem(id, spec, outcome);
  const { include } = spec;
  const { body, warnings } = toBody(last, include);
  return {
    id,
    url: spec.url.href,
    finalUrl: last.url.href,
    ...toMessage(last, include),
    body,
    ...toReading(last),
    timings: toTimings(last, 0, chainTotalMs),
    connection: toConnection(last),
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
    request: toSentRequest(last, spec.include),
    hops: answered.map((hop) => toHop(hop, spec.include)),
    timings: toTimings(last, 0, chainTotalMs),
    chunks: toChunks(last),
    connection: toConnection(last),
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
  return new Problem(code, code === 'internal-error' ? LOGGED : message, { instance, phase, evidence });
}

function isAnswered(outcome: ExchangeOutcome): outcome is Answered {
  return outcome.head !== null && outcome.endedBy !== null;
}

function toHop(outcome: Answered, include: Include): HopDto {
  const description = describeContent(outcome);
  return {
    url: outcome.url.href,
    ...toMessage(outcome, include),
    body: toHopBody(outcome, readText(outcome, description), description),
    ...toReading(outcome),
    timings: toTimings(outcome, null, null),
    connection: toConnection(outcome),
    warnings: [...outcome.warnings, ...codingWarnings(outcome)],
    error: toError(outcome),
  };
}

/** The request and the response but for its content. */
function toMessage(outcome: Answered, include: Include) {
  const { head } = outcome;
  return {
    startedAt: outcome.startedAt.toISOString(),
    request: toSentRequest(outcome, include),
    status: head.status,
    statusText: head.statusText,
    httpVersion: head.httpVersion,
    headBytes: head.headBytes,
    rawHead: head.rawHead === null ? null : Buffer.from(head.rawHead, 'latin1').toString('base64'),
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

function toSentRequest({ request }: ExchangeOutcome, include: Include): SentRequestDto {
  const rawHead = include.rawHead ? request.rawHead.toString('base64') : null;
  return { ...request, headers: [...request.headers], rawHead };
}

function toCookie(cookie: ReceivedCookie): CookieDto {
  return { ...cookie, expires: cookie.expires?.toISOString() ?? null, findings: [] };
}

function toOctets(store: StoredOctets, bytes: number): OctetsDto {
  return {
    bytes,
    base64: store.bytes === 0 ? null : store.octets.toString('base64'),
    truncated: bytes > store.bytes,
  };
}

function toChunks({ reads, bufferBytes }: ExchangeOutcome): ChunksDto {
  const { sizesOmitted, items, itemsOmitted, estimated, ...statistics } = reads;
  return {
    layer: 'tcp',
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

function toTimings(
  { timings }: ExchangeOutcome,
  queue: number | null,
  chainTotal: number | null,
): TimingsDto {
  return { queue, ...timings, chainTotal: chainTotal === null ? null : round3(chainTotal) };
}

function toConnection({ endpoints, attempts }: ExchangeOutcome): ConnectionDto {
  return {
    remoteAddress: endpoints?.remoteAddress ?? null,
    remotePort: endpoints?.remotePort ?? null,
    localAddress: endpoints?.localAddress ?? null,
    localPort: endpoints?.localPort ?? null,
    family: endpoints?.family ?? null,
    reused: false,
    attempts: [...attempts],
    tls: null,
  };
}

/** What the fields of the head say of the content. */
interface ContentDescription {
  readonly mediaType: ReturnType<typeof parseMediaType>;
  readonly contentEncoding: string[];
}

function describeContent({ head }: Answered): ContentDescription {
  const contentType = fieldValue(head.headers, 'content-type');
  return {
    mediaType: contentType === null ? null : parseMediaType(contentType),
    contentEncoding: contentCodings(head.headers),
  };
}

function contentCodings(headers: Answered['head']['headers']): string[] {
  return fieldValues(headers, 'content-encoding')
    .flatMap(splitList)
    .filter((coding) => coding !== '')
    .map((coding) => coding.toLowerCase());
}

function codingWarnings({ head, content }: Answered): WarningDto[] {
  // Without content there is nothing to undo: HEAD, 204, 304.
  if (content.total === 0) return [];
  const unknown = contentCodings(head.headers).filter((coding) => coding !== 'identity');
  if (unknown.length === 0) return [];
  const message = `content coding not undone: ${unknown.join(', ')}`;
  return [{ code: 'content-coding-unknown', message, offset: null }];
}

const NO_TEXT: DecodedText = { text: null, charset: null, charsetSource: null, replaced: false };

/** Reads the content as text where it claims to be, or may be, text. */
function readText({ content }: Answered, { mediaType }: ContentDescription): DecodedText {
  if (mediaType !== null && !isTextual(mediaType.essence)) return NO_TEXT;
  // Octets that were not kept cannot be looked at.
  const kept = content.octets.length === content.bytes;
  if (mediaType === null && !(kept && looksLikeText(content.octets))) return NO_TEXT;
  return decodeText(content.octets, mediaType);
}

function looksLikeText(octets: Buffer): boolean {
  return isUtf8(octets) && !octets.includes(0);
}

function toHopBody(outcome: Answered, text: DecodedText, description: ContentDescription): HopBodyDto {
  const { content } = outcome;
  const { contentEncoding, mediaType } = description;
  return {
    bytes: content.bytes,
    wireBytes: content.total,
    contentEncoding,
    decoded: content.total === 0 || contentEncoding.every((coding) => coding === 'identity'),
    mediaType: mediaType?.essence ?? null,
    charset: text.charset,
    charsetSource: text.charsetSource,
    sha256: content.sha256,
    truncated: content.total > content.bytes,
  };
}

interface MappedBody {
  readonly body: BodyDto;
  readonly warnings: readonly WarningDto[];
}

function toBody(outcome: Answered, include: Include): MappedBody {
  const description = describeContent(outcome);
  const text = readText(outcome, description);
  const hopBody = toHopBody(outcome, text, description);
  const warnings = codingWarnings(outcome);
  const { octets } = outcome.content;
  switch (include.body) {
    case 'none':
      return { body: { text: null, base64: null, ...hopBody }, warnings };
    case 'base64':
      return { body: { text: null, base64: octets.toString('base64'), ...hopBody }, warnings };
    case 'auto': {
      const asText = text.text !== null && !text.replaced && hopBody.decoded;
      const body = asText
        ? { text: text.text, base64: null }
        : { text: null, base64: octets.toString('base64') };
      return { body: { ...body, ...hopBody }, warnings };
    }
    case 'text':
      return forcedText(octets, hopBody, description, warnings);
  }
}

/** Text was asked for: what cannot be read in its charset is shown octet by octet, and that is said. */
function forcedText(
  octets: Buffer,
  hopBody: HopBodyDto,
  { mediaType }: ContentDescription,
  warnings: readonly WarningDto[],
): MappedBody {
  const { text, charset, charsetSource } = decodeText(octets, mediaType);
  const body = { text, base64: null, ...hopBody, charset, charsetSource };
  if (text !== null) return { body, warnings };
  const message = `charset ${charset} is not read by this version: one character per octet`;
  const warning: WarningDto = { code: 'charset-unknown', message, offset: null };
  return { body: { ...body, text: octets.toString('latin1') }, warnings: [...warnings, warning] };
}
