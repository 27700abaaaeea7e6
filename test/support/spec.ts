import { type CookieAccess, FetchCookies } from '../../src/exchange/cookies';
import { follow } from '../../src/exchange/follow';
import type { FetchListener } from '../../src/exchange/fetch-listener';
import type { FetchSpec, ReadSpec, Timeouts } from '../../src/exchange/fetch-spec';
import type { HopGate } from '../../src/exchange/hop-gate';
import type { ExchangeOutcome, FetchOutcome } from '../../src/exchange/outcome';
import { OctetBudget } from '../../src/exchange/octet-budget';
import type { StoredOctets } from '../../src/exchange/octet-store';
import type { FieldLine } from '../../src/http1/events';
import { AddressPolicy, parseCidrRule } from '../../src/transport/address-policy';
import type { Connection } from '../../src/transport/connection';
import { Connector } from '../../src/transport/connector';
import { TransportFailure } from '../../src/transport/failure';
import type { Family, ResolvedAddress, Resolver } from '../../src/transport/resolver';

/** No limit of time runs out in a test that does not set it: all are longer than a test may take. */
const TIMEOUTS: Timeouts = {
  dnsMs: 60_000,
  connectMs: 60_000,
  tlsMs: 60_000,
  sendMs: 60_000,
  firstByteMs: 60_000,
  idleMs: 60_000,
  totalMs: 120_000,
};

const READ: ReadSpec = {
  until: 'complete',
  bufferBytes: 65_536,
  maxReads: null,
  maxBodyBytes: 10_485_760,
  maxHeadBytes: 65_536,
};

export type SpecOverrides = Partial<
  Omit<FetchSpec, 'url' | 'headers' | 'body' | 'raw' | 'timeouts' | 'read' | 'network' | 'tls' | 'include'>
> & {
  /** "Name: value" each */
  readonly headers?: readonly string[];
  /** one character per octet */
  readonly body?: string | Buffer;
  readonly raw?: string;
  readonly timeouts?: Partial<Timeouts>;
  readonly read?: Partial<ReadSpec>;
  readonly network?: Partial<FetchSpec['network']>;
  readonly tls?: Partial<FetchSpec['tls']>;
  readonly include?: Partial<FetchSpec['include']>;
};

/** The API's defaults, with limits of time that no test reaches by chance. */
export function specOf(url: string, overrides: SpecOverrides = {}): FetchSpec {
  const { headers = [], body, raw, timeouts, read, network, tls, include, ...others } = overrides;
  return {
    url: new URL(url),
    method: 'GET',
    headers: headers.map(fieldLine),
    defaultHeaders: true,
    body: typeof body === 'string' ? Buffer.from(body, 'latin1') : (body ?? null),
    httpVersion: '1.1',
    requestTarget: null,
    raw: raw === undefined ? null : Buffer.from(raw, 'latin1'),
    timeouts: { ...TIMEOUTS, ...timeouts },
    read: { ...READ, ...read },
    redirects: { follow: true, max: 10 },
    network: { family: 'any', address: null, ...network },
    tls: {
      verify: true,
      serverName: null,
      minVersion: 'TLSv1.2',
      alpn: ['http/1.1'],
      ca: null,
      clientCertificate: null,
      ...tls,
    },
    strict: false,
    decodeContent: true,
    session: null,
    trace: null,
    propagateTraceContext: false,
    include: { body: 'auto', rawHead: false, reads: 'summary', certificates: false, ...include },
    ...others,
  };
}

function fieldLine(line: string): FieldLine {
  const colon = line.indexOf(': ');
  return { name: line.slice(0, colon), value: line.slice(colon + 2) };
}

/** name → what the resolver says of it: an address, a failure, or, with null, nothing at all */
export type Names = Readonly<Record<string, string | TransportFailure | null>>;

