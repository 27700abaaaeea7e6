import { mkdtempSync, rmSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import { SystemResolver } from '../../src/transport/resolver';
import { problemOf, resultOf } from '../api/contract';
import { type Names, TestService } from '../support/app';
import { DnsServer } from '../support/dns-server';
import { response } from '../support/origin';
import { LoopbackServer } from '../support/sockets';

/** Run by ssrf-network.spec.ts where loopback is the whole network and carries these two public addresses. */
const PUBLIC = '93.184.216.34';
const OTHER_PUBLIC = '8.8.8.8';

const services: TestService[] = [];
/** one at each public address, on port 80 */
let origins: LoopbackServer[];
/** on loopback: nobody may ever reach them */
let inner: LoopbackServer[];
let locations: Record<string, string>;

beforeAll(() => {
  // Before anything is dialled: nothing can leave this machine.
  expect(Object.keys(networkInterfaces())).toEqual(['lo']);
});

beforeEach(async () => {
  locations = {};
  origins = await Promise.all([PUBLIC, OTHER_PUBLIC].map((host) => listen(host, 80)));
  inner = await Promise.all([
    listen('127.0.0.1', 80),
    listen('::1', 80),
    listen('127.0.0.1', 8080),
    listen('::1', 8080),
  ]);
});

afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.close()));
  const reached = inner.map(({ accepted }) => accepted.length);
  await Promise.all([...origins, ...inner].map((server) => server.close()));
  expect(reached).toEqual([0, 0, 0, 0]);
});

/** Answers with its own address, or redirects to where `locations` has it. */
function listen(host: string, port: number): Promise<LoopbackServer> {
  return LoopbackServer.listen(
    host,
    (peer) => {
      peer.once('data', () => {
        const location = locations[host];
        peer.end(
          location === undefined ? response('200 OK', host) : response(`302 Found\r\nLocation: ${location}`),
        );
      });
      peer.resume();
    },
    port,
  );
}

/** A service whose operator has set nothing. */
async function start(names: Parameters<typeof TestService.start>[1]): Promise<TestService> {
  const service = await TestService.start({ WIREFETCH_ALLOW_CIDRS: '' }, names);
  services.push(service);
  return service;
}

it('a name that rebinds, its answer valid for no time, is resolved once and dialled where it was checked', async () => {
  const dns = await DnsServer.listen();
  const folder = mkdtempSync(path.join(tmpdir(), 'ssrf-network-'));
  const answers = [[PUBLIC], ['127.0.0.1'], [PUBLIC]];
  dns.zone = {
    'rebind.test': {
      get A() {
        return answers.shift()!;
      },
      ttlSeconds: 0,
    },
  };
  try {
    const hostsFile = path.join(folder, 'hosts');
    const service = await start(new SystemResolver({ hostsFile, servers: [dns.address] }));
    const request = { url: 'http://rebind.test/' };
    const first = resultOf(await service.fetch(request));
    expect([first.body.text, first.connection.remoteAddress]).toEqual([PUBLIC, PUBLIC]);
    expect(dns.asked.filter((question) => question.startsWith('A '))).toHaveLength(1);
    problemOf(await service.fetch(request), 'address-denied');
    expect(resultOf(await service.fetch(request)).body.text).toBe(PUBLIC);
  } finally {
    rmSync(folder, { recursive: true });
    await dns.close();
  }
});

const MIXED: Names = {
  'first.test': [OTHER_PUBLIC, '127.0.0.1'],
  'last.test': ['127.0.0.1', OTHER_PUBLIC],
  'both.test': ['::1', OTHER_PUBLIC],
  'mapped.test': ['::ffff:127.0.0.1', OTHER_PUBLIC],
};

it.each(Object.keys(MIXED))(
  'of a public and a private address the public one is dialled: %s',
  async (name) => {
    const service = await start(MIXED);
    const { body, connection } = resultOf(await service.fetch({ url: `http://${name}/` }));
    expect(body.text).toBe(OTHER_PUBLIC);
    expect(connection.attempts).toMatchObject([{ address: OTHER_PUBLIC, error: null }]);
  },
);

it.each(Object.keys(MIXED))('and the private one neither where the public one refuses: %s', async (name) => {
  const service = await start(MIXED);
  const answer = await service.fetch({ url: `http://${name}:8080/` });
  const { connection } = problemOf(answer, 'connection-refused');
  expect(connection!.attempts).toMatchObject([{ address: OTHER_PUBLIC, error: 'ECONNREFUSED' }]);
});

it.each([
  'http://127.0.0.1/',
  'http://[::1]:8080/',
  'http://[::ffff:127.0.0.1]/',
  'http://inside.test/',
  '//0x7f.1/',
])('a public host redirects to %s, which is denied', async (location) => {
  locations[PUBLIC] = location;
  const service = await start({ 'public.test': [PUBLIC], 'inside.test': ['127.0.0.1'] });
  const problem = problemOf(await service.fetch({ url: 'http://public.test/' }), 'address-denied');
  expect(problem.hops).toMatchObject([{ status: 302, connection: { remoteAddress: PUBLIC } }]);
});

it('a public host may redirect to another', async () => {
  locations[PUBLIC] = 'http://other.test/';
  const service = await start({ 'public.test': [PUBLIC], 'other.test': [OTHER_PUBLIC] });
  const result = resultOf(await service.fetch({ url: 'http://public.test/' }));
  expect([result.finalUrl, result.body.text]).toEqual(['http://other.test/', OTHER_PUBLIC]);
});

it('network.address is dialled when it is public, and denied when it is not', async () => {
  const service = await start({ 'name.test': ['127.0.0.1'] });
  const pinned = (address: string) => service.fetch({ url: 'http://name.test/', network: { address } });
  expect(resultOf(await pinned(PUBLIC)).body.text).toBe(PUBLIC);
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '0.0.0.0', '::'])
    problemOf(await pinned(address), 'address-denied');
});
