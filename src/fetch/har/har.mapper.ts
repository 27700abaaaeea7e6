import { VERSION } from '../../config/version';
import type { FetchSpec } from '../../exchange/fetch-spec';
import { fieldValue, fieldValues } from '../../semantics/fields';
import { round3 } from '../../transport/read-log';
import type { JsonAnswer, LongString } from '../answer-json';
import type {
  BodyDto,
  ConnectionDto,
  FetchResultDto,
  HopBodyDto,
  HopDto,
  SentRequestDto,
  TimingsDto,
} from '../dto/exchange.dto';
import type {
  HarContentDto,
  HarDto,
  HarEntryDto,
  HarPostDataDto,
  HarRequestDto,
  HarResponseDto,
  HarTimingsDto,
} from '../dto/har.dto';
import type { FetchAnswer } from '../fetch-result.mapper';
import { toHarCookie } from './har-cookie.mapper';
import { toParameters, toSentCookies } from './pairs';
import { toPostData } from './post-data.mapper';
import { toUri } from './uri';

/** An exchange of a result: a hop, or the final one. */
type Exchange = HopDto | (FetchResultDto & { readonly body: BodyDto });

/** Maps a result to an HTTP Archive. It can be left between its steps.
 *  @param sent what the request was made of
 *  @see HAR 1.2, which docs/har.md maps field by field */
export function* toHarAnswer(
  sent: Pick<FetchSpec, 'raw' | 'body'>,
  { result, content }: FetchAnswer,
): Generator<void, JsonAnswer> {
  const exchanges = exchangesOf(result);
  const octets = contentSent(sent, result);
  // Redirects that keep the content of a request keep its Content-Type.
  const posted = octets === null ? null : yield* toPostData(octets, exchanges[0]!.request.headers);
  const strings: LongString[] = [];
  if (posted?.long) for (const { request } of exchanges) if (request.bodyBytes > 0) strings.push(posted.long);
  if (content !== null) {
    const { field, pieces } = content;
    strings.push({ opening: '"content":{"text":"', pieces, isBase64: field === 'base64' });
  }
  const entries: HarEntryDto[] = [];
  for (const exchange of exchanges) {
    // URLs and fields of a mebibyte each are allowed.
    yield;
    entries.push(toEntry(exchange, posted?.postData ?? null));
  }
  return { json: toHar(result, entries), strings };
}

function toHar({ id, timings }: FetchResultDto, entries: HarEntryDto[]): HarDto {
  return {
    log: {
      version: '1.2',
      creator: { name: 'wirefetch', version: VERSION },
      entries,
      _id: id,
      _chainTotal: timings.chainTotal!,
    },
  };
}

/** The content that the first request has; null: none. */
export function contentSent(
  { raw, body }: Pick<FetchSpec, 'raw' | 'body'>,
  { hops, request }: FetchResultDto,
): Buffer | null {
  const first = hops[0]?.request ?? request;
  if (first.bodyBytes === 0) return null;
  return raw === null ? body : raw.subarray(first.headBytes);
}

function exchangesOf(result: FetchResultDto): Exchange[] {
  return [...result.hops, { ...result, url: result.finalUrl }];
}

function toEntry(exchange: Exchange, postData: HarPostDataDto | null): HarEntryDto {
  const timings = toHarTimings(exchange.timings);
  const { blocked, dns, connect, send, wait, receive } = timings;
  const parts = [blocked, dns, connect, send, wait, receive];
  return {
    startedDateTime: startOf(exchange),
    time: round3(parts.reduce((sum, part) => sum + Math.max(0, part), 0)),
    request: toHarRequest(exchange, postData),
    response: toHarResponse(exchange),
    cache: {},
    timings,
    ...toPeer(exchange.connection),
    _complete: exchange.complete,
    _endedBy: exchange.endedBy,
    _error: exchange.error,
    _warnings: exchange.warnings,
    _chunks: exchange.chunks,
    _attempts: exchange.connection.attempts,
    _tls: exchange.connection.tls,
  };
}

