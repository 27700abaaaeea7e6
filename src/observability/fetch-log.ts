import { Injectable } from '@nestjs/common';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import type { FetchSpec } from '../exchange/fetch-spec';
import type { FetchOutcome } from '../exchange/outcome';
import { withoutSecrets } from '../semantics/origin';
import { round3 } from '../transport/read-log';

/** The canonical log line: one a fetch, with what an operator asks first. Never holds a query string,
 *  userinfo, a cookie or a credential. */
@Injectable()
export class FetchLog {
  constructor(@InjectPinoLogger('fetch') private readonly logger: PinoLogger) {}

  write(id: string, spec: FetchSpec, { last, hops, failure, chainTotalMs }: FetchOutcome): void {
    this.logger.info(
      {
        id,
        method: (hops[0] ?? last).request.method,
        url: withoutSecrets(spec.url),
        finalUrl: hops.length > 0 ? withoutSecrets(last.url) : undefined,
        status: last.head?.status ?? null,
        endedBy: last.endedBy,
        complete: last.complete,
        code: (failure ?? last.failure)?.code ?? null,
        hops: hops.length,
        reads: last.reads.count,
        octets: last.reads.bytes,
        timings: last.timings,
        chainTotalMs: round3(chainTotalMs),
      },
      'fetch',
    );
    // Not the target's doing: an operator needs the cause.
    if (failure?.code === 'internal-error') this.logger.error({ id, err: failure.cause }, failure.message);
  }
}
