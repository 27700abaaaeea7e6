import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ProblemCode } from '../problems/problem-table';
import { REQUEST_SECONDS } from './fetch-metrics';
import { methodLabel, statusLabel } from './labels';

/** A call of this service that is over. */
export interface EndedCall {
  readonly method: string;
  /** pattern of its route; null: there is none */
  readonly route: string | null;
  /** null: the connection ended before the answer did */
  readonly status: number | null;
  readonly ms: number;
}

const ALERTED = [
  'internal-error',
  'overloaded',
  'rate-limited',
  'unauthorized',
] as const satisfies ProblemCode[];

/** TLS is ended in front of the service, if at all. */
const SCHEME = { url_scheme: 'http' };

/** The numbers of calls of this service.
 *  @see https://opentelemetry.io/docs/specs/semconv/http/http-metrics/ */
@Injectable()
export class CallMetrics {
  private readonly active: Gauge<'http_request_method' | 'url_scheme'>;
  private readonly requests: Histogram<
    'http_request_method' | 'url_scheme' | 'http_route' | 'http_response_status_code' | 'error_type'
  >;
  private readonly refused: Counter<'code'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.active = new Gauge({
      name: 'http_server_active_requests',
      help: 'Calls that are not yet answered.',
      labelNames: ['http_request_method', 'url_scheme'],
      registers,
    });
    this.requests = new Histogram({
      name: 'http_server_request_duration_seconds',
      help: 'Duration of calls, from their head to the last octet of their answer.',
      labelNames: [
        'http_request_method',
        'url_scheme',
        'http_route',
        'http_response_status_code',
        'error_type',
      ],
      buckets: REQUEST_SECONDS,
      registers,
    });
    this.refused = new Counter({
      name: 'wirefetch_refused_total',
      help: 'Calls that were answered with a problem before anything was fetched, by its code.',
      labelNames: ['code'],
      registers,
    });
    // What is to be alerted on is there before it first happens: the step from nothing to one is no increase.
    for (const code of ALERTED) this.refused.inc({ code }, 0);
  }

  begin(method: string): void {
    this.active.inc({ http_request_method: methodLabel(method), ...SCHEME });
  }

  /** Of one that has begun. */
  end(method: string): void {
    this.active.dec({ http_request_method: methodLabel(method), ...SCHEME });
  }

  time({ method, route, status, ms }: EndedCall): void {
    const error = errorOf(status);
    const labels = {
      http_request_method: methodLabel(method),
      ...SCHEME,
      ...(route === null ? {} : { http_route: route }),
      ...(status === null ? {} : { http_response_status_code: statusLabel(status) }),
      ...(error === null ? {} : { error_type: error }),
    };
    this.requests.observe(labels, ms / 1_000);
  }

  refuse(code: ProblemCode): void {
    this.refused.inc({ code });
  }
}

/** To a server what the caller did wrong is no error. */
function errorOf(status: number | null): string | null {
  if (status === null) return 'aborted';
  return status >= 500 ? statusLabel(status) : null;
}
