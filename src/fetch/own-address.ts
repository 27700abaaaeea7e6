import type { Server } from 'node:http';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { OwnAddress } from '../transport/address-policy';

const UNSPECIFIED: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** Tells where a server listens: with an unspecified address, on every address of this machine.
 *  @returns null while it does not listen */
export function ownAddressOf(server: Server): () => OwnAddress | null {
  let known: OwnAddress | null = null;
  return () => {
    if (known !== null || !server.listening) return known;
    const bound = server.address();
    if (typeof bound !== 'object' || bound === null) return null;
    const addresses = UNSPECIFIED.has(bound.address) ? allAddresses() : [bound.address];
    // The kernel connects an unspecified address to loopback.
    known = { port: bound.port, addresses: new Set([...addresses, ...UNSPECIFIED]) };
    return known;
  };
}

function allAddresses(): string[] {
  const interfaces = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return interfaces.map(({ address }) => address).filter((address) => isIP(address) !== 0);
}
