import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { embeddedIpv4 } from './embedded-ipv4';
import { IPV4_BLOCKS, IPV6_BLOCKS, type SpecialBlock } from './special-purpose-registry';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** A CIDR block with the ports it speaks of: one, all ('*'), or those that are allowed anyway (null). */
export interface CidrRule {
  readonly cidr: string;
  readonly port: number | '*' | null;
}

/** What the operator opens and closes beyond the built-in policy. */
export interface EgressRules {
  readonly allowCidrs: readonly CidrRule[];
  readonly denyCidrs: readonly CidrRule[];
  /** exact names or addresses, or `*.example.com`, in any case; null: every name and address */
  readonly allowHosts: readonly string[] | null;
  readonly denyHosts: readonly string[];
  readonly allowPorts: readonly number[];
}

/** Where this service itself listens. */
export interface OwnAddress {
  /** in canonical text (RFC 5952), IPv4 ones unmapped; 0.0.0.0 or ::, among them, is everywhere */
  readonly addresses: ReadonlySet<string>;
  readonly port: number;
}

/** A refusal; names the rule, never the address behind a name. */
export interface Denial {
  readonly code: 'host-denied' | 'port-denied' | 'address-denied';
  readonly rule: string;
}

interface CompiledBlock extends SpecialBlock {
  readonly range: [Address, number];
}

interface CompiledRule extends CidrRule {
  readonly range: [Address, number];
}

/** Decides which hosts, ports and addresses may be dialled: globally reachable unicast, unless the
 *  operator's rules say otherwise; deny beats allow. Decides on binary addresses, dials and resolves nothing.
 *  @see RFC 6890 §2.2.1, "Globally Reachable" */
export class AddressPolicy {
  private readonly allow: readonly CompiledRule[];
  private readonly deny: readonly CompiledRule[];
  private readonly allowHosts: readonly string[] | null;
  private readonly denyHosts: readonly string[];
  private readonly ports: ReadonlySet<number>;

  /** @param own asked at each decision with the port to be dialled, because a server learns its own when it listens; null: it
   *    does not listen there */
  constructor(
    rules: EgressRules,
    private readonly own: (port: number) => OwnAddress | null = () => null,
  ) {
    this.allow = rules.allowCidrs.map(compileRule);
    this.deny = rules.denyCidrs.map(compileRule);
    this.allowHosts = rules.allowHosts?.map(canonicalHost) ?? null;
    this.denyHosts = rules.denyHosts.map(canonicalHost);
    this.ports = new Set(rules.allowPorts);
  }

  /** Judges what can be judged before any name is resolved.
   *  @param text a name or an address, without brackets: who is named, or pinned */
  judgeTarget(text: string, port: number): Denial | null {
    const host = canonicalHost(text);
    const denied = this.denyHosts.find((pattern) => matchesHost(pattern, host));
    if (denied !== undefined) return { code: 'host-denied', rule: `WIREFETCH_DENY_HOSTS ${denied}` };
    if (!this.isListed(host, port)) {
      const what = isAddress(host) ? 'address' : 'name';
      return { code: 'host-denied', rule: `WIREFETCH_ALLOW_HOSTS does not list the ${what}` };
    }
    const opened = this.allow.some((rule) => rule.port === port || rule.port === '*');
    return this.ports.has(port) || opened ? null : portDenied(port);
  }

  /** Judges the very address that is to be dialled, and with it every IPv4 address that it stands for.
   *  @param text an IP address without brackets or zone */
  judgeAddress(text: string, port: number): Denial | null {
    if (!isAddress(text)) return addressDenied('not an IP address, or one with a zone');
    const address = withoutMapping(parse(text));
    const reached = [address, ...embeddedIpv4(address)];
    if (reached.some((one) => this.isOwn(one, port)))
      return addressDenied('the address this service listens on');
    // Not which block: one of a single address would name it.
    if (reached.some((one) => covering(this.deny, one, port).length > 0))
      return addressDenied('WIREFETCH_DENY_CIDRS covers it');
    for (const one of reached) {
      const special = specialBlock(one);
      if (special !== null && covering(this.allow, one, port).length === 0) return notReachable(special);
    }
    const opened = covering(this.allow, address, port).some((rule) => rule.port !== null);
    return this.ports.has(port) || opened ? null : portDenied(port);
  }

  /** Whether ALLOW_HOSTS has it, or need not: what ALLOW_CIDRS opens is opened by address. */
  private isListed(host: string, port: number): boolean {
    const { allowHosts } = this;
    if (allowHosts === null || allowHosts.some((pattern) => matchesHost(pattern, host))) return true;
    return isAddress(host) && covering(this.allow, parse(host), port).length > 0;
  }

  /** The kernel takes the unspecified address for loopback, and who listens everywhere is at all of loopback. */
  private isOwn(address: Address, port: number): boolean {
    const own = this.own(port);
    if (own === null || own.port !== port) return false;
    const everywhere = own.addresses.has('0.0.0.0') || own.addresses.has('::');
    const range = address.range();
    return (
      own.addresses.has(address.toString()) || range === 'unspecified' || (everywhere && range === 'loopback')
    );
  }
}

/** @returns whether both texts are one address; an IPv4-mapped IPv6 address is the IPv4 address */
export function sameAddress(one: string, other: string): boolean {
  return withoutMapping(parse(one)).toString() === withoutMapping(parse(other)).toString();
}

