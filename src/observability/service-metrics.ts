import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';

/** What a scrape is answered with: the numbers of the service, which may be of several processes. */
@Injectable()
export class ServiceMetrics {
  private read: () => Promise<string>;

  constructor(registry: Registry) {
    this.read = () => registry.metrics();
  }

  /** This process is one of several.
   *  @param read asks all of them */
  readFromAll(read: () => Promise<string>): void {
    this.read = read;
  }

  /** @returns Prometheus' text format */
  text(): Promise<string> {
    return this.read();
  }
}
