import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AddressPolicy, type EgressRules, parseCidrRule } from '../../src/transport/address-policy';
import type { Connection } from '../../src/transport/connection';
import { type ConnectTrace, Connector, type Target, newTrace } from '../../src/transport/connector';
import { Deadlines } from '../../src/transport/deadlines';
import { type ResolvedAddress, type Resolver, SystemResolver } from '../../src/transport/resolver';
import { DnsServer } from '../support/dns-server';
import { DeafServer, LoopbackServer, expectNothingLeft, nextTurn } from '../support/sockets';

const LONG_MS = 60_000;
const LOOPBACK = ['127.0.0.0/8:*', '[::1]:*'];

interface Settings {
  readonly rules?: Partial<EgressRules>;
  readonly resolver?: Resolver;
  readonly dnsMs?: number;
  readonly connectMs?: number;
  readonly totalMs?: number;
  readonly signal?: AbortSignal;
}

describe('the connector', () => {
  let server: LoopbackServer;
  let dns: DnsServer;
  let folder: string;
  let resolver: SystemResolver;
  let trace: ConnectTrace;

  beforeEach(async () => {
    server = await LoopbackServer.listen();
    dns = await DnsServer.listen();
    folder = mkdtempSync(path.join(tmpdir(), 'connector-'));
    resolver = new SystemResolver({ hostsFile: path.join(folder, 'hosts'), servers: [dns.address] });
    trace = newTrace();
  });

  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await Promise.all([server.close(), dns.close()]);
  });

  function rulesOf(rules: Partial<EgressRules> = {}): EgressRules {
    return {
      allowCidrs: LOOPBACK.map((text) => parseCidrRule(text)!),
      denyCidrs: [],
      allowHosts: null,
      denyHosts: [],
      allowPorts: [80],
      ...rules,
    };
  }

  async function open(target: Partial<Target>, settings: Settings = {}): Promise<Connection> {
    const { dnsMs = LONG_MS, connectMs = LONG_MS, totalMs = LONG_MS } = settings;
    const deadlines = new Deadlines(
      performance.now() + totalMs,
      settings.signal ?? new AbortController().signal,
    );
    const connector = new Connector(
      new AddressPolicy(rulesOf(settings.rules)),
      settings.resolver ?? resolver,
    );
    try {
      return await connector.open(
        {
          host: '127.0.0.1',
          port: server.port,
          family: 'any',
          address: null,
          nextReadBytes: () => 4096,
          tls: null,
          ...target,
        },
        { dnsMs, connectMs, tlsMs: LONG_MS },
        deadlines,
        trace,
      );
    } finally {
      deadlines.close();
    }
  }

  /** Opens a connection and closes it.
   *  @returns the address it led to */
  async function reach(target: Partial<Target>, settings: Settings = {}): Promise<string> {
    const connection = await open(target, settings);
    const peer = await server.next();
    const { remoteAddress } = connection.endpoints;
    expect(peer.remotePort).toBe(connection.endpoints.localPort);
    connection.destroy();
    return remoteAddress;
  }

  /** Fails when anything was dialled: had it been, it would have come before this. */
  async function expectNothingDialled(): Promise<void> {
    const count = server.accepted.length;
    await reach({ host: '127.0.0.1' });
    expect([count, server.accepted.length]).toEqual([0, 1]);
  }

  describe('dials', () => {
    it('an address as it is given, without asking anyone', async () => {
      expect(await reach({ host: '127.0.0.1' })).toBe('127.0.0.1');
      expect(dns.asked).toEqual([]);
      expect(trace).toEqual({
        dns: null,
        connect: expect.any(Number) as unknown,
        tls: null,
        endpoints: expect.objectContaining({ remoteAddress: '127.0.0.1' }) as unknown,
        security: null,
        attempts: [
          { address: '127.0.0.1', port: server.port, ms: expect.any(Number) as unknown, error: null },
        ],
      });
    });

    it('an IPv6 address', async () => {
      const ipv6 = await LoopbackServer.listen('::1');
      const connection = await open({ host: '::1', port: ipv6.port });
      expect(connection.endpoints).toMatchObject({ remoteAddress: '::1', family: 6 });
      connection.destroy();
      await ipv6.close();
    });

    it('an IPv4 address in its IPv6 mapping', async () => {
      expect(await reach({ host: '::ffff:127.0.0.1' })).toBe('::ffff:127.0.0.1');
    });

    it('what a name resolves to, and asks once', async () => {
      dns.zone = { 'name.test': { A: ['127.0.0.1'], ttlSeconds: 0 } };
      expect(await reach({ host: 'name.test' })).toBe('127.0.0.1');
      expect([...dns.asked].sort()).toEqual(['A name.test', 'AAAA name.test']);
      expect(trace.dns).toBeGreaterThan(0);
      expect(trace.attempts).toMatchObject([{ address: '127.0.0.1', error: null }]);
    });

    it('no address of another family than is asked for, as curl -6 does', async () => {
      const failure = open({ host: '127.0.0.1', port: server.port, family: 6 });
      await expect(failure).rejects.toMatchObject({ code: 'dns-not-found', phase: 'dns' });
    });

    it.each([4, 6] as const)('the family that is asked for: %i', async (family) => {
      dns.zone = { 'both.test': { A: ['127.0.0.1'], AAAA: ['::1'] } };
      const ipv6 = await LoopbackServer.listen('::1');
      const connection = await open({ host: 'both.test', port: (family === 4 ? server : ipv6).port, family });
      expect(connection.endpoints.family).toBe(family);
      expect(trace.attempts).toHaveLength(1);
      connection.destroy();
      await ipv6.close();
    });

    it('a pinned address instead of what the name resolves to', async () => {
      dns.zone = { 'name.test': { A: ['127.0.0.9'] } };
      expect(await reach({ host: 'name.test', address: '127.0.0.1' })).toBe('127.0.0.1');
      expect(dns.asked).toEqual([]);
      expect(trace.dns).toBeNull();
    });

    it('with a read buffer of the size asked for', async () => {
      const connection = await open({ nextReadBytes: () => 3 });
      const sizes: number[] = [];
      const ended = new Promise<void>((resolve, reject) => {
        connection.read({ read: (octets) => sizes.push(octets.length) > 0, closed: resolve, failed: reject });
      });
      (await server.next()).end('abcdefgh');
      await ended;
      expect(sizes).toEqual([3, 3, 2]);
      connection.destroy();
    });
  });

  describe('goes on to the next address', () => {
    it('when one refuses, and tells of both', async () => {
      dns.zone = { 'two.test': { A: ['127.0.0.2', '127.0.0.1'] } };
      expect(await reach({ host: 'two.test' })).toBe('127.0.0.1');
      expect(trace.attempts).toEqual([
        { address: '127.0.0.2', port: server.port, ms: expect.any(Number) as unknown, error: 'ECONNREFUSED' },
        { address: '127.0.0.1', port: server.port, ms: expect.any(Number) as unknown, error: null },
      ]);
      expect(trace.connect).toBeGreaterThanOrEqual(trace.attempts[0]!.ms);
    });

    it('of the other family', async () => {
      dns.zone = { 'both.test': { A: ['127.0.0.1'], AAAA: ['::1'] } };
      expect(await reach({ host: 'both.test' })).toBe('127.0.0.1');
      expect(trace.attempts).toMatchObject([
        { address: '::1', error: 'ECONNREFUSED' },
        { address: '127.0.0.1', error: null },
      ]);
    });

    it('until all have refused', async () => {
      dns.zone = { 'none.test': { A: ['127.0.0.2', '127.0.0.3'] } };
      await expect(open({ host: 'none.test' })).rejects.toMatchObject({
        name: 'TransportFailure',
        code: 'connection-refused',
        phase: 'connect',
        cause: { code: 'ECONNREFUSED' },
      });
      expect(trace.attempts.map(({ address, error }) => [address, error])).toEqual([
        ['127.0.0.2', 'ECONNREFUSED'],
        ['127.0.0.3', 'ECONNREFUSED'],
      ]);
    });

    it('past those that the policy denies, and dials none of them', async () => {
      dns.zone = { 'mixed.test': { A: ['127.0.0.2', '127.0.0.1', '127.0.0.3'] } };
      const denyCidrs = ['127.0.0.2', '127.0.0.3'].map((text) => parseCidrRule(text)!);
      expect(await reach({ host: 'mixed.test' }, { rules: { denyCidrs } })).toBe('127.0.0.1');
      expect(trace.attempts.map(({ address }) => address)).toEqual(['127.0.0.1']);
    });
  });

  describe('dials nothing that the policy denies', () => {
    const closed: Settings = { rules: { allowCidrs: [] } };
    const allPorts = Array.from({ length: 65_535 }, (_, i) => i + 1);
    const nothingOpened: Settings = { rules: { allowCidrs: [], allowPorts: allPorts } };

    it.each<[string, Partial<Target>, Settings, code: string]>([
      ['an address', {}, nothingOpened, 'address-denied'],
      ['an address in its mapping', { host: '::ffff:127.0.0.1' }, nothingOpened, 'address-denied'],
      ['an address with a zone', { host: '::1%lo' }, nothingOpened, 'address-denied'],
      ['a port', {}, closed, 'port-denied'],
      ['a host', { host: 'name.test' }, { rules: { denyHosts: ['*.test'] } }, 'host-denied'],
      [
        'a host that is not listed',
        { host: 'name.test' },
        { rules: { allowHosts: ['a.test'] } },
        'host-denied',
      ],
      ['a name that resolves to loopback', { host: 'name.test' }, nothingOpened, 'address-denied'],
      ['localhost', { host: 'localhost' }, nothingOpened, 'address-denied'],
      ['a pinned address', { host: 'name.test', address: '127.0.0.1' }, nothingOpened, 'address-denied'],
      [
        'the host of a pinned address',
        { host: 'name.test', address: '127.0.0.1' },
        { rules: { denyHosts: ['name.test'] } },
        'host-denied',
      ],
      [
        'a pinned address that is denied as a host, in another spelling',
        { host: 'name.test', address: '::ffff:7f00:1' },
        { rules: { denyHosts: ['127.0.0.1'] } },
        'host-denied',
      ],
      [
        'a pinned address that is not listed as a host',
        { host: 'name.test', address: '127.0.0.1' },
        { rules: { allowHosts: ['name.test'], allowCidrs: [], allowPorts: allPorts } },
        'host-denied',
      ],
      ['a pinned name', { host: 'name.test', address: 'name.test' }, {}, 'address-denied'],
      ['a pinned number', { host: 'name.test', address: '0x7f000001' }, {}, 'address-denied'],
      ['a pinned address with a zone', { host: 'name.test', address: '::1%lo' }, {}, 'address-denied'],
      [
        'an address that is opened and denied',
        {},
        { rules: { denyCidrs: [parseCidrRule('127.0.0.1')!] } },
        'address-denied',
      ],
    ])('%s', async (_, target, settings, code) => {
      dns.zone = { 'name.test': { A: ['127.0.0.1'], AAAA: ['::1'] } };
      await expect(open(target, settings)).rejects.toMatchObject({
        name: 'TransportFailure',
        code,
        phase: 'policy',
      });
      expect([trace.connect, trace.attempts]).toEqual([null, []]);
      await expectNothingDialled();
    });

    it('and asks for no name whose host is denied', async () => {
      await expect(
        open({ host: 'name.test' }, { rules: { denyHosts: ['name.test'] } }),
      ).rejects.toMatchObject({
        code: 'host-denied',
      });
      expect([dns.asked, trace.dns]).toEqual([[], null]);
    });

    it('of a chain of aliases but where it ends', async () => {
      const inside = { A: ['10.0.0.1'], AAAA: ['::1'] };
      dns.zone = {
        'alias.test': { CNAME: ['other.test', 'localhost'], ...inside },
        'good.test': { CNAME: ['end.test'], A: ['127.0.0.1'] },
      };
      await expect(open({ host: 'alias.test' }, nothingOpened)).rejects.toMatchObject({
        code: 'address-denied',
      });
      await expectNothingDialled();
      expect(await reach({ host: 'good.test' })).toBe('127.0.0.1');
    });

    it('and does not tell what a name resolved to', async () => {
      dns.zone = { 'inside.test': { A: ['127.11.12.13'] } };
      await expect(open({ host: 'inside.test' }, nothingOpened)).rejects.toMatchObject({
        code: 'address-denied',
        message: expect.not.stringContaining('127.11.12.13') as unknown,
      });
    });
  });

  describe('does not believe a resolver', () => {
    /** Gives an answer as it stands. */
    function saying(...answer: readonly ResolvedAddress[]): Settings {
      return { resolver: { resolve: () => Promise.resolve(answer) } };
    }

    it.each([
      ['nothing', '', 4],
      ['an address with a zone', '127.0.0.1%x', 4],
      ['an address with a zone', '::1%lo', 6],
      ['a number', '0x7f000001', 4],
      ['a short form', '127.1', 4],
      ['an octal form', '0177.0.0.1', 4],
      ['a name', 'localhost', 4],
      ['a bracketed address', '[::1]', 6],
      ['an address and more', '127.0.0.1\0.test', 4],
      ['an IPv4 address as one of IPv6', '127.0.0.1', 6],
      ['an IPv6 address as one of IPv4', '::1', 4],
    ] as const)('that answers with %s: %j', async (_, address, family) => {
      await expect(open({ host: 'name.test' }, saying({ address, family }))).rejects.toMatchObject({
        name: 'TransportFailure',
        code: 'address-denied',
        phase: 'policy',
      });
      expect([trace.connect, trace.attempts]).toEqual([null, []]);
      await expectNothingDialled();
    });

    it('that answers with another family than was asked for', async () => {
      const answer = saying({ address: '127.0.0.1', family: 4 });
      await expect(open({ host: 'name.test', family: 6 }, answer)).rejects.toMatchObject({
        code: 'address-denied',
      });
      await expectNothingDialled();
    });

    it('that answers with no address at all', async () => {
      await expect(open({ host: 'name.test' }, saying())).rejects.toMatchObject({
        name: 'TransportFailure',
        code: 'dns-not-found',
        phase: 'dns',
      });
      await expectNothingDialled();
    });

    it('and dials what is good of its answer', async () => {
      const answer = saying(
        { address: 'localhost', family: 4 },
        { address: '127.0.0.1', family: 4 },
        { address: '127.0.0.1', family: 6 },
      );
      expect(await reach({ host: 'name.test' }, answer)).toBe('127.0.0.1');
      expect(trace.attempts).toMatchObject([{ address: '127.0.0.1', error: null }]);
    });

    it('and asks it once, so that a name that rebinds has one address', async () => {
      const answers = ['127.0.0.1', '127.0.0.2'];
      const asked: string[] = [];
      const rebinding: Resolver = {
        resolve: (host) => {
          asked.push(host);
          return Promise.resolve([{ address: answers.shift()!, family: 4 }]);
        },
      };
      expect(await reach({ host: 'name.test' }, { resolver: rebinding })).toBe('127.0.0.1');
      expect(asked).toEqual(['name.test']);
    });
  });

  it('says nothing to a peer at another address than was approved', async () => {
    // The kernel takes the unspecified address for loopback.
    const allowCidrs = ['0.0.0.0:*'].map((text) => parseCidrRule(text)!);
    await expect(open({ host: '0.0.0.0' }, { rules: { allowCidrs } })).rejects.toMatchObject({
      code: 'internal-error',
      phase: 'connect',
    });
    expect(trace.attempts).toMatchObject([{ address: '0.0.0.0', error: 'internal-error' }]);
    const peer = await server.next();
    const octets: Buffer[] = [];
    for await (const piece of peer) octets.push(piece as Buffer);
    expect(octets).toEqual([]);
  });

  it('passes on why a name has no address', async () => {
    await expect(open({ host: 'nowhere.test' })).rejects.toMatchObject({
      code: 'dns-not-found',
      phase: 'dns',
    });
    expect(trace.dns).toBeGreaterThan(0);
    expect([trace.connect, trace.attempts]).toEqual([null, []]);
  });

  describe('gives up', () => {
    let deaf: DeafServer;

    beforeAll(async () => {
      deaf = await DeafServer.listen();
    });

    afterAll(() => deaf.close());

    it.each([
      ['dnsMs', { dnsMs: 30 }, 'dns-timeout'],
      ['totalMs', { totalMs: 30 }, 'total-timeout'],
    ])('looking up after %s, and leaves nothing', async (_, settings, code) => {
      dns.zone = { 'silent.test': { A: 'silence', AAAA: 'silence' } };
      await expectNothingLeft(async () => {
        await expect(open({ host: 'silent.test' }, settings)).rejects.toMatchObject({ code, phase: 'dns' });
      });
      expect(trace.dns).toBeGreaterThan(0);
      expect([trace.connect, trace.attempts]).toEqual([null, []]);
    });

    it('looking up when it is cancelled, and leaves nothing', async () => {
      dns.zone = { 'silent.test': { A: 'silence', AAAA: 'silence' } };
      await expectNothingLeft(async () => {
        const controller = new AbortController();
        const opened = open({ host: 'silent.test' }, { signal: controller.signal });
        await dns.untilAsked('silent.test');
        controller.abort();
        await expect(opened).rejects.toMatchObject({ code: 'cancelled', phase: 'dns' });
      });
    });

    it('on a resolver that does not listen, and tells it so', async () => {
      const signals: AbortSignal[] = [];
      const stubborn: Resolver = {
        resolve: (_host, _family, signal) => {
          signals.push(signal);
          return new Promise(() => undefined);
        },
      };
      const opened = open({ host: 'name.test' }, { resolver: stubborn, dnsMs: 30 });
      await expect(opened).rejects.toMatchObject({ code: 'dns-timeout' });
      expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    });

    it.each([
      ['connectMs', { connectMs: 30 }, 'connect-timeout'],
      ['totalMs', { totalMs: 30 }, 'total-timeout'],
    ])('connecting after %s, and leaves nothing', async (_, settings, code) => {
      await expectNothingLeft(async () => {
        await expect(open({ port: deaf.port }, settings)).rejects.toMatchObject({ code, phase: 'connect' });
      });
      expect(trace.connect).toBeGreaterThan(0);
      expect(trace.attempts).toMatchObject([{ address: '127.0.0.1', port: deaf.port, error: code }]);
    });

    it('connecting when it is cancelled, and leaves nothing', async () => {
      await expectNothingLeft(async () => {
        const controller = new AbortController();
        const opened = open({ port: deaf.port }, { signal: controller.signal });
        await nextTurn();
        controller.abort();
        await expect(opened).rejects.toMatchObject({ code: 'cancelled', phase: 'connect' });
      });
      expect(trace.attempts).toMatchObject([{ error: 'cancelled' }]);
    });

    it.each([
      ['127.0.0.1', 'connect'],
      ['name.test', 'dns'],
    ])('on %s before it begins, when it is cancelled by then', async (host, phase) => {
      dns.zone = { 'name.test': { A: ['127.0.0.1'] } };
      const opened = open({ host }, { signal: AbortSignal.abort() });
      await expect(opened).rejects.toMatchObject({ code: 'cancelled', phase });
      expect(trace).toEqual(newTrace());
      await expectNothingDialled();
      expect(dns.asked).toEqual([]);
    });
  });

  describe('races addresses', () => {
    let deaf: DeafServer;
    let beside: LoopbackServer;

    beforeEach(async () => {
      deaf = await DeafServer.listen();
      beside = await LoopbackServer.listen('127.0.0.2', () => undefined, deaf.port);
    });

    afterEach(() => Promise.all([deaf.close(), beside.close()]));

    it('and goes on to the next 250 ms after one that is silent, telling of both', async () => {
      dns.zone = { 'slow.test': { A: ['127.0.0.1', '127.0.0.2'] } };
      await expectNothingLeft(async () => {
        const connection = await open({ host: 'slow.test', port: deaf.port });
        expect(connection.endpoints.remoteAddress).toBe('127.0.0.2');
        connection.destroy();
        for (const peer of beside.accepted) peer.destroy();
      });
      expect(trace.attempts).toMatchObject([
        { address: '127.0.0.1', port: deaf.port, error: 'lost-race' },
        { address: '127.0.0.2', port: deaf.port, error: null },
      ]);
      const [silent, winner] = trace.attempts;
      expect(silent!.ms).toBeGreaterThanOrEqual(249);
      expect(winner!.ms).toBeLessThan(silent!.ms);
    });

    it('and tells why each was given up when time runs out', async () => {
      dns.zone = { 'silent.test': { A: ['127.0.0.1', '127.0.0.1', '127.0.0.1'] } };
      const opened = open({ host: 'silent.test', port: deaf.port }, { connectMs: 400 });
      await expect(opened).rejects.toMatchObject({ code: 'connect-timeout' });
      expect(trace.attempts.length).toBeGreaterThan(1);
      expect(new Set(trace.attempts.map(({ error }) => error))).toEqual(new Set(['connect-timeout']));
    });

    it('and dials no more than sixteen of them', async () => {
      const many = Array.from({ length: 30 }, (_, i) => `127.0.1.${i + 1}`);
      dns.zone = { 'many.test': { A: many } };
      await expect(open({ host: 'many.test' })).rejects.toMatchObject({ code: 'connection-refused' });
      expect(trace.attempts).toHaveLength(16);
    });
  });

  it.each<[string, host: string, Settings]>([
    ['a refusal', '127.0.0.2', {}],
    ['a denial', '127.0.0.1', { rules: { denyCidrs: [parseCidrRule('127.0.0.1')!] } }],
    ['a name that does not exist', 'nowhere.test', {}],
  ])('leaves nothing after %s', async (_, host, settings) => {
    await expectNothingLeft(async () => {
      await expect(open({ host }, settings)).rejects.toMatchObject({ name: 'TransportFailure' });
    });
  });

  it('leaves nothing after a connection that was made and destroyed', async () => {
    await expectNothingLeft(async () => {
      dns.zone = { 'two.test': { A: ['127.0.0.2', '127.0.0.1'] } };
      await reach({ host: 'two.test' });
      for (const peer of server.accepted) peer.destroy();
    });
  });
});
