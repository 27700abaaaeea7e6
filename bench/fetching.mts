import { get } from 'node:http';
import { createRequire } from 'node:module';
import type { FetchSpec } from '../src/exchange/fetch-spec.js';
import type { Page, Way } from './contract.mts';

/** Ways to fetch a page over a connection of its own, each with the whole content in one buffer. */

export interface Fetched {
  readonly status: number;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly content: Buffer;
}

export type Fetch = (url: string) => Promise<Fetched>;

const FIELDS = { 'User-Agent': 'bench', Accept: '*/*', Connection: 'close' };

/** @returns how to fetch in that way; the engine is loaded only when it is asked for */
export function fetchBy(way: Way): Fetch {
  switch (way) {
    case 'engine':
      return engine();
    case 'http':
      return byNodeHttp;
    case 'fetch':
      return byRuntimeFetch;
  }
}

/** @throws Error when what was fetched is not the page */
export function verify({ status, content }: Fetched, { path, bytes }: Page): void {
  if (status !== 200 || content.length !== bytes)
    throw new Error(`${path}: status ${status}, ${content.length} octets instead of ${bytes}`);
}

/** Nobody waits. */
const OPEN = { enter: () => Promise.resolve(), holds: () => true };

/** wirefetch without its service: a request that says nothing but a URL. */
function engine(): Fetch {
  const require = createRequire(import.meta.url);
  const { readSettings } =
    require('../dist/config/settings.js') as typeof import('../src/config/settings.js');
  const { DEFAULTS } = require('../dist/fetch/defaults.js') as typeof import('../src/fetch/defaults.js');
  const { FetchCookies } =
    require('../dist/exchange/cookies.js') as typeof import('../src/exchange/cookies.js');
  const { OctetBudget } =
    require('../dist/exchange/octet-budget.js') as typeof import('../src/exchange/octet-budget.js');
  const { createProtocols } =
    require('../dist/protocols/protocols.js') as typeof import('../src/protocols/protocols.js');
  const { AddressPolicy } =
    require('../dist/transport/address-policy.js') as typeof import('../src/transport/address-policy.js');
  const { Connector } =
    require('../dist/transport/connector.js') as typeof import('../src/transport/connector.js');
  const { SystemResolver } =
    require('../dist/transport/resolver.js') as typeof import('../src/transport/resolver.js');

  const { egress } = readSettings({ WIREFETCH_ALLOW_CIDRS: '127.0.0.0/8:*' }).settings;
  const resolver = new SystemResolver({ hostsFile: '/etc/hosts', servers: null });
  const protocols = createProtocols(new Connector(new AddressPolicy(egress), resolver), 'bench');
  const budget = new OctetBudget(Infinity);
  const nothingSaid = { headers: [], body: null, requestTarget: null, raw: null, trace: null, strict: false };
  return async (text) => {
    const url = new URL(text);
    const spec: FetchSpec = { ...DEFAULTS, ...nothingSaid, url };
    const { last } = await protocols[url.protocol]!.run(spec, {
      cookies: new FetchCookies(),
      gate: OPEN,
      // Whoever fetches alone has what came as long as it likes.
      memory: budget.open(),
      signal: new AbortController().signal,
      listener: null,
    });
    if (last.head === null || last.failure !== null) throw new Error(last.failure?.message ?? 'no response');
    return { status: last.head.status, headers: last.head.headers, content: last.content.octets };
  };
}

function byNodeHttp(url: string): Promise<Fetched> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, headers: FIELDS }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode = 0, rawHeaders } = response;
        resolve({ status: statusCode, headers: inPairs(rawHeaders), content: Buffer.concat(pieces) });
      });
    });
    request.on('error', reject);
  });
}

function inPairs(raw: readonly string[]): { name: string; value: string }[] {
  const pairs: { name: string; value: string }[] = [];
  for (let at = 0; at < raw.length; at += 2) pairs.push({ name: raw[at]!, value: raw[at + 1]! });
  return pairs;
}

/** The standard forbids Connection to scripts in a browser; the runtime obeys it and closes. */
async function byRuntimeFetch(url: string): Promise<Fetched> {
  const response = await fetch(url, { headers: FIELDS });
  const content = Buffer.from(await response.arrayBuffer());
  const headers = Array.from(response.headers, ([name, value]) => ({ name, value }));
  return { status: response.status, headers, content };
}
