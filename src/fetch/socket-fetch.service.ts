import { Inject, Injectable } from '@nestjs/common';
import type { Owner } from '../access/caller';
import { turns } from '../event-loop/turns';
import { type CookieAccess, FetchCookies } from '../exchange/cookies';
import type { FetchSpec } from '../exchange/fetch-spec';
import { type OctetAccount, OctetBudget } from '../exchange/octet-budget';
import type { FetchOutcome } from '../exchange/outcome';
import { FetchLimits } from '../limits/fetch-limits';
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
    const id = nextFetchId();
    const memory = this.budget.open();
    try {
      const outcome = await this.inFlight.run(caller, (signal) =>
        this.run(spec, owner, memory, caller, signal),
      );
      this.report.write({ id, spec, outcome, owner, callerLeft: caller.aborted });
      return { ...(await toAnswer(id, spec, outcome)), memory };
    } catch (error) {
      memory.close();
      throw error;
    }
  }

  private async run(
    spec: FetchSpec,
    owner: Owner,
    memory: OctetAccount,
    caller: AbortSignal,
    signal: AbortSignal,
  ): Promise<FetchOutcome> {
    const protocol = this.protocols[spec.url.protocol]!;
    const cookies = this.cookiesOf(owner, spec);
    const outcome = await this.limits.run(owner, (gate) =>
      protocol.run(spec, { cookies, gate, memory, signal }),
    );
    // Hundreds may leave at once. Their sockets are closed by now; what is told of them can wait.
    if (caller.aborted) await turns.take(() => undefined);
    return outcome;
  }

  private cookiesOf(owner: Owner, { session }: FetchSpec): CookieAccess {
    return session === null ? new FetchCookies() : new SessionJar(this.sessions, owner, session);
  }
}
