import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DEFAULTS } from '../../src/fetch/defaults';
import type { ProblemDto } from '../../src/problems/problem.dto';
import type { ProblemCode } from '../../src/problems/problem-table';
import { AddressPolicy, parseCidrRule } from '../../src/transport/address-policy';
import { SystemResolver } from '../../src/transport/resolver';
import { problemOf, resultOf } from '../api/contract';
import { type Names, TestService, call } from '../support/app';
import { selfSigned } from '../support/certificates';
import { ChangingResolver } from '../support/changing-resolver';
import { useLoopbackDialling, useRefusedDialling } from '../support/dialling';
import { DnsServer } from '../support/dns-server';
import { answering, response, routes, useOrigins } from '../support/origin';
import { useProcesses } from '../support/service-process';
import { describeVectors } from '../support/vectors';

/** Scenarios by their ids: what is to hold, and the test of it.
 *  @returns what is to have been dialled, if anything, as "address:port" */
type Scenarios = Readonly<
  Record<string, readonly [holds: string, test: () => Promise<readonly string[] | void> | void]>
>;

const startOrigin = useOrigins();
const startProcess = useProcesses();
const services: TestService[] = [];

afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.close()));
});

/** A service whose operator has set nothing but what is given. */
async function start(
  env: NodeJS.ProcessEnv = {},
  names: Parameters<typeof TestService.start>[1] = {},
): Promise<TestService> {
  const service = await TestService.start({ WIREFETCH_ALLOW_CIDRS: '', ...env }, names);
  services.push(service);
  return service;
}

async function problemFrom(service: TestService, code: ProblemCode, request: object): Promise<ProblemDto> {
  return problemOf(await service.fetch(request), code);
}

/** "The public host": origins at 127.0.0.2 stand for it, and nothing else of loopback is open. */
const PUBLIC = '127.0.0.2';
const PUBLIC_ONLY = { WIREFETCH_ALLOW_CIDRS: `${PUBLIC}/32:*` };

function redirect(status: number, location: string): string {
  return response(`${status} Elsewhere\r\nLocation: ${location}`);
}

/** Fetches from a public host that redirects, which is refused.
 *  @returns the problem, whose only hop is that host's */
async function refusedRedirect(
  code: ProblemCode,
  location: string,
  names: Names = {},
  identity: { readonly cert: string; readonly key: string } | null = null,
): Promise<ProblemDto> {
  const origin = await startOrigin(answering(redirect(302, location)), PUBLIC, identity ?? undefined);
  const service = await start(PUBLIC_ONLY, names);
  const request = { url: origin.url(), tls: { verify: false } };
  const problem = await problemFrom(service, code, request);
  expect(problem.hops).toMatchObject([
    { url: origin.url(), status: 302, headers: [{ value: location }, {}] },
  ]);
  expect(problem.connection!.attempts.filter(({ address }) => address !== PUBLIC)).toEqual([]);
  expect(origin.peers).toHaveLength(1);
  return problem;
}

