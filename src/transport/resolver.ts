import { Resolver as CaresResolver } from 'node:dns/promises';
import { TransportFailure } from './failure';
import { HostsFile, type ResolvedAddress } from './hosts-file';

export type { ResolvedAddress } from './hosts-file';

export type Family = 'any' | 4 | 6;

/** Name → addresses; decides nothing about them. */
export interface Resolver {
  /** @param host a name, without brackets or port
   *  @param signal ends the look-up; the promise then rejects
   *  @throws TransportFailure dns-not-found, dns-failed or dns-timeout */
  resolve(host: string, family: Family, signal: AbortSignal): Promise<readonly ResolvedAddress[]>;
}

/** How long the answer for one family waits for the other's. RFC 8305 §3: 50 ms for AAAA after A. An AAAA alone
 *  waits longer, because it is of no use where there is no IPv6. */
const RESOLUTION_DELAY_MS = { 4: 50, 6: 500 } as const;
const MAX_CACHE_MS = 30_000;
const MAX_CACHED_NAMES = 1_000;
/** RFC 6761 §6.3: localhost is loopback, whatever a name server says */
const LOOPBACK: readonly ResolvedAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

interface CachedAnswer {
  readonly addresses: readonly ResolvedAddress[];
  readonly expiresAt: number;
}

/** What DNS said. */
interface Answer {
  readonly addresses: readonly TimedAddress[];
  /** false: one family had not answered yet */
  readonly whole: boolean;
}

interface TimedAddress extends ResolvedAddress {
  readonly ttlSeconds: number;
}

export interface SystemResolverOptions {
  readonly hostsFile: string;
  /** `address:port` of name servers; null: those of the machine */
  readonly servers: readonly string[] | null;
}

/** Hosts file and localhost first, then DNS through a c-ares resolver of its own for each look-up.
 *  Not getaddrinfo: that runs on the thread pool, where a few slow names stall every other look-up and
 *  none can be cancelled. There are no search domains: `intranet` means `intranet.` */
export class SystemResolver implements Resolver {
  private readonly hosts: HostsFile;
  private readonly cache = new Map<string, CachedAnswer>();

  constructor(private readonly options: SystemResolverOptions) {
    this.hosts = new HostsFile(options.hostsFile);
  }

  async resolve(host: string, family: Family, signal: AbortSignal): Promise<readonly ResolvedAddress[]> {
    const name = host.toLowerCase().replace(/\.$/, '');
    const listed = this.hosts.lookup(name);
    if (listed.length > 0) return ofFamily(listed, family, name);
    if (name === 'localhost' || name.endsWith('.localhost')) return ofFamily(LOOPBACK, family, name);
    const key = `${family} ${name}`;
    const cached = this.cache.get(key);
    if (cached !== undefined && cached.expiresAt > performance.now()) return cached.addresses;
    const { addresses, whole } = await this.query(name, family, signal);
    if (whole) this.remember(key, addresses);
    return addresses;
  }

  private async query(name: string, family: Family, signal: AbortSignal): Promise<Answer> {
    const cares = new CaresResolver();
    if (this.options.servers !== null) cares.setServers(this.options.servers);
    const cancel = (): void => cares.cancel();
    signal.addEventListener('abort', cancel);
    try {
      // A trailing dot marks the name as absolute.
      return await bothFamilies(cares, `${name}.`, family);
    } finally {
      signal.removeEventListener('abort', cancel);
      cares.cancel();
    }
  }

  private remember(key: string, addresses: readonly TimedAddress[]): void {
    const ttlMs = Math.min(MAX_CACHE_MS, ...addresses.map(({ ttlSeconds }) => ttlSeconds * 1000));
    this.cache.delete(key);
    if (ttlMs <= 0) return;
    const [oldest] = this.cache.keys();
    if (this.cache.size >= MAX_CACHED_NAMES && oldest !== undefined) this.cache.delete(oldest);
    this.cache.set(key, { addresses, expiresAt: performance.now() + ttlMs });
  }
}

function ofFamily(
  addresses: readonly ResolvedAddress[],
  family: Family,
  name: string,
): readonly ResolvedAddress[] {
  if (family === 'any') return addresses;
  const chosen = addresses.filter((address) => address.family === family);
  if (chosen.length > 0) return chosen;
  throw new TransportFailure('dns-not-found', 'dns', `${name} has no IPv${family} address`);
}

/** Asks for both families at once; the one that answers first waits a moment for the other. */
async function bothFamilies(cares: CaresResolver, name: string, family: Family): Promise<Answer> {
  const families = family === 'any' ? ([6, 4] as const) : [family];
  const queries = families.map((one) => ask(cares, name, one));
  const settled = Promise.allSettled(queries);
  let timer: NodeJS.Timeout | undefined;
  const delay = (first: 4 | 6): Promise<void> =>
    new Promise((done) => (timer = setTimeout(done, RESOLUTION_DELAY_MS[first])));
  const waited = Promise.any(queries).then(
    (found) => delay(found[0]!.family),
    () => undefined,
  );
  const whole = await Promise.race([settled.then(() => true), waited.then(() => false)]);
  clearTimeout(timer);
  // What has not answered by now is cancelled with the resolver.
  cares.cancel();
  const answers = await settled;
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  if (addresses.length > 0) return { addresses, whole };
  const reasons = answers.flatMap((answer): unknown[] =>
    answer.status === 'rejected' ? [answer.reason] : [],
  );
  throw toFailure(name, reasons);
}

async function ask(cares: CaresResolver, name: string, family: 4 | 6): Promise<TimedAddress[]> {
  const records =
    family === 4 ? await cares.resolve4(name, { ttl: true }) : await cares.resolve6(name, { ttl: true });
  return records.map(({ address, ttl }) => ({ address, family, ttlSeconds: ttl }));
}

/** One family's "no such name" counts only when the other says nothing worse. */
function toFailure(name: string, reasons: readonly unknown[]): TransportFailure {
  const codes = reasons.map((reason) => (reason as NodeJS.ErrnoException).code);
  const worst = codes.findIndex((code) => code !== 'ENOTFOUND' && code !== 'ENODATA');
  const host = name.slice(0, -1);
  if (worst === -1) return new TransportFailure('dns-not-found', 'dns', `no address is known for ${host}`);
  const code = codes[worst];
  const cause = { cause: reasons[worst] };
  return code === 'ETIMEOUT'
    ? new TransportFailure('dns-timeout', 'dns', `no name server answered for ${host}`, cause)
    : new TransportFailure('dns-failed', 'dns', `look-up of ${host} failed: ${code}`, cause);
}
