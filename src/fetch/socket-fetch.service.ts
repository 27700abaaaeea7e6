import { Inject, Injectable } from '@nestjs/common';
import type { Owner } from '../access/caller';
import { turns } from '../event-loop/turns';
import { type CookieAccess, FetchCookies } from '../exchange/cookies';
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
import { type FetchAnswer, toAnswer } from './fetch-result.mapper';
import { nextFetchId } from './fetch-id';
import { InFlight } from './in-flight';

/** Injection token of the schemes that can be fetched. */
export const PROTOCOLS = Symbol('protocols');

/** An answer, and what it is made of. */
export type HeldAnswer = FetchAnswer & { readonly memory: OctetAccount };

/** Has a fetch run when it may: gives it the gate that its hops pass, and takes back what it held. */
export type Admit = <T>(fetch: (gate: HopGate) => Promise<T>) => Promise<T>;

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
   *  @returns the answer, and what it holds until it has left: whoever sends it closes that
   *  @throws Problem when there is no response to tell of */
  async fetch(spec: FetchSpec, owner: Owner, caller: AbortSignal): Promise<HeldAnswer> {
    const { id, outcome, memory } = await this.perform(spec, owner, caller, (fetch) =>
      this.limits.run(owner, fetch),
    );
    try {
      return { ...(await toAnswer(id, spec, outcome)), memory };
    } catch (error) {
      memory.close();
      throw error;
    }
  }

  /** @param owner of the session that the spec names
   *  @param caller aborts when nobody waits for the outcome any more
   *  @param item of the job that it is for; null: it is no job's
   *  @returns the outcome; whoever makes something of it closes its memory then
   *  @throws Problem when it was not begun */
  async perform(
    spec: FetchSpec,
    owner: Owner,
    caller: AbortSignal,
    admit: Admit,
    item: FetchedItem | null = null,
  ): Promise<HeldOutcome> {
    const id = nextFetchId();
    const memory = this.budget.open();
    try {
      const outcome = await this.inFlight.run(caller, async (signal) => {
        const over = await this.run(spec, owner, memory, signal, admit);
        // Hundreds may leave at once. Their sockets are closed by now; what is told of them can wait.
        if (caller.aborted) await turns.take(() => undefined);
        return over;
      });
      this.report.write({ id, spec, outcome, owner, callerLeft: caller.aborted, item });
      return { id, outcome, memory };
    } catch (error) {
      memory.close();
      throw error;
    }
  }

  private run(
    spec: FetchSpec,
    owner: Owner,
    memory: OctetAccount,
    signal: AbortSignal,
    admit: Admit,
  ): Promise<FetchOutcome> {
    const protocol = this.protocols[spec.url.protocol]!;
    const cookies = this.cookiesOf(owner, spec);
    return admit((gate) => protocol.run(spec, { cookies, gate, memory, signal }));
  }

  private cookiesOf(owner: Owner, { session }: FetchSpec): CookieAccess {
    return session === null ? new FetchCookies() : new SessionJar(this.sessions, owner, session);
  }
}
