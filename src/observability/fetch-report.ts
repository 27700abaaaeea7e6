import { Injectable } from '@nestjs/common';
import { FetchLog } from './fetch-log';
import { FetchMetrics } from './fetch-metrics';
import type { FetchRecord } from './fetch-record';

/** Told of every fetch when it is over. */
@Injectable()
export class FetchReport {
  constructor(
    private readonly log: FetchLog,
    private readonly metrics: FetchMetrics,
  ) {}

  /** Writes its line, and counts it. */
  write(record: FetchRecord): void {
    this.log.write(record);
    this.metrics.count(record);
  }
}
