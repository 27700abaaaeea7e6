import type {
  Chunks,
  FetchEvent,
  FetchResult,
  Hop,
  Informational,
  Problem,
  SentRequest,
  Timings,
  Tls,
  Warning,
} from './data';
import { endpointOf } from './endpoint-of';
import { type LaterReads, NO_LATER_READS, withLaterReads } from './later-reads';
import { NO_READS, type ReadSums, sumsOf, withRead } from './read-sums';

/** What is known of a fetch while it runs, made of its events. No clock, no browser, no octets. */

/** When something first happened, in milliseconds since the fetch began; null: not yet, or never. */
export interface Marks {
  readonly resolved: number | null;
  readonly connected: number | null;
  readonly secured: number | null;
  readonly sent: number | null;
  /** the first octet of a response */
  readonly first: number | null;
  readonly ended: number | null;
}

export interface TimedSize {
  /** milliseconds since the fetch began */
  readonly atMs: number;
  readonly bytes: number;
}

/** The head of a response, as the event told it. */
export type ToldHead = Omit<Extract<FetchEvent, { event: 'head' }>, 'event' | 'hop'>;

/** One exchange. */
export interface HopState {
  readonly url: string;
  /** milliseconds since the fetch began; exact when the exchange is over */
  readonly beganAtMs: number;
  /** how long it had waited in the service's queue by then; null: not known yet */
  readonly queueMs: number | null;
  readonly marks: Marks;
  readonly remote: string | null;
  readonly status: number | null;
  readonly statusText: string;
  /** reads from the socket, the first 10,000 */
  readonly reads: readonly TimedSize[];
  /** those after them */
  readonly laterReads: LaterReads;
  /** of all reads */
  readonly sums: ReadSums;
  /** where chunks of the transfer coding begin, the first 10,000 */
  readonly transferChunks: readonly TimedSize[];
  readonly contentBytes: number;
  /** null: not yet, or never */
  readonly head: ToldHead | null;
  readonly informational: readonly Informational[];
  readonly request: SentRequest | null;
  readonly tls: Tls | null;
  readonly warnings: readonly Warning[];
  /** exact; when the exchange is over */
  readonly timings: Timings | null;
  /** exact; when the fetch is over */
  readonly chunks: Chunks | null;
}

/** cut: the answer ended before the fetch did. */
export type Course = 'running' | 'result' | 'problem' | 'cancelled' | 'cut';

export interface FetchState {
  readonly course: Course;
  /** never empty; the last one is under way */
  readonly hops: readonly HopState[];
  /** of the last event */
  readonly atMs: number;
  readonly result: FetchResult | null;
  readonly problem: Problem | null;
}

/** as many as the service itself tells in the end */
export const MOST_KEPT = 10_000;

const NO_MARKS: Marks = {
  resolved: null,
  connected: null,
  secured: null,
  sent: null,
  first: null,
  ended: null,
};

function hopAt(url: string, beganAtMs: number): HopState {
  return {
    url,
    beganAtMs,
    queueMs: null,
    marks: NO_MARKS,
    remote: null,
    status: null,
    statusText: '',
    reads: [],
    laterReads: NO_LATER_READS,
    sums: NO_READS,
    transferChunks: [],
    contentBytes: 0,
    head: null,
    informational: [],
    request: null,
    tls: null,
    warnings: [],
    timings: null,
    chunks: null,
  };
}

/** A fetch of which nothing is known yet. */
export function begin(url: string): FetchState {
  return { course: 'running', hops: [hopAt(url, 0)], atMs: 0, result: null, problem: null };
}

/** Time begins when the first exchange does.
 *  @returns the state of a fetch that has waited for the service so long, before its first event */
export function waited(state: FetchState, queueMs: number): FetchState {
  return { ...state, hops: state.hops.map((hop, index) => (index === 0 ? { ...hop, queueMs } : hop)) };
}

/** @returns the state after one more event */
export function fold(state: FetchState, event: FetchEvent): FetchState {
  return foldAll(state, [event]);
}

