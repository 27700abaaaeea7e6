import type { ProblemCode } from '../problem-table';
import { type Explanation, caller, operator } from './explanation';

/** What goes wrong between the request and a whole response head. Once there is one, what fails is told in a result. */
export const OF_RESPONSES = {
  'malformed-response': {
    meaning:
      'The target answered, but its response head is no HTTP/1.1 that can be understood; `detail` says what is wrong, and ' +
      '`received` holds the octets as they came. What decides the length of a message is never guessed. An error that ' +
      'shows only in the content is no problem, but a result with `endedBy` parse-error.',
    causes: [
      'Another protocol is spoken at that port: mail, SSH, HTTP/2, or TLS that was spoken to in plain http.',
      'The head contradicts itself, as with two `Content-Length` that differ.',
      'A field line without a colon, or a NUL: mostly a script that writes its own head.',
      '`parser: strict` was asked for, and the target takes a liberty that lenient accepts with a warning.',
      'More than 32 informational responses came before the final one.',
    ],
    remedies: [
      caller('Look at what `received` holds: the first octets mostly tell which protocol it is.'),
      caller('Check scheme and port of the URL.'),
      caller('Leave `parser` at lenient, which is the default.'),
      caller('Tell the owner of the target, with `detail`.'),
    ],
    seeAlso: ['head-too-large', 'connection-closed', 'tls-handshake-failed'],
    references: ['RFC 9112 §4', 'RFC 9112 §5', 'RFC 9112 §6.3'],
  },
  'head-too-large': {
    meaning:
      'The response head is longer than was to be read: more octets than `read.maxHeadBytes`, more than 1,000 field ' +
      'lines, or not whole after `read.maxReads` reads. Informational responses count together. What had arrived is in ' +
      '`received`.',
    causes: [
      'The target sets very many or very long cookies, or a long security policy.',
      '`read.maxReads` is 1 and `read.bufferBytes` small, so that one read does not hold the head.',
      'The target sends a head without an end, by mistake or on purpose.',
    ],
    remedies: [
      caller('Raise `read.maxHeadBytes` (65536 unless you say otherwise, 1048576 at the most).'),
      caller('Raise `read.maxReads` or `read.bufferBytes`.'),
    ],
    seeAlso: ['malformed-response', 'request-too-large'],
    references: ['RFC 9110 §5.4'],
  },
  'too-many-redirects': {
    meaning:
      'The target redirected more often than `redirects.max` allows. `hops` holds every exchange, with its `Location`, so ' +
      'that the chain can be read off.',
    causes: [
      'A loop: http leads to https and back, or two names lead to each other.',
      'A page that redirects until it sees a cookie which is not sent: one given in `headers` stays with its origin.',
      'A site that treats this client otherwise than a browser: by language, region or `User-Agent`.',
      'A long chain that would end, with `redirects.max` too small for it.',
    ],
    remedies: [
      caller('Read the URLs in `hops`: does one of them come twice?'),
      caller(
        'Raise `redirects.max` (10 unless you say otherwise, 20 at the most) where the chain makes progress.',
      ),
      caller('Set `redirects.follow: false` to get the first redirect as a result.'),
      caller('Fetch with a `session` where a cookie of an earlier fetch is needed.'),
    ],
    seeAlso: ['invalid-redirect'],
    references: ['RFC 9110 §15.4', 'RFC 9110 §10.2.2'],
  },
  'invalid-redirect': {
    meaning:
      'The target redirected to where this service cannot go: what `Location` holds is no URL reference, or leads to ' +
      'another scheme than http and https. The exchange that carried it is the last of `hops`.',
    causes: [
      'A redirect to an app or a mail address: market:, intent:, mailto: and the like.',
      'A `Location` that was put together wrongly: without a host, or with a port that is no number.',
      'A host in the `Location` that is longer than a name may be.',
    ],
    remedies: [
      caller('Look at the `Location` in the last of `hops`.'),
      caller('Set `redirects.follow: false` to get the redirect as a result.'),
      caller('Send the `User-Agent` of a desktop browser where the target takes you for a phone.'),
    ],
    seeAlso: ['too-many-redirects', 'unsupported-scheme', 'address-denied'],
    references: ['RFC 9110 §10.2.2', 'RFC 9110 §15.4', 'RFC 3986 §4.1'],
  },
  'send-timeout': {
    meaning:
      'The request could not be handed over within `timeouts.sendMs`: the target did not take it as fast as it was ' +
      'written, and had not answered either. An answer that comes early, such as a 413, would have been kept.',
    causes: [
      'The target does not read: it is stuck, or waits for a slow backend or disk.',
      'A large `body` over a slow network.',
      '`timeouts.sendMs` is too short for that much content.',
    ],
    remedies: [
      caller('Raise `timeouts.sendMs`, which is 10000 unless you say otherwise.'),
      caller('Send less at a time, where the target allows it.'),
      caller('Try again where the method is idempotent: a part of the request has arrived.'),
    ],
    seeAlso: ['first-byte-timeout', 'total-timeout'],
    references: ['RFC 9112 §9.5', 'RFC 9293 §3.8.6'],
  },
  'first-byte-timeout': {
    meaning:
      'The request was sent whole, and nothing came back within `timeouts.firstByteMs`. That time begins anew after each ' +
      'informational response (1xx). Whether the request was acted upon is not known.',
    causes: [
      'The target takes longer to make its answer: a report, a search, a cold start.',
      'The target hangs, or its backend does.',
      'The server waits for something that was not sent, such as more content or TLS.',
      'A protection against bots that keeps those waiting whom it suspects.',
    ],
    remedies: [
      caller(
        'Raise `timeouts.firstByteMs` (10000 unless you say otherwise), and `timeouts.totalMs` with it.',
      ),
      caller('Check scheme and port of the URL, and with `raw` whether the request ends in an empty line.'),
      caller('Try again where the method is idempotent.'),
      operator(
        '`wirefetch_fetch_phase_duration_seconds` with the phase wait tells whether one target is slow, or all.',
      ),
      operator('`WIREFETCH_MAX_TOTAL_MS` caps what callers may wait for.'),
    ],
    seeAlso: ['head-timeout', 'total-timeout', 'send-timeout'],
    references: ['RFC 9110 §15.6.5', 'RFC 9110 §15.2'],
  },
  'head-timeout': {
    meaning:
      'The response head had begun, and then nothing came for `timeouts.idleMs` before it was whole: each octet begins that ' +
      'time anew. What had arrived is in `received`. The same silence within the content is no problem, but a result ' +
      'with `error.code` idle-timeout.',
    causes: [
      'The target wrote a part of its head and then hung, or its script did.',
      'The head is never ended: the empty line after the fields is missing.',
      'A server that drips its head with gaps longer than `timeouts.idleMs`; one with shorter gaps ends as `total-timeout`.',
      'With `read.until: idle` the limit is 2000 unless you say otherwise, which may be short.',
    ],
    remedies: [
      caller('Look at what `received` holds: does it end within a field, or after all of them?'),
      caller('Raise `timeouts.idleMs`.'),
      caller('Try again where the method is idempotent.'),
    ],
    seeAlso: ['first-byte-timeout', 'total-timeout', 'connection-closed'],
    references: ['RFC 9112 §2.1', 'RFC 9110 §15.6.5'],
  },
  'total-timeout': {
    meaning:
      '`timeouts.totalMs` was over before a whole response head had arrived. It spans the whole chain of redirects, and ' +
      'leaves out time in the own queue. `phase` tells what was under way; within the content it is no problem, but a ' +
      'result with `endedBy` total-timeout.',
    causes: [
      'Several slow hops in a row, each within its own limits: `hops` and `timings.chainTotal` tell.',
      '`timeouts.totalMs` is shorter than the limits of the phases together.',
      'A phase stalls whose own limit is longer than what is left of `timeouts.totalMs`: `phase` and `timings` tell which.',
      'A server that drips its head a few octets at a time, by mistake or on purpose: each of them begins `timeouts.idleMs` ' +
        'anew, and this limit alone ends it.',
      'Reading waited for memory of this service: the warning `waited-for-memory` says for how long.',
    ],
    remedies: [
      caller('Raise `timeouts.totalMs` (30000 unless you say otherwise), up to `WIREFETCH_MAX_TOTAL_MS`.'),
      caller('Fetch the final URL at once, or set `redirects.max` lower.'),
      caller('Try again where the method is idempotent; `phase` tells whether the request had been sent.'),
      operator(
        'Where `wirefetch_fetches_held` is above 0, contents wait for memory: raise `WIREFETCH_MAX_BUFFERED_BYTES`.',
      ),
    ],
    seeAlso: ['head-timeout', 'first-byte-timeout', 'connect-timeout', 'dns-timeout'],
    references: ['RFC 9110 §15.6.5'],
  },
} as const satisfies Partial<Record<ProblemCode, Explanation>>;
