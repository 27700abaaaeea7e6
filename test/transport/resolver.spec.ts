import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Family, SystemResolver } from '../../src/transport/resolver';
import { DnsServer } from '../support/dns-server';
import { expectNothingLeft } from '../support/sockets';

const NEVER = new AbortController().signal;

describe('the resolver', () => {
  let dns: DnsServer;
  let folder: string;
  let hostsFile: string;
  let resolver: SystemResolver;

  beforeEach(async () => {
    dns = await DnsServer.listen();
    folder = mkdtempSync(path.join(tmpdir(), 'resolver-'));
    hostsFile = path.join(folder, 'hosts');
    resolver = new SystemResolver({ hostsFile, servers: [dns.address] });
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true });
    await dns.close();
  });

  async function resolve(host: string, family: Family = 'any', signal = NEVER): Promise<string[]> {
    const found = await resolver.resolve(host, family, signal);
    for (const { address, family: told } of found) expect(told).toBe(address.includes(':') ? 6 : 4);
    return found.map(({ address }) => address);
  }

  /** Questions come in no certain order. */
  function asked(): string[] {
    return [...dns.asked].sort();
  }

  describe('asks the name server', () => {
    it('for addresses of both families, IPv6 first', async () => {
      dns.zone = { 'both.test': { A: ['192.0.2.1', '192.0.2.2'], AAAA: ['2001:db8::1'] } };
      expect(await resolve('both.test')).toEqual(['2001:db8::1', '192.0.2.1', '192.0.2.2']);
      expect(asked()).toEqual(['A both.test', 'AAAA both.test']);
    });

    it.each<[Family, string[], string[]]>([
      [4, ['192.0.2.1'], ['A both.test']],
      [6, ['2001:db8::1'], ['AAAA both.test']],
    ])('for family %i alone', async (family, addresses, questions) => {
      dns.zone = { 'both.test': { A: ['192.0.2.1'], AAAA: ['2001:db8::1'] } };
      expect(await resolve('both.test', family)).toEqual(addresses);
      expect(asked()).toEqual(questions);
    });

    it('for the name in lower case, whatever dot ends it', async () => {
      dns.zone = { 'name.test': { A: ['192.0.2.1'] } };
      expect(await resolve('Name.TEST.')).toEqual(['192.0.2.1']);
      expect(asked()).toEqual(['A name.test', 'AAAA name.test']);
    });

    it.each(['intranet', 'intranet.', 'deep.intranet'])(
      'for %s as it stands: there are no search domains',
      async (name) => {
        await expect(resolve(name)).rejects.toMatchObject({ code: 'dns-not-found' });
        const bare = name.replace(/\.$/, '');
        expect(asked()).toEqual([`A ${bare}`, `AAAA ${bare}`]);
      },
    );
  });

  describe('has one family to go by', () => {
    it.each([
      ['does not exist', 'NXDOMAIN'],
      ['has no data', []],
      ['fails', 'SERVFAIL'],
    ] as const)('when the other %s', async (_, reply) => {
      dns.zone = {
        'four.test': { A: ['192.0.2.1'], AAAA: reply },
        'six.test': { A: reply, AAAA: ['2001:db8::1'] },
      };
      expect(await resolve('four.test')).toEqual(['192.0.2.1']);
      expect(await resolve('six.test')).toEqual(['2001:db8::1']);
    });

    it.each([
      ['A', ['192.0.2.1'], 'AAAA', 50],
      ['AAAA', ['2001:db8::1'], 'A', 500],
    ] as const)(
      '%s %j, when %s is silent: after %i ms, not to be kept, and leaves nothing',
      async (type, addresses, silent, delayMs) => {
        dns.zone = { 'half.test': { [type]: addresses, [silent]: 'silence' } };
        await expectNothingLeft(async () => {
          const began = performance.now();
          expect(await resolve('half.test')).toEqual(addresses);
          const ms = performance.now() - began;
          expect(ms).toBeGreaterThan(delayMs - 5);
          // The name server's silence would last for seconds.
          expect(ms).toBeLessThan(delayMs + 1_500);
          // Half an answer is not for the cache.
          dns.zone = { 'half.test': { A: ['192.0.2.9'], AAAA: ['2001:db8::9'] } };
          expect(await resolve('half.test')).toEqual(['2001:db8::9', '192.0.2.9']);
        });
      },
    );

    it.each([
      ['A', 'AAAA'],
      ['AAAA', 'A'],
    ] as const)('%s, and within 50 ms %s: both, and leaves nothing', async (first, second) => {
      dns.zone = { 'late.test': { A: 'silence', AAAA: 'silence' } };
      const addresses = { A: ['192.0.2.1'], AAAA: ['2001:db8::1'] };
      await expectNothingLeft(async () => {
        const found = resolve('late.test');
        await dns.untilAsked('late.test');
        dns.answerLate(first, 'late.test', addresses[first]);
        dns.answerLate(second, 'late.test', addresses[second]);
        expect(await found).toEqual(['2001:db8::1', '192.0.2.1']);
      });
    });
  });

  describe('fails', () => {
    it.each<[string, a: 'NXDOMAIN' | 'SERVFAIL' | [], aaaa: 'NXDOMAIN' | 'SERVFAIL' | [], code: string]>([
      ['the name does not exist', 'NXDOMAIN', 'NXDOMAIN', 'dns-not-found'],
      ['the name has no addresses', [], [], 'dns-not-found'],
      ['the server is of two minds', 'NXDOMAIN', [], 'dns-not-found'],
      ['the server fails', 'SERVFAIL', 'SERVFAIL', 'dns-failed'],
      ['the server fails for one family, and the other has no data', 'SERVFAIL', [], 'dns-failed'],
      ['the server fails for one family, and the other does not exist', 'NXDOMAIN', 'SERVFAIL', 'dns-failed'],
    ])('when %s', async (_, A, AAAA, code) => {
      dns.zone = { 'bad.test': { A, AAAA } };
      await expect(resolve('bad.test')).rejects.toMatchObject({
        name: 'TransportFailure',
        code,
        phase: 'dns',
        message: expect.stringContaining('bad.test') as unknown,
      });
    });

    it('when the name has no address of the family asked for', async () => {
      dns.zone = { 'four.test': { A: ['192.0.2.1'] } };
      await expect(resolve('four.test', 6)).rejects.toMatchObject({ code: 'dns-not-found' });
    });

    it('with the cause, when there is one', async () => {
      dns.zone = { 'bad.test': { A: 'SERVFAIL', AAAA: 'SERVFAIL' } };
      await expect(resolve('bad.test')).rejects.toMatchObject({ cause: { code: 'ESERVFAIL' } });
    });

    it('on a name that cannot be asked for, and leaves nothing', async () => {
      await expectNothingLeft(async () => {
        await expect(resolve(`${'a'.repeat(64)}.test`)).rejects.toMatchObject({ phase: 'dns' });
      });
      expect(dns.asked).toEqual([]);
    });

    it('when nobody listens where the name server should be', async () => {
      const gone = await DnsServer.listen();
      resolver = new SystemResolver({ hostsFile, servers: [gone.address] });
      await gone.close();
      await expect(resolve('name.test')).rejects.toMatchObject({ code: 'dns-failed', phase: 'dns' });
    });

    it('as soon as it is told to give up on a silent server, and leaves nothing', async () => {
      dns.zone = { 'silent.test': { A: 'silence', AAAA: 'silence' } };
      await expectNothingLeft(async () => {
        const controller = new AbortController();
        const found = resolve('silent.test', 'any', controller.signal);
        await dns.untilAsked('silent.test');
        const began = performance.now();
        controller.abort();
        await expect(found).rejects.toMatchObject({ name: 'TransportFailure', phase: 'dns' });
        expect(performance.now() - began).toBeLessThan(1_000);
      });
    });
  });

  it('lets slow names stall no other', async () => {
    dns.zone = {
      'slow.test': { A: 'silence', AAAA: 'silence' },
      'slower.test': { A: 'silence', AAAA: 'silence' },
      'quick.test': { A: ['192.0.2.1'], AAAA: ['2001:db8::1'] },
    };
    const controller = new AbortController();
    const slow = ['slow.test', 'slower.test'].map((name) => resolve(name, 'any', controller.signal));
    const given = Promise.allSettled(slow);
    await Promise.all([dns.untilAsked('slow.test'), dns.untilAsked('slower.test')]);
    expect(await resolve('quick.test')).toEqual(['2001:db8::1', '192.0.2.1']);
    controller.abort();
    expect((await given).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('gives up one look-up without another', async () => {
    dns.zone = { 'one.test': { A: 'silence', AAAA: 'silence' }, 'other.test': { A: 'silence', AAAA: [] } };
    const controller = new AbortController();
    const given = resolve('one.test', 'any', controller.signal);
    const kept = resolve('other.test');
    await Promise.all([dns.untilAsked('one.test'), dns.untilAsked('other.test')]);
    controller.abort();
    await expect(given).rejects.toMatchObject({ phase: 'dns' });
    dns.answerLate('A', 'other.test', ['192.0.2.1']);
    expect(await kept).toEqual(['192.0.2.1']);
  });

  describe('remembers', () => {
    let now: number;

    beforeEach(() => {
      now = performance.now();
      jest.spyOn(performance, 'now').mockImplementation(() => now);
    });

    it.each([
      ['as long as the answer lives', 5, 5_000],
      ['for half a minute at most', 3_600, 30_000],
    ])('an answer %s', async (_, ttlSeconds, ms) => {
      dns.zone = { 'kept.test': { A: ['192.0.2.1'], ttlSeconds } };
      expect(await resolve('kept.test', 4)).toEqual(['192.0.2.1']);
      dns.zone = { 'kept.test': { A: ['192.0.2.2'], ttlSeconds } };
      now += ms - 1;
      expect(await resolve('kept.test', 4)).toEqual(['192.0.2.1']);
      expect(dns.asked).toHaveLength(1);
      now += 1;
      expect(await resolve('kept.test', 4)).toEqual(['192.0.2.2']);
      expect(dns.asked).toHaveLength(2);
    });

    it('nothing of an answer that does not live', async () => {
      dns.zone = { 'fleeting.test': { A: ['192.0.2.1'], ttlSeconds: 0 } };
      await resolve('fleeting.test', 4);
      dns.zone = { 'fleeting.test': { A: ['192.0.2.2'], ttlSeconds: 0 } };
      expect(await resolve('fleeting.test', 4)).toEqual(['192.0.2.2']);
      expect(dns.asked).toHaveLength(2);
    });

    it('no failure', async () => {
      await expect(resolve('new.test')).rejects.toMatchObject({ code: 'dns-not-found' });
      dns.zone = { 'new.test': { A: ['192.0.2.1'] } };
      expect(await resolve('new.test')).toEqual(['192.0.2.1']);
    });

    it('each family for itself', async () => {
      dns.zone = { 'both.test': { A: ['192.0.2.1'], AAAA: ['2001:db8::1'] } };
      expect(await resolve('both.test', 4)).toEqual(['192.0.2.1']);
      expect(await resolve('both.test', 6)).toEqual(['2001:db8::1']);
      expect(await resolve('both.test')).toEqual(['2001:db8::1', '192.0.2.1']);
    });

    it('a name however it is written', async () => {
      dns.zone = { 'name.test': { A: ['192.0.2.1'] } };
      for (const name of ['name.test', 'NAME.test', 'name.test.']) await resolve(name, 4);
      expect(dns.asked).toEqual(['A name.test']);
    });

    it('a thousand names, and forgets the oldest for one more', async () => {
      const names = Array.from({ length: 1_000 }, (_, i) => `n${i}.test`);
      dns.zone = Object.fromEntries(['more.test', ...names].map((name) => [name, { A: ['192.0.2.1'] }]));
      const oldest = names.shift()!;
      await resolve(oldest, 4);
      for (let at = 0; at < names.length; at += 50)
        await Promise.all(names.slice(at, at + 50).map((name) => resolve(name, 4)));
      await resolve(oldest, 4);
      expect(dns.asked).toHaveLength(1_000);
      await resolve('more.test', 4);
      await Promise.all(names.map((name) => resolve(name, 4)));
      expect(dns.asked).toHaveLength(1_001);
      await resolve(oldest, 4);
      expect(dns.asked).toHaveLength(1_002);
    }, 20_000);
  });

  describe('asks nobody', () => {
    it.each<[name: string, Family, string[]]>([
      ['localhost', 'any', ['127.0.0.1', '::1']],
      ['LOCALHOST.', 'any', ['127.0.0.1', '::1']],
      ['app.localhost', 'any', ['127.0.0.1', '::1']],
      ['a.b.localhost.', 4, ['127.0.0.1']],
      ['localhost', 6, ['::1']],
    ])('for %s, family %s: it is loopback', async (name, family, addresses) => {
      dns.zone = { localhost: { A: ['192.0.2.1'] }, 'app.localhost': { A: ['192.0.2.1'] } };
      expect(await resolve(name, family)).toEqual(addresses);
      expect(dns.asked).toEqual([]);
    });

    it('for a name in the hosts file', async () => {
      writeFileSync(hostsFile, '192.0.2.9 listed.test\n2001:db8::9 listed.test\n');
      dns.zone = { 'listed.test': { A: ['192.0.2.1'] } };
      expect(await resolve('listed.test')).toEqual(['192.0.2.9', '2001:db8::9']);
      expect(await resolve('LISTED.test.')).toEqual(['192.0.2.9', '2001:db8::9']);
      expect(await resolve('listed.test', 4)).toEqual(['192.0.2.9']);
      expect(await resolve('listed.test', 6)).toEqual(['2001:db8::9']);
      expect(dns.asked).toEqual([]);
    });

    it('for the other family of a name in the hosts file', async () => {
      writeFileSync(hostsFile, '192.0.2.9 four.test\n');
      dns.zone = { 'four.test': { AAAA: ['2001:db8::1'] } };
      await expect(resolve('four.test', 6)).rejects.toMatchObject({
        code: 'dns-not-found',
        phase: 'dns',
        message: 'four.test has no IPv6 address',
      });
      expect(dns.asked).toEqual([]);
    });

    it('for localhost as the hosts file has it', async () => {
      writeFileSync(hostsFile, '127.0.0.9 localhost\n');
      expect(await resolve('localhost')).toEqual(['127.0.0.9']);
      expect(await resolve('app.localhost')).toEqual(['127.0.0.1', '::1']);
    });
  });

  it.each(['notlocalhost', 'localhost.test', 'localhost.example.test'])(
    '%s is a name like others',
    async (name) => {
      dns.zone = { [name]: { A: ['192.0.2.1'] } };
      expect(await resolve(name)).toEqual(['192.0.2.1']);
    },
  );
});
