import { isIP } from 'node:net';
import { type AddressPolicy, type Denial, sameAddress } from './address-policy';
import { Connection } from './connection';
import type { Deadlines } from './deadlines';
import { TransportFailure, connectCode, interruptedIn } from './failure';
import { round3 } from './read-log';
import type { Family, ResolvedAddress, Resolver } from './resolver';

/** Where to connect to. */
export interface Target {
  /** a name or an IP address, without brackets */
  readonly host: string;
  readonly port: number;
  readonly family: Family;
  /** dial this IP address instead of resolving the host; the policy judges it like any other */
  readonly address: string | null;
  /** the most one read may return */
  readonly bufferBytes: number;
}

export interface ConnectLimits {
  readonly dnsMs: number;
  readonly connectMs: number;
}

/** One address that was dialled. */
export interface ConnectAttempt {
  readonly address: string;
  readonly port: number;
  readonly ms: number;
  /** code of the system's error, or of what ended the attempt; null for success */
  readonly error: string | null;
}

/** What happened on the way to a connection, told whether or not there was one. Times in milliseconds. */
export interface ConnectTrace {
  dns: number | null;
  connect: number | null;
  readonly attempts: ConnectAttempt[];
}

/** The only door out: resolves a name once, puts each address to the policy, and dials exactly what was approved. */
export class Connector {
  constructor(
    private readonly policy: AddressPolicy,
    private readonly resolver: Resolver,
  ) {}

  /** @param trace is filled in as things happen
   *  @throws TransportFailure */
  async open(
    target: Target,
    limits: ConnectLimits,
    deadlines: Deadlines,
    trace: ConnectTrace,
  ): Promise<Connection> {
    refuse(this.policy.judgeTarget(target.host, target.port));
    const addresses = await this.resolve(target, limits.dnsMs, deadlines, trace);
    const approved = this.approve(addresses, target.port);
    return this.dialInTurn(approved, target, limits.connectMs, deadlines, trace);
  }

  private async resolve(
    { host, family, address }: Target,
    dnsMs: number,
    deadlines: Deadlines,
    trace: ConnectTrace,
  ): Promise<readonly ResolvedAddress[]> {
    const literal = address ?? host;
    const literalFamily = isIP(literal);
    if (literalFamily === 4 || literalFamily === 6) {
      if (family === 'any' || family === literalFamily) return [{ address: literal, family: literalFamily }];
      throw new TransportFailure('dns-not-found', 'dns', `${literal} is not an IPv${family} address`);
    }
    stopIfInterrupted(deadlines, 'dns');
    const startedAt = performance.now();
    const canceller = new AbortController();
    try {
      deadlines.start(dnsMs);
      const interrupted = new Promise<never>((_, reject) =>
        deadlines.listen((why) => reject(interruptedIn('dns', why, 'dns-timeout'))),
      );
      return await Promise.race([this.resolver.resolve(host, family, canceller.signal), interrupted]);
    } finally {
      canceller.abort();
      trace.dns = round3(performance.now() - startedAt);
    }
  }

  /** @returns the addresses that may be dialled
   *  @throws TransportFailure with the first denial when none may */
  private approve(addresses: readonly ResolvedAddress[], port: number): readonly ResolvedAddress[] {
    const denials: Denial[] = [];
    const approved = addresses.filter(({ address }) => {
      const denial = this.policy.judgeAddress(address, port);
      if (denial !== null) denials.push(denial);
      return denial === null;
    });
    if (approved.length === 0) refuse(denials[0]!);
    return approved;
  }

  private async dialInTurn(
    addresses: readonly ResolvedAddress[],
    { port, bufferBytes }: Target,
    connectMs: number,
    deadlines: Deadlines,
    trace: ConnectTrace,
  ): Promise<Connection> {
    stopIfInterrupted(deadlines, 'connect');
    const startedAt = performance.now();
    let failure: TransportFailure | null = null;
    deadlines.start(connectMs);
    try {
      for (const { address, family } of addresses) {
        try {
          return await this.dial(address, family, port, bufferBytes, deadlines, trace);
        } catch (error) {
          stopIfInterrupted(deadlines, 'connect');
          failure = error as TransportFailure;
        }
      }
    } finally {
      trace.connect = round3(performance.now() - startedAt);
    }
    throw failure!;
  }

  private async dial(
    address: string,
    family: 4 | 6,
    port: number,
    bufferBytes: number,
    deadlines: Deadlines,
    trace: ConnectTrace,
  ): Promise<Connection> {
    const startedAt = performance.now();
    const attempted = (error: string | null): void =>
      void trace.attempts.push({ address, port, ms: round3(performance.now() - startedAt), error });
    try {
      const connection = await this.dialUntilInterrupted(address, family, port, bufferBytes, deadlines);
      attempted(null);
      return connection;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      attempted(code ?? String(error));
      if (error instanceof TransportFailure) throw error;
      throw new TransportFailure(connectCode(code), 'connect', `connecting failed: ${code}`, {
        cause: error,
      });
    }
  }

  private async dialUntilInterrupted(
    address: string,
    family: 4 | 6,
    port: number,
    bufferBytes: number,
    deadlines: Deadlines,
  ): Promise<Connection> {
    let abandon: () => void = () => undefined;
    const interrupted = new Promise<never>((_, reject) =>
      deadlines.listen((why) => {
        abandon();
        reject(interruptedIn('connect', why, 'connect-timeout'));
      }),
    );
    const dialled = Connection.dial(address, family, port, bufferBytes, (giveUp) => (abandon = giveUp));
    const connection = await Promise.race([dialled, interrupted]);
    // The decision fell on this address; whatever else answered must not be spoken to.
    if (sameAddress(connection.endpoints.remoteAddress, address)) return connection;
    connection.destroy();
    throw new TransportFailure('internal-error', 'connect', 'connected to another address than was approved');
  }
}

function stopIfInterrupted({ interruption }: Deadlines, phase: 'dns' | 'connect'): void {
  if (interruption !== null) throw interruptedIn(phase, interruption, `${phase}-timeout`);
}

function refuse(denial: Denial | null): void {
  if (denial !== null) throw new TransportFailure(denial.code, 'policy', denial.rule);
}
