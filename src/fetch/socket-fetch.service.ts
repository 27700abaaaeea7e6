import { Inject, Injectable } from '@nestjs/common';
import type { FetchSpec } from '../exchange/fetch-spec';
import { FetchLog } from '../observability/fetch-log';
import type { Protocols } from '../protocols/protocol';
import type { FetchResultDto } from './dto/exchange.dto';
import { toResult } from './fetch-result.mapper';
import { nextFetchId } from './fetch-id';
import { InFlight } from './in-flight';

/** Injection token of the schemes that can be fetched. */
export const PROTOCOLS = Symbol('protocols');

/** Fetches URLs, one log line each. */
@Injectable()
export class SocketFetchService {
  constructor(
    @Inject(PROTOCOLS) private readonly protocols: Protocols,
    private readonly inFlight: InFlight,
    private readonly log: FetchLog,
  ) {}

  /** @param caller aborts when nobody waits for the answer any more
   *  @throws Problem when there is no response to tell of */
  async fetch(spec: FetchSpec, caller: AbortSignal): Promise<FetchResultDto> {
    const id = nextFetchId();
    const outcome = await this.inFlight.run(caller, (signal) =>
      this.protocols[spec.url.protocol]!.run(spec, signal),
    );
    this.log.write(id, spec, outcome);
    return toResult(id, spec, outcome);
  }
}
