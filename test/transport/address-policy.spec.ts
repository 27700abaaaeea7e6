import { isIP } from 'node:net';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import {
  AddressPolicy,
  type CidrRule,
  type EgressRules,
  type OwnAddress,
  parseCidrRule,
  sameAddress,
} from '../../src/transport/address-policy';

const NO_RULES: EgressRules = {
  allowCidrs: [],
  denyCidrs: [],
  allowHosts: null,
  denyHosts: [],
  allowPorts: [80, 443],
};

function policyWith(rules: Partial<EgressRules>, own: OwnAddress | null = null): AddressPolicy {
  return new AddressPolicy({ ...NO_RULES, ...rules }, () => own);
}

function cidrs(...texts: string[]): CidrRule[] {
  return texts.map((text) => parseCidrRule(text)!);
}

const BUILT_IN = policyWith({});

/** The block that a denial by the built-in policy names, by its name where that is all it tells; null when the
 *  address is allowed. */
function blockOf(address: string): string | null {
  const denial = BUILT_IN.judgeAddress(address, 80);
  if (denial === null) return null;
  const [, name, cidr] = /^(.+?)(?: \((.+)\))? is not globally reachable; an operator/.exec(denial.rule)!;
  return cidr ?? name!;
}

type Verdict = 'allowed' | 'host-denied' | 'port-denied' | 'address-denied';

function verdict(policy: AddressPolicy, address: string, port: number): Verdict {
  return policy.judgeAddress(address, port)?.code ?? 'allowed';
}

/** All of the address space in order, each row up to where the next begins; null: globally reachable. */
type Partition = readonly (readonly [first: string, last: string, block: string | null])[];

const IPV4_SPACE: Partition = [
  ['0.0.0.0', '0.255.255.255', '0.0.0.0/8'],
  ['1.0.0.0', '9.255.255.255', null],
  ['10.0.0.0', '10.255.255.255', '10.0.0.0/8'],
  ['11.0.0.0', '100.63.255.255', null],
  ['100.64.0.0', '100.127.255.255', '100.64.0.0/10'],
  ['100.128.0.0', '126.255.255.255', null],
  ['127.0.0.0', '127.255.255.255', '127.0.0.0/8'],
  ['128.0.0.0', '169.253.255.255', null],
  ['169.254.0.0', '169.254.255.255', '169.254.0.0/16'],
  ['169.255.0.0', '172.15.255.255', null],
  ['172.16.0.0', '172.31.255.255', '172.16.0.0/12'],
  ['172.32.0.0', '191.255.255.255', null],
  ['192.0.0.0', '192.0.0.8', '192.0.0.0/24'],
  ['192.0.0.9', '192.0.0.9', null], // PCP anycast
  ['192.0.0.10', '192.0.0.10', null], // TURN anycast
  ['192.0.0.11', '192.0.0.255', '192.0.0.0/24'],
  ['192.0.1.0', '192.0.1.255', null],
  ['192.0.2.0', '192.0.2.255', '192.0.2.0/24'],
  ['192.0.3.0', '192.31.195.255', null],
  ['192.31.196.0', '192.31.196.255', null], // AS112
  ['192.31.197.0', '192.52.192.255', null],
  ['192.52.193.0', '192.52.193.255', null], // AMT
  ['192.52.194.0', '192.88.98.255', null],
  ['192.88.99.0', '192.88.99.255', '192.88.99.0/24'],
  ['192.88.100.0', '192.167.255.255', null],
  ['192.168.0.0', '192.168.255.255', '192.168.0.0/16'],
  ['192.169.0.0', '192.175.47.255', null],
  ['192.175.48.0', '192.175.48.255', null], // AS112
  ['192.175.49.0', '198.17.255.255', null],
  ['198.18.0.0', '198.19.255.255', '198.18.0.0/15'],
  ['198.20.0.0', '198.51.99.255', null],
  ['198.51.100.0', '198.51.100.255', '198.51.100.0/24'],
  ['198.51.101.0', '203.0.112.255', null],
  ['203.0.113.0', '203.0.113.255', '203.0.113.0/24'],
  ['203.0.114.0', '223.255.255.255', null],
  ['224.0.0.0', '239.255.255.255', '224.0.0.0/4'],
  ['240.0.0.0', '255.255.255.254', '240.0.0.0/4'],
  ['255.255.255.255', '255.255.255.255', 'Limited Broadcast'],
];