/** The same for many: ten thousand reads one by one would copy the reads before them ten thousand times. */
export function foldAll(state: FetchState, events: readonly FetchEvent[]): FetchState {
  let now = state;
  for (let i = 0; i < events.length;) {
    const event = events[i]!;
    if (!isFrequent(event)) {
      now = foldRare(now, event);
      i += 1;
      continue;
    }
    const run: FrequentEvent[] = [];
    for (let next = events[i]; next && isFrequent(next) && next.hop === event.hop; next = events[i]) {
      run.push(next);
      i += 1;
    }
    now = foldRun(now, run);
  }
  return now;
}

/** @returns the state of a fetch that ended before its result, at the caller's wish or by itself */
export function breakOff(state: FetchState, course: 'cancelled' | 'cut', atMs: number): FetchState {
  if (state.course !== 'running') return state;
  const { hops } = change(state, { hop: state.hops.length - 1, atMs }, (hop) => ({
    marks: mark(hop, 'ended', atMs),
  }));
  return { ...state, course, hops, atMs };
}

/** @returns the state of a fetch that was refused before it began */
export function refuse(state: FetchState, problem: Problem): FetchState {
  return fold(state, { event: 'problem', atMs: state.atMs, hop: state.hops.length - 1, problem });
}

/** There are few of the others. */
type FrequentEvent = Extract<FetchEvent, { event: 'read' | 'transfer-chunk' | 'chunk' }>;

function isFrequent(event: FetchEvent): event is FrequentEvent {
  return event.event === 'read' || event.event === 'transfer-chunk' || event.event === 'chunk';
}

/** @param run of one exchange, not empty */
function foldRun(state: FetchState, run: readonly FrequentEvent[]): FetchState {
  const reads = run.filter(({ event }) => event === 'read').map(timedSize);
  const transferChunks = run.filter(({ event }) => event === 'transfer-chunk').map(timedSize);
  const content = run.filter(({ event }) => event === 'chunk').map(timedSize);
  return change(state, run.at(-1)!, (hop) => ({
    reads: appended(hop.reads, reads),
    laterReads: withLaterReads(hop.laterReads, reads.slice(MOST_KEPT - hop.reads.length)),
    sums: reads.reduce(withRead, hop.sums),
    transferChunks: appended(hop.transferChunks, transferChunks),
    contentBytes: content.reduce((sum, { bytes }) => sum + bytes, hop.contentBytes),
    marks: mark(hop, 'first', run[0]!.atMs),
  }));
}

function timedSize(event: FrequentEvent): TimedSize {
  return { atMs: event.atMs, bytes: event.event === 'transfer-chunk' ? event.size : event.bytes };
}

function appended<T>(list: readonly T[], more: readonly T[]): readonly T[] {
  const room = MOST_KEPT - list.length;
  return more.length === 0 || room === 0 ? list : [...list, ...more.slice(0, room)];
}

function foldRare(state: FetchState, event: Exclude<FetchEvent, FrequentEvent>): FetchState {
  switch (event.event) {
    case 'resolved':
      return change(state, event, (hop) => ({ marks: mark(hop, 'resolved', event.atMs) }));
    case 'connected':
      return change(state, event, (hop) => ({
        marks: mark(hop, 'connected', event.atMs),
        remote: endpointOf(event.remoteAddress, event.remotePort),
      }));
    case 'secured':
      return change(state, event, (hop) => ({ marks: mark(hop, 'secured', event.atMs), tls: event.tls }));
    case 'sent':
      return change(state, event, (hop) => ({
        marks: mark(hop, 'sent', event.atMs),
        request: event.request,
      }));
    case 'informational':
      return change(state, event, (hop) => ({
        marks: mark(hop, 'first', event.atMs),
        informational: appended(hop.informational, [event]),
      }));
    case 'head':
      return change(state, event, (hop) => ({
        marks: mark(hop, 'first', event.atMs),
        status: event.status,
        statusText: event.statusText,
        head: event,
      }));
    case 'warning':
      return change(state, event, (hop) => ({ warnings: appended(hop.warnings, [event]) }));
    case 'redirect': {
      const over = change(state, event, (hop) => ({
        ...timed(hop, event.hop, event.timings),
        status: event.status,
        marks: mark(hop, 'ended', event.atMs),
      }));
      return { ...over, hops: [...over.hops, hopAt(event.url, event.atMs)] };
    }
    case 'result':
      return withResult(state, event.result, event.atMs);
    case 'problem':
      return withProblem(state, event.problem, event.atMs);
    default:
      // A later version may tell more.
      return state;
  }
}