export interface World {
  /** open, unless a test has one */
  readonly gate?: HopGate;
  /** that of this fetch alone, and plenty, unless others share it; what it holds is not given back */
  readonly budget?: OctetBudget;
  readonly names?: Names;
  /** CIDR blocks of loopback that stay closed */
  readonly deny?: readonly string[];
  readonly signal?: AbortSignal;
  /** those of this fetch alone, unless others share them */
  readonly cookies?: CookieAccess;
  /** nobody listens, unless a test does */
  readonly listener?: FetchListener | null;
  /** told after the client has dealt with what one read returned */
  readonly onRead?: () => void;
}

/** Names of one test; all others are unknown. */
class TableResolver implements Resolver {
  constructor(private readonly names: Names) {}

  resolve(host: string, _family: Family, signal: AbortSignal): Promise<readonly ResolvedAddress[]> {
    const answer = this.names[host];
    if (answer === undefined)
      return Promise.reject(new TransportFailure('dns-not-found', 'dns', `${host} is unknown`));
    if (answer === null)
      return new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(new Error('the look-up was given up'))),
      );
    if (typeof answer !== 'string') return Promise.reject(answer);
    return Promise.resolve([{ address: answer, family: answer.includes(':') ? 6 : 4 }]);
  }
}

/** Tells of every read of its connections. */
class ObservedConnector extends Connector {
  constructor(
    policy: AddressPolicy,
    resolver: Resolver,
    private readonly onRead: () => void,
  ) {
    super(policy, resolver);
  }

  override async open(...how: Parameters<Connector['open']>): Promise<Connection> {
    const connection = await super.open(...how);
    const read = connection.read.bind(connection);
    connection.read = (reader) =>
      read({
        read: (octets) => {
          const goOn = reader.read(octets);
          setImmediate(this.onRead);
          return goOn;
        },
        closed: () => reader.closed(),
        failed: (error) => reader.failed(error),
      });
    return connection;
  }
}

/** Nobody waits. */
const OPEN: HopGate = { enter: () => Promise.resolve(), holds: () => true };

export const USER_AGENT = 'wirefetch/test';

/** Fetches as the service does; only loopback can be dialled. */
export function fetchUrl(
  url: string,
  overrides: SpecOverrides = {},
  {
    names = {},
    deny = [],
    signal = new AbortController().signal,
    cookies = new FetchCookies(),
    gate = OPEN,
    budget = new OctetBudget(Infinity),
    listener = null,
    onRead,
  }: World = {},
): Promise<FetchOutcome> {
  const policy = new AddressPolicy({
    allowCidrs: ['127.0.0.0/8:*', '[::1/128]:*'].map((text) => parseCidrRule(text)!),
    denyCidrs: deny.map((text) => parseCidrRule(text)!),
    allowHosts: null,
    denyHosts: [],
    allowPorts: [80, 443],
  });
  const resolver = new TableResolver(names);
  const connector =
    onRead === undefined ? new Connector(policy, resolver) : new ObservedConnector(policy, resolver, onRead);
  const dependencies = { connector, userAgent: USER_AGENT };
  return follow(specOf(url, overrides), dependencies, {
    cookies,
    gate,
    memory: budget.open(),
    signal,
    listener,
  });
}

/** One exchange: no redirect is followed. */
export async function exchangeWith(
  url: string,
  overrides: SpecOverrides = {},
  world: World = {},
): Promise<ExchangeOutcome> {
  const redirects = { follow: false, max: 0 };
  return (await fetchUrl(url, { redirects, ...overrides }, world)).last;
}

/** One character per octet. */
export function textOf(stored: StoredOctets): string {
  return stored.octets.toString('latin1');
}

export function warningCodes({ warnings }: ExchangeOutcome): string[] {
  return warnings.map(({ code }) => code);
}

/** How an exchange ended, in short. */
export function endOf({ complete, endedBy, failure }: ExchangeOutcome): {
  complete: boolean;
  endedBy: ExchangeOutcome['endedBy'];
  failure: string | null;
} {
  return { complete, endedBy, failure: failure === null ? null : `${failure.code} in ${failure.phase}` };
}