/** Parses `127.0.0.1/32`, `127.0.0.1/32:9000`, `[fd00::/8]:*`; an address without a prefix is one address.
 *  @returns null when it is none of these */
export function parseCidrRule(text: string): CidrRule | null {
  const match =
    /^(?:\[([0-9a-fA-F:.]+(?:\/\d+)?)\]|([0-9.]+(?:\/\d+)?)|([0-9a-fA-F:.]+\/\d+))(?::(\d+|\*))?$/.exec(text);
  if (match === null) return null;
  const [, bracketed, ipv4, ipv6, portText] = match;
  const block = (bracketed ?? ipv4 ?? ipv6)!;
  const [address, prefix = block.includes(':') ? 128 : 32] = block.split('/') as [string, string?];
  const cidr = `${address}/${prefix}`;
  if (!isAddress(address) || !ipaddr.isValidCIDR(cidr)) return null;
  // Addresses are judged without their mapping: a mapped block would never cover one.
  const parsed = ipaddr.parse(address);
  if (withoutMapping(parsed) !== parsed) return null;
  // 10.1.2.3/8 is more likely a slip than meant for all of 10.0.0.0/8.
  if (!isFirstOf(parsed, Number(prefix))) return null;
  if (portText === undefined || portText === '*') return { cidr, port: portText ?? null };
  const port = Number(portText);
  return port >= 1 && port <= 65535 ? { cidr, port } : null;
}

/** @returns whether an address has no bit set beyond its prefix */
function isFirstOf(address: Address, bits: number): boolean {
  return address
    .toByteArray()
    .every((octet, at) => (octet & (0xff >> Math.min(8, Math.max(0, bits - 8 * at)))) === 0);
}

/** What the dialler takes for an address, and no zone; ipaddr.js alone would also take "0x7f.1", or read
 *  the octal "::ffff:0177.0.0.1" as 177.0.0.1. */
function isAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%');
}

/** ipaddr.js takes the IPv4-compatible "::1.2.3.4" for the mapped "::ffff:1.2.3.4", another address. */
function parse(text: string): Address {
  return ipaddr.parse(text.replace(/^::(?=[0-9]+\.)/, '::0:'));
}

/** @returns the most specific block that holds the address when it is not globally reachable, else null */
function specialBlock(address: Address): SpecialBlock | null {
  // RFC 6052 §3.1: the well-known prefix must not represent what is not global. Such an address is as special as that.
  if (covers(NAT64, address)) return specialBlock(embeddedIpv4(address)[0]!);
  let best: CompiledBlock | null = null;
  for (const candidate of address.kind() === 'ipv4' ? IPV4 : IPV6)
    if (covers(candidate, address) && (best === null || candidate.range[1] > best.range[1])) best = candidate;
  return best === null || best.globallyReachable ? null : best;
}

function compileBlock(special: SpecialBlock): CompiledBlock {
  return { ...special, range: ipaddr.parseCIDR(special.cidr) };
}

function compileRule(rule: CidrRule): CompiledRule {
  return { ...rule, range: ipaddr.parseCIDR(rule.cidr) };
}

const IPV4 = IPV4_BLOCKS.map(compileBlock);
const IPV6 = IPV6_BLOCKS.map(compileBlock);
const NAT64 = { range: ipaddr.parseCIDR('64:ff9b::/96') };

function addressDenied(rule: string): Denial {
  return { code: 'address-denied', rule };
}

function portDenied(port: number): Denial {
  return { code: 'port-denied', rule: `WIREFETCH_ALLOW_PORTS does not list ${port}` };
}

/** A block of a single address is told by its name alone: the denial never tells to what a name resolved. */
function notReachable({ name, cidr }: SpecialBlock): Denial {
  const single = cidr.endsWith(cidr.includes(':') ? '/128' : '/32');
  const block = single ? name : `${name} (${cidr})`;
  return addressDenied(
    `${block} is not globally reachable; an operator may open it by WIREFETCH_ALLOW_CIDRS`,
  );
}

/** @returns the rules that speak of the address and the port */
function covering(rules: readonly CompiledRule[], address: Address, port: number): readonly CompiledRule[] {
  return rules.filter((rule) => covers(rule, address) && coversPort(rule, port));
}

function covers({ range }: { readonly range: [Address, number] }, address: Address): boolean {
  return range[0].kind() === address.kind() && address.match(range[0], range[1]);
}

function coversPort(rule: CidrRule, port: number): boolean {
  return rule.port === null || rule.port === '*' || rule.port === port;
}

/** RFC 4291 §2.5.5.2: the kernel dials the IPv4 address that ::ffff:0:0/96 maps, so that one is judged. */
function withoutMapping(address: Address): Address {
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

/** @returns names in lower case, without the dots at their end; addresses in canonical text, without their mapping */
export function canonicalHost(host: string): string {
  if (isAddress(host)) return withoutMapping(parse(host)).toString();
  // No pattern: one for dots at the end takes quadratic time to find that there are none.
  let end = host.length;
  while (host[end - 1] === '.') end -= 1;
  return host.slice(0, end).toLowerCase();
}

function matchesHost(pattern: string, host: string): boolean {
  return pattern.startsWith('*.') ? !isAddress(host) && host.endsWith(pattern.slice(1)) : host === pattern;
}
