import ipaddr from 'ipaddr.js';

/** Octets of the IPv4 addresses in the 16 octets of an IPv6 address. */
type Reading = (octets: readonly number[]) => readonly (readonly number[])[];

interface Embedding {
  readonly range: [ipaddr.IPv6, number];
  readonly read: Reading;
}

function embedding(cidr: string, read: Reading): Embedding {
  return { range: ipaddr.IPv6.parseCIDR(cidr), read };
}

const lastFour: Reading = (octets) => [octets.slice(12)];

/** RFC 6052 §2.2: where prefixes of 48, 56, 64 and 96 bits leave the address; octet 8 is no part of it. */
const NAT64_LAYOUTS = [
  [6, 7, 9, 10],
  [7, 9, 10, 11],
  [9, 10, 11, 12],
  [12, 13, 14, 15],
] as const;

/** Which layout a translator goes by cannot be seen: all count, but for those that read the zeros around an address
 *  as one of 0.0.0.0/8, where nothing can be reached. */
const anyNat64Layout: Reading = (octets) => {
  const readings = NAT64_LAYOUTS.map((layout) => layout.map((at) => octets[at]!));
  const reachable = readings.filter(([first]) => first !== 0);
  return reachable.length > 0 ? reachable : readings;
};

/** The first that holds an address counts. IPv4-mapped addresses are missing: the kernel dials those as IPv4. */
const EMBEDDINGS: readonly Embedding[] = [
  // RFC 4291 §2.5.2, §2.5.3: the unspecified and the loopback address are themselves alone
  embedding('::/127', () => []),
  // RFC 4291 §2.5.5.1: IPv4-compatible
  embedding('::/96', lastFour),
  // RFC 2765 §2.1: IPv4-translated
  embedding('::ffff:0:0:0/96', lastFour),
  // RFC 6052 §2.1: NAT64, well-known prefix
  embedding('64:ff9b::/96', lastFour),
  // RFC 8215: NAT64, local use
  embedding('64:ff9b:1::/48', anyNat64Layout),
  // RFC 4380 §4: Teredo, its server and, with every bit inverted, its client
  embedding('2001::/32', (octets) => [octets.slice(4, 8), octets.slice(12).map((octet) => octet ^ 0xff)]),
  // RFC 3056 §2: 6to4
  embedding('2002::/16', (octets) => [octets.slice(2, 6)]),
];

/** The IPv4 addresses that an IPv6 address stands for: where somebody translates or unwraps what is sent to it, it
 *  arrives there.
 *  @returns none for an IPv4 address, and for one that stands for itself alone */
export function embeddedIpv4(address: ipaddr.IPv4 | ipaddr.IPv6): readonly ipaddr.IPv4[] {
  if (address.kind() === 'ipv4') return [];
  const holding = EMBEDDINGS.find(({ range }) => address.match(...range));
  return (holding?.read(address.toByteArray()) ?? []).map((octets) => new ipaddr.IPv4([...octets]));
}
