import { constants } from 'node:buffer';
import { isIP } from 'node:net';
import { type CidrRule, type EgressRules, parseCidrRule } from '../transport/address-policy';
import { isLoopback } from './loopback';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** Everything an operator can set; README's configuration table says what each means. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  /** empty: no key is needed */
  readonly apiKeys: readonly string[];
  readonly auth: 'on' | 'off';
  readonly egress: EgressRules;
  readonly rawRequests: boolean;
  readonly maxConcurrency: number;
  readonly maxPerHost: number;
  readonly maxQueue: number;
  /** fetches a second for each key; null: no limit */
  readonly rateLimit: number | null;
  readonly maxRequestBytes: number;
  readonly maxBodyBytes: number;
  readonly maxTotalMs: number;
  /** octets of contents kept at once, of all fetches together */
  readonly maxBufferedBytes: number;
  /** what this service does of jobs: take them, work on them, or both */
  readonly role: 'all' | 'api' | 'worker';
  /** processes; auto: one for each processor where they can share a database, else one */
  readonly workers: number | 'auto';
  readonly dataDir: string;
  /** null: the embedded database in `dataDir` */
  readonly databaseUrl: string | null;
  readonly sessionTtlMs: number;
  readonly shutdownMs: number;
  readonly logLevel: LogLevel;
}

export interface ReadSettings {
  readonly settings: Settings;
  /** for the operator: unknown names, and what lets everybody in */
  readonly warnings: readonly string[];
}

/** Thrown at start; the message names every wrong variable. */
export class InvalidSettings extends Error {
  override readonly name = 'InvalidSettings';
}

