import { Inject, Injectable, type PipeTransform } from '@nestjs/common';
import { SETTINGS } from '../config/config.module';
import type { Settings } from '../config/settings';
import type { FetchSpec } from '../exchange/fetch-spec';
import type { Protocols } from '../protocols/protocol';
import { type SpecLimits, readFetchSpec } from './fetch-spec.reader';
import { PROTOCOLS } from './socket-fetch.service';

/** The body of POST /fetch → FetchSpec. */
@Injectable()
export class FetchRequestPipe implements PipeTransform<unknown, FetchSpec> {
  private readonly limits: SpecLimits;

  constructor(
    @Inject(SETTINGS) { maxTotalMs, maxBodyBytes, rawRequests }: Settings,
    @Inject(PROTOCOLS) protocols: Protocols,
  ) {
    this.limits = { maxTotalMs, maxBodyBytes, rawRequests, schemes: new Set(Object.keys(protocols)) };
  }

  transform(body: unknown): FetchSpec {
    return readFetchSpec(body, this.limits);
  }
}