/** Where nobody may be dialled, or who is would be no part of this machine. */
const WITHOUT_DIALLING: Scenarios = {
  'dns-rebind-1': [
    'a name that rebinds is resolved once, and what was checked is dialled',
    async () => {
      const resolver = new ChangingResolver({ 'rebind.test': [['93.184.216.34'], ['127.0.0.1']] });
      const service = await start({}, resolver);
      await problemFrom(service, 'connection-refused', { url: 'http://rebind.test/' });
      expect(resolver.asked).toEqual(['rebind.test']);
      await problemFrom(service, 'address-denied', { url: 'http://rebind.test/' });
      expect(resolver.asked).toEqual(['rebind.test', 'rebind.test']);
      return ['93.184.216.34:80'];
    },
  ],
  'dns-rebind-2': [
    'of a public and a private address the public one is dialled, in either order',
    async () => {
      const service = await start(
        {},
        { 'first.test': ['8.8.8.8', '127.0.0.1'], 'last.test': ['127.0.0.1', '8.8.8.8'] },
      );
      for (const name of ['first.test', 'last.test']) {
        const problem = await problemFrom(service, 'connection-refused', { url: `http://${name}/` });
        expect(problem.connection!.attempts).toMatchObject([{ address: '8.8.8.8' }]);
      }
      return ['8.8.8.8:80', '8.8.8.8:80'];
    },
  ],
  'dns-rebind-3': [
    'an AAAA that is denied is filtered before the race',
    async () => {
      const service = await start({}, { 'both.test': ['::1', '8.8.8.8'] });
      const problem = await problemFrom(service, 'connection-refused', { url: 'http://both.test/' });
      expect(problem.connection!.attempts).toMatchObject([{ address: '8.8.8.8' }]);
      return ['8.8.8.8:80'];
    },
  ],
  'dns-rebind-4': [
    'a chain of aliases is judged by the address at its end',
    async () => {
      const dns = await DnsServer.listen();
      const folder = mkdtempSync(path.join(tmpdir(), 'scenarios-'));
      try {
        dns.zone = {
          'local.test': { CNAME: ['other.test', 'localhost'], A: ['127.0.0.1'], AAAA: ['::1'] },
          'private.test': { CNAME: ['inside.test'], A: ['10.0.0.1'] },
          'endless.test': { CNAME: ['localhost'] },
        };
        const hostsFile = path.join(folder, 'hosts');
        const service = await start({}, new SystemResolver({ hostsFile, servers: [dns.address] }));
        await problemFrom(service, 'address-denied', { url: 'http://local.test/' });
        await problemFrom(service, 'address-denied', { url: 'http://private.test/' });
        await problemFrom(service, 'dns-not-found', { url: 'http://endless.test/' });
      } finally {
        rmSync(folder, { recursive: true });
        await dns.close();
      }
    },
  ],
  self: [
    'the service’s own address is denied in every spelling, whatever the operator opens',
    async () => {
      const everything = { WIREFETCH_ALLOW_CIDRS: '0.0.0.0/0:*,[::/0]:*' };
      const service = await start(everything, { 'me.test': ['127.0.0.1'], localhost: ['127.0.0.1'] });
      const hosts = [
        '127.0.0.1',
        '0x7f.1',
        '0.0.0.0',
        '[::]',
        '[::ffff:127.0.0.1]',
        '[::127.0.0.1]',
        '[::ffff:0:127.0.0.1]',
        '[64:ff9b::127.0.0.1]',
        '[64:ff9b:1::127.0.0.1]',
        '[64:ff9b:1:7f00:0:100::]',
        '[2002:7f00:1::1]',
        '[2001:0:7f00:1::]',
        '[2001::80ff:fffe]',
        'me.test',
        'localhost',
      ];
      for (const host of hosts) {
        const url = `http://${host}:${service.port}/health/live`;
        const { detail } = await problemFrom(service, 'address-denied', { url });
        expect([host, detail]).toEqual([host, 'the address this service listens on']);
      }
    },
  ],
  'ipv6-zone': [
    'a zone is no part of a URL, nor of network.address',
    async () => {
      const service = await start({ WIREFETCH_ALLOW_CIDRS: '[::/0]:*' });
      const zoned = [
        [{ url: 'http://[fe80::1%25eth0]/' }, 'url'],
        [{ url: 'http://[fe80::1%eth0]/' }, 'url'],
        [{ url: 'http://a.test/', network: { address: 'fe80::1%eth0' } }, 'network.address'],
      ] as const;
      for (const [request, place] of zoned) {
        const { errors } = await problemFrom(service, 'invalid-request', request);
        expect(errors!.map((error) => error.path)).toEqual([place]);
      }
    },
  ],
  'hostname-in-error': [
    'a denial tells neither the address behind a name nor whether anybody is there',
    async () => {
      const origin = await startOrigin(answering('SSH-2.0-banner\r\n'));
      const names = { 'open.test': ['127.0.0.1'], 'shut.test': ['127.3.3.3'] };
      const service = await start({ WIREFETCH_ALLOW_PORTS: String(origin.port) }, names);
      const told = [];
      for (const name of Object.keys(names)) {
        const answer = await service.fetch({ url: `http://${name}:${origin.port}/` });
        const { detail, phase, connection, timings, received } = problemOf(answer, 'address-denied');
        expect(answer.text).not.toMatch(/127\.0\.0\.1|127\.3\.3\.3|banner/);
        expect(timings).toMatchObject({ connect: null, send: null, wait: null, receive: null });
        told.push({ detail, phase, connection, received });
      }
      expect(told[0]).toEqual(told[1]);
      expect(origin.peers).toEqual([]);
    },
  ],
  allowlist: [
    'ALLOW_CIDRS opens a block on its port alone',
    () => {
      const policy = new AddressPolicy({
        allowCidrs: [parseCidrRule('10.1.0.0/16:8080')!],
        denyCidrs: [],
        allowHosts: null,
        denyHosts: [],
        allowPorts: [80, 443],
      });
      const verdicts = [
        ['10.1.2.3', 8080],
        ['10.1.2.3', 22],
        ['10.1.2.3', 80],
        ['10.2.0.1', 8080],
      ] as const;
      expect(
        verdicts.map(([address, port]) => policy.judgeAddress(address, port)?.code ?? 'allowed'),
      ).toEqual(['allowed', 'address-denied', 'address-denied', 'address-denied']);
    },
  ],
  'dns-timeout': [
    'a resolver that never answers is given up after dnsMs, 5 s unless the caller says otherwise',
    async () => {
      const service = await start({}, { 'silent.test': 'silence' });
      const from = performance.now();
      const request = { url: 'http://silent.test/', timeouts: { dnsMs: 100 } };
      const problem = await problemFrom(service, 'dns-timeout', request);
      expect(performance.now() - from).toBeLessThan(5_000);
      expect(problem.timings!.dns).toBeGreaterThanOrEqual(99);
      expect(DEFAULTS.timeouts.dnsMs).toBe(5_000);
    },
  ],
};

