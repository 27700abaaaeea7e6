import type { ProblemCode } from '../problem-table';
import { type Explanation, caller, operator } from './explanation';

/** What is wrong with a call of this service. Nothing was sent to any target. */
export const OF_CALLS = {
  'invalid-request': {
    meaning:
      'The call cannot be carried out as it stands, and nothing was sent to any target. `errors` lists every mistake ' +
      'at once, each with the path of its field (`timeouts.idleMs`, `requests.1.url`); after the first 100, ' +
      '`errorsOmitted` counts the others.',
    causes: [
      'A field that is unknown or misspelt, of another type, or out of its range.',
      "A value above the operator's cap: `read.maxBodyBytes` above `WIREFETCH_MAX_BODY_BYTES`, or one of `timeouts` " +
        'above `WIREFETCH_MAX_TOTAL_MS`.',
      'A URL that is not absolute, holds blanks, or has a user name or password in it: those belong into an ' +
        '`Authorization` header in `headers`.',
      'Fields that exclude each other: both or neither of `body.text` and `body.base64`; `raw` together with ' +
        '`method`, `headers` or `body`.',
      '`headers` that would decide the length of the request: a `Transfer-Encoding`, or a `Content-Length` other than ' +
        "the body's.",
      'Content that is not JSON, or holds more than 10,000 values; in `POST /jobs` each request counts by itself.',
      'What arrived is not HTTP/1.1, or has no `Host`, or two of them.',
    ],
    remedies: [
      caller('Mend every place that `errors` names, and send the call again.'),
      caller('Check requests against `GET /openapi.json`, or try them at `GET /docs`.'),
      operator(
        'Where callers need more than the caps, raise `WIREFETCH_MAX_BODY_BYTES` or `WIREFETCH_MAX_TOTAL_MS`. ' +
          'Raw requests are refused with `WIREFETCH_RAW_REQUESTS=off`.',
      ),
    ],
    seeAlso: ['unsupported-scheme', 'request-too-large', 'unsupported-media-type'],
    references: ['RFC 9110 §15.5.1', 'RFC 9112 §3.2', 'RFC 8259'],
  },
  'unsupported-scheme': {
    meaning:
      'The URL has a scheme other than http and https, and is otherwise in order. Nothing was sent. Where something ' +
      'else is wrong as well, the code is `invalid-request`, and the scheme is one of its `errors`.',
    causes: [
      'A URL of another protocol, such as ftp, ws, file or data.',
      'A URL without a scheme, of which the host was taken for one, as in localhost:8080/.',
    ],
    remedies: [
      caller('Write the URL out, with http or https before the host.'),
      caller('For a WebSocket handshake, fetch the http or https URL with the `headers` of an upgrade.'),
      caller('To write other octets than HTTP to an allowed port, use `raw` with an http or https URL.'),
    ],
    seeAlso: ['invalid-request', 'invalid-redirect'],
    references: ['RFC 3986 §3.1', 'RFC 9110 §4.2'],
  },
  unauthorized: {
    meaning:
      'This service asks for an API key, and the call showed none that it knows. The key is looked at before the ' +
      'content is read, so nothing of that was looked at. Pages and probes need no key.',
    causes: [
      'No key was sent, or it was sent as something other than a Bearer.',
      'The key is mistyped, or the operator has withdrawn it.',
      'A proxy in between took the `Authorization` off, or put its own in its place.',
      'Two known keys were sent, one in each header, and they belong to different owners.',
    ],
    remedies: [
      caller('Send the key as `Authorization: Bearer …`, or as `X-API-Key: …`.'),
      caller('Behind a proxy that needs a Bearer of its own, send the key as `X-API-Key`.'),
      operator(
        'List keys in `WIREFETCH_API_KEYS`, the old and the new one side by side while callers change over, and ' +
          'restart the service.',
      ),
      operator(
        'Watch `wirefetch_refused_total` with this code: keys may be guessed. `callerAddress` of the `refused` lines in ' +
          'the log says from where.',
      ),
    ],
    seeAlso: ['misdirected-request', 'not-found'],
    references: ['RFC 9110 §15.5.2', 'RFC 6750 §2.1'],
  },
  'not-found': {
    meaning:
      'No route leads to the path, or there is no such thing for this caller. Jobs and sessions belong to the API ' +
      "key that made them: another key's are answered as if they were not there. A 404 of a target is never this " +
      'problem, but a result.',
    causes: [
      'The path is mistyped, ends in a slash too many, or is written in another case.',
      'The job is past its `keepResultsMs`, or was made with another API key.',
      'The session was not used for `WIREFETCH_SESSION_TTL_MS`, was deleted, or was made with another API key.',
      'The replica works on jobs alone (`WIREFETCH_ROLE=worker`), and answers only probes and metrics.',
    ],
    remedies: [
      caller('Compare the path with `GET /openapi.json`.'),
      caller('List what there is for your key: `GET /jobs`, `GET /sessions`.'),
      operator('Send callers to replicas with `WIREFETCH_ROLE=api` or `WIREFETCH_ROLE=all`.'),
    ],
    seeAlso: ['method-not-allowed', 'unauthorized'],
    references: ['RFC 9110 §15.5.5'],
  },
  'method-not-allowed': {
    meaning:
      'The path is there, but not under this method. `Allow` lists those that it has. A 405 of a target is never ' +
      'this problem, but a result.',
    causes: [
      'A fetch was asked for by GET, as an address typed into a browser is: it is `POST /fetch`.',
      'A redirect in front of the service turned a POST into a GET.',
      'A web page sent an OPTIONS before its call: no page of another origin may call.',
      'The service was used as a proxy: CONNECT makes no tunnel here.',
    ],
    remedies: [
      caller('Use a method that `Allow` lists.'),
      caller('Call the final URL of the service, not one that is redirected to it.'),
      operator('Have a proxy in front redirect by 307 or 308, which keep method and content.'),
    ],
    seeAlso: ['not-found'],
    references: ['RFC 9110 §15.5.6', 'RFC 9110 §10.2.1'],
  },
  'not-acceptable': {
    meaning:
      'The `Accept` of the call excludes every representation that the route has, so nothing was done. `detail` lists ' +
      'those that there are. What a target may answer with is another matter: the `Accept` in `headers` says that.',
    causes: [
      'An `Accept` that a library has by default, such as that of images or of XML.',
      'A weight of 0 for application/json.',
      'An `Accept` meant for the target was sent to this service.',
    ],
    remedies: [
      caller('Send `Accept: application/json`, or none at all.'),
      caller("Put the target's `Accept` into `headers` of the request."),
    ],
    seeAlso: ['unsupported-media-type'],
    references: ['RFC 9110 §15.5.7', 'RFC 9110 §12.5.1'],
  },
  'request-timeout': {
    meaning:
      'The call itself did not arrive in time: its head took longer than 20 seconds, or the whole of it longer than ' +
      '60. The connection is closed. The limits in `timeouts` are for targets, and have nothing to do with it.',
    causes: [
      'A slow or broken connection between caller and service.',
      'A `Content-Length` that announces more than is sent.',
      'A client that opened the connection, began a call and then waited for something else.',
    ],
    remedies: [
      caller('Send the call again over a new connection, in one go.'),
      caller('Compare the `Content-Length` with the octets that are sent.'),
      operator('Have the proxy in front take the whole request before it passes it on.'),
    ],
    seeAlso: ['request-too-large', 'total-timeout'],
    references: ['RFC 9110 §15.5.9'],
  },
  'idempotency-mismatch': {
    meaning:
      'A job was made with this `Idempotency-Key` before, from other content. Nothing was accepted now, and the first ' +
      'job goes on as it was. Keys belong to the API key, and live as long as their job.',
    causes: [
      'One key was used for two different jobs.',
      'The same job was written down anew, with fields in another order or a time in it: contents are compared octet ' +
        'by octet.',
      'The key was made from something that repeats, such as the date.',
    ],
    remedies: [
      caller('For another job, use another key: a random one for each job.'),
      caller('To repeat a call whose answer was lost, send the very same octets again.'),
      caller('Look for the first job in `GET /jobs`.'),
    ],
    seeAlso: ['invalid-request'],
    references: ['RFC 9110 §15.5.10', 'RFC 9110 §9.2.2'],
  },
  'request-too-large': {
    meaning:
      'The content of the call is longer than `WIREFETCH_MAX_REQUEST_BYTES` allows (eight times that for ' +
      '`POST /jobs`), or its head is longer than the service reads. Nothing was sent to any target. What a target ' +
      'sends has limits of its own, which never lead to this problem.',
    causes: [
      'A large `body` or `raw`: base64 makes octets a third longer.',
      'A job with very many or very large requests.',
      'Cookies or tokens of some 16 KB in the head of the call.',
    ],
    remedies: [
      caller('Send text as `body.text` rather than `body.base64`.'),
      caller('Put what all requests of a job share into `defaults`, or make several jobs.'),
      operator(
        'Raise `WIREFETCH_MAX_REQUEST_BYTES`, with memory for as many such requests as may come at once.',
      ),
    ],
    seeAlso: ['invalid-request', 'head-too-large'],
    references: ['RFC 9110 §15.5.14', 'RFC 6585 §5'],
  },
  'unsupported-media-type': {
    meaning:
      'The call has content that is not declared as JSON, and none of it was read. This service takes JSON alone, ' +
      'which also keeps web pages of strangers from calling it unasked.',
    causes: [
      'The `Content-Type` is missing, or that of a form: curl with -d alone says application/x-www-form-urlencoded.',
      'The content meant for the target was sent to this service as it is.',
    ],
    remedies: [
      caller('Send `Content-Type: application/json`; with curl, --json does.'),
      caller("Put the target's content into `body`, and its `Content-Type` into `headers`."),
    ],
    seeAlso: ['not-acceptable', 'invalid-request'],
    references: ['RFC 9110 §15.5.16', 'RFC 8259 §11'],
  },
  'misdirected-request': {
    meaning:
      'The service listens on a loopback address and asks for no key, so that everybody on this machine may use it. ' +
      'Under those conditions it answers only to localhost and loopback addresses, and the `Host` of the call is ' +
      'another: a web page could otherwise reach it under a name of its own (DNS rebinding).',
    causes: [
      'The service was called by a name of the machine, of a container, or from a hosts file.',
      'A proxy in front passes on the `Host` that it was called by.',
      "A web page in somebody's browser tried to reach the service.",
    ],
    remedies: [
      caller('Call it as http://localhost or http://127.0.0.1, with its port.'),
      operator('Set `WIREFETCH_API_KEYS`: who asks for a key answers to any name.'),
      operator('Have the proxy in front send `Host: localhost`.'),
    ],
    seeAlso: ['unauthorized'],
    references: ['RFC 9110 §15.5.20', 'RFC 9110 §7.4'],
  },
} as const satisfies Partial<Record<ProblemCode, Explanation>>;
