import { Inject, Injectable } from '@nestjs/common';
import type { Owner } from '../access/caller';
import { SETTINGS } from '../config/config.module';
import type { Settings } from '../config/settings';
import type { HopGate } from '../exchange/hop-gate';
import { Problem } from '../problems/problem';
import { Admission, QueueFull } from './admission';
import { RateLimit } from './rate-limit';

/** Keeps the callers together within what the operator allows. */
@Injectable()
export class FetchLimits {
  private readonly rate: RateLimit | null;

  constructor(
    @Inject(SETTINGS) { rateLimit }: Settings,
    private readonly admission: Admission,
  ) {
    this.rate = rateLimit === null ? null : new RateLimit(rateLimit);
  }

  /** Runs a fetch, whose hops pass the gate.
   *  @throws Problem rate-limited or overloaded, and nothing was sent */
  async run<T>(owner: Owner, fetch: (gate: HopGate) => Promise<T>): Promise<T> {
    if (this.rate?.take(owner, performance.now()) === false)
      throw refused('rate-limited', 'Your key fetches more often than it may.');
    const ticket = this.admission.ticket();
    try {
      return await fetch(ticket);
    } catch (error) {
      if (error instanceof QueueFull) throw refused('overloaded', 'Too many fetches wait already.');
      throw error;
    } finally {
      ticket.leave();
    }
  }
}

/** RFC 9110 §10.2.3: Retry-After is in whole seconds. Whoever has used up a rate may fetch again within one. */
function refused(code: 'rate-limited' | 'overloaded', detail: string): Problem {
  return new Problem(code, detail, { headers: { 'retry-after': '1' } });
}
