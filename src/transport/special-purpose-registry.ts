/** A block of the IANA special-purpose address registries. */
export interface SpecialBlock {
  readonly cidr: string;
  readonly name: string;
  /** false also where the registry says "N/A": such a block is no place of its own on the Internet */
  readonly globallyReachable: boolean;
}

function block(cidr: string, name: string, globallyReachable = false): SpecialBlock {
  return { cidr, name, globallyReachable };
}

/** IANA IPv4 Special-Purpose Address Registry (RFC 6890, RFC 8190), and what is no unicast. */
export const IPV4_BLOCKS: readonly SpecialBlock[] = [
  block('0.0.0.0/8', 'This network'),
  block('10.0.0.0/8', 'Private-Use'),
  block('100.64.0.0/10', 'Shared Address Space'),
  block('127.0.0.0/8', 'Loopback'),
  block('169.254.0.0/16', 'Link Local'),
  block('172.16.0.0/12', 'Private-Use'),
  block('192.0.0.0/24', 'IETF Protocol Assignments'),
  block('192.0.0.9/32', 'PCP Anycast', true),
  block('192.0.0.10/32', 'TURN Anycast', true),
  block('192.0.2.0/24', 'TEST-NET-1'),
  block('192.31.196.0/24', 'AS112-v4', true),
  block('192.52.193.0/24', 'AMT', true),
  block('192.88.99.0/24', 'Deprecated 6to4 Relay Anycast'),
  block('192.168.0.0/16', 'Private-Use'),
  block('192.175.48.0/24', 'AS112 Direct Delegation', true),
  block('198.18.0.0/15', 'Benchmarking'),
  block('198.51.100.0/24', 'TEST-NET-2'),
  block('203.0.113.0/24', 'TEST-NET-3'),
  block('224.0.0.0/4', 'Multicast'),
  block('240.0.0.0/4', 'Reserved'),
  block('255.255.255.255/32', 'Limited Broadcast'),
];

/** IANA IPv6 Special-Purpose Address Registry; ::/0 stands for all that is not allocated as global unicast. */
export const IPV6_BLOCKS: readonly SpecialBlock[] = [
  block('::/0', 'Outside the global unicast allocation 2000::/3'),
  block('2000::/3', 'Global Unicast', true),
  block('::/128', 'Unspecified'),
  block('::1/128', 'Loopback'),
  block('64:ff9b:1::/48', 'IPv4-IPv6 Translation, local use'),
  block('100::/64', 'Discard-Only'),
  block('100:0:0:1::/64', 'Dummy IPv6 Prefix'),
  block('2001::/23', 'IETF Protocol Assignments'),
  block('2001::/32', 'TEREDO'),
  block('2001:1::1/128', 'PCP Anycast', true),
  block('2001:1::2/128', 'TURN Anycast', true),
  block('2001:1::3/128', 'DNS-SD SRP Anycast', true),
  block('2001:2::/48', 'Benchmarking'),
  block('2001:3::/32', 'AMT', true),
  block('2001:4:112::/48', 'AS112-v6', true),
  block('2001:10::/28', 'Deprecated ORCHID'),
  block('2001:20::/28', 'ORCHIDv2', true),
  block('2001:30::/28', 'Drone Remote ID Protocol Entity Tags', true),
  block('2001:db8::/32', 'Documentation'),
  block('2002::/16', '6to4'),
  block('2620:4f:8000::/48', 'AS112 Direct Delegation', true),
  block('3fff::/20', 'Documentation'),
  block('5f00::/16', 'SRv6 SIDs'),
  block('fc00::/7', 'Unique-Local'),
  block('fe80::/10', 'Link-Local Unicast'),
  block('fec0::/10', 'Deprecated Site-Local'),
  block('ff00::/8', 'Multicast'),
];
