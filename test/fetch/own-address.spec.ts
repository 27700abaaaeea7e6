import { networkInterfaces } from 'node:os';
import fastify, { type FastifyInstance } from 'fastify';
import { ownAddressOf } from '../../src/fetch/own-address';

type Bound = { readonly address: string; readonly port: number; readonly family: string };

/** What is known of a server bound there. */
function ownOf(...addresses: readonly string[]): { port: number; addresses: string[] } | null {
  const bound = addresses.map((address): Bound => ({ address, port: 8080, family: '' }));
  const own = ownAddressOf(() => ({ addresses: () => bound }))(8080);
  return own === null ? null : { port: own.port, addresses: [...own.addresses] };
}

/** Where it was bound to. */
function boundOf(server: FastifyInstance): Bound[] {
  return server.addresses().filter((address) => typeof address === 'object');
}

const MINE = Object.values(networkInterfaces()).flatMap((found) =>
  (found ?? []).map(({ address }) => address),
);

describe('the own address of a server', () => {
  it('is not known before it listens, then is where it does', async () => {
    const server = fastify();
    const own = ownAddressOf(() => server);
    expect(own(80)).toBeNull();
    await server.listen({ host: '127.0.0.1', port: 0 });
    const { port } = boundOf(server)[0]!;
    expect(own(80)).toBeNull();
    expect(own(port)).toEqual({ port, addresses: new Set(['127.0.0.1']) });
    expect(own(80)).toBeNull();
    await server.close();
  });

  it('is every one that localhost stands for', async () => {
    const server = fastify();
    await server.listen({ host: 'localhost', port: 0 });
    const own = ownAddressOf(() => server)(boundOf(server)[0]!.port)!;
    expect([...own.addresses]).toEqual(boundOf(server).map(({ address }) => address));
    await server.close();
    expect(ownOf('127.0.0.1', '::1')).toEqual({ port: 8080, addresses: ['127.0.0.1', '::1'] });
  });

  it('grows with its bindings', () => {
    const bound: Bound[] = [{ address: '127.0.0.1', port: 8080, family: 'IPv4' }];
    const own = ownAddressOf(() => ({ addresses: () => bound }));
    expect(own(8080)!.addresses).toEqual(new Set(['127.0.0.1']));
    bound.push({ address: '::1', port: 8080, family: 'IPv6' });
    expect(own(8080)!.addresses).toEqual(new Set(['127.0.0.1', '::1']));
  });

  it.each(['0.0.0.0', '::'])('is every address of the machine for %s', (unspecified) => {
    expect(new Set(ownOf(unspecified)!.addresses)).toEqual(new Set([unspecified, ...MINE]));
  });

  it('is an IPv4 address without its mapping', () => {
    expect(ownOf('::ffff:127.0.0.1')).toEqual({ port: 8080, addresses: ['127.0.0.1'] });
    expect(ownOf('::ffff:0.0.0.0')!.addresses).toContain('0.0.0.0');
  });
});