/** `blocked` is a part of what began then; a result tells when it was over. */
function startOf({ startedAt, timings }: Exchange): string {
  return new Date(Date.parse(startedAt) - Math.round(timings.queue ?? 0)).toISOString();
}

/** HAR 1.2: -1 does not apply; `connect` includes `ssl`; `send`, `wait` and `receive` must not be negative, and every
 *  exchange that has a response has them. */
function toHarTimings({ queue, dns, connect, tls, send, wait, receive }: TimingsDto): HarTimingsDto {
  return {
    blocked: queue ?? -1,
    dns: dns ?? -1,
    connect: connect === null ? -1 : round3(connect + (tls ?? 0)),
    ssl: tls ?? -1,
    send: send ?? 0,
    wait: wait ?? 0,
    receive: receive ?? 0,
  };
}

/** A zone is no part of an address to HAR. */
function toPeer({
  remoteAddress,
  localPort,
}: ConnectionDto): Pick<HarEntryDto, 'serverIPAddress' | 'connection'> {
  return {
    ...(remoteAddress === null ? {} : { serverIPAddress: remoteAddress.split('%')[0]! }),
    ...(localPort === null ? {} : { connection: String(localPort) }),
  };
}

function toHarRequest({ url, request }: Exchange, postData: HarPostDataDto | null): HarRequestDto {
  const cookies = toSentCookies(request.headers);
  const parameters = toParameters(new URL(url).search);
  return {
    method: request.method ?? '',
    url: toUri(url),
    httpVersion: versionOf(request),
    cookies: cookies.pairs,
    headers: request.headers,
    queryString: parameters.pairs,
    ...(postData === null || request.bodyBytes === 0 ? {} : { postData }),
    headersSize: request.headBytes,
    bodySize: request.bodyBytes,
    _cookiesOmitted: cookies.omitted,
    _queryStringOmitted: parameters.omitted,
    _target: request.target,
    _rawHead: request.rawHead,
  };
}

function toHarResponse(exchange: Exchange): HarResponseDto {
  const { status, statusText, headers, body } = exchange;
  return {
    status,
    statusText,
    httpVersion: versionOf(exchange),
    cookies: exchange.cookies.map(toHarCookie),
    headers,
    content: { ...shown(body), ...toContent(exchange) },
    redirectURL: fieldValue(headers, 'location') ?? '',
    headersSize: exchange.headBytes,
    bodySize: body.wireBytes,
    _informational: exchange.informational,
    _trailers: exchange.trailers,
    _transferCoding: exchange.transferCoding,
    _extra: exchange.extra,
    _rawHead: exchange.rawHead,
  };
}

function versionOf({ httpVersion }: SentRequestDto | Exchange): string {
  return httpVersion === null ? '' : `HTTP/${httpVersion}`;
}

/** First in its object: it may be long, and then only keys may be in front of it. */
function shown(body: HopBodyDto | BodyDto): Pick<HarContentDto, 'text' | 'encoding'> {
  if (!('text' in body)) return {};
  if (body.text !== null) return { text: body.text };
  return body.base64 === null ? {} : { text: body.base64, encoding: 'base64' };
}

function toContent({ headers, body, complete }: Exchange): HarContentDto {
  const { bytes, wireBytes, contentEncoding, decoded, truncated } = body;
  // Of content that is cut nobody knows what its coding would have saved.
  const isWhole = complete && decoded && !truncated && contentEncoding.length > 0;
  return {
    size: bytes,
    ...(isWhole ? { compression: bytes - wireBytes } : {}),
    mimeType: fieldValues(headers, 'content-type').join(', '),
    _contentEncoding: contentEncoding,
    _decoded: decoded,
    _charset: body.charset,
    _charsetSource: body.charsetSource,
    _sha256: body.sha256,
    _truncated: truncated,
  };
}