const PREFIX = 'WIREFETCH_';
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const HOST_PATTERN = /^(?:\*\.)?[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$|^[0-9a-f:.]+$/;

/** Variables of `npm run jobs`, which calls the service and may have its environment. */
const OF_THE_JOBS_COMMAND: ReadonlySet<string> = new Set(['URL', 'API_KEY']);

/** More than any machine has processors for. */
const MAX_WORKERS = 256;

/** Reads and checks the environment: the only place where it is read.
 *  @throws InvalidSettings naming every wrong value */
export function readSettings(env: NodeJS.ProcessEnv): ReadSettings {
  const reader = new EnvironmentReader(env);
  const settings: Settings = {
    host: reader.host(),
    port: reader.port(),
    apiKeys: reader.list('API_KEYS', 'a key of printable ASCII', (key) =>
      /^[\x21-\x7e]+$/.test(key) ? key : null,
    ),
    auth: reader.choice('AUTH', ['on', 'off'], 'on'),
    egress: {
      allowCidrs: reader.cidrs('ALLOW_CIDRS'),
      denyCidrs: reader.cidrs('DENY_CIDRS'),
      allowHosts: reader.isSet('ALLOW_HOSTS') ? reader.hosts('ALLOW_HOSTS') : null,
      denyHosts: reader.hosts('DENY_HOSTS'),
      allowPorts: reader.ports('ALLOW_PORTS', [80, 443, 8080, 8443]),
    },
    rawRequests: reader.choice('RAW_REQUESTS', ['on', 'off'], 'on') === 'on',
    maxConcurrency: reader.whole('MAX_CONCURRENCY', 512, 1),
    maxPerHost: reader.whole('MAX_PER_HOST', 64, 1),
    maxQueue: reader.whole('MAX_QUEUE', 1024, 0),
    rateLimit: reader.isSet('RATE_LIMIT') ? reader.whole('RATE_LIMIT', 1, 1) : null,
    maxRequestBytes: reader.whole('MAX_REQUEST_BYTES', 8_388_608, 1_024, constants.MAX_STRING_LENGTH),
    maxBodyBytes: reader.whole('MAX_BODY_BYTES', 52_428_800, 0),
    maxTotalMs: reader.whole('MAX_TOTAL_MS', 120_000, 1, MAX_TIMER_MS),
    maxBufferedBytes: reader.whole('MAX_BUFFERED_BYTES', 16_777_216, 1_048_576),
    role: reader.choice('ROLE', ['all', 'api', 'worker'], 'all'),
    workers: reader.text('WORKERS') === 'auto' ? 'auto' : reader.whole('WORKERS', 1, 1, MAX_WORKERS),
    dataDir: reader.text('DATA_DIR') ?? './data',
    databaseUrl: reader.databaseUrl(),
    sessionTtlMs: reader.whole('SESSION_TTL_MS', 86_400_000, 1),
    shutdownMs: reader.whole('SHUTDOWN_MS', 10_000, 0, MAX_TIMER_MS),
    logLevel: reader.choice('LOG_LEVEL', LOG_LEVELS, 'info'),
  };
  const blankKeys = /^[\s,]+$/.test(reader.text('API_KEYS') ?? '');
  reader.check(!blankKeys, `${PREFIX}API_KEYS: holds no key`);
  reader.check(
    blankKeys || settings.apiKeys.length > 0 || settings.auth === 'off' || isLoopback(settings.host),
    `${PREFIX}API_KEYS: needed to listen on ${settings.host}, or ${PREFIX}AUTH=off to let everybody in`,
  );
  reader.check(
    settings.role === 'all' || settings.databaseUrl !== null,
    `${PREFIX}ROLE: ${settings.role} works with others, and needs ${PREFIX}DATABASE_URL`,
  );
  reader.check(
    settings.workers === 'auto' || settings.workers === 1 || settings.databaseUrl !== null,
    `${PREFIX}WORKERS: ${settings.workers} processes cannot share the embedded database: set ${PREFIX}DATABASE_URL, or leave it at 1`,
  );
  const warnings = reader.finish();
  if (settings.auth === 'off' && !isLoopback(settings.host))
    warnings.push(`${PREFIX}AUTH=off: whoever reaches ${settings.host} may fetch`);
  return { settings: deepFreeze(settings), warnings };
}

/** setTimeout takes no longer time */
export const MAX_TIMER_MS = 2 ** 31 - 1;

class EnvironmentReader {
  private readonly known = new Set<string>();
  private readonly errors: string[] = [];

  constructor(private readonly env: NodeJS.ProcessEnv) {}

  /** Reports an error where a condition across settings does not hold. */
  check(holds: boolean, message: string): void {
    if (!holds) this.errors.push(message);
  }

  /** @returns warnings
   *  @throws InvalidSettings when something was wrong */
  finish(): string[] {
    if (this.errors.length > 0) throw new InvalidSettings(this.errors.join('\n'));
    const unknown = Object.keys(this.env).filter((name) => {
      const bare = name.slice(PREFIX.length);
      return name.startsWith(PREFIX) && !this.known.has(bare) && !OF_THE_JOBS_COMMAND.has(bare);
    });
    return unknown.map((name) => `${name}: there is no such setting`);
  }

  isSet(name: string): boolean {
    return this.text(name) !== null;
  }

  /** An empty value counts as absent, as compose files write it. */
  text(name: string): string | null {
    this.known.add(name);
    const value = this.env[PREFIX + name]?.trim();
    return value === undefined || value === '' ? null : value;
  }

  /** Container platforms set a plain HOST and PORT. Some shells export their machine's name as HOST,
   *  so that one counts only when it is an address. */
  host(): string {
    const host = this.text('HOST');
    const plain = this.env['HOST'] ?? '';
    if (host === null) return isIP(plain) === 0 ? '127.0.0.1' : plain;
    const fits = isIP(host) !== 0 || host === 'localhost';
    this.check(fits, `${PREFIX}HOST: "${host}" is not an IP address`);
    return fits ? host : '127.0.0.1';
  }

  databaseUrl(): string | null {
    const url = this.text('DATABASE_URL');
    // It holds a password: what is wrong with it is said, not what it is.
    const fits = url === null || /^postgres(ql)?:\/\//.test(url);
    this.check(
      fits,
      `${PREFIX}DATABASE_URL: is not a URL of the form postgres://user:password@host:5432/database`,
    );
    return url;
  }

  port(): number {
    if (this.isSet('PORT') || !this.env['PORT']) return this.whole('PORT', 8080, 0, 65535);
    return this.parseWhole('PORT', this.env['PORT'], 8080, 0, 65535);
  }

  whole(name: string, fallback: number, min: number, max = Number.MAX_SAFE_INTEGER): number {
    const value = this.text(name);
    return value === null ? fallback : this.parseWhole(PREFIX + name, value, fallback, min, max);
  }

  choice<T extends string>(name: string, values: readonly T[], fallback: T): T {
    const value = this.text(name);
    if (value === null) return fallback;
    const chosen = values.find((candidate) => candidate === value);
    this.check(chosen !== undefined, `${PREFIX}${name}: "${value}" is none of ${values.join(', ')}`);
    return chosen ?? fallback;
  }

  /** Comma-separated members; blanks around them do not count. */
  list<T>(name: string, wanted: string, parse: (member: string) => T | null): T[] {
    const members = (this.text(name) ?? '').split(',').map((member) => member.trim());
    return members
      .filter((member) => member !== '')
      .flatMap((member) => {
        const parsed = parse(member);
        // Keys are secrets: what is wrong with one is said, not what it is.
        const shown = name === 'API_KEYS' ? 'a member' : `"${member}"`;
        this.check(parsed !== null, `${PREFIX}${name}: ${shown} is not ${wanted}`);
        return parsed === null ? [] : [parsed];
      });
  }

  cidrs(name: string): CidrRule[] {
    return this.list(
      name,
      'a CIDR block like 10.0.0.0/8, 10.0.0.0/8:443 or [fd00::/8]:* (no bits set beyond its prefix)',
      parseCidrRule,
    );
  }

  hosts(name: string): string[] {
    return this.list(name, 'a host name or *.example.com', (member) => {
      const host = member.toLowerCase().replace(/\.$/, '');
      return HOST_PATTERN.test(host) ? host : null;
    });
  }

  ports(name: string, fallback: readonly number[]): readonly number[] {
    if (!this.isSet(name)) return fallback;
    return this.list(name, 'a port from 1 to 65535', (member) => {
      const port = /^\d+$/.test(member) ? Number(member) : 0;
      return port >= 1 && port <= 65535 ? port : null;
    });
  }

  private parseWhole(name: string, value: string, fallback: number, min: number, max: number): number {
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    const fits = number >= min && number <= max;
    this.check(fits, `${name}: "${value}" is not a whole number from ${min} to ${max}`);
    return fits ? number : fallback;
  }
}

function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value))
    if (typeof member === 'object' && member !== null) deepFreeze(member);
  return Object.freeze(value);
}
