import ipaddr from 'ipaddr.js';
import { AddressPolicy } from '../../src/transport/address-policy';
import { IPV4_BLOCKS, IPV6_BLOCKS } from '../../src/transport/special-purpose-registry';
import { describeVectors } from '../support/vectors';

const policy = new AddressPolicy({
  allowCidrs: [],
  denyCidrs: [],
  allowHosts: null,
  denyHosts: [],
  allowPorts: [80],
});

/** A block of a registry; null: not applicable, or terminated. */
type RegistryRow = readonly [block: string, name: string, rfc: string, globallyReachable: boolean | null];

interface Registries {
  readonly ipv4: readonly RegistryRow[];
  readonly ipv6: readonly RegistryRow[];
}

/** Blocks whose addresses are judged by the IPv4 address in them; each is tested with the address policy. */
const STAND_FOR_IPV4 = ['::ffff:0:0/96', '64:ff9b::/96'];

/** Blocks of the policy that are in neither registry: what is no unicast, or not allocated as such. */
const BEYOND_THE_REGISTRIES = ['224.0.0.0/4', '::/0', '2000::/3', 'fec0::/10', 'ff00::/8'];

interface RegistryBlock {
  readonly cidr: string;
  readonly reachable: boolean;
}

describeVectors<Registries>(
  'the IANA special-purpose registries',
  'ssrf/iana_special_purpose.json',
  ({ ipv4, ipv6 }) => {
    const rows = [...ipv4, ...ipv6].filter(([block]) => !STAND_FOR_IPV4.includes(block));
    const blocks: RegistryBlock[] = rows.map(([cidr, , , reachable]) => ({
      cidr,
      reachable: reachable === true,
    }));

    it.each(blocks)(
      "$cidr: globally reachable is $reachable, at each end that is no other block's",
      ({ cidr, reachable }) => {
        const ends = [firstOf(cidr), lastOf(cidr)].filter((end) => mostSpecific(end, blocks) === cidr);
        expect(ends).not.toEqual([]);
        expect(ends.map((end) => [end, policy.judgeAddress(end, 80) === null])).toEqual(
          ends.map((end) => [end, reachable]),
        );
      },
    );

    it("the policy's own table says the same of every block it shares with them", () => {
      const told = new Map(blocks.map(({ cidr, reachable }) => [cidr, reachable]));
      const own = [...IPV4_BLOCKS, ...IPV6_BLOCKS].filter(
        ({ cidr }) => !BEYOND_THE_REGISTRIES.includes(cidr),
      );
      expect(own.map(({ cidr, globallyReachable }) => [cidr, globallyReachable])).toEqual(
        own.map(({ cidr }) => [cidr, told.get(cidr)]),
      );
    });
  },
);

interface AddressVector {
  readonly address: string;
  readonly expect: 'block' | 'allow' | 'either';
  readonly why: string;
}

describeVectors<{ vectors: AddressVector[] }>(
  'addresses to block and to allow',
  'ssrf/addresses_dev.json',
  ({ vectors }) => {
    const decided = vectors.filter(({ expect: verdict }) => verdict !== 'either');

    it.each(decided)('$address: $expect ($why)', ({ address, expect: verdict }) => {
      expect(policy.judgeAddress(address, 80) === null ? 'allow' : 'block').toBe(verdict);
    });

    it.each(vectors.filter(({ expect: verdict }) => verdict === 'either'))(
      '$address: allowed, because it is globally reachable ($why)',
      ({ address }) => {
        expect(policy.judgeAddress(address, 80)).toBeNull();
      },
    );
  },
);

function mostSpecific(address: string, blocks: readonly RegistryBlock[]): string {
  const parsed = ipaddr.parse(address);
  const holding = blocks
    .map(({ cidr }) => cidr)
    .filter((cidr) => {
      const [base, bits] = ipaddr.parseCIDR(cidr);
      return base.kind() === parsed.kind() && parsed.match(base, bits);
    });
  return holding.sort((one, other) => ipaddr.parseCIDR(other)[1] - ipaddr.parseCIDR(one)[1])[0]!;
}

function firstOf(cidr: string): string {
  return ipaddr.parseCIDR(cidr)[0].toString();
}

function lastOf(cidr: string): string {
  const [base, bits] = ipaddr.parseCIDR(cidr);
  const octets = base
    .toByteArray()
    .map((octet, i) => octet | (0xff >> Math.min(8, Math.max(0, bits - 8 * i))));
  return ipaddr.fromByteArray(octets).toString();
}
