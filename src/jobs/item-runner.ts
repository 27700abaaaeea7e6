import { Injectable } from '@nestjs/common';
import type { FetchSpec } from '../exchange/fetch-spec';
import type { FetchOutcome } from '../exchange/outcome';
import { jsonInSlices } from '../fetch/answer-json';
import { turns } from '../event-loop/turns';
import { toAnswer } from '../fetch/fetch-result.mapper';
import { FetchRequestPipe } from '../fetch/fetch-request.pipe';
import { type HeldOutcome, SocketFetchService } from '../fetch/socket-fetch.service';
import { Admission, QueueFull } from '../limits/admission';
import { LOGGED, Problem } from '../problems/problem';
import { fieldValues } from '../semantics/fields';
import { retryDelayMs } from '../semantics/retry';
import { StoreUnavailable } from '../store/database';
import { ItemGate } from './item-gate';
import type { ClaimedItem, Settlement } from './ledger';
import type { Slots } from './slots';
import { toStored } from './stored-json';

/** An item that was under way in so many crashes is given up. */
const MAX_CRASHES = 4;
/** so long waits an item for which there was no room in this process, or no session */
const LATER_MS = 1_000;

/** Why an item's fetch is ended before its time. */
export type AbortReason =
  /** its job was cancelled */
  | 'cancelled'
  /** the service stops: others are to fetch it */
  | 'stopping'
  /** others are thought to have it */
  | 'lost';

/** Fetches items, each as POST /fetch would. */
@Injectable()
export class ItemRunner {
  constructor(
    private readonly reader: FetchRequestPipe,
    private readonly service: SocketFetchService,
    private readonly admission: Admission,
  ) {}

  /** @param signal aborts with an AbortReason
   *  @param begun told when the item waits no more
   *  @returns what came of it; null when that is others' to say */
  async run(
    item: ClaimedItem,
    slots: Slots,
    signal: AbortSignal,
    begun: () => void,
  ): Promise<Settlement | null> {
    if (item.isCancelled) return { item, state: 'cancelled', result: null };
    if (item.crashes >= MAX_CRASHES) return failed(item, new Problem('internal-error', LOGGED));
    const name = `job ${item.job}`;
    const isIn = await slots.enter(name, { max: item.concurrency, minGapMs: 0 }, signal);
    try {
      return isIn ? await this.fetch(item, slots, signal, begun) : given(item, signal);
    } catch (error) {
      if (signal.aborted) return given(item, signal);
      if (error instanceof QueueFull || error instanceof StoreUnavailable) return later(item);
      if (error instanceof Problem) return error.code === 'overloaded' ? later(item) : failed(item, error);
      throw error;
    } finally {
      if (isIn) slots.leave(name);
    }
  }

  private async fetch(
    item: ClaimedItem,
    slots: Slots,
    signal: AbortSignal,
    begun: () => void,
  ): Promise<Settlement | null> {
    const spec = this.specOf(item);
    const limit = { max: item.hostConcurrency, minGapMs: item.minGapMs };
    const gate = new ItemGate(slots, limit, this.admission.ticket(), begun);
    const held = await this.service.perform(spec, item.owner, signal, async (fetch) => {
      try {
        return await fetch(gate);
      } finally {
        gate.leave();
      }
    });
    try {
      // The service stops, and its time is over.
      if (signal.aborted || wasCut(held.outcome)) return given(item, signal);
      const delayMs = retryDelay(item, spec, held.outcome);
      if (delayMs !== null) return { item, state: 'deferred', delayMs, wasTried: true };
      return await this.settled(item, spec, held);
    } finally {
      held.memory.close();
    }
  }

  private specOf({ request }: ClaimedItem): FetchSpec {
    return this.reader.transform(JSON.parse(request));
  }

  private async settled(
    item: ClaimedItem,
    spec: FetchSpec,
    { id, outcome }: HeldOutcome,
  ): Promise<Settlement> {
    try {
      const answer = await toAnswer(id, spec, outcome);
      let json = '';
      for await (const slice of turns.each(jsonInSlices(answer))) json += slice;
      return { item, state: 'succeeded', result: await toStored(json) };
    } catch (error) {
      if (error instanceof Problem) return failed(item, error);
      throw error;
    }
  }
}

/** Nothing was sent. */
function later(item: ClaimedItem): Settlement {
  return { item, state: 'deferred', delayMs: LATER_MS, wasTried: false };
}

async function failed(item: ClaimedItem, problem: Problem): Promise<Settlement> {
  const json = JSON.stringify(problem.toJson(`/jobs/${item.job}`));
  return { item, state: 'failed', result: await toStored(json) };
}

function given(item: ClaimedItem, { reason }: AbortSignal): Settlement | null {
  if (reason === 'cancelled') return { item, state: 'cancelled', result: null };
  if (reason === 'lost') return null;
  return { item, state: 'deferred', delayMs: 0, wasTried: false };
}

function wasCut({ failure, last }: FetchOutcome): boolean {
  return (failure ?? last.failure)?.code === 'cancelled';
}

function retryDelay(item: ClaimedItem, spec: FetchSpec, { failure, last }: FetchOutcome): number | null {
  const attempted = {
    method: spec.raw === null ? spec.method : '',
    code: (failure ?? last.failure)?.code ?? null,
    status: failure === null ? (last.head?.status ?? null) : null,
    retryAfter: fieldValues(last.head?.headers ?? [], 'retry-after'),
  };
  const policy = { max: item.maxRetries, backoffMs: item.backoffMs };
  return retryDelayMs(attempted, item.attempts + 1, policy, Date.now(), Math.random());
}
