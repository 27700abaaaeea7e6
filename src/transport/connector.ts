import { isIP } from 'node:net';
import { type AddressPolicy, type Denial, sameAddress } from './address-policy';
import { Connection, type Endpoints } from './connection';
import type { Deadlines } from './deadlines';
import { TransportFailure, connectCode, interruptedIn, tlsReason } from './failure';
import { type Dialling, interleaved, race } from './happy-eyeballs';
import { round3 } from './read-log';
import type { Family, ResolvedAddress, Resolver } from './resolver';
import { type TlsClient, type TlsFacts, type TlsSpec, certificateCode, tlsClient } from './tls';

/** Where to connect to. */
export interface Target {
  /** a name or an IP address, without brackets */
  readonly host: string;
  readonly port: number;
  readonly family: Family;
  /** dial this IP address instead of resolving the host; the policy judges it like any other */
  readonly address: string | null;
  /** the most that the next read may return; asked before each */
  readonly nextReadBytes: () => number;
  /** null: octets go over TCP as they are */
  readonly tls: TlsSpec | null;
}

export interface ConnectLimits {
  readonly dnsMs: number;
  /** for all attempts together */
  readonly connectMs: number;
  readonly tlsMs: number;
}

/** One address that was dialled. */
export interface ConnectAttempt {
  readonly address: string;
  readonly port: number;
  readonly ms: number;
  /** code of the system's error, or of what ended the attempt: `lost-race`, `connect-timeout`, `total-timeout`,
   *  `cancelled`; null for success */
  readonly error: string | null;
}

/** What happened on the way to a connection, told whether or not there was one. Times in milliseconds. */
export interface ConnectTrace {
  dns: number | null;
  /** until TCP stands, or all attempts have failed */
  connect: number | null;
  /** the handshake, whether or not it went well */
  tls: number | null;
  /** in the order in which they began */
  readonly attempts: ConnectAttempt[];
  /** of the attempt that connected */
  endpoints: Endpoints | null;
  /** of a handshake that ended, also where its certificate was then refused */
  security: TlsFacts | null;
}

/** Is told on the way to a connection how far it is. */
export interface ConnectProgress {
  /** A name was resolved.
   *  @param addresses that may be dialled, in the order in which they will be */
  resolved(host: string, addresses: readonly string[]): void;
  /** TCP stands. */
  connected(endpoints: Endpoints, attempts: readonly ConnectAttempt[]): void;
  /** A TLS handshake has ended, whatever its certificate is worth. */
  secured(facts: TlsFacts): void;
}

export function newTrace(): ConnectTrace {
  return { dns: null, connect: null, tls: null, attempts: [], endpoints: null, security: null };
}

/** Addresses dialled of those that a name has: a name's owner may list thousands. */
const MAX_ATTEMPTS = 16;

const MISLABELLED: Denial = {
  code: 'address-denied',
  rule: 'an address of another family than the resolver says, or was asked for',
};

/** The only door out: resolves a name once, puts each address to the policy, and dials exactly what was approved. */
export class Connector {
  constructor(
    private readonly policy: AddressPolicy,
    private readonly resolver: Resolver,
  ) {}

  /** @param trace is filled in as things happen
   *  @param progress is told at once; null: nobody listens
   *  @throws TransportFailure */
  async open(
    target: Target,
    limits: ConnectLimits,
    deadlines: Deadlines,
    trace: ConnectTrace,
    progress: ConnectProgress | null = null,
  ): Promise<Connection> {
    refuse(this.judgeNamed(target));
    const addresses = await this.resolve(target, limits.dnsMs, deadlines, trace);
    const candidates = interleaved(this.approve(addresses, target)).slice(0, MAX_ATTEMPTS);
    if (trace.dns !== null)
      progress?.resolved(
        target.host,
        candidates.map(({ address }) => address),
      );
    const tls = target.tls === null ? null : clientOf(target.tls);
    const connection = await connect(candidates, target, tls, limits.connectMs, deadlines, trace);
    progress?.connected(connection.endpoints, trace.attempts);
    if (tls !== null) await secure(connection, tls, limits.tlsMs, deadlines, trace, progress);
    return connection;
  }

  /** Judges what the caller named, before anybody is asked about it. */
  private judgeNamed({ host, port, address }: Target): Denial | null {
    const denial = this.policy.judgeTarget(host, port);
    if (denial !== null || address === null) return denial;
    return this.policy.judgeTarget(address, port) ?? this.policy.judgeAddress(address, port);
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
      const looked = this.resolver.resolve(host, family, canceller.signal);
      return await unlessInterrupted('dns', looked, deadlines);
    } finally {
      canceller.abort();
      trace.dns = round3(performance.now() - startedAt);
    }
  }

  /** @returns the addresses that may be dialled
   *  @throws TransportFailure with the first denial when none may */
  private approve(addresses: readonly ResolvedAddress[], target: Target): readonly ResolvedAddress[] {
    const denials = addresses.map((one) => this.judgeResolved(one, target));
    const approved = addresses.filter((_, index) => denials[index] === null);
    if (approved.length > 0) return approved;
    refuse(denials[0] ?? null);
    throw new TransportFailure('dns-not-found', 'dns', `no address is known for ${target.host}`);
  }

  /** A resolver is not believed: what it gives must be an address, of the family it says and was asked for. */
  private judgeResolved({ address, family }: ResolvedAddress, target: Target): Denial | null {
    const denial = this.policy.judgeAddress(address, target.port);
    if (denial !== null) return denial;
    const fits = isIP(address) === family && (target.family === 'any' || target.family === family);
    return fits ? null : MISLABELLED;
  }
}

