import type { ProblemCode } from '../problem-table';
import { type Explanation, caller, operator } from './explanation';

/** What goes wrong between a name and an answer: resolving, connecting, and connections that end. */
export const OF_CONNECTIONS = {
  'dns-not-found': {
    meaning:
      'The name servers answered, and the name has no address: none at all, or none of the family that was asked for. ' +
      'Nothing was dialled. It is an answer rather than a failure, so jobs do not try it again.',
    causes: [
      'The name is mistyped, has expired, or was never registered.',
      'The name has no address of the family that `network.family` asks for, or an address in the URL is of the other ' +
        'one.',
      'A short name of an inner network: there are no search domains here, so intranet means intranet. and no more.',
      'The name was made only just now, and its absence is still remembered somewhere.',
    ],
    remedies: [
      caller('Write the name out in full, and look it up from another machine.'),
      caller('Leave `network.family` at any.'),
      caller('Where the address is known, give it as `network.address`: the name then need not be resolved.'),
      operator(
        'Put names that DNS does not have into the hosts file of the machine, which is looked into first.',
      ),
    ],
    seeAlso: ['dns-failed', 'dns-timeout', 'address-denied'],
    references: ['RFC 1035 §4.1.1', 'RFC 2308 §2.1', 'RFC 6761 §6'],
  },
  'dns-failed': {
    meaning:
      'The name servers could not say whether the name has an address. `detail` ends with the code that the resolver ' +
      'gave, such as ESERVFAIL or EREFUSED. Nothing was dialled.',
    causes: [
      "The servers of the name's own domain are broken, or its DNSSEC signatures are.",
      'The name servers of this machine refuse to answer it, or cannot be reached.',
      'The name has a form that DNS does not have, such as an empty label.',
    ],
    remedies: [
      caller('Try again a little later.'),
      caller('Look the name up elsewhere: if it fails there too, its owner has to mend it.'),
      caller('Where the address is known, give it as `network.address`.'),
      operator(
        'Where `wirefetch_fetches_total` has many of this code and of `dns-timeout`, ask the name servers of the machine ' +
          'from the machine itself.',
      ),
    ],
    seeAlso: ['dns-not-found', 'dns-timeout'],
    references: ['RFC 1035 §4.1.1', 'RFC 8914'],
  },
  'dns-timeout': {
    meaning:
      'No name server answered within `timeouts.dnsMs`, or within the time that the resolver itself gives them. Nothing ' +
      'was dialled. `timings.dns` tells how long it was waited for.',
    causes: [
      "The servers of the name's domain do not answer.",
      'The name servers of this machine are overloaded, or the network drops their packets.',
      '`timeouts.dnsMs` is too short for a first look-up, which asks several servers in turn.',
    ],
    remedies: [
      caller('Try again: the name servers may know the answer by then.'),
      caller('Raise `timeouts.dnsMs`, which is 5000 unless you say otherwise.'),
      caller('Where the address is known, give it as `network.address`.'),
      operator(
        'Give the machine a name server nearby that remembers answers, and allow both UDP and TCP to its port 53.',
      ),
      operator(
        '`wirefetch_fetch_phase_duration_seconds` with the phase dns tells whether every name is slow, or one.',
      ),
    ],
    seeAlso: ['dns-failed', 'dns-not-found', 'total-timeout'],
    references: ['RFC 1035 §4.2', 'RFC 7766'],
  },
  'connection-refused': {
    meaning:
      'A machine is there and said that nobody listens at the port. It is the answer to the last address that was ' +
      'tried: `connection.attempts` tells each address, with what came of it.',
    causes: [
      "The target's server does not run, or is being restarted.",
      'The port is another one, or http and https were mistaken for each other.',
      'The server listens on IPv4 or IPv6 alone, and the name has addresses of both.',
      'A firewall refuses on behalf of the target.',
    ],
    remedies: [
      caller('Check scheme and port of the URL.'),
      caller('Set `network.family` to 4 or 6 where only one of them is served.'),
      caller('Try again later where the server may be restarting.'),
      operator(
        'Look whether the refusal comes from a firewall of your own network: connect from the same machine.',
      ),
    ],
    seeAlso: ['host-unreachable', 'connect-timeout', 'connection-reset'],
    references: ['RFC 9293 §3.5.2', 'RFC 8305 §5'],
  },
  'connection-reset': {
    meaning:
      'The target broke the connection off (RST) before a whole response head had arrived, or TLS broke off. What had ' +
      'arrived is in `received`, and `phase` tells how far it had come. A reset within the content is no problem, but a ' +
      'result with `error.code` of this name.',
    causes: [
      'The server crashed, was restarted, or had a backend die.',
      'A firewall, load balancer or bot protection cut the connection on sight of the request.',
      'The server gave up on the request: too long, too odd, or for a host that it does not serve.',
      'The port speaks https and was spoken to in plain http, or the other way round.',
    ],
    remedies: [
      caller('Look at `phase`, and at what `received` holds: some servers say why before they reset.'),
      caller('Try again where the method is idempotent; whether the request was acted upon is not known.'),
      caller('Compare the `headers` with those of a browser that is served.'),
      operator(
        'Where many targets do this, look for something between the service and the network that resets.',
      ),
    ],
    seeAlso: ['connection-closed', 'connection-refused', 'tls-handshake-failed'],
    references: ['RFC 9293 §3.5.2', 'RFC 9112 §9.6'],
  },
  'connection-closed': {
    meaning:
      'The target closed the connection in good order (FIN) before a whole response head had arrived. What had arrived ' +
      'is in `received`. A close within the content is no problem, but a result with `error.code` of this name.',
    causes: [
      'The server accepts connections but has no worker for them, or its backend is gone.',
      'The server did not like the request, and closed without a word.',
      'Another protocol is spoken at that port, which waits for something else.',
      'The server cut a response head that it had begun.',
    ],
    remedies: [
      caller('Try again where the method is idempotent; whether the request was acted upon is not known.'),
      caller('Check scheme and port of the URL, and look at what `received` holds.'),
      caller('Leave `defaultHeaders` on: some servers drop requests without a `User-Agent`.'),
    ],
    seeAlso: ['connection-reset', 'malformed-response'],
    references: ['RFC 9112 §8', 'RFC 9112 §9.6', 'RFC 9110 §9.2.2'],
  },
  'host-unreachable': {
    meaning:
      'The system has no way to the address: a router or the own kernel said so. `detail` ends with its code, and ' +
      '`connection.attempts` tells each address that was tried.',
    causes: [
      'The name has IPv6 addresses alone, and the service has no IPv6 (ENETUNREACH, EADDRNOTAVAIL).',
      'The target, or its network, is down (EHOSTUNREACH).',
      'A packet filter of the machine of the service forbids it (EACCES, EPERM).',
    ],
    remedies: [
      caller('Set `network.family` to 4 where the target has an IPv4 address.'),
      caller('Try again later: routes come back.'),
      operator('Give the service IPv6, or callers a hint that it has none.'),
      operator(
        'Look whether the network policy or the firewall agrees with what `WIREFETCH_ALLOW_CIDRS` opens.',
      ),
    ],
    seeAlso: ['connect-timeout', 'connection-refused', 'address-denied'],
    references: ['RFC 792', 'RFC 4443 §3.1', 'RFC 8305 §5'],
  },
  'connect-timeout': {
    meaning:
      'No TCP connection stood within `timeouts.connectMs`, which is for all addresses of the name together. They are ' +
      'tried beside each other, 250 ms apart, and `connection.attempts` tells each. Nothing was sent.',
    causes: [
      'A firewall drops the packets without a word.',
      'The target is down, or its address has moved.',
      'The target is so busy that its kernel takes no more connections.',
      '`timeouts.connectMs` is too short for a network that is far or lossy.',
    ],
    remedies: [
      caller('Check host and port, and whether anybody is answered there.'),
      caller('Raise `timeouts.connectMs`, which is 5000 unless you say otherwise.'),
      caller('Try another address of the name by `network.address`, or one family by `network.family`.'),
      operator('Look whether the packets leave your own network: what it drops looks just like this.'),
    ],
    seeAlso: ['host-unreachable', 'connection-refused', 'total-timeout'],
    references: ['RFC 9293 §3.8.3', 'RFC 8305 §5'],
  },
} as const satisfies Partial<Record<ProblemCode, Explanation>>;
