import { Injectable } from '@nestjs/common';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import type { ExchangeOutcome, FetchOutcome } from '../exchange/outcome';
import { PROBLEMS, isProblemCode } from '../problems/problem-table';
import { withoutSecrets } from '../semantics/origin';
import { round3 } from '../transport/read-log';
import type { FetchRecord } from './fetch-record';
import { fingerprintOf, traceFieldsOf } from './log-fields';

/** Not the target's doing. */
const OF_SERVICE: ReadonlySet<string> = new Set(['internal-error', 'store-unavailable']);

/** The canonical log line: one a fetch, with what an operator asks first. Never holds a query string, userinfo, a
 *  field value, a cookie, a credential or content. Paths are in it. */
@Injectable()
export class FetchLog {
  constructor(@InjectPinoLogger('fetch') private readonly logger: PinoLogger) {}

  write({ id, spec, outcome, owner, callerLeft, hasBegun, item }: FetchRecord): void {
    const { last, hops, failure, chainTotalMs } = outcome;
    this.logger.info(
      {
        id,
        job: item?.job,
        index: item?.index,
        owner: fingerprintOf(owner),
        ...traceFieldsOf(spec.trace),
        method: (hops[0] ?? last).request.method,
        url: withoutSecrets(spec.url),
        finalUrl: hops.length > 0 ? withoutSecrets(last.url) : undefined,
        remoteAddress: dialledBy(last),
        status: last.head?.status ?? null,
        endedBy: last.endedBy,
        complete: last.complete,
        code: (failure ?? last.failure)?.code ?? null,
        answered: callerLeft ? null : hasBegun ? 200 : answerTo(outcome),
        hops: hops.length,
        reads: last.reads.count,
        octets: last.reads.bytes,
        timings: last.timings,
        queueMs: round3([...hops, last].reduce((sum, { timings }) => sum + timings.queue, 0)),
        chainTotalMs: round3(chainTotalMs),
      },
      'fetch',
    );
    // An operator needs the cause.
    if (failure !== null && OF_SERVICE.has(failure.code))
      this.logger.error({ id, err: failure.cause }, failure.message);
  }
}

/** @returns the address that was spoken to, else the last that was tried; null: nothing was dialled */
function dialledBy({ endpoints, attempts }: ExchangeOutcome): string | null {
  return endpoints?.remoteAddress ?? attempts.at(-1)?.address ?? null;
}

/** @returns the HTTP status that the caller gets */
function answerTo({ failure }: FetchOutcome): number {
  if (failure === null) return 200;
  // The caller is there: it was the service that cancelled.
  return PROBLEMS[isProblemCode(failure.code) ? failure.code : 'overloaded'].status;
}
