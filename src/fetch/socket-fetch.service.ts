import { Inject, Injectable } from '@nestjs/common';
import type { Owner } from '../access/caller';
import { type CookieAccess, FetchCookies } from '../exchange/cookies';
import type { FetchSpec } from '../exchange/fetch-spec';
import type { FetchOutcome } from '../exchange/outcome';
import { FetchLimits } from '../limits/fetch-limits';
import { FetchLog } from '../observability/fetch-log';
import type { Protocols } from '../protocols/protocol';
import { SessionJar } from '../sessions/session-jar';
import { SESSION_STORE, type SessionStore } from '../sessions/session-store';
import type { FetchResultDto } from './dto/exchange.dto';
import { toResult } from './fetch-result.mapper';
import { nextFetchId } from './fetch-id';
import { InFlight } from './in-flight';

/** Injection token of the schemes that can be fetched. */
export const PROTOCOLS = Symbol('protocols');

/** Fetches URLs, one log line each. */
@Injectable()
export class SocketFetchService {
  constructor(
    @Inject(PROTOCOLS) private readonly protocols: Protocols,
    @Inject(SESSION_STORE) private readonly sessions: SessionStore,
    private readonly inFlight: InFlight,
    private readonly limits: FetchLimits,
    private readonly log: FetchLog,
  ) {}

  /** @param owner of the session that the spec names
   *  @param caller aborts when nobody waits for the answer any more
   *  @throws Problem when there is no response to tell of */
  async fetch(spec: FetchSpec, owner: Owner, caller: AbortSignal): Promise<FetchResultDto> {
    const id = nextFetchId();
    const outcome = await this.inFlight.run(caller, (signal) => this.run(spec, owner, signal));
    this.log.write(id, spec, outcome);
    return toResult(id, spec, outcome);
  }

  private run(spec: FetchSpec, owner: Owner, signal: AbortSignal): Promise<FetchOutcome> {
    const protocol = this.protocols[spec.url.protocol]!;
    const cookies = this.cookiesOf(owner, spec);
    return this.limits.run(owner, (gate) => protocol.run(spec, { cookies, gate, signal }));
  }

  private cookiesOf(owner: Owner, { session }: FetchSpec): CookieAccess {
    return session === null ? new FetchCookies() : new SessionJar(this.sessions, owner, session);
  }
}
