import { Injectable } from '@nestjs/common';
import type { FetchSpec } from '../exchange/fetch-spec';
import type { FetchOutcome } from '../exchange/outcome';
import { answerOf, jsonInSlices } from '../fetch/answer-json';
import { turns } from '../event-loop/turns';
import { type FetchAnswer, toAnswer } from '../fetch/fetch-result.mapper';
import { FetchRequestPipe } from '../fetch/fetch-request.pipe';
import { type HeldOutcome, SocketFetchService } from '../fetch/socket-fetch.service';
import { Admission, QueueFull } from '../limits/admission';
import { LOGGED, Problem } from '../problems/problem';
import { fieldValues } from '../semantics/fields';
import { retryDelayMs } from '../semantics/retry';
import { StoreUnavailable } from '../store/database';
import { ItemGate } from './item-gate';
import type { ClaimedItem, Settlement } from './ledger';
import { toContent } from './result-blocks';
import type { Slots } from './slots';

/** of a job's results together, as they are stored */
const MAX_RESULT_BYTES = 1_073_741_824;
/** so long waits an item for which there was no room in this process, or no session */
const LATER_MS = 1_000;

/** Why an item's fetch is ended before its time. */
export type AbortReason =
  /** its job was cancelled */
  | 'cancelled'
  /** others are to fetch it, or are thought to do so already: then nothing is recorded of it */
  | 'given-back';

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
   *  @returns what came of it */
  async run(item: ClaimedItem, slots: Slots, signal: AbortSignal, begun: () => void): Promise<Settlement> {
    if (item.isCancelled) return { item, state: 'cancelled', result: null };
    if (item.wasAlone) return failed(item, new Problem('internal-error', LOGGED));
    try {
      const spec = withinQuota(item, this.reader.transform(JSON.parse(item.request)));
      const held = await this.fetch(item, spec, slots, signal, begun);
      return await this.settled(item, spec, held, signal);
    } catch (error) {
      if (signal.aborted) return given(item, signal);
      if (error instanceof QueueFull || error instanceof StoreUnavailable) return later(item);
      if (error instanceof Problem) return error.code === 'overloaded' ? later(item) : failed(item, error);
      throw error;
    }
  }

  /** Fetches within the limits of the job and of its hosts. */
  private async fetch(
    item: ClaimedItem,
    spec: FetchSpec,
    slots: Slots,
    signal: AbortSignal,
    begun: () => void,
  ): Promise<HeldOutcome> {
    const job = { name: `job ${item.job}`, limit: { max: item.concurrency, minGapMs: 0 } };
    const limit = { max: item.hostConcurrency, minGapMs: item.minGapMs };
    const gate = new ItemGate(slots, job, limit, this.admission.ticket(), begun);
    try {
      return await this.service.perform(spec, item.owner, signal, (fetch) => fetch(gate), { item });
    } finally {
      gate.leave();
    }
  }

  private async settled(
    item: ClaimedItem,
    spec: FetchSpec,
    { id, outcome, memory }: HeldOutcome,
    signal: AbortSignal,
  ): Promise<Settlement> {
    try {
      // Cut because the service stops, when its own time is over too.
      if (signal.aborted || wasCut(outcome)) return given(item, signal);
      const delayMs = retryDelay(item, spec, outcome);
      if (delayMs !== null) return { item, state: 'deferred', delayMs, wasTried: true };
      const answer = await toAnswer(id, spec, outcome);
      return { item, state: 'succeeded', result: await toContent(await jsonOf(answer)) };
    } finally {
      memory.close();
    }
  }
}

/** When a job's results have taken so much of the disk, those that follow are told without contents. */
function withinQuota({ resultBytes }: ClaimedItem, spec: FetchSpec): FetchSpec {
  if (resultBytes < MAX_RESULT_BYTES) return spec;
  return { ...spec, include: { body: 'none', rawHead: false, reads: 'summary', certificates: false } };
}

/** What is long is written a piece in each turn of the event loop. */
async function jsonOf(answer: FetchAnswer): Promise<string> {
  if (answer.content === null) return JSON.stringify(answer.result);
  let json = '';
  for await (const slice of turns.each(jsonInSlices(answerOf(answer)))) json += slice;
  return json;
}

/** Nothing was sent. */
function later(item: ClaimedItem): Settlement {
  return { item, state: 'deferred', delayMs: LATER_MS, wasTried: false };
}

async function failed(item: ClaimedItem, problem: Problem): Promise<Settlement> {
  const json = JSON.stringify(problem.toJson(`/jobs/${item.job}`));
  return { item, state: 'failed', result: await toContent(json) };
}

function given(item: ClaimedItem, { reason }: AbortSignal): Settlement {
  return reason === 'cancelled' ? { item, state: 'cancelled', result: null } : givenBack(item);
}

/** As it was: others are to fetch it. */
export function givenBack(item: ClaimedItem): Settlement {
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