/** Makes the TCP connection: what has been approved is raced (RFC 8305). */
async function connect(
  candidates: readonly ResolvedAddress[],
  target: Target,
  tls: TlsClient | null,
  connectMs: number,
  deadlines: Deadlines,
  trace: ConnectTrace,
): Promise<Connection> {
  stopIfInterrupted(deadlines, 'connect');
  const startedAt = performance.now();
  try {
    deadlines.start(connectMs);
    const racing = race(candidates, (candidate) => dial(candidate, target, tls, trace));
    const connection = await unlessInterrupted('connect', racing.connected, deadlines, (why) =>
      racing.abandon(why),
    );
    trace.endpoints = connection.endpoints;
    return connection;
  } finally {
    trace.connect = round3(performance.now() - startedAt);
  }
}

/** One attempt, entered into the trace when it begins and told there how it ended. */
function dial(
  { address, family }: ResolvedAddress,
  { port, nextReadBytes }: Target,
  tls: TlsClient | null,
  { attempts }: ConnectTrace,
): Dialling<Connection> {
  const startedAt = performance.now();
  const index = attempts.push({ address, port, ms: 0, error: null }) - 1;
  let over = false;
  const ended = (error: string | null): void => {
    if (over) return;
    over = true;
    attempts[index] = { address, port, ms: round3(performance.now() - startedAt), error };
  };
  const dialling = Connection.dial({ address, family, port, nextReadBytes, tls });
  const connected = dialling.connected.then(
    (connection) => {
      // The decision fell on this address; whatever else answered must not be spoken to.
      if (sameAddress(connection.endpoints.remoteAddress, address)) {
        ended(null);
        return connection;
      }
      ended('internal-error');
      connection.destroy();
      throw new TransportFailure('internal-error', 'connect', 'connected to another address than approved');
    },
    (error: NodeJS.ErrnoException) => {
      const why = error.code ?? error.message;
      ended(why);
      throw new TransportFailure(connectCode(error.code), 'connect', `connecting failed: ${why}`, {
        cause: error,
      });
    },
  );
  const abandon = (why: string): void => {
    ended(why);
    dialling.abandon(why);
  };
  return { connected, abandon };
}

/** @throws TransportFailure when the caller's certificates are of no use to OpenSSL */
function clientOf(spec: TlsSpec): TlsClient {
  try {
    return tlsClient(spec);
  } catch (error) {
    const reason = tlsReason(error as NodeJS.ErrnoException);
    throw new TransportFailure(
      'tls-handshake-failed',
      'tls',
      `the given certificates are unusable: ${reason}`,
      {
        cause: error,
      },
    );
  }
}

/** Waits for the handshake, and judges the certificate before anything is written.
 *  @throws TransportFailure; the connection is then destroyed */
async function secure(
  connection: Connection,
  { spec: { verify } }: TlsClient,
  tlsMs: number,
  deadlines: Deadlines,
  trace: ConnectTrace,
  progress: ConnectProgress | null,
): Promise<void> {
  const startedAt = performance.now();
  try {
    deadlines.start(tlsMs);
    trace.security = await unlessInterrupted('tls', connection.secured(), deadlines);
    progress?.secured(trace.security!);
    const { authorizationError, authorizationMessage } = trace.security!;
    if (verify && authorizationError !== null)
      throw new TransportFailure(certificateCode(authorizationError), 'tls', authorizationMessage!);
  } catch (error) {
    connection.destroy();
    if (error instanceof TransportFailure) throw error;
    const reason = tlsReason(error as NodeJS.ErrnoException);
    throw new TransportFailure('tls-handshake-failed', 'tls', `the TLS handshake failed: ${reason}`, {
      cause: error,
    });
  } finally {
    trace.tls = round3(performance.now() - startedAt);
  }
}

/** Waits for `work`, or until a limit runs out or the fetch is cancelled.
 *  @param abandon is told the code of the failure
 *  @throws TransportFailure */
function unlessInterrupted<T>(
  phase: 'dns' | 'connect' | 'tls',
  work: Promise<T>,
  deadlines: Deadlines,
  abandon: (why: string) => void = () => undefined,
): Promise<T> {
  const interrupted = new Promise<never>((_, reject) =>
    deadlines.listen((why) => {
      const failure = interruptedIn(phase, why);
      abandon(failure.code);
      reject(failure);
    }),
  );
  return Promise.race([work, interrupted]);
}

function stopIfInterrupted({ interruption }: Deadlines, phase: 'dns' | 'connect'): void {
  if (interruption !== null) throw interruptedIn(phase, interruption);
}

function refuse(denial: Denial | null): void {
  if (denial !== null) throw new TransportFailure(denial.code, 'policy', denial.rule);
}
