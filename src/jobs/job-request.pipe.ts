import { type Hash, createHash } from 'node:crypto';
import { Inject, Injectable, type PipeTransform } from '@nestjs/common';
import { SETTINGS } from '../config/config.module';
import type { Settings } from '../config/settings';
import type { JsonText } from '../edge/json-content';
import { turns } from '../event-loop/turns';
import { PROTOCOLS } from '../fetch/socket-fetch.service';
import type { Protocols } from '../protocols/protocol';
import type { JobSpec } from './job-spec';
import { type JobLimits, readJobSpec } from './job-spec.reader';

/** A job that was read, and what tells its content from another. */
export interface ReadJob {
  readonly spec: JobSpec;
  /** SHA-256 of the content's text */
  readonly digest: Buffer;
}

/** The body of POST /jobs → JobSpec, a little in each turn of the event loop. */
@Injectable()
export class JobRequestPipe implements PipeTransform<JsonText | undefined, Promise<ReadJob>> {
  private readonly limits: JobLimits;

  constructor(
    @Inject(SETTINGS) { maxTotalMs, maxBodyBytes, rawRequests, maxRequestBytes }: Settings,
    @Inject(PROTOCOLS) protocols: Protocols,
  ) {
    const schemes = new Set(Object.keys(protocols));
    this.limits = { maxTotalMs, maxBodyBytes, rawRequests, schemes, maxRequestBytes };
  }

  async transform(body: JsonText | undefined): Promise<ReadJob> {
    const hash = createHash('sha256');
    const text = body === undefined ? undefined : hashed(body, hash);
    const spec = await turns.finish(readJobSpec(text, this.limits, Date.now()));
    return { spec, digest: hash.digest() };
  }
}

function* hashed(pieces: JsonText, hash: Hash): Generator<string, void> {
  for (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
}