type Change = (hop: HopState) => Partial<HopState>;

function change(state: FetchState, at: { hop: number; atMs: number }, how: Change): FetchState {
  const hops = state.hops.map((hop, index) => (index === at.hop ? { ...hop, ...how(hop) } : hop));
  return { ...state, atMs: Math.max(state.atMs, at.atMs), hops };
}

/** What happened first counts. */
function mark(hop: HopState, which: keyof Marks, atMs: number): Marks {
  return hop.marks[which] === null ? { ...hop.marks, [which]: atMs } : hop.marks;
}

function withResult(state: FetchState, result: FetchResult, atMs: number): FetchState {
  const exchanges = [...result.hops, { ...result, url: result.finalUrl }];
  return { ...state, course: 'result', atMs, result, hops: exactHops(state, exchanges) };
}

/** The exchange that failed has left no exchange; what is known of it is the problem's own. */
function withProblem(state: FetchState, problem: Problem, atMs: number): FetchState {
  const exact = exactHops(state, problem.hops);
  const failed = state.hops
    .slice(exact.length)
    .map((hop, i) => failedHop(hop, exact.length + i, problem, atMs));
  return { ...state, course: 'problem', atMs, problem, hops: [...exact, ...failed] };
}

/** @param atMs of the event that told it, which its end is not later than */
function failedHop(hop: HopState, index: number, problem: Problem, atMs: number): HopState {
  const { timings, chunks, request, connection } = problem;
  const over = { ...hop, ...(timings === null ? {} : timed(hop, index, timings)) };
  const endedAtMs = timings === null ? atMs : Math.min(atMs, over.beganAtMs + timings.total);
  return {
    ...over,
    marks: mark(hop, 'ended', endedAtMs),
    request: request ?? hop.request,
    tls: connection?.tls ?? hop.tls,
    ...exactReads(over, chunks),
  };
}

/** An exchange that was redirected to waits in the queue first. */
function timed(
  hop: HopState,
  index: number,
  timings: Timings,
): Pick<HopState, 'timings' | 'queueMs' | 'beganAtMs'> {
  const queueMs = timings.queue ?? 0;
  const isNews = hop.timings === null && index > 0;
  return { timings, queueMs, beganAtMs: isNews ? hop.beganAtMs + queueMs : hop.beganAtMs };
}

type Told = Pick<Hop, 'url' | 'status' | 'statusText' | 'timings' | 'chunks' | 'connection' | 'request'>;

/** What the events told of exchanges, replaced by what is told of them in the end. */
function exactHops(state: FetchState, exchanges: readonly Told[]): HopState[] {
  let beganAtMs = 0;
  return exchanges.map(({ url, status, statusText, timings, chunks, connection, request }, index) => {
    const known = state.hops[index];
    const told = known ?? hopAt(url, beganAtMs);
    const hop = { ...told, ...timed(told, index, timings) };
    beganAtMs = hop.beganAtMs + timings.total;
    const { remoteAddress, remotePort, tls } = connection;
    return {
      ...hop,
      url,
      status,
      statusText,
      request,
      tls,
      remote:
        remoteAddress === null || remotePort === null ? hop.remote : endpointOf(remoteAddress, remotePort),
      ...exactReads(hop, chunks),
      marks: { ...hop.marks, ended: beganAtMs },
    };
  });
}

/** The times of an exchange count from its own beginning. Where the service tells its reads one by one, they and what is
 *  said of them take the place of what was told on the way. */
function exactReads(hop: HopState, chunks: Chunks | null): Pick<HopState, 'chunks' | 'reads' | 'sums'> {
  const items = chunks?.items ?? null;
  if (items === null) return { chunks, reads: hop.reads, sums: hop.sums };
  const reads = items.map(({ atMs, bytes }) => ({ atMs: atMs + hop.beganAtMs, bytes }));
  // Of those that are not told, the last was told on the way.
  return { chunks, reads, sums: reads.length < chunks!.count ? hop.sums : sumsOf(reads) };
}