/** Mapped and NAT64 addresses are left out of it: their verdict is that of the IPv4 address in them. */
const IPV6_SPACE: Partition = [
  ['::', '::', 'Unspecified'],
  ['::1', '::1', 'Loopback'],
  ['::2', '::fffe:ffff:ffff', '::/0'],
  ['::1:0:0:0', '64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff', '::/0'],
  ['64:ff9b::1:0:0', '64:ff9b:0:ffff:ffff:ffff:ffff:ffff', '::/0'],
  ['64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff', '64:ff9b:1::/48'],
  ['64:ff9b:2::', 'ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '::/0'],
  ['100::', '100::ffff:ffff:ffff:ffff', '100::/64'],
  ['100:0:0:1::', '100:0:0:1:ffff:ffff:ffff:ffff', '100:0:0:1::/64'],
  ['100:0:0:2::', '1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '::/0'],
  ['2000::', '2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff', null],
  ['2001::', '2001:0:ffff:ffff:ffff:ffff:ffff:ffff', '2001::/32'], // Teredo
  ['2001:1::', '2001:1::', '2001::/23'],
  ['2001:1::1', '2001:1::1', null], // PCP anycast
  ['2001:1::2', '2001:1::2', null], // TURN anycast
  ['2001:1::3', '2001:1::3', null], // DNS-SD SRP anycast
  ['2001:1::4', '2001:1:ffff:ffff:ffff:ffff:ffff:ffff', '2001::/23'],
  ['2001:2::', '2001:2:0:ffff:ffff:ffff:ffff:ffff', '2001:2::/48'],
  ['2001:2:1::', '2001:2:ffff:ffff:ffff:ffff:ffff:ffff', '2001::/23'],
  ['2001:3::', '2001:3:ffff:ffff:ffff:ffff:ffff:ffff', null], // AMT
  ['2001:4::', '2001:4:111:ffff:ffff:ffff:ffff:ffff', '2001::/23'],
  ['2001:4:112::', '2001:4:112:ffff:ffff:ffff:ffff:ffff', null], // AS112
  ['2001:4:113::', '2001:f:ffff:ffff:ffff:ffff:ffff:ffff', '2001::/23'],
  ['2001:10::', '2001:1f:ffff:ffff:ffff:ffff:ffff:ffff', '2001:10::/28'],
  ['2001:20::', '2001:2f:ffff:ffff:ffff:ffff:ffff:ffff', null], // ORCHIDv2
  ['2001:30::', '2001:3f:ffff:ffff:ffff:ffff:ffff:ffff', null], // drone remote ID
  ['2001:40::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff', '2001::/23'],
  ['2001:200::', '2001:db7:ffff:ffff:ffff:ffff:ffff:ffff', null],
  ['2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', '2001:db8::/32'],
  ['2001:db9::', '2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff', null],
  ['2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '2002::/16'], // 6to4
  ['2003::', '2620:4f:7fff:ffff:ffff:ffff:ffff:ffff', null],
  ['2620:4f:8000::', '2620:4f:8000:ffff:ffff:ffff:ffff:ffff', null], // AS112
  ['2620:4f:8001::', '3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff', null],
  ['3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff', '3fff::/20'],
  ['3fff:1000::', '3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', null],
  ['4000::', '5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '::/0'],
  ['5f00::', '5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '5f00::/16'],
  ['5f01::', 'fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '::/0'],
  ['fc00::', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'fc00::/7'],
  ['fe00::', 'fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '::/0'],
  ['fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'fe80::/10'],
  ['fec0::', 'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'fec0::/10'],
  ['ff00::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'ff00::/8'],
];

function numberOf(address: string): bigint {
  return ipaddr
    .parse(address)
    .toByteArray()
    .reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);
}

function addressOf(number: bigint, octets: 4 | 16): string {
  const bytes = Array.from({ length: octets }, (_, i) =>
    Number((number >> BigInt(8 * (octets - 1 - i))) & 255n),
  );
  return ipaddr.fromByteArray(bytes).toString();
}

describe.each([
  ['IPv4', IPV4_SPACE, 4],
  ['IPv6', IPV6_SPACE, 16],
] as const)('the built-in policy on %s', (_, space, octets) => {
  it.each(space)('judges all from %s to %s alike: %s', (first, last, block) => {
    expect({ [first]: blockOf(first), [last]: blockOf(last) }).toEqual({ [first]: block, [last]: block });
    const inside = fc.bigInt({ min: numberOf(first), max: numberOf(last) });
    fc.assert(
      fc.property(inside, (number) => blockOf(addressOf(number, octets)) === block),
      { numRuns: 20 },
    );
  });
});

it('is tested on the whole of the IPv4 address space', () => {
  const gaps = IPV4_SPACE.map(([first, last], i) => {
    const next = IPV4_SPACE[i + 1]?.[0];
    return [first, (next === undefined ? 2n ** 32n : numberOf(next)) - numberOf(last)];
  });
  expect(gaps.filter(([, distance]) => distance !== 1n)).toEqual([]);
});

describe('an IPv6 address that stands for an IPv4 address is judged as that one', () => {
  it.each([
    ['mapped, ::ffff:0:0/96', '::ffff:'],
    ['NAT64, 64:ff9b::/96', '64:ff9b::'],
  ])('%s', (_, prefix) => {
    const edges = IPV4_SPACE.flatMap(([first, last]) => [first, last]);
    const verdicts = edges.map((ipv4) => [ipv4, blockOf(prefix + ipv4)]);
    expect(verdicts).toEqual(edges.map((ipv4) => [ipv4, blockOf(ipv4)]));
  });

  it.each([
    ['Teredo', '2001:0:4136:e378:8000:63bf:f7f7:f7f7', '2001::/32'],
    ['6to4', '2002:808:808::1', '2002::/16'],
    ['IPv4-compatible', '::8.8.8.8', '::/0'],
    ['IPv4-translated', '::ffff:0:8.8.8.8', '::/0'],
    ['NAT64 of local use', '64:ff9b:1::8.8.8.8', '64:ff9b:1::/48'],
  ])('but %s is denied whatever it embeds', (_, address, block) => {
    expect(blockOf(address)).toBe(block);
  });

  /** Each way to write 10.0.0.1 and 8.8.8.8 in such a block. */
  const OPENED: readonly [name: string, block: string, of10: string, of8: string][] = [
    ['NAT64', '[64:ff9b::/96]', '64:ff9b::a00:1', '64:ff9b::808:808'],
    ['NAT64 of local use, /96', '[64:ff9b:1::/48]', '64:ff9b:1::a00:1', '64:ff9b:1::808:808'],
    ['NAT64 of local use, /64', '[64:ff9b:1::/48]', '64:ff9b:1:0:a:0:100:0', '64:ff9b:1:0:8:808:800:0'],
    ['NAT64 of local use, /56', '[64:ff9b:1::/48]', '64:ff9b:1:a:0:1::', '64:ff9b:1:8:8:808::'],
    ['NAT64 of local use, /48', '[64:ff9b:1::/48]', '64:ff9b:1:a00:0:100::', '64:ff9b:1:808:8:800::'],
    ['6to4', '[2002::/16]', '2002:a00:1::1', '2002:808:808::1'],
    ['Teredo, client', '[2001::/32]', '2001:0:808:808::f5ff:fffe', '2001:0:808:808::f7f7:f7f7'],
    ['Teredo, server', '[2001::/32]', '2001:0:a00:1::f7f7:f7f7', '2001:0:808:808::f7f7:f7f7'],
    ['IPv4-compatible', '[::/96]', '::a00:1', '::808:808'],
    ['IPv4-translated', '[::ffff:0:0:0/96]', '::ffff:0:a00:1', '::ffff:0:808:808'],
    ['all of IPv6', '[::/0]', '2002:a00:1::1', '2002:808:808::1'],
  ];

  describe.each(OPENED)('also where ALLOW_CIDRS opens its block: %s', (_, block, of10, of8) => {
    it.each([block, `${block}:80`, `${block}:*`])('%s', (rule) => {
      const policy = policyWith({ allowCidrs: cidrs(rule) });
      expect([of10, of8].map((address) => verdict(policy, address, 80))).toEqual([
        'address-denied',
        'allowed',
      ]);
      expect(policy.judgeAddress(of10, 80)!.rule).toMatch(/^Private-Use \(10\.0\.0\.0\/8\) is not/);
    });

    it('unless that one is opened too, on the same port', () => {
      const both = policyWith({ allowCidrs: cidrs(`${block}:*`, '10.0.0.1:443') });
      expect([443, 80].map((port) => verdict(both, of10, port))).toEqual(['allowed', 'address-denied']);
    });

    it('and is not opened by that one alone', () => {
      const inner = policyWith({ allowCidrs: cidrs('10.0.0.0/8:*', '8.0.0.0/8:*') });
      expect(verdict(inner, of10, 80)).toBe('address-denied');
    });

    it('and DENY_CIDRS sees that one', () => {
      const denying = policyWith({ allowCidrs: cidrs(`${block}:*`), denyCidrs: cidrs('8.8.8.8:80') });
      expect([80, 81].map((port) => verdict(denying, of8, port))).toEqual(['address-denied', 'allowed']);
      expect(denying.judgeAddress(of8, 80)!.rule).toBe('WIREFETCH_DENY_CIDRS covers it');
    });
  });

  it.each([
    ['::', '[::]', 'allowed'],
    ['::1', '[::1]', 'allowed'],
    ['::2', '[::/0]', 'address-denied'],
    ['fd00::a00:1', '[fd00::/8]', 'allowed'],
    ['64:ff9b:1::', '[64:ff9b:1::/48]', 'address-denied'],
    // a layout that is read from the zeros around another's address names nobody
    ['64:ff9b:1::1.1.1.1', '[64:ff9b:1::/48]', 'allowed'],
    // but an address that is special by any layout may be meant
    ['64:ff9b:1:7f00::1.1.1.1', '[64:ff9b:1::/48]', 'address-denied'],
    // octet 8 is no part of it, whatever it holds
    ['64:ff9b:1:a00:ff00:100::', '[64:ff9b:1::/48]', 'address-denied'],
  ])('or stands for none: %s, with ALLOW_CIDRS=%s, is %s', (address, rule, expected) => {
    expect(verdict(policyWith({ allowCidrs: cidrs(rule) }), address, 80)).toBe(expected);
  });

  it('of two that it embeds neither is overlooked, wherever an address is special', () => {
    const teredo = policyWith({ allowCidrs: cidrs('[2001::/32]') });
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), (server, client) => {
        const [one, other] = [server, client].map((text) => Number(numberOf(text)));
        const inverted = (~other! >>> 0).toString(16).padStart(8, '0');
        const hex = one!.toString(16).padStart(8, '0');
        const groups = [hex.slice(0, 4), hex.slice(4), '0', '0', inverted.slice(0, 4), inverted.slice(4)];
        const open = blockOf(server) === null && blockOf(client) === null;
        expect(teredo.judgeAddress(`2001:0:${groups.join(':')}`, 80) === null).toBe(open);
      }),
      { numRuns: 500 },
    );
  });
});

describe('how an address is written', () => {
  it.each([
    ['0:0:0:0:0:0:0:1', 'Loopback'],
    ['0000:0000:0000:0000:0000:0000:0000:0001', 'Loopback'],
    ['::0001', 'Loopback'],
    ['::FFFF:127.0.0.1', '127.0.0.0/8'],
    ['::ffff:7f00:1', '127.0.0.0/8'],
    ['0:0:0:0:0:ffff:127.0.0.1', '127.0.0.0/8'],
    ['64:FF9B::a9fe:a9fe', '169.254.0.0/16'],
    ['FE80::1', 'fe80::/10'],
  ])('does not matter: %s', (address, block) => {
    expect(blockOf(address)).toBe(block);
  });

  it.each([
    'localhost',
    '',
    '0x8.8.8.8',
    '010.8.8.8',
    '8.8.8',
    '8.8',
    '134744072',
    '8.8.8.8.',
    '8.8.8.8.8',
    '256.8.8.8',
    ' 8.8.8.8',
    '8.8.8.8 ',
    '8.8.8.8\0',
    '8.8.8.8/32',
    '８.８.８.８',
    '[2606:4700::1111]',
    '2606:4700::1111%',
    '2606:4700::1111%eth0',
    'fe80::1%25eth0',
    '::ffff:0x8.8.8.8',
    '::ffff:010.8.8.8',
    '2606:4700:::1111',
    '2606:4700::00001',
  ])('is an IP address and nothing looser: %j is denied', (text) => {
    expect(BUILT_IN.judgeAddress(text, 80)).toEqual({
      code: 'address-denied',
      rule: 'not an IP address, or one with a zone',
    });
  });

  it('is read as the WHATWG URL parser reads it', () => {
    const group = fc.constantFrom('0', '00', '1', '7f00', '64', 'ff9b', 'ffff', '2001', 'FE80');
    const text = fc
      .tuple(
        fc.array(fc.tuple(group, fc.constantFrom(':', ':', '::'))),
        fc.oneof(group, fc.ipV4()),
        fc.constantFrom('', '::'),
      )
      .map(([groups, last, elision]) => elision + groups.flat().join('') + last)
      .filter((candidate) => isIP(candidate) === 6);
    fc.assert(
      fc.property(fc.oneof(text, fc.ipV6()), (candidate) => {
        const { hostname } = new URL(`http://[${candidate}]/`);
        expect(blockOf(candidate)).toBe(blockOf(hostname.slice(1, -1)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('is an address to the policy exactly when it is one to the dialler', () => {
    const group = fc.constantFrom('0', '1', '00', '01', 'ffff', '10', '0x1', '256', '255', '%', 'g', '');
    const separator = fc.constantFrom(':', '::', '.', '');
    const text = fc.array(fc.tuple(group, separator), { maxLength: 9 }).map((parts) => parts.flat().join(''));
    fc.assert(
      fc.property(fc.oneof(text, fc.ipV4(), fc.ipV6(), fc.ipV4Extended()), (candidate) => {
        const denial = BUILT_IN.judgeAddress(candidate, 80);
        const isAddress = denial === null || !denial.rule.startsWith('not an IP address');
        expect(isAddress).toBe(isIP(candidate) !== 0 && !candidate.includes('%'));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('ALLOW_CIDRS', () => {
  it.each<[rule: string, address: string, port: number, Verdict]>([
    // without a port: opens the block on the ports that are allowed anyway
    ['127.0.0.0/8', '127.255.255.255', 80, 'allowed'],
    ['127.0.0.0/8', '127.0.0.1', 9000, 'port-denied'],
    ['127.0.0.0/8', '128.0.0.0', 80, 'allowed'],
    ['127.0.0.0/8', '10.0.0.1', 80, 'address-denied'],
    ['127.0.0.1', '127.0.0.1', 443, 'allowed'],
    ['127.0.0.1', '127.0.0.2', 443, 'address-denied'],
    ['[fd00::/8]', 'fd00::1', 80, 'allowed'],
    ['[fd00::/8]', 'fc00::1', 80, 'address-denied'],
    // with a port: opens the block on that port alone
    ['127.0.0.1/32:9000', '127.0.0.1', 9000, 'allowed'],
    ['127.0.0.1/32:9000', '127.0.0.1', 9001, 'address-denied'],
    ['127.0.0.1/32:9000', '127.0.0.1', 80, 'address-denied'],
    ['127.0.0.1/32:9000', '127.0.0.2', 9000, 'address-denied'],
    ['127.0.0.1/32:9000', '8.8.8.8', 9000, 'port-denied'],
    ['8.8.8.8:53', '8.8.8.8', 53, 'allowed'],
    ['8.8.8.8:53', '8.8.8.8', 80, 'allowed'],
    // with all ports
    ['127.0.0.0/8:*', '127.1.2.3', 1, 'allowed'],
    ['127.0.0.0/8:*', '8.8.8.8', 1, 'port-denied'],
    ['[fd00::/8]:*', 'fdff::1', 65535, 'allowed'],
    ['[::1]:*', '::1', 22, 'allowed'],
    // an address behind a mapping is the one that is opened; one behind a NAT64 is somewhere else
    ['127.0.0.0/8:*', '::ffff:127.0.0.1', 1, 'allowed'],
    ['10.0.0.0/8:*', '64:ff9b::10.0.0.1', 1, 'address-denied'],
    ['[64:ff9b::/96]', '64:ff9b::10.0.0.1', 80, 'address-denied'],
    ['[64:ff9b::/96]:*', '64:ff9b::8.8.8.8', 1, 'allowed'],
    ['8.8.8.8:53', '64:ff9b::8.8.8.8', 53, 'port-denied'],
    // no family is opened by a rule for the other
    ['0.0.0.0/0:*', '::1', 80, 'address-denied'],
    ['[::/0]:*', '127.0.0.1', 80, 'address-denied'],
  ])('%s: %s on port %i is %s', (rule, address, port, expected) => {
    const policy = policyWith({ allowCidrs: cidrs(rule) });
    expect(verdict(policy, address, port)).toBe(expected);
  });

  it('adds up', () => {
    const policy = policyWith({ allowCidrs: cidrs('127.0.0.0/8:9000', '127.0.0.1') });
    expect([80, 9000, 9001].map((port) => verdict(policy, '127.0.0.1', port))).toEqual([
      'allowed',
      'allowed',
      'port-denied',
    ]);
    expect(verdict(policy, '127.0.0.2', 80)).toBe('address-denied');
  });
});

describe('DENY_CIDRS', () => {
  it.each<[denied: string, allowed: string[], address: string, port: number, Verdict]>([
    ['8.8.8.0/24', [], '8.8.8.255', 80, 'address-denied'],
    ['8.8.8.0/24', [], '8.8.9.0', 80, 'allowed'],
    ['8.8.8.0/24:*', [], '8.8.8.8', 80, 'address-denied'],
    ['8.8.8.0/24:443', [], '8.8.8.8', 443, 'address-denied'],
    ['8.8.8.0/24:443', [], '8.8.8.8', 80, 'allowed'],
    ['[2606:4700::/32]', [], '2606:4700::1', 80, 'address-denied'],
    // deny beats allow, however precise the allowance
    ['127.0.0.0/8', ['127.0.0.1/32:80'], '127.0.0.1', 80, 'address-denied'],
    ['127.0.0.1', ['127.0.0.0/8:*'], '127.0.0.1', 80, 'address-denied'],
    ['127.0.0.1', ['127.0.0.0/8:*'], '127.0.0.2', 80, 'allowed'],
    ['127.0.0.1:81', ['127.0.0.0/8:*'], '127.0.0.1', 80, 'allowed'],
    // there is no way around it
    ['8.8.8.8', [], '::ffff:8.8.8.8', 80, 'address-denied'],
    ['8.8.8.8', [], '64:ff9b::8.8.8.8', 80, 'address-denied'],
    ['8.8.8.8', ['[64:ff9b::/96]:*'], '64:ff9b::808:808', 80, 'address-denied'],
    ['[64:ff9b::/96]', [], '64:ff9b::8.8.8.8', 80, 'address-denied'],
    ['[64:ff9b::/96]', [], '8.8.8.8', 80, 'allowed'],
  ])('%s, ALLOW_CIDRS %j: %s on port %i is %s', (denied, allowed, address, port, expected) => {
    const policy = policyWith({ denyCidrs: cidrs(denied), allowCidrs: cidrs(...allowed) });
    expect(verdict(policy, address, port)).toBe(expected);
  });

  it('is named in the denial, and the address is not', () => {
    const policy = policyWith({ denyCidrs: cidrs('8.0.0.0/8') });
    expect(policy.judgeAddress('8.8.8.8', 80)).toEqual({
      code: 'address-denied',
      rule: 'WIREFETCH_DENY_CIDRS covers it',
    });
  });
});

describe('a denial by the built-in policy names the block and what opens it, and not the address', () => {
  it.each([
    ['10.1.2.3', 'Private-Use (10.0.0.0/8)'],
    ['64:ff9b::10.1.2.3', 'Private-Use (10.0.0.0/8)'],
    ['2001::1', 'TEREDO (2001::/32)'],
    // a block of one address is that address
    ['255.255.255.255', 'Limited Broadcast'],
    ['::', 'Unspecified'],
    ['::1', 'Loopback'],
  ])('%s: %s', (address, block) => {
    const { code, rule } = BUILT_IN.judgeAddress(address, 80)!;
    expect([code, rule]).toEqual([
      'address-denied',
      `${block} is not globally reachable; an operator may open it by WIREFETCH_ALLOW_CIDRS`,
    ]);
    expect(rule.split(/[ ()]/)).not.toContain(address);
  });
});

describe('ALLOW_PORTS', () => {
  it('holds for names and for addresses', () => {
    const policy = policyWith({ allowPorts: [8080] });
    expect(policy.judgeTarget('example.com', 8080)).toBeNull();
    expect(policy.judgeTarget('example.com', 80)).toEqual({
      code: 'port-denied',
      rule: 'WIREFETCH_ALLOW_PORTS does not list 80',
    });
    expect(policy.judgeAddress('8.8.8.8', 8080)).toBeNull();
    expect(policy.judgeAddress('8.8.8.8', 80)).toEqual({
      code: 'port-denied',
      rule: 'WIREFETCH_ALLOW_PORTS does not list 80',
    });
  });

  it.each([
    ['127.0.0.1/32:9000', 9000, true],
    ['127.0.0.1/32:9000', 9001, false],
    ['127.0.0.1/32:*', 9001, true],
    ['127.0.0.1/32', 9001, false],
  ])('a name may lead to what ALLOW_CIDRS=%s opens: port %i, %j', (rule, port, allowed) => {
    const policy = policyWith({ allowCidrs: cidrs(rule) });
    expect(policy.judgeTarget('example.com', port) === null).toBe(allowed);
  });
});

describe('ALLOW_HOSTS and DENY_HOSTS', () => {
  it.each<[string, allowHosts: string[] | null, denyHosts: string[], Verdict]>([
    ['example.com', null, [], 'allowed'],
    ['example.com', ['example.com'], [], 'allowed'],
    ['EXAMPLE.com.', ['example.com'], [], 'allowed'],
    ['example.com', ['Example.COM.'], [], 'allowed'],
    ['www.example.com', ['example.com'], [], 'host-denied'],
    ['example.com', ['*.example.com'], [], 'host-denied'],
    ['www.example.com', ['*.example.com'], [], 'allowed'],
    ['a.b.example.com', ['*.example.com'], [], 'allowed'],
    ['badexample.com', ['*.example.com'], [], 'host-denied'],
    ['example.com.evil.net', ['example.com', '*.example.com'], [], 'host-denied'],
    ['example.com', [], [], 'host-denied'],
    ['example.com', null, ['example.com'], 'host-denied'],
    ['Example.COM.', null, ['example.com'], 'host-denied'],
    ['example.com', null, ['EXAMPLE.com.'], 'host-denied'],
    ['www.example.com', null, ['example.com'], 'allowed'],
    ['www.example.com', null, ['*.Example.com'], 'host-denied'],
    ['example.com', null, ['*.example.com'], 'allowed'],
    // deny beats allow
    ['www.example.com', ['www.example.com'], ['*.example.com'], 'host-denied'],
    // an address is a host like another
    ['8.8.8.8', ['example.com'], [], 'host-denied'],
    ['8.8.8.8', ['8.8.8.8'], [], 'allowed'],
    ['8.8.8.8', [], [], 'host-denied'],
    ['8.8.8.8', ['*.8.8.8', '*.8'], [], 'host-denied'],
    ['2606:4700::1111', ['example.com'], [], 'host-denied'],
    ['0x8.8.8.8', ['8.8.8.8'], [], 'host-denied'],
    ['8.8.8.8', null, ['8.8.8.8'], 'host-denied'],
    ['8.8.8.8', null, ['8.8.4.4'], 'allowed'],
    ['8.8.8.8', ['8.8.8.8'], ['8.8.8.8'], 'host-denied'],
    // however it is written
    ['2606:4700:0::0:1111', ['2606:4700::1111'], [], 'allowed'],
    ['2606:4700::1111', ['2606:4700:0:0:0:0:0:1111'], [], 'allowed'],
    ['2606:4700::1111', null, ['2606:4700:0::1111'], 'host-denied'],
    ['::ffff:8.8.8.8', null, ['8.8.8.8'], 'host-denied'],
    ['::ffff:808:808', ['8.8.8.8'], [], 'allowed'],
    ['8.8.8.8', ['::ffff:8.8.8.8'], [], 'allowed'],
    ['::8.8.8.8', ['8.8.8.8'], [], 'host-denied'],
    // dots at the end say nothing
    ['denied.test..', null, ['denied.test'], 'host-denied'],
    ['www.denied.test...', null, ['*.denied.test'], 'host-denied'],
    ['example.com..', ['example.com'], [], 'allowed'],
    ['..', ['example.com'], [], 'host-denied'],
    ['.', null, ['example.com'], 'allowed'],
  ])('%s, ALLOW_HOSTS %j, DENY_HOSTS %j: %s', (host, allowHosts, denyHosts, expected) => {
    const policy = policyWith({ allowHosts, denyHosts });
    expect(policy.judgeTarget(host, 80)?.code ?? 'allowed').toBe(expected);
  });

  it.each<[rule: string, host: string, port: number, Verdict]>([
    ['10.0.0.0/8', '10.0.0.1', 80, 'allowed'],
    ['10.0.0.0/8', '::ffff:10.0.0.1', 80, 'allowed'],
    ['10.0.0.0/8', '11.0.0.1', 80, 'host-denied'],
    ['10.0.0.0/8:8080', '10.0.0.1', 8080, 'allowed'],
    ['10.0.0.0/8:8080', '10.0.0.1', 80, 'host-denied'],
    ['10.0.0.0/8:*', '10.0.0.1', 81, 'allowed'],
    ['[fd00::/8]', 'fd00:0::1', 80, 'allowed'],
    ['0.0.0.0/0:*', 'bad.example', 80, 'host-denied'],
  ])('need not list an address that ALLOW_CIDRS opens: %s, %s, port %i: %s', (rule, host, port, expected) => {
    const policy = policyWith({ allowHosts: ['example.com'], allowCidrs: cidrs(rule) });
    expect(policy.judgeTarget(host, port)?.code ?? 'allowed').toBe(expected);
  });

  it('are compared in no time, however many dots a name has', () => {
    const policy = policyWith({ denyHosts: ['example.com'] });
    const from = performance.now();
    expect(policy.judgeTarget(`${'.'.repeat(200_000)}x`, 80)).toBeNull();
    // quadratic work on as many takes half a minute
    expect(performance.now() - from).toBeLessThan(1_000);
  });

  it('open no address', () => {
    const policy = policyWith({ allowHosts: ['intranet.example'] });
    expect(policy.judgeTarget('intranet.example', 80)).toBeNull();
    expect(verdict(policy, '10.0.0.1', 80)).toBe('address-denied');
  });

  it('are named in the denial', () => {
    const denying = policyWith({ denyHosts: ['*.Example.com.', '::0:1'] });
    const allowing = policyWith({ allowHosts: [] });
    expect([
      denying.judgeTarget('www.example.com', 80)?.rule,
      denying.judgeTarget('::1', 80)?.rule,
      allowing.judgeTarget('example.com', 80)?.rule,
      allowing.judgeTarget('8.8.8.8', 80)?.rule,
    ]).toEqual([
      'WIREFETCH_DENY_HOSTS *.example.com',
      'WIREFETCH_DENY_HOSTS ::1',
      'WIREFETCH_ALLOW_HOSTS does not list the name',
      'WIREFETCH_ALLOW_HOSTS does not list the address',
    ]);
  });
});

describe("the service's own address", () => {
  const everything = cidrs('0.0.0.0/0:*', '[::/0]:*');
  const OWN = { code: 'address-denied', rule: 'the address this service listens on' };

  it.each<[listensOn: string[], address: string, port: number, own: boolean]>([
    [['127.0.0.1'], '127.0.0.1', 8080, true],
    [['127.0.0.1'], '::ffff:127.0.0.1', 8080, true],
    [['127.0.0.1'], '127.0.0.1', 8081, false],
    [['127.0.0.1'], '127.0.0.2', 8080, false],
    [['127.0.0.1'], '::1', 8080, false],
    [['::1'], '0:0:0:0:0:0:0:1', 8080, true],
    [['203.0.113.5', '2001:db8::5'], '2001:0db8::0005', 8080, true],
    // the kernel takes the unspecified address for loopback
    [['127.0.0.1'], '0.0.0.0', 8080, true],
    [['127.0.0.1'], '::', 8080, true],
    [['127.0.0.1'], '::ffff:0.0.0.0', 8080, true],
    [['127.0.0.1'], '0.0.0.0', 8081, false],
    // nor is there a way to it by an address that stands for it
    [['127.0.0.1'], '::127.0.0.1', 8080, true],
    [['127.0.0.1'], '::ffff:0:127.0.0.1', 8080, true],
    [['127.0.0.1'], '64:ff9b::127.0.0.1', 8080, true],
    [['127.0.0.1'], '64:ff9b:1::127.0.0.1', 8080, true],
    [['127.0.0.1'], '64:ff9b:1:7f00:0:100::', 8080, true],
    [['127.0.0.1'], '2002:7f00:1::', 8080, true],
    [['127.0.0.1'], '2001:0:7f00:1::', 8080, true],
    [['127.0.0.1'], '2001:0:808:808:0:0:80ff:fffe', 8080, true],
    [['203.0.113.5'], '2002:cb00:7105::1', 8080, true],
    [['127.0.0.1'], '64:ff9b::0.0.0.0', 8080, true],
    [['0.0.0.0'], '64:ff9b::127.9.9.9', 8080, true],
    [['127.0.0.1'], '2002:7f00:1::', 8081, false],
    [['127.0.0.1'], '64:ff9b::127.0.0.2', 8080, false],
    // who listens everywhere listens on all of loopback
    [['0.0.0.0'], '127.0.0.1', 8080, true],
    [['0.0.0.0'], '127.9.9.9', 8080, true],
    [['0.0.0.0'], '127.9.9.9', 8081, false],
    [['0.0.0.0'], '8.8.8.8', 8080, false],
    [['0.0.0.0', '203.0.113.5'], '203.0.113.5', 8080, true],
    [['::'], '::1', 8080, true],
    [['::'], '127.0.0.1', 8080, true],
  ])('listening on %j, port 8080: %s port %i', (listensOn, address, port, own) => {
    const policy = policyWith({ allowCidrs: everything }, { addresses: new Set(listensOn), port: 8080 });
    expect(policy.judgeAddress(address, port)).toEqual(own ? OWN : null);
  });

  it('is asked for at each decision, and may not be known yet', () => {
    let own: OwnAddress | null = null;
    const policy = new AddressPolicy({ ...NO_RULES, allowCidrs: everything }, () => own);
    expect(policy.judgeAddress('127.0.0.1', 8080)).toBeNull();
    own = { addresses: new Set(['127.0.0.1']), port: 8080 };
    expect(policy.judgeAddress('127.0.0.1', 8080)).toEqual(OWN);
  });

  it('need not be given', () => {
    const policy = new AddressPolicy({ ...NO_RULES, allowCidrs: everything });
    expect(policy.judgeAddress('127.0.0.1', 8080)).toBeNull();
  });
});

describe('parseCidrRule', () => {
  it.each<[text: string, cidr: string, port: CidrRule['port']]>([
    ['127.0.0.1/32', '127.0.0.1/32', null],
    ['127.0.0.1/32:9000', '127.0.0.1/32', 9000],
    ['127.0.0.0/8:*', '127.0.0.0/8', '*'],
    ['127.0.0.1', '127.0.0.1/32', null],
    ['127.0.0.1:1', '127.0.0.1/32', 1],
    ['127.0.0.1:65535', '127.0.0.1/32', 65535],
    ['0.0.0.0/0', '0.0.0.0/0', null],
    ['fd00::/8', 'fd00::/8', null],
    ['fd00::/8:*', 'fd00::/8', '*'],
    ['[fd00::/8]:*', 'fd00::/8', '*'],
    ['[fd00::/8]:443', 'fd00::/8', 443],
    ['[fd00::/8]', 'fd00::/8', null],
    ['[::1]', '::1/128', null],
    ['[FD00::1]:80', 'FD00::1/128', 80],
    ['::/0', '::/0', null],
  ])('%s', (text, cidr, port) => {
    expect(parseCidrRule(text)).toEqual({ cidr, port });
  });

  it.each([
    '',
    '*',
    'localhost',
    'example.com/24',
    '127.0.0.1/33',
    '10.1.2.3/8',
    '10.0.0.1/31',
    '[fd00::1]/8',
    'fd00::1/64',
    '[2001:db8:0:1::/63]:*',
    '127.0.0.1/',
    '127.0.0.1/-1',
    '127.0.0.1/8/8',
    '127.0.0.1:',
    '127.0.0.1:0',
    '127.0.0.1:65536',
    '127.0.0.1:http',
    '127.0.0.1:**',
    '127.0.0.256',
    // not what an operator may have meant: 8.0.0.0, 127.0.0.1, 1.2.0.3
    '010.0.0.0/8',
    '127.1/8',
    '1.2.3/24',
    '::1', // as much an address as a port after one
    '[fd00::/8',
    'fd00::/129',
    '[fd00::/8]:',
    '[fe80::1%eth0]',
    'fe80::%eth0/10',
    '[:::]',
    ' 127.0.0.1',
    '127.0.0.1 ',
    // these would never cover an address, because none is judged with its mapping
    '[::ffff:127.0.0.1]',
    '::ffff:0:0/96',
  ])('refuses %j', (text) => {
    expect(parseCidrRule(text)).toBeNull();
  });
});

it.each([
  ['127.0.0.1', '127.0.0.1', true],
  ['127.0.0.1', '127.0.0.2', false],
  ['127.0.0.1', '::ffff:127.0.0.1', true],
  ['127.0.0.1', '::127.0.0.1', false],
  ['::1', '0:0:0:0:0:0:0:1', true],
  ['::1', '::', false],
])('sameAddress(%j, %j) is %j', (one, other, same) => {
  expect(sameAddress(one, other)).toBe(same);
});
