import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { VERSION } from '../config/version';
import { OctetBudget } from '../exchange/octet-budget';
import { Admission } from '../limits/admission';
import { readGauge } from './read-gauge';

/** Which release runs, and how much is under way. */
@Injectable()
export class LoadMetrics {
  constructor(registry: Registry, admission: Admission, budget: OctetBudget) {
    const build = new Gauge({
      name: 'wirefetch_build_info',
      help: 'Always 1: the release that runs.',
      labelNames: ['version'],
      aggregator: 'first',
      registers: [registry],
    });
    build.set({ version: VERSION }, 1);
    readGauge(registry, 'wirefetch_processes', 'Processes that these numbers are of.', () => 1);
    const running = 'Fetches that have begun and are not over.';
    readGauge(registry, 'wirefetch_fetches_running', running, () => admission.running);
    const waiting = 'Fetches that wait to begin.';
    readGauge(registry, 'wirefetch_fetches_waiting', waiting, () => admission.waiting);
    const held = 'Fetches that read no more until others give back memory.';
    readGauge(registry, 'wirefetch_fetches_held', held, () => budget.waitingFetches);
    const buffered = 'Octets that fetches hold of what they received, beyond the first of each.';
    readGauge(registry, 'wirefetch_buffered_bytes', buffered, () => budget.grantedBytes);
  }
}
