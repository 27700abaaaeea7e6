import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { FastifyInstance } from 'fastify';
import type { OwnAddress } from '../transport/address-policy';

const UNSPECIFIED: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** Tells where a server listens: `localhost` is several addresses, an unspecified one is every address of
 *  this machine.
 *  @param server asked for at each decision, as a server learns its port when it listens
 *  @returns null while it does not listen, and of another port */
export function ownAddressOf(
  server: () => Pick<FastifyInstance, 'addresses'>,
): (port: number) => OwnAddress | null {
  let known: OwnAddress | null = null;
  let bindings = 0;
  return (port) => {
    // All its bindings have one; to ask for them is a system call each.
    if (known !== null && known.port !== port) return null;
    const bound = server()
      .addresses()
      .filter((address) => typeof address === 'object');
    if (bound.length === bindings) return known;
    bindings = bound.length;
    const addresses = bound.map(({ address }) => address.replace(/^::ffff:(?=\d+\.)/, ''));
    const everywhere = addresses.some((address) => UNSPECIFIED.has(address));
    known = {
      port: bound[0]!.port,
      addresses: new Set(everywhere ? [...addresses, ...allAddresses()] : addresses),
    };
    return known.port === port ? known : null;
  };
}

function allAddresses(): string[] {
  const interfaces = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return interfaces.map(({ address }) => address).filter((address) => isIP(address) !== 0);
}