/** Where a public host is fetched from first. */
const WITH_PUBLIC_HOST: Scenarios = {
  'redirect-1': [
    'that redirects to loopback: denied at the second hop, and nothing is sent there',
    async () => {
      const inner = await startOrigin(() => undefined);
      // Its port is none of ALLOW_PORTS, which would hide what is asked here.
      const origin = await startOrigin(answering(redirect(302, inner.url())), PUBLIC);
      const service = await start({ ...PUBLIC_ONLY, WIREFETCH_ALLOW_PORTS: String(inner.port) });
      const problem = await problemFrom(service, 'address-denied', { url: origin.url() });
      expect(problem).toMatchObject({
        phase: 'policy',
        detail: expect.stringMatching(/^Loopback \(127\.0\.0\.0\/8\)/) as unknown,
        request: {
          headers: expect.arrayContaining([{ name: 'Host', value: `127.0.0.1:${inner.port}` }]) as unknown,
        },
        hops: [{ url: origin.url(), status: 302 }],
        connection: { remoteAddress: null, attempts: [] },
      });
      expect([origin.peers.length, inner.peers.length]).toEqual([1, 0]);
    },
  ],
  'redirect-2': [
    'that redirects to the metadata of a cloud: denied',
    async () => {
      const { detail } = await refusedRedirect('address-denied', 'http://169.254.169.254/latest/meta-data/');
      expect(detail).toContain('169.254.0.0/16');
      await refusedRedirect('address-denied', 'http://meta.test/', { 'meta.test': ['169.254.169.254'] });
    },
  ],
  'redirect-3': [
    'whose Location is no absolute URL: read as browsers do, then judged',
    async () => {
      for (const location of ['//127.0.0.1/', '\\\\127.0.0.1\\', '/\\127.0.0.1', '\\/127.0.0.1/'])
        expect((await refusedRedirect('address-denied', location)).detail).toContain('127.0.0.0/8');
      // From https this names a host, from http a path.
      const identity = await selfSigned({ names: [PUBLIC] });
      await refusedRedirect('address-denied', 'http:127.0.0.1', {}, identity);
      const origin = await startOrigin(
        routes({ '/': redirect(302, 'http:127.0.0.1'), '/127.0.0.1': response('200 OK', 'a path') }),
        PUBLIC,
      );
      const service = await start(PUBLIC_ONLY);
      const result = resultOf(await service.fetch({ url: origin.url() }));
      expect([result.finalUrl, result.body.text]).toEqual([origin.url('/127.0.0.1'), 'a path']);
    },
  ],
  'redirect-4': [
    'that redirects to another scheme: not followed',
    async () => {
      for (const location of ['file:///etc/passwd', 'gopher://127.0.0.1:25/xHELO', 'data:text/plain,x']) {
        const { detail, phase } = await refusedRedirect('invalid-redirect', location);
        expect([phase, detail]).toEqual(['head', `Location leads to the scheme ${location.split(':')[0]}`]);
      }
    },
  ],
  'redirect-5': [
    'that redirects a POST elsewhere by 307 or 308: its content goes along, no credential does',
    async () => {
      const secrets = {
        Authorization: 'Basic c2VjcmV0',
        Cookie: 'sid=secret',
        'Proxy-Authorization': 'Basic c2VjcmV0',
      };
      for (const status of [307, 308]) {
        const other = await startOrigin(answering(response('200 OK')), PUBLIC);
        const origin = await startOrigin(answering(redirect(status, other.url())), PUBLIC);
        const service = await start(PUBLIC_ONLY);
        const request = { url: origin.url(), method: 'POST', headers: secrets, body: { text: 'content' } };
        resultOf(await service.fetch(request));
        expect(origin.requests[0]).toMatch(/\r\nAuthorization: [^]*\r\nCookie: [^]*\r\nProxy-Auth/);
        expect(other.requests[0]).not.toMatch(/authorization|cookie|secret|c2VjcmV0/i);
        // RFC 9110 §15.4.8: the method must not change, and with it goes what it acts on
        expect(other.requests[0]).toMatch(/^POST \/ [^]*\r\nContent-Length: 7\r\n\r\ncontent$/);
      }
    },
  ],
  'pool-1': [
    'whose name turns private: the next fetch is judged anew, on no connection of before',
    async () => {
      const origin = await startOrigin(answering(response('200 OK\r\nConnection: keep-alive')), PUBLIC);
      const resolver = new ChangingResolver({ 'host.test': [[PUBLIC], ['10.0.0.1']] });
      const service = await start({ ...PUBLIC_ONLY, WIREFETCH_ALLOW_PORTS: String(origin.port) }, resolver);
      // so that the request asks to keep the connection
      const request = {
        url: origin.url('/', 'host.test'),
        read: { until: 'idle' },
        timeouts: { idleMs: 50 },
      };
      resultOf(await service.fetch(request));
      await origin.peers[0]!.closed;
      await problemFrom(service, 'address-denied', request);
      expect(origin.requests).toHaveLength(1);
    },
  ],
  'proxy-env': [
    'and proxies in the environment: ignored',
    async () => {
      const proxy = await startOrigin(() => undefined);
      const origin = await startOrigin(answering(response('200 OK', 'direct')));
      const secure = await startOrigin(
        answering(response('200 OK', 'direct')),
        '127.0.0.1',
        await selfSigned({ names: ['127.0.0.1'] }),
      );
      const proxies = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];
      const service = await startProcess({
        WIREFETCH_DENY_CIDRS: '127.3.3.3',
        ...Object.fromEntries(proxies.map((name) => [name, proxy.url()])),
        NODE_USE_ENV_PROXY: '1',
        NO_PROXY: '',
        no_proxy: '',
      });
      const ask = (request: object) =>
        call(`${service.url}/fetch`, { method: 'POST', body: { tls: { verify: false }, ...request } });
      for (const { url } of [origin, secure].map((one) => ({ url: one.url() }))) {
        const result = resultOf(await ask({ url }));
        expect(result.body.text).toBe('direct');
      }
      problemOf(await ask({ url: `http://127.3.3.3:${origin.port}/` }), 'address-denied');
      expect(proxy.peers).toEqual([]);
    },
  ],
};

describe('scenarios', () => {
  describe('with nobody to be dialled,', () => {
    const dialled = useRefusedDialling();

    it.each(rowsOf(WITHOUT_DIALLING))('%s: %s', async (_id, _holds, test) => {
      const expected = await test();
      expect(dialled).toEqual(expected ?? []);
    });
  });

  describe('with a public host', () => {
    const dialled = useLoopbackDialling();

    it.each(rowsOf(WITH_PUBLIC_HOST))('%s, %s', async (_id, _holds, test) => {
      await test();
      expect(dialled.filter((address) => !address.startsWith(`${PUBLIC}:`))).toEqual([]);
    });
  });
});

function rowsOf(scenarios: Scenarios) {
  return Object.entries(scenarios).map(([id, [holds, test]]) => [id, holds, test] as const);
}

describeVectors<{ scenarios: readonly { readonly id: string }[] }>(
  'the file of scenarios',
  'ssrf/scenarios.json',
  ({ scenarios }) => {
    it('has none without a test', () => {
      expect(
        scenarios.map(({ id }) => id).filter((id) => !(id in WITHOUT_DIALLING || id in WITH_PUBLIC_HOST)),
      ).toEqual([]);
    });
  },
);
