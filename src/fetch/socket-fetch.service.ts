import { Inject, Injectable } from '@nestjs/common';
import type { Owner } from '../access/caller';
import { turns } from '../event-loop/turns';
import { type CookieAccess, FetchCookies } from '../exchange/cookies';
import type { FetchListener } from '../exchange/fetch-listener';
import type { FetchSpec } from '../exchange/fetch-spec';
import type { HopGate } from '../exchange/hop-gate';
import { type OctetAccount, OctetBudget } from '../exchange/octet-budget';
import type { FetchOutcome } from '../exchange/outcome';
import { FetchLimits } from '../limits/fetch-limits';
import type { FetchedItem } from '../observability/fetch-record';
import { FetchReport } from '../observability/fetch-report';
import type { Protocols } from '../protocols/protocol';
import { SessionJar } from '../sessions/session-jar';
import { SESSION_STORE, type SessionStore } from '../sessions/session-store';
import { type JsonAnswer, answerOf } from './answer-json';
import type { FetchEvents } from './fetch-events';
import { toAnswer, toStreamedAnswer } from './fetch-result.mapper';
import { nextFetchId } from './fetch-id';
import { InFlight } from './in-flight';
import type { Represent } from './representations';

/** Injection token of the schemes that can be fetched. */
export const PROTOCOLS = Symbol('protocols');

/** An answer, and what it is made of. */
export type HeldAnswer = JsonAnswer & { readonly memory: OctetAccount };

/** Has a fetch run when it may: gives it the gate that its hops pass, and takes back what it held. */
export type Admit = <T>(fetch: (gate: HopGate) => Promise<T>) => Promise<T>;

/** What a fetch is beside what its caller asked for. */
export interface FetchRole {
  /** of the job that it is for; absent: it is no job's */
  readonly item?: FetchedItem;
  /** is told what happens; absent: nobody listens */
  readonly listener?: FetchListener;
}

/** A fetch that is over, and what it holds until somebody closes that. */
export interface HeldOutcome {
  readonly id: string;
  readonly outcome: FetchOutcome;
  readonly memory: OctetAccount;
}

/** Fetches URLs, and has each reported. */
@Injectable()
export class SocketFetchService {
  constructor(
    @Inject(PROTOCOLS) private readonly protocols: Protocols,
    @Inject(SESSION_STORE) private readonly sessions: SessionStore,
    private readonly inFlight: InFlight,
    private readonly limits: FetchLimits,
    private readonly report: FetchReport,
    private readonly budget: OctetBudget,
  ) {}

  /** @param owner of the session that the spec names
   *  @param caller aborts when nobody waits for the answer any more
   *  @param represent makes the answer
   *  @returns the answer, and what it holds until it has left: whoever sends it closes that
   *  @throws Problem when there is no response to tell of */
  async fetch(spec: FetchSpec, owner: Owner, caller: AbortSignal, represent: Represent): Promise<HeldAnswer> {
    const held = await this.perform(spec, owner, caller, (fetch) => this.limits.run(owner, fetch));
    return this.answer(held, () => represent(spec, held));
  }

  /** As `fetch`, for a caller who is told of it while it runs.
   *  @param events that it is told
   *  @returns the last of them, without the content that it has been given */
  async stream(spec: FetchSpec, owner: Owner, caller: AbortSignal, events: FetchEvents): Promise<HeldAnswer> {
    const admit: Admit = (fetch) => this.limits.run(owner, fetch);
    const held = await this.perform(spec, owner, caller, admit, { listener: events });
    const { id, outcome } = held;
    return this.answer(held, async () => {
      const decision = events.endContent(outcome);
      return answerOf(
        decision === null ? await toAnswer(id, spec, outcome) : toStreamedAnswer(id, spec, outcome, decision),
      );
    });
  }

  /** @param owner of the session that the spec names
   *  @param caller aborts when nobody waits for the outcome any more
   *  @returns the outcome; whoever makes something of it closes its memory then
   *  @throws Problem when it was not begun */
  async perform(
    spec: FetchSpec,
    owner: Owner,
    caller: AbortSignal,
    admit: Admit,
    { item, listener }: FetchRole = {},
  ): Promise<HeldOutcome> {
    const id = nextFetchId();
    const memory = this.budget.open((spec.body ?? spec.raw)?.length);
    try {
      const outcome = await this.inFlight.run(caller, async (signal) => {
        const protocol = this.protocols[spec.url.protocol]!;
        const cookies = this.cookiesOf(owner, spec);
        const over = await admit((gate) =>
          protocol.run(spec, { cookies, gate, memory, signal, listener: listener ?? null }),
        );
        // Hundreds may leave at once. Their sockets are closed by now; what is told of them can wait.
        if (caller.aborted) await turns.take(() => undefined);
        return over;
      });
      const hasBegun = listener?.hasBegun ?? false;
      this.report.write({
        id,
        spec,
        outcome,
        owner,
        callerLeft: caller.aborted,
        hasBegun,
        item: item ?? null,
      });
      return { id, outcome, memory };
    } catch (error) {
      memory.close();
      throw error;
    }
  }

  private async answer({ memory }: HeldOutcome, represent: () => Promise<JsonAnswer>): Promise<HeldAnswer> {
    try {
      return { ...(await represent()), memory };
    } catch (error) {
      memory.close();
      throw error;
    }
  }

  private cookiesOf(owner: Owner, { session }: FetchSpec): CookieAccess {
    return session === null ? new FetchCookies() : new SessionJar(this.sessions, owner, session);
  }
}
