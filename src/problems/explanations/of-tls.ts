import type { ProblemCode } from '../problem-table';
import { type Explanation, caller, operator } from './explanation';

/** What goes wrong with TLS and certificates. A certificate is judged before anything of the request is written. */
export const OF_TLS = {
  'tls-handshake-failed': {
    meaning:
      'TCP stood, but no TLS connection came about; `detail` says why, in the words of OpenSSL where it has some. In the ' +
      'phase tls nothing of the request was sent. In the phase wait the target broke off after the handshake: over TLS ' +
      '1.3 that is how it asks for a certificate that it was not shown.',
    causes: [
      'The port does not speak TLS, or expects plain http.',
      'Both sides have no version or cipher in common: `tls.minVersion` is TLSv1.2 unless you say otherwise.',
      'The target knows nothing of the name that was asked for (SNI), or refuses what `tls.alpn` offers.',
      'The target wants a client certificate, or does not accept the one in `tls.clientCertificate`.',
      'The target closed or reset within the handshake, as those do that are too busy.',
    ],
    remedies: [
      caller('Check scheme and port of the URL.'),
      caller('For old servers set `tls.minVersion` to TLSv1 or TLSv1.1.'),
      caller('Where the URL has an address, name the server in `tls.serverName`.'),
      caller('Give certificate and key in `tls.clientCertificate`, or try an empty list as `tls.alpn`.'),
      caller('Try again where the target closed or reset: it may have been busy.'),
    ],
    seeAlso: ['tls-timeout', 'connection-reset', 'tls-certificate-invalid'],
    references: ['RFC 8446 §6.2', 'RFC 6066 §3', 'RFC 7301 §3.2', 'RFC 8446 §4.4.2'],
  },
  'tls-certificate-expired': {
    meaning:
      'A certificate in the chain that the target sent has expired: its own, or one of those that vouch for it. Nothing ' +
      'of the request was sent. The whole chain, with its dates, is in `connection.tls`.',
    causes: [
      'The target was not given its new certificate in time, or was not restarted with it.',
      'One of several machines behind the name still has the old one.',
      'The clock of the machine of the service is ahead.',
    ],
    remedies: [
      caller('Tell the owner of the target. `connection.tls.chain` shows which certificate it is.'),
      caller(
        'To look at the response all the same set `tls.verify: false`: a warning then tells what is wrong.',
      ),
      operator('Compare the clock of the machine with another.'),
    ],
    seeAlso: ['tls-certificate-not-yet-valid', 'tls-certificate-invalid'],
    references: ['RFC 5280 §4.1.2.5', 'RFC 9110 §4.3.4'],
  },
  'tls-certificate-not-yet-valid': {
    meaning:
      'A certificate in the chain that the target sent is valid only from a later time on. Nothing of the request was ' +
      'sent. The whole chain, with its dates, is in `connection.tls`.',
    causes: [
      'The certificate was made by a machine whose clock is ahead, or for a later date.',
      'The clock of the machine of the service is behind.',
    ],
    remedies: [
      caller('Tell the owner of the target, or try again when the certificate is valid.'),
      caller(
        'To look at the response all the same set `tls.verify: false`: a warning then tells what is wrong.',
      ),
      operator('Compare the clock of the machine with another.'),
    ],
    seeAlso: ['tls-certificate-expired', 'tls-certificate-invalid'],
    references: ['RFC 5280 §4.1.2.5', 'RFC 9110 §4.3.4'],
  },
  'tls-certificate-self-signed': {
    meaning:
      'The target vouches for itself: its certificate is signed by its own key, and is none of those that are trusted. ' +
      'Nothing of the request was sent. The certificate is in `connection.tls`.',
    causes: [
      'A development server, an appliance, or a service of an inner network.',
      'A web server that has no certificate for this name, and answers with the one it was installed with.',
      'Something in between that answers in the place of the target.',
    ],
    remedies: [
      caller('Where this very certificate is to be trusted, give it as `tls.ca`, in PEM.'),
      caller(
        'To look at the response all the same set `tls.verify: false`: a warning then tells what is wrong.',
      ),
      caller(
        'Where the URL has an address, name the server in `tls.serverName`: it may have another certificate for that.',
      ),
      operator(
        'To trust it for all callers, name a PEM file by `NODE_EXTRA_CA_CERTS` when the service starts.',
      ),
    ],
    seeAlso: ['tls-certificate-untrusted', 'tls-certificate-name-mismatch'],
    references: ['RFC 5280 §6.1', 'RFC 9110 §4.3.4'],
  },
  'tls-certificate-untrusted': {
    meaning:
      "Somebody issued the target's certificate, but nobody who is trusted: the issuer is unknown, or the chain leads to a " +
      'root that is not on the list. Nothing of the request was sent. The chain, as it was sent, is in `connection.tls`.',
    causes: [
      'The target does not send its intermediate certificates. Browsers often have them from elsewhere; this service ' +
        'fetches none.',
      'The certificate was issued by an authority of a company or an inner network.',
      'A proxy that looks into TLS answers in the place of the target.',
      '`tls.ca` was given, which stands in the place of the usual authorities, and the right one is not in it.',
    ],
    remedies: [
      caller(
        "Tell the target's owner where intermediates are missing: `connection.tls.chain` shows what is sent.",
      ),
      caller(
        'Give the root of the chain as `tls.ca`, in PEM, and with it the intermediates that are missing.',
      ),
      caller(
        'To look at the response all the same set `tls.verify: false`: a warning then tells what is wrong.',
      ),
      operator(
        'To trust an authority for all callers, name a PEM file by `NODE_EXTRA_CA_CERTS` when the service starts.',
      ),
    ],
    seeAlso: ['tls-certificate-self-signed', 'tls-certificate-invalid'],
    references: ['RFC 5280 §6.1', 'RFC 8446 §4.4.2', 'RFC 9110 §4.3.4'],
  },
  'tls-certificate-name-mismatch': {
    meaning:
      "The target's certificate is trusted, but for other names than the one that was asked for; `detail` lists those. " +
      'Nothing of the request was sent.',
    causes: [
      'The server has no certificate for this name, and answers with that of another site.',
      'The URL has an address, and the certificate has names alone.',
      'A wildcard *.example.com holds neither for example.com nor for a.b.example.com.',
      '`network.address` or `tls.serverName` leads to another server than was meant.',
    ],
    remedies: [
      caller('Use the name that the certificate has.'),
      caller(
        'Where the address is right and the name in the URL is not, name the server in `tls.serverName`.',
      ),
      caller(
        'To look at the response all the same set `tls.verify: false`: a warning then tells what is wrong.',
      ),
    ],
    seeAlso: ['tls-certificate-untrusted', 'tls-certificate-self-signed'],
    references: ['RFC 9110 §4.3.4', 'RFC 9525 §6', 'RFC 6066 §3'],
  },
  'tls-certificate-invalid': {
    meaning:
      "The target's certificate cannot be verified for a reason that has no code of its own. `detail` holds OpenSSL's name " +
      'for it, and `connection.tls` the chain. Nothing of the request was sent.',
    causes: [
      'A signature in the chain is wrong, or made with an algorithm or a key that is too weak.',
      'A certificate is used for what it was not issued for, or an intermediate is no authority.',
      'The chain is longer than is allowed, or has an extension that is critical and not known.',
    ],
    remedies: [
      caller("Look OpenSSL's name for it up, and tell the target's owner."),
      caller(
        'To look at the response all the same set `tls.verify: false`: a warning then tells what is wrong.',
      ),
    ],
    seeAlso: ['tls-certificate-untrusted', 'tls-certificate-expired', 'tls-handshake-failed'],
    references: ['RFC 5280 §6.1', 'RFC 9110 §4.3.4'],
  },
  'tls-timeout': {
    meaning:
      'TCP stood, but the TLS handshake was not over within `timeouts.tlsMs`. Nothing of the request was sent. ' +
      '`timings.tls` tells how long it was waited for.',
    causes: [
      'The port does not speak TLS, and the server waits for something else.',
      'The target is too busy for handshakes.',
      'The network loses large packets, such as those with the certificates.',
      '`timeouts.tlsMs` is too short for a network that is far.',
    ],
    remedies: [
      caller('Check scheme and port of the URL.'),
      caller('Raise `timeouts.tlsMs`, which is 5000 unless you say otherwise, or try again.'),
      operator(
        'Where many targets do this, look at the MTU of the network, and at `nodejs_eventloop_lag_p99_seconds`: is the ' +
          'service itself too busy?',
      ),
    ],
    seeAlso: ['tls-handshake-failed', 'connect-timeout', 'total-timeout'],
    references: ['RFC 8446 §2'],
  },
} as const satisfies Partial<Record<ProblemCode, Explanation>>;
