import { Injectable } from '@nestjs/common';
import { Counter, Histogram, Registry } from 'prom-client';
import type { ExchangeOutcome, Timings } from '../exchange/outcome';
import type { FetchRecord } from './fetch-record';
import { methodLabel, statusLabel } from './labels';

const PHASES = [
  'queue',
  'dns',
  'connect',
  'tls',
  'send',
  'wait',
  'receive',
] as const satisfies readonly (keyof Timings)[];

const DENIALS = ['address-denied', 'port-denied', 'host-denied'] as const;

/** From a cached name to the longest limit that operators set. */
const PHASE_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
/** OpenTelemetry's advice for `http.client.request.duration`, and further to the longest limit. */
export const REQUEST_SECONDS = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60, 120,
];

/** The numbers of fetches. What a caller or a target can choose is no label, or one of a few words: nobody can make
 *  series without end. Hence no `server.address` and `server.port`, which OpenTelemetry would have.
 *  @see https://opentelemetry.io/docs/specs/semconv/http/http-metrics/ */
@Injectable()
export class FetchMetrics {
  private readonly fetches: Counter<'code'>;
  private readonly denied: Counter<'code'>;
  private readonly ended: Counter<'ended_by'>;
  private readonly sentBytes: Counter;
  private readonly receivedBytes: Counter;
  private readonly reads: Counter;
  private readonly requests: Histogram<'http_request_method' | 'http_response_status_code' | 'error_type'>;
  private readonly phases: Readonly<Record<(typeof PHASES)[number], Histogram.Internal<'phase'>>>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.fetches = new Counter({
      name: 'wirefetch_fetches_total',
      help: 'Fetches that are over, by how: ok, or the code of the problem or of the error in the result.',
      labelNames: ['code'],
      registers,
    });
    this.denied = new Counter({
      name: 'wirefetch_denied_total',
      help: 'Fetches that the egress policy ended, on any hop.',
      labelNames: ['code'],
      registers,
    });
    this.ended = new Counter({
      name: 'wirefetch_fetches_ended_total',
      help: 'Fetches with a result, by what ended the reading of it.',
      labelNames: ['ended_by'],
      registers,
    });
    this.sentBytes = new Counter({
      name: 'wirefetch_sent_bytes_total',
      help: 'Octets of requests to targets; those of one that was cut short count whole.',
      registers,
    });
    this.receivedBytes = new Counter({
      name: 'wirefetch_received_bytes_total',
      help: 'Octets read from targets, after TLS.',
      registers,
    });
    this.reads = new Counter({
      name: 'wirefetch_reads_total',
      help: 'Reads that returned octets of targets.',
      registers,
    });
    this.requests = new Histogram({
      name: 'http_client_request_duration_seconds',
      help: 'Duration of requests to targets, each hop of a fetch one, from resolving the name to the last octet.',
      labelNames: ['http_request_method', 'http_response_status_code', 'error_type'],
      buckets: REQUEST_SECONDS,
      registers,
    });
    const phases = new Histogram({
      name: 'wirefetch_fetch_phase_duration_seconds',
      help: 'Duration of the phases of hops, those that happened.',
      labelNames: ['phase'],
      buckets: PHASE_SECONDS,
      registers,
    });
    const bound = PHASES.map((phase) => [phase, phases.labels({ phase })] as const);
    this.phases = Object.fromEntries(bound) as typeof this.phases;
    // What is to be alerted on is there before it first happens: the step from nothing to one is no increase.
    for (const code of ['ok', 'internal-error']) this.fetches.inc({ code }, 0);
    for (const code of DENIALS) this.denied.inc({ code }, 0);
  }

  /** Counts a fetch that is over. */
  count({ outcome: { hops, last, failure } }: FetchRecord): void {
    for (const hop of hops) this.countHop(hop);
    this.countHop(last);
    const code = (failure ?? last.failure)?.code ?? 'ok';
    this.fetches.inc({ code });
    if (DENIALS.some((denial) => denial === code)) this.denied.inc({ code });
    if (failure === null && last.endedBy !== null) this.ended.inc({ ended_by: last.endedBy });
  }

  private countHop(hop: ExchangeOutcome): void {
    const { timings, reads, request, failure } = hop;
    for (const phase of PHASES) {
      const ms = timings[phase];
      if (ms !== null) this.phases[phase].observe(ms / 1_000);
    }
    if (timings.send !== null) this.sentBytes.inc(request.headBytes + request.bodyBytes);
    this.receivedBytes.inc(reads.bytes);
    this.reads.inc(reads.count);
    // What was denied, or given up in the queue, was no request.
    const began = timings.dns !== null || timings.connect !== null;
    if (began && failure?.phase !== 'policy')
      this.requests.observe(requestLabels(hop), timings.total / 1_000);
  }
}

/** @returns what OpenTelemetry has: a status where one came, a type of error where there was one */
function requestLabels({ request, head, failure }: ExchangeOutcome): Record<string, string> {
  const method = { http_request_method: methodLabel(request.method) };
  if (head === null) return failure === null ? method : { ...method, error_type: failure.code };
  const status = statusLabel(head.status);
  const answered = { ...method, http_response_status_code: status };
  // One word for all: with each status every code would be a series. ended_by tells them apart.
  if (failure !== null) return { ...answered, error_type: 'incomplete' };
  return head.status >= 400 ? { ...answered, error_type: status } : answered;
}
