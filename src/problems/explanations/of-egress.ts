import type { ProblemCode } from '../problem-table';
import { type Explanation, caller, operator } from './explanation';

/** What the egress policy refuses, on any hop. */
export const OF_EGRESS = {
  'address-denied': {
    meaning:
      'The address that was to be dialled may not be, and nobody dialled it. Allowed are globally reachable unicast ' +
      'addresses, and what the operator opens by `WIREFETCH_ALLOW_CIDRS`; `WIREFETCH_DENY_CIDRS` and the address this ' +
      'service listens on are never allowed. `detail` names the rule, but never the address to which a name resolved.',
    causes: [
      'The URL, or `network.address`, has an address that is private, loopback, link-local or reserved.',
      'The name resolves to such addresses alone: a name of an inner network, or one that was made to point inside.',
      'The target redirected there; the exchange that carried the redirect is the last of `hops`.',
      'The address stands for an IPv4 address that is not allowed: IPv4-mapped, NAT64, 6to4 or Teredo.',
      'The service was asked to fetch from itself.',
    ],
    remedies: [
      caller(
        'Fetch from a public address. Writing the same address in another form does not help: all are judged.',
      ),
      caller('Where a redirect led there, set `redirects.follow: false` and look at its `Location`.'),
      operator(
        'Open what callers may reach as narrowly as possible: `WIREFETCH_ALLOW_CIDRS=10.1.0.0/16:443`. Deny beats allow.',
      ),
      operator(
        'Where `wirefetch_denied_total` rises with this code, somebody tries the inner network or a name has moved there: ' +
          'the lines `fetch` of the log tell the `owner`.',
      ),
    ],
    seeAlso: ['port-denied', 'host-denied', 'invalid-redirect'],
    references: ['RFC 6890 §2.2.1', 'RFC 4291 §2.5.5', 'RFC 6052 §3.1', 'RFC 9110 §15.5.4'],
  },
  'port-denied': {
    meaning:
      'The port may not be dialled, and nobody dialled it. Allowed are the ports of `WIREFETCH_ALLOW_PORTS` (80, 443, ' +
      '8080 and 8443 unless it says otherwise), and those that `WIREFETCH_ALLOW_CIDRS` opens at some addresses.',
    causes: [
      'The URL names an unusual port.',
      'The target redirected to one; the exchange that carried the redirect is the last of `hops`.',
      'The operator opened the address without a port, which leaves the allowed ports as they are.',
    ],
    remedies: [
      caller('Fetch from a port that is allowed.'),
      operator('Add the port to `WIREFETCH_ALLOW_PORTS`, which holds at every allowed address.'),
      operator('Or open it at some addresses alone: `WIREFETCH_ALLOW_CIDRS=127.0.0.1/32:9000`.'),
    ],
    seeAlso: ['address-denied', 'host-denied'],
    references: ['RFC 9110 §15.5.4', 'RFC 3986 §3.2.3'],
  },
  'host-denied': {
    meaning:
      'The host may not be fetched from, and its name was not even looked up. Either `WIREFETCH_DENY_HOSTS` names it, ' +
      'or there is a list of all that are allowed, `WIREFETCH_ALLOW_HOSTS`, and it is not on that.',
    causes: [
      "The host, or the address given in its place, is on the operator's list of those to refuse.",
      'The operator allows a few hosts alone. A pattern *.example.com does not hold for example.com itself.',
      'An IP address was given instead of a name, and neither `WIREFETCH_ALLOW_HOSTS` lists it nor ' +
        '`WIREFETCH_ALLOW_CIDRS` opens it.',
      'The target redirected to another host, such as from example.com to www.example.com.',
    ],
    remedies: [
      caller('Fetch from a host that is allowed, by its name.'),
      caller('Where a redirect led there, set `redirects.follow: false` and look at its `Location`.'),
      operator(
        'List the name in `WIREFETCH_ALLOW_HOSTS`, with those that it redirects to. It opens no address.',
      ),
      operator('Take it off `WIREFETCH_DENY_HOSTS`.'),
    ],
    seeAlso: ['address-denied', 'port-denied'],
    references: ['RFC 9110 §15.5.4'],
  },
} as const satisfies Partial<Record<ProblemCode, Explanation>>;
