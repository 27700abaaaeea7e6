import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text as readText } from 'node:stream/consumers';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { readSettings } from '../../src/config/settings';
import { createApp } from '../../src/create-app';
import { RESOLVER } from '../../src/fetch/fetch.module';
import { Store } from '../../src/store/store';
import { TransportFailure } from '../../src/transport/failure';
import type { Family, ResolvedAddress, Resolver } from '../../src/transport/resolver';
import { PreparedStore } from './templates';

// Such tests wait for events; a busy machine may take its time.
jest.setTimeout(30_000);

/** Opens loopback and nothing else. */
export const LOOPBACK_ONLY = { WIREFETCH_ALLOW_CIDRS: '127.0.0.0/8:*,[::1/128]:*' };

/** An HTTP response to a caller of the service. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** octets or text as they stand; anything else is sent as JSON */
  readonly body?: unknown;
}

/** Calls a service over a connection of its own. */
export async function call(url: string, { method = 'GET', headers = {}, body }: Call = {}): Promise<Answer> {
  const outgoing = request(url, { method, headers: { ...jsonType(body), ...headers }, agent: false });
  outgoing.end(octetsOf(body));
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  // Who is refused may be cut off before it has said everything.
  outgoing.on('error', () => undefined);
  return { status: incoming.statusCode!, headers: incoming.headers, text: await readText(incoming) };
}

/** @returns the JSON of an answer */
export function jsonOf<T>({ text }: Answer): T {
  return JSON.parse(text) as T;
}

function jsonType(body: unknown): Record<string, string> {
  return body === undefined ? {} : { 'content-type': 'application/json' };
}

function octetsOf(body: unknown): string | Buffer | undefined {
  return body === undefined || typeof body === 'string' || Buffer.isBuffer(body)
    ? body
    : JSON.stringify(body);
}

/** name → what the resolver says of it: addresses, an exception, or nothing at all */
export type Names = Readonly<Record<string, readonly string[] | Error | 'silence'>>;

/** Knows the names of one test; asks no name server. */
class TableResolver implements Resolver {
  constructor(private readonly names: Names) {}

  async resolve(host: string, _: Family, signal: AbortSignal): Promise<readonly ResolvedAddress[]> {
    const answer = this.names[host] ?? new TransportFailure('dns-not-found', 'dns', `${host} is unknown`);
    if (answer instanceof Error) throw answer;
    if (answer !== 'silence')
      return answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    await once(signal, 'abort');
    throw new Error('the look-up was given up');
  }
}

function isResolver(names: Names | Resolver): names is Resolver {
  return typeof names['resolve'] === 'function';
}

/** The service in this process, listening on loopback, with a data directory of its own that ends with it. */
export class TestService {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly url: string,
    private readonly dataDir: string,
  ) {}

  /** @param env what differs from a silent service that may dial loopback
   *  @param names a table of them, or what else resolves them */
  static async start(env: NodeJS.ProcessEnv = {}, names: Names | Resolver = {}): Promise<TestService> {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'wirefetch-'));
    const ours = { WIREFETCH_LOG_LEVEL: 'silent', WIREFETCH_DATA_DIR: dataDir, ...LOOPBACK_ONLY };
    const { settings } = readSettings({ ...ours, ...env });
    const app = await createApp(settings, async (module, adapter, options) => {
      const testing = Test.createTestingModule({ imports: [module] });
      const resolver = isResolver(names) ? names : new TableResolver(names);
      const compiled = await testing
        .overrideProvider(RESOLVER)
        .useValue(resolver)
        .overrideProvider(Store)
        .useValue(new PreparedStore(settings))
        .compile();
      return compiled.createNestApplication<NestFastifyApplication>(adapter, options);
    });
    await app.listen(0, settings.host);
    return new TestService(app, await app.getUrl(), dataDir);
  }

  get port(): number {
    return (this.app.getHttpServer().address() as AddressInfo).port;
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return call(this.url + path, { headers });
  }

  /** POST /fetch */
  fetch(body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return call(`${this.url}/fetch`, { method: 'POST', headers, body });
  }

  async close(): Promise<void> {
    await this.app.close();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** @returns the service of the tests of a file */
export function useService(env: NodeJS.ProcessEnv = {}, names: Names | Resolver = {}): () => TestService {
  let service: TestService;
  beforeAll(async () => {
    service = await TestService.start(env, names);
  });
  afterAll(() => service.close());
  return () => service;
}
