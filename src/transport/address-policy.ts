import ipaddr from 'ipaddr.js';
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
  /** exact names or `*.example.com`; null: every name */
  readonly allowHosts: readonly string[] | null;
  readonly denyHosts: readonly string[];
  readonly allowPorts: readonly number[];
}

/** Where this service itself listens. */
export interface OwnAddress {
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
  private readonly ports: ReadonlySet<number>;

  /** @param own asked at each decision, because a server learns its port when it listens */
  constructor(
    private readonly rules: EgressRules,
    private readonly own: () => OwnAddress | null = () => null,
  ) {
    this.allow = rules.allowCidrs.map(compileRule);
    this.deny = rules.denyCidrs.map(compileRule);
    this.ports = new Set(rules.allowPorts);
  }

  /** Judges what can be judged before any name is resolved.
   *  @param host a name or an address, without brackets */
  judgeTarget(host: string, port: number): Denial | null {
    const name = host.toLowerCase().replace(/\.$/, '');
    const { allowHosts, denyHosts } = this.rules;
    const denied = denyHosts.find((pattern) => matchesHost(pattern, name));
    if (denied !== undefined) return { code: 'host-denied', rule: `DENY_HOSTS ${denied}` };
    const isName = !isAddress(name);
    if (isName && allowHosts !== null && !allowHosts.some((pattern) => matchesHost(pattern, name)))
      return { code: 'host-denied', rule: 'ALLOW_HOSTS does not list it' };
    if (!this.ports.has(port) && !this.allow.some((rule) => rule.port === port || rule.port === '*'))
      return { code: 'port-denied', rule: `ALLOW_PORTS does not list ${port}` };
    return null;
  }

  /** Judges the very address that is to be dialled.
   *  @param text an IP address without brackets or zone */
  judgeAddress(text: string, port: number): Denial | null {
    if (!isAddress(text)) return { code: 'address-denied', rule: 'not an IP address, or one with a zone' };
    const address = withoutMapping(ipaddr.parse(text));
    if (this.isOwn(address, port))
      return { code: 'address-denied', rule: 'the address this service listens on' };
    const denied = this.deny.find((rule) => covers(rule, address) && coversPort(rule, port));
    if (denied !== undefined) return { code: 'address-denied', rule: `DENY_CIDRS ${denied.cidr}` };
    const opened = this.allow.filter((rule) => covers(rule, address));
    if (opened.some((rule) => rule.port !== null && coversPort(rule, port))) return null;
    const special = specialBlock(embeddedIpv4(address) ?? address);
    if (special !== null && !opened.some((rule) => rule.port === null))
      return { code: 'address-denied', rule: `${special.name} (${special.cidr}) is not globally reachable` };
    if (!this.ports.has(port)) return { code: 'port-denied', rule: `ALLOW_PORTS does not list ${port}` };
    return null;
  }

  private isOwn(address: Address, port: number): boolean {
    const own = this.own();
    return own !== null && own.port === port && own.addresses.has(address.toString());
  }
}

/** @returns whether both texts are one address; an IPv4-mapped IPv6 address is the IPv4 address */
export function sameAddress(one: string, other: string): boolean {
  return ipaddr.process(one).toString() === ipaddr.process(other).toString();
}

/** Parses `127.0.0.1/32`, `127.0.0.1/32:9000`, `[fd00::/8]:*`; an address without a prefix is one address.
 *  @returns null when it is none of these */
export function parseCidrRule(text: string): CidrRule | null {
  const match =
    /^(?:\[([0-9a-fA-F:.]+(?:\/\d+)?)\]|([0-9.]+(?:\/\d+)?)|([0-9a-fA-F:.]+\/\d+))(?::(\d+|\*))?$/.exec(text);
  if (match === null) return null;
  const [, bracketed, ipv4, ipv6, portText] = match;
  const block = (bracketed ?? ipv4 ?? ipv6)!;
  const withPrefix = block.includes('/') ? block : `${block}/${block.includes(':') ? 128 : 32}`;
  if (!ipaddr.isValidCIDR(withPrefix)) return null;
  if (portText === undefined || portText === '*') return { cidr: withPrefix, port: portText ?? null };
  const port = Number(portText);
  return port >= 1 && port <= 65535 ? { cidr: withPrefix, port } : null;
}

/** Four decimal numbers or RFC 4291 text; ipaddr.js alone would also take "0x7f.1", and a zone. */
function isAddress(text: string): boolean {
  if (text.includes('%')) return false;
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

/** @returns the most specific block that holds the address when it is not globally reachable, else null */
function specialBlock(address: Address): SpecialBlock | null {
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
const NAT64 = ipaddr.parseCIDR('64:ff9b::/96');

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

/** RFC 6052 §2.1: what a NAT64 translates is dialled as IPv4 behind it. */
function embeddedIpv4(address: Address): Address | null {
  if (address.kind() === 'ipv4' || !address.match(NAT64)) return null;
  return new ipaddr.IPv4(address.toByteArray().slice(12));
}

function matchesHost(pattern: string, name: string): boolean {
  return pattern.startsWith('*.') ? name.endsWith(pattern.slice(1)) : name === pattern;
}
