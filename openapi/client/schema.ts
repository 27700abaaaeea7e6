/** Made from openapi.json by `npm run openapi`: change the code of the service instead. */

export interface paths {
  '/fetch': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Fetch a URL over a raw socket, and tell exactly what came over the wire.
     * @description A target's 404 or 500 is a result, not an error: the answer is 200 as soon as a response head has
     *     arrived, and never throws away octets that did. Anything else is a problem that holds what was received.
     */
    post: operations['fetch'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/sessions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the cookie jars that your fetches have named.
     * @description A session belongs to the API key that made it; another key's is not there. It is made by the first fetch
     *     that names it, and is gone when no fetch has used it for the operator's WIREFETCH_SESSION_TTL_MS.
     */
    get: operations['listSessions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/sessions/{id}/cookies': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List the cookies of a session, as the results of fetches have told them. */
    get: operations['listCookies'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/sessions/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Forget a session with its cookies. */
    delete: operations['deleteSession'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/jobs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List your jobs, the newest first. */
    get: operations['listJobs'];
    put?: never;
    /**
     * Have up to 10,000 URLs fetched, each as POST /fetch would.
     * @description What is accepted is written: every item is fetched at least once and recorded exactly once, whatever is
     *     killed meanwhile. A mistake anywhere refuses the whole list, naming the places.
     */
    post: operations['createJob'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/jobs/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Tell how far a job is. */
    get: operations['readJob'];
    put?: never;
    post?: never;
    /**
     * Cancel a job.
     * @description What has not begun is cancelled, what runs is aborted within two seconds. A job that has ended stays as it is.
     */
    delete: operations['cancelJob'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/jobs/{id}/results': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read what has come of a job's items, in the order of completion.
     * @description A page of JSON; or NDJSON, an item a line, which follows a job that runs to its end. No reader skips an item:
     *     `next` is null only when the job has ended and nothing follows.
     */
    get: operations['readResults'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/jobs/{id}/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Follow a job as server-sent events: item, progress, and end. */
    get: operations['followJob'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health/live': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The process runs and its event loop turns. */
    get: operations['live'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health/ready': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Fetches are accepted: not while the service is stopping. */
    get: operations['ready'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/metrics': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read the numbers of this service, as Prometheus scrapes them.
     * @description Names and labels follow OpenTelemetry's conventions for HTTP where these have some. No label holds what a
     *     caller or a target wrote. Where the service consists of several processes, they are those of all together.
     */
    get: operations['readMetrics'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/problems': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List all problems that the service answers with, and what each means.
     * @description As a page to browsers, as JSON to all others.
     */
    get: operations['listProblems'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/problems/{code}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Tell what a problem means, what usually causes it, and what to try.
     * @description The `type` of every problem leads here. As a page to browsers, as JSON to all others.
     */
    get: operations['explainProblem'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /** @description The chunked transfer coding, RFC 9112 §7.1; the last-chunk not counted. */
    TransferCoding: {
      /**
       * @description Chunks.
       * @example 2
       */
      chunks: number;
      /**
       * @description Sizes in octets, the first 1,000.
       * @example [
       *       4096,
       *       1214
       *     ]
       */
      sizes: number[];
      /**
       * @description Chunk extensions as they came.
       * @example []
       */
      extensions: string[];
      /**
       * @description Chunks after the first 1,000.
       * @example 0
       */
      sizesOmitted: number;
    };
    /** @description Why a result is not complete. */
    ResultError: {
      /**
       * @description Stable code.
       * @example idle-timeout
       * @enum {string}
       */
      code:
        | 'idle-timeout'
        | 'total-timeout'
        | 'size-limit'
        | 'read-limit'
        | 'connection-closed'
        | 'connection-reset'
        | 'malformed-response'
        | 'content-decoding-failed'
        | 'cancelled';
      /**
       * @description Where it happened.
       * @example receive
       * @enum {string}
       */
      phase: 'receive' | 'decode';
      /**
       * @description For people.
       * @example silence for idleMs before the end of the message
       */
      message: string;
    };
    /** @description The content of the final response. */
    Body: {
      /**
       * @description Octets of the content kept, decoded where `decoded` says so.
       * @example 24013
       */
      bytes: number;
      /**
       * @description Octets of the content as it came, content codings included.
       * @example 5310
       */
      wireBytes: number;
      /**
       * @description Content codings that Content-Encoding names, in lower case, in the order they were applied: the last is undone
       *      first.
       * @example [
       *       "gzip"
       *     ]
       */
      contentEncoding: string[];
      /**
       * @description The content as base64; null where text holds it or `include.body` is none.
       * @example iVBORw0KGgo=
       */
      base64: string | null;
      /**
       * @description The content as text; null where base64 holds it or `include.body` is none.
       * @example <!doctype html>…
       */
      text: string | null;
      /**
       * @description The content codings were undone, or there was nothing to undo. With the error `content-decoding-failed` the
       *     content is what was decoded before the damage. False: the content is given as it came, because
       *     `decodeContent` is off, a coding is unknown, there are more than five, or nothing could be decoded.
       * @example true
       */
      decoded: boolean;
      /**
       * @description Media type without parameters, in lower case.
       * @example text/html
       */
      mediaType: string | null;
      /**
       * @description Charset by its name in the WHATWG Encoding Standard; null for content that is no text, is still coded, or was not
       *     looked at. With `include.body` none a label unknown to that standard stands as it was given.
       * @example EUC-KR
       */
      charset: string | null;
      /**
       * @description What decided the charset. bom: a byte order mark. header: Content-Type. meta: what HTML or XML declares in its first
       *     1,024 octets. json: JSON is UTF-8. default: windows-1252 for text/html, UTF-8 for all else.
       * @example header
       * @enum {string|null}
       */
      charsetSource: 'default' | 'bom' | 'header' | 'meta' | 'json' | null;
      /**
       * @description SHA-256 of the content kept, hexadecimal.
       * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
       */
      sha256: string;
      /**
       * @description There was more content than was kept, because of `read.maxBodyBytes`.
       * @example false
       */
      truncated: boolean;
    };
    /** @description The content of the response, without transfer coding. */
    HopBody: {
      /**
       * @description Octets of the content kept, decoded where `decoded` says so.
       * @example 24013
       */
      bytes: number;
      /**
       * @description Octets of the content as it came, content codings included.
       * @example 5310
       */
      wireBytes: number;
      /**
       * @description Content codings that Content-Encoding names, in lower case, in the order they were applied: the last is undone
       *      first.
       * @example [
       *       "gzip"
       *     ]
       */
      contentEncoding: string[];
      /**
       * @description The content codings were undone, or there was nothing to undo. With the error `content-decoding-failed` the
       *     content is what was decoded before the damage. False: the content is given as it came, because
       *     `decodeContent` is off, a coding is unknown, there are more than five, or nothing could be decoded.
       * @example true
       */
      decoded: boolean;
      /**
       * @description Media type without parameters, in lower case.
       * @example text/html
       */
      mediaType: string | null;
      /**
       * @description Charset by its name in the WHATWG Encoding Standard; null for content that is no text, is still coded, or was not
       *     looked at. With `include.body` none a label unknown to that standard stands as it was given.
       * @example EUC-KR
       */
      charset: string | null;
      /**
       * @description What decided the charset. bom: a byte order mark. header: Content-Type. meta: what HTML or XML declares in its first
       *     1,024 octets. json: JSON is UTF-8. default: windows-1252 for text/html, UTF-8 for all else.
       * @example header
       * @enum {string|null}
       */
      charsetSource: 'default' | 'bom' | 'header' | 'meta' | 'json' | null;
      /**
       * @description SHA-256 of the content kept, hexadecimal.
       * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
       */
      sha256: string;
      /**
       * @description There was more content than was kept, because of `read.maxBodyBytes`.
       * @example false
       */
      truncated: boolean;
    };
    /** @description A field line, RFC 9110 §5. */
    FieldLine: {
      /**
       * @description Field name in wire case.
       * @example Content-Type
       */
      name: string;
      /**
       * @description Field value; one character U+0000 to U+00FF per octet.
       * @example text/html; charset=EUC-KR
       */
      value: string;
    };
    /** @description The request as it was written. */
    SentRequest: {
      /**
       * @description Octets of request line and field section.
       * @example 120
       */
      headBytes: number;
      /**
       * @description Octets of content.
       * @example 0
       */
      bodyBytes: number;
      /**
       * @description Method; null when raw octets do not show one.
       * @example GET
       */
      method: string | null;
      /**
       * @description Request target.
       * @example /
       */
      target: string | null;
      /**
       * @description HTTP version.
       * @example 1.1
       */
      httpVersion: string | null;
      /** @description Field lines in wire order and case. */
      headers: components['schemas']['FieldLine'][];
      /**
       * @description The head's octets, base64; null unless `include.rawHead`.
       * @example R0VUIC8gSFRUUC8xLjENCkhvc3Q6IDEyNy4wLjAuMTo4MDgxDQoNCg==
       */
      rawHead: string | null;
    };
    /** @description A 1xx response that came before the final one. */
    Informational: {
      /**
       * @description Status code.
       * @example 103
       */
      status: number;
      /**
       * @description Reason phrase, empty when missing.
       * @example Early Hints
       */
      statusText: string;
      /** @description Field lines in wire order and case. */
      headers: components['schemas']['FieldLine'][];
    };
    /** @description A Set-Cookie as a user agent understands it, RFC 6265bis. */
    Cookie: {
      /**
       * Format: date-time
       * @description Expires attribute as it was sent; null when missing. A jar forgets every cookie after 400 days.
       * @example 2027-11-02T01:47:46.000Z
       */
      expires: string | null;
      /**
       * @description Max-Age attribute in seconds; it beats Expires, and 0 or less deletes.
       * @example 3600
       */
      maxAge: number | null;
      /**
       * @description Why it would not: unparsable, too-large, domain-mismatch, public-suffix, secure-over-http, secure-cookie-exists,
       *     samesite-none-without-secure, partitioned-without-secure or prefix-broken.
       * @example domain-mismatch
       */
      rejectedBecause: string | null;
      /**
       * @description What makes it easy to hijack, for cookies that look like a session above all.
       * @example [
       *       "session-id-without-secure",
       *       "missing-samesite"
       *     ]
       */
      findings: (
        | 'sent-over-http'
        | 'prefix-broken'
        | 'domain-wide'
        | 'samesite-none-without-secure'
        | 'session-id-without-secure'
        | 'session-id-without-httponly'
        | 'missing-samesite'
        | 'long-lived-session'
        | 'short-session-id'
        | 'low-entropy-session-id'
      )[];
      /**
       * @description Name; empty for a nameless cookie, and when the line is none.
       * @example NID
       */
      name: string;
      /**
       * @description Value, one character per octet; the whole line when it is no cookie.
       * @example 182=MTgyPTE4Mg
       */
      value: string;
      /**
       * @description Domain that it is sent to.
       * @example example.com
       */
      domain: string | null;
      /**
       * @description Sent to exactly that host, not to its subdomains.
       * @example false
       */
      hostOnly: boolean;
      /**
       * @description Path that it is sent to.
       * @example /
       */
      path: string | null;
      /**
       * @description Secure attribute.
       * @example false
       */
      secure: boolean;
      /**
       * @description HttpOnly attribute.
       * @example true
       */
      httpOnly: boolean;
      /**
       * @description SameSite attribute; null when missing or unknown.
       * @example Lax
       * @enum {string|null}
       */
      sameSite: 'Strict' | 'Lax' | 'None' | null;
      /**
       * @description Partitioned attribute.
       * @example false
       */
      partitioned: boolean;
      /**
       * @description Whether a browser would store it.
       * @example true
       */
      accepted: boolean;
    };
    /** @description Octets that came and belong to no part of the message. */
    Octets: {
      /**
       * @description How many came.
       * @example 0
       */
      bytes: number;
      /**
       * @description The first of them, base64; null when none came.
       * @example SFRUUC8xLjEgMjAwIE9LDQo=
       */
      base64: string | null;
      /**
       * @description More came than base64 holds.
       * @example false
       */
      truncated: boolean;
    };
    /** @description One read from the socket. */
    Read: {
      /**
       * @description Octets it returned.
       * @example 1024
       */
      bytes: number;
      /**
       * @description Milliseconds since the hop began.
       * @example 52.031
       */
      atMs: number;
    };
    /** @description A bucket of the histogram. */
    HistogramBucket: {
      /**
       * @description Upper bound in octets, a power of two: counts reads of at most that, and more than half of it.
       * @example 1024
       */
      le: number;
      /**
       * @description Reads in it.
       * @example 6
       */
      count: number;
    };
    /** @description Every read from the socket, which is not the chunked transfer coding. Sizes in octets, times in ms since the hop began. */
    Chunks: {
      /**
       * @description The most one read could return.
       * @example 1024
       */
      bufferBytes: number;
      /**
       * @description Reads.
       * @example 6
       */
      count: number;
      /**
       * @description Octets of all reads.
       * @example 5842
       */
      bytes: number;
      /**
       * @description Smallest read.
       * @example 722
       */
      min: number | null;
      /**
       * @description Largest read.
       * @example 1024
       */
      max: number | null;
      /**
       * @description Median size, nearest-rank.
       * @example 1024
       */
      median: number | null;
      /**
       * @description 95th percentile of the sizes, nearest-rank.
       * @example 1024
       */
      p95: number | null;
      /**
       * @description Octets a second from the first read to the last; null for a single read.
       * @example 930254
       */
      bytesPerSecond: number | null;
      /**
       * @description Sizes in order, the first 1,000.
       * @example [
       *       1024,
       *       1024,
       *       1024,
       *       1024,
       *       1024,
       *       722
       *     ]
       */
      sizes: number[];
      /** @description Time and size of each read, the first 10,000; null unless `include.reads` is full. */
      items: components['schemas']['Read'][] | null;
      /**
       * @description Reads after the first 1,000.
       * @example 0
       */
      sizesOmitted: number;
      /**
       * @description Reads after the first 10,000, when items are given.
       * @example 0
       */
      itemsOmitted: number;
      /**
       * @description tcp: what recv() returned. tls: what one decrypted read returned.
       * @example tcp
       * @enum {string}
       */
      layer: 'tcp' | 'tls';
      /**
       * @description Mean size.
       * @example 973.667
       */
      mean: number | null;
      /**
       * @description Standard deviation of the sizes, the population's.
       * @example 112.546
       */
      stdev: number | null;
      /**
       * @description When the first read returned, ms.
       * @example 52.031
       */
      firstAtMs: number | null;
      /**
       * @description When the last read returned, ms.
       * @example 58.311
       */
      lastAtMs: number | null;
      /**
       * @description Longest time between two reads, ms; null for a single read.
       * @example 5.102
       */
      maxGapMs: number | null;
      /** @description Reads by size, by powers of two, empty buckets left out. */
      histogram: components['schemas']['HistogramBucket'][];
      /**
       * @description Median and p95 come from the histogram, because there were more than 10,000 reads.
       * @example false
       */
      estimated: boolean;
    };
    /** @description Milliseconds of each phase; null: did not happen. Phases do not overlap; total is their sum without queue. */
    Timings: {
      /**
       * @description TLS handshake; null for http.
       * @example 21.407
       */
      tls: number | null;
      /**
       * @description Waiting in this service.
       * @example 0
       */
      queue: number | null;
      /**
       * @description Resolving the name.
       * @example 4.102
       */
      dns: number | null;
      /**
       * @description Making the connection.
       * @example 9.813
       */
      connect: number | null;
      /**
       * @description Writing the request.
       * @example 0.204
       */
      send: number | null;
      /**
       * @description From the last octet sent to the first received.
       * @example 38.011
       */
      wait: number | null;
      /**
       * @description From the first octet received until reading ended and what came was decoded.
       * @example 6.302
       */
      receive: number | null;
      /**
       * @description This hop.
       * @example 58.432
       */
      total: number;
      /**
       * @description All hops; null in a hop.
       * @example 121.911
       */
      chainTotal: number | null;
    };
    /** @description A certificate as the peer sent it. */
    Certificate: {
      /**
       * @description Names that it is for.
       * @example [
       *       "DNS:www.example.com",
       *       "IP Address:192.0.2.7"
       *     ]
       */
      subjectAltNames: string[];
      /**
       * Format: date-time
       * @description Valid from.
       * @example 2026-10-01T00:00:00.000Z
       */
      validFrom: string | null;
      /**
       * Format: date-time
       * @description Valid to.
       * @example 2026-12-30T23:59:59.000Z
       */
      validTo: string | null;
      /**
       * @description Whole days until it expires, at the time of the handshake; negative when it has.
       * @example 35
       */
      daysLeft: number | null;
      /**
       * @description Bits of the modulus of an RSA or DSA key.
       * @example 2048
       */
      keyBits: number | null;
      /**
       * @description Distinguished name of its owner, most specific part first.
       * @example CN=www.example.com, O=Example, C=KR
       */
      subject: string;
      /**
       * @description Distinguished name of who signed it.
       * @example CN=Example CA, O=Example, C=KR
       */
      issuer: string;
      /**
       * @description Serial number, hexadecimal.
       * @example 316E5BE3A2324A7C32C153BCE70EE93D2F70885D
       */
      serialNumber: string;
      /**
       * @description SHA-256 of the certificate, hexadecimal with colons.
       * @example 5F:3B:8C:F2:F8:10:B3:7D:78:B4:CE:EC:19:19:C3:73:34:B9:C7:74:F4:1C:41:59:A5:F4:55:F8:57:8B:8A:2D
       */
      fingerprint256: string;
      /**
       * @description Kind of its key; null for one that is not known.
       * @example ec
       */
      keyType: string | null;
      /**
       * @description The certificate itself, PEM.
       * @example -----BEGIN CERTIFICATE-----…
       */
      pem: string;
    };
    /** @description What the TLS handshake agreed on. */
    Tls: {
      /**
       * @description Why it is not: OpenSSL's name of the error.
       * @example CERT_HAS_EXPIRED
       */
      authorizationError: string | null;
      /** @description The peer's own certificate; null when it sent none. */
      certificate: components['schemas']['Certificate'] | null;
      /** @description All certificates in the order sent; null unless `include.certificates`, or a problem with the certificate. */
      chain: components['schemas']['Certificate'][] | null;
      /**
       * @description Protocol version.
       * @example TLSv1.3
       */
      protocol: string | null;
      /**
       * @description Cipher suite, as IANA names it.
       * @example TLS_AES_256_GCM_SHA384
       */
      cipher: string | null;
      /**
       * @description Application protocol that the peer chose by ALPN.
       * @example http/1.1
       */
      alpn: string | null;
      /**
       * @description Name asked for by SNI; null where the host is an IP address.
       * @example www.example.com
       */
      serverName: string | null;
      /**
       * @description The certificate is trusted and for this host.
       * @example true
       */
      authorized: boolean;
    };
    /** @description An address that was dialled. */
    ConnectAttempt: {
      /**
       * @description TCP port.
       * @example 80
       */
      port: number;
      /**
       * @description IP address.
       * @example 192.0.2.7
       */
      address: string;
      /**
       * @description How long it took, ms.
       * @example 9.813
       */
      ms: number;
      /**
       * @description The system's error code, or what ended the attempt: lost-race (another address connected first),
       *     connect-timeout, total-timeout or cancelled; null for success.
       * @example ECONNREFUSED
       */
      error: string | null;
    };
    /** @description The connection that was used. */
    Connection: {
      /**
       * @description The peer's port.
       * @example 80
       */
      remotePort: number | null;
      /**
       * @description Our port.
       * @example 51234
       */
      localPort: number | null;
      /**
       * @description IP version.
       * @example 4
       * @enum {integer|null}
       */
      family: 4 | 6 | null;
      /** @description TLS of the connection; null for http, and where no handshake ended. */
      tls: components['schemas']['Tls'] | null;
      /**
       * @description The peer's IP address; null when no connection was made.
       * @example 192.0.2.7
       */
      remoteAddress: string | null;
      /**
       * @description Our IP address.
       * @example 192.0.2.2
       */
      localAddress: string | null;
      /**
       * @description An earlier exchange used it too; never so far.
       * @example false
       */
      reused: boolean;
      /** @description Every address that was dialled, in order. Attempts overlap: the next begins after 250 ms, or when one fails. */
      attempts: components['schemas']['ConnectAttempt'][];
    };
    /** @description A departure from the standards that was understood all the same. */
    Warning: {
      /**
       * @description Octets from the first octet received; null when it has no place.
       * @example 17
       */
      offset: number | null;
      /**
       * @description Stable code; docs/wire-behaviour.md lists them.
       * @example bare-lf
       */
      code: string;
      /**
       * @description For people.
       * @example line ended by LF without CR
       */
      message: string;
    };
    /** @description An exchange before the final one. */
    Hop: {
      /**
       * Format: date-time
       * @description When it began.
       * @example 2026-11-22T01:47:46.123Z
       */
      startedAt: string;
      /**
       * @description Status code.
       * @example 200
       */
      status: number;
      /**
       * @description Octets of status line and field section.
       * @example 512
       */
      headBytes: number;
      /** @description The chunked transfer coding; null when it was not used. */
      transferCoding: components['schemas']['TransferCoding'] | null;
      /** @description Why it is not complete; null when it is. */
      error: components['schemas']['ResultError'] | null;
      /** @description Its content, without the octets. */
      body: components['schemas']['HopBody'];
      /**
       * @description URL of the exchange; of the whole fetch's request in a result.
       * @example http://example.com/
       */
      url: string;
      /** @description The request as it was written. */
      request: components['schemas']['SentRequest'];
      /**
       * @description Reason phrase, empty when missing.
       * @example OK
       */
      statusText: string;
      /**
       * @description HTTP version of the response.
       * @example 1.1
       */
      httpVersion: string;
      /**
       * @description The head's octets, base64; null unless `include.rawHead`.
       * @example SFRUUC8xLjEgMjAwIE9LDQoNCg==
       */
      rawHead: string | null;
      /** @description Field lines in wire order and case, duplicates kept. */
      headers: components['schemas']['FieldLine'][];
      /** @description Trailer section, never merged into headers. */
      trailers: components['schemas']['FieldLine'][];
      /** @description 1xx responses. */
      informational: components['schemas']['Informational'][];
      /** @description Every Set-Cookie of the response. */
      cookies: components['schemas']['Cookie'][];
      /** @description Octets after the message: until idle or close, or after HEAD and 304. */
      extra: components['schemas']['Octets'];
      /** @description Every read from the socket. */
      chunks: components['schemas']['Chunks'];
      /**
       * @description The message ended as RFC 9112 §8 says it must.
       * @example true
       */
      complete: boolean;
      /**
       * @description Why reading ended.
       * @example last-chunk
       * @enum {string}
       */
      endedBy:
        | 'close'
        | 'upgrade'
        | 'content-length'
        | 'idle-timeout'
        | 'total-timeout'
        | 'size-limit'
        | 'read-limit'
        | 'cancelled'
        | 'last-chunk'
        | 'no-content'
        | 'reset'
        | 'parse-error';
      /** @description Milliseconds of each phase. */
      timings: components['schemas']['Timings'];
      /** @description The connection that was used. */
      connection: components['schemas']['Connection'];
      /** @description Departures from the standards, and what else is odd. */
      warnings: components['schemas']['Warning'][];
    };
    /** @description A whole fetch. */
    FetchResult: {
      /**
       * Format: date-time
       * @description When it began.
       * @example 2026-11-22T01:47:46.123Z
       */
      startedAt: string;
      /**
       * @description Status code.
       * @example 200
       */
      status: number;
      /**
       * @description Octets of status line and field section.
       * @example 512
       */
      headBytes: number;
      /** @description The chunked transfer coding; null when it was not used. */
      transferCoding: components['schemas']['TransferCoding'] | null;
      /** @description Why it is not complete; null when it is. */
      error: components['schemas']['ResultError'] | null;
      /**
       * @description Id of the fetch, a ULID; the log has it too.
       * @example 01JDA2W6T1M4Z8K5Q9R7X3Y2BC
       */
      id: string;
      /**
       * @description URL of the final response, after redirects.
       * @example http://www.example.com/
       */
      finalUrl: string;
      /** @description The content. */
      body: components['schemas']['Body'];
      /** @description Every exchange before the final one. */
      hops: components['schemas']['Hop'][];
      /**
       * @description URL of the exchange; of the whole fetch's request in a result.
       * @example http://example.com/
       */
      url: string;
      /** @description The request as it was written. */
      request: components['schemas']['SentRequest'];
      /**
       * @description Reason phrase, empty when missing.
       * @example OK
       */
      statusText: string;
      /**
       * @description HTTP version of the response.
       * @example 1.1
       */
      httpVersion: string;
      /**
       * @description The head's octets, base64; null unless `include.rawHead`.
       * @example SFRUUC8xLjEgMjAwIE9LDQoNCg==
       */
      rawHead: string | null;
      /** @description Field lines in wire order and case, duplicates kept. */
      headers: components['schemas']['FieldLine'][];
      /** @description Trailer section, never merged into headers. */
      trailers: components['schemas']['FieldLine'][];
      /** @description 1xx responses. */
      informational: components['schemas']['Informational'][];
      /** @description Every Set-Cookie of the response. */
      cookies: components['schemas']['Cookie'][];
      /** @description Octets after the message: until idle or close, or after HEAD and 304. */
      extra: components['schemas']['Octets'];
      /** @description Every read from the socket. */
      chunks: components['schemas']['Chunks'];
      /**
       * @description The message ended as RFC 9112 §8 says it must.
       * @example true
       */
      complete: boolean;
      /**
       * @description Why reading ended.
       * @example last-chunk
       * @enum {string}
       */
      endedBy:
        | 'close'
        | 'upgrade'
        | 'content-length'
        | 'idle-timeout'
        | 'total-timeout'
        | 'size-limit'
        | 'read-limit'
        | 'cancelled'
        | 'last-chunk'
        | 'no-content'
        | 'reset'
        | 'parse-error';
      /** @description Milliseconds of each phase. */
      timings: components['schemas']['Timings'];
      /** @description The connection that was used. */
      connection: components['schemas']['Connection'];
      /** @description Departures from the standards, and what else is odd. */
      warnings: components['schemas']['Warning'][];
    };
    /** @description What made the log. */
    HarCreator: {
      /**
       * @description Its name.
       * @example wirefetch
       */
      name: string;
      /**
       * @description Its version.
       * @example 0.1.0
       */
      version: string;
    };
    /** @description The content of the request: `text`, or `_base64` where it is none. */
    HarPostData: {
      /**
       * @description The content as base64; null where `text` holds it.
       * @example iVBORw0KGgo=
       */
      _base64: string | null;
      /**
       * @description The content as text; left out where `_base64` holds it.
       * @example q=socket+programming
       */
      text?: string;
      /**
       * @description Content-Type as it was sent, empty when missing.
       * @example application/x-www-form-urlencoded
       */
      mimeType: string;
    };
    /** @description A cookie of the request: a pair of its Cookie field. */
    HarSentCookie: {
      /**
       * @description Name; empty for a pair without "=".
       * @example NID
       */
      name: string;
      /**
       * @description Value, one character per octet.
       * @example 182=MTgyPTE4Mg
       */
      value: string;
    };
    /** @description A parameter of the URL's query. */
    HarParameter: {
      /**
       * @description Name, decoded as a form's.
       * @example q
       */
      name: string;
      /**
       * @description Value, decoded as a form's.
       * @example socket programming
       */
      value: string;
    };
    /** @description The request as it was written. */
    HarRequest: {
      /**
       * Format: uri
       * @description URL without fragment; what RFC 3986 does not allow in it is percent-encoded.
       * @example http://www.example.com/?q=socket+programming
       */
      url: string;
      /** @description Its content; left out when there is none. */
      postData?: components['schemas']['HarPostData'];
      /**
       * @description Octets of request line and field section.
       * @example 149
       */
      headersSize: number;
      /**
       * @description Octets of content.
       * @example 0
       */
      bodySize: number;
      /**
       * @description Cookies after the first 1,000.
       * @example 0
       */
      _cookiesOmitted: number;
      /**
       * @description Parameters after the first 1,000.
       * @example 0
       */
      _queryStringOmitted: number;
      /**
       * @description Method; empty when raw octets do not show one.
       * @example GET
       */
      method: string;
      /**
       * @description HTTP version; empty when raw octets do not show one.
       * @example HTTP/1.1
       */
      httpVersion: string;
      /** @description What its Cookie fields hold, the first 1,000 pairs. */
      cookies: components['schemas']['HarSentCookie'][];
      /** @description Field lines in wire order and case, one character per octet. */
      headers: components['schemas']['FieldLine'][];
      /** @description What the query of the URL holds, the first 1,000 parameters. */
      queryString: components['schemas']['HarParameter'][];
      /**
       * @description Request target as it was written; null when raw octets do not show one.
       * @example /?q=socket+programming
       */
      _target: string | null;
      /**
       * @description The head's octets, base64; null unless `include.rawHead`.
       * @example R0VUIC8gSFRUUC8xLjENCkhvc3Q6IDEyNy4wLjAuMTo4MDgxDQoNCg==
       */
      _rawHead: string | null;
    };
    /** @description A Set-Cookie of the response; `path`, `domain` and `expires` are left out where it has none. */
    HarCookie: {
      /**
       * Format: date-time
       * @description Expires attribute as it was sent; Max-Age, which beats it, is in `_maxAge`.
       * @example 2027-11-02T01:47:46.000Z
       */
      expires?: string;
      /**
       * @description Max-Age attribute in seconds.
       * @example 3600
       */
      _maxAge: number | null;
      /**
       * @description Why it would not.
       * @example domain-mismatch
       */
      _rejectedBecause: string | null;
      /**
       * @description What makes it easy to hijack.
       * @example [
       *       "session-id-without-secure",
       *       "missing-samesite"
       *     ]
       */
      _findings: (
        | 'sent-over-http'
        | 'prefix-broken'
        | 'domain-wide'
        | 'samesite-none-without-secure'
        | 'session-id-without-secure'
        | 'session-id-without-httponly'
        | 'missing-samesite'
        | 'long-lived-session'
        | 'short-session-id'
        | 'low-entropy-session-id'
      )[];
      /**
       * @description Name; empty for a nameless cookie, and when the line is none.
       * @example NID
       */
      name: string;
      /**
       * @description Value, one character per octet; the whole line when it is no cookie.
       * @example 182=MTgyPTE4Mg
       */
      value: string;
      /**
       * @description Path that it is sent to.
       * @example /
       */
      path?: string;
      /**
       * @description Domain that it is sent to.
       * @example example.com
       */
      domain?: string;
      /**
       * @description HttpOnly attribute.
       * @example true
       */
      httpOnly: boolean;
      /**
       * @description Secure attribute.
       * @example false
       */
      secure: boolean;
      /**
       * @description Sent to exactly that host, not to its subdomains.
       * @example false
       */
      _hostOnly: boolean;
      /**
       * @description SameSite attribute; null when missing or unknown.
       * @example Lax
       * @enum {string|null}
       */
      _sameSite: 'Strict' | 'Lax' | 'None' | null;
      /**
       * @description Partitioned attribute.
       * @example false
       */
      _partitioned: boolean;
      /**
       * @description Whether a browser would store it.
       * @example true
       */
      _accepted: boolean;
    };
    /** @description The content of the response, without transfer coding. */
    HarContent: {
      /**
       * @description `text` is base64; left out where it is text.
       * @example base64
       * @enum {string}
       */
      encoding?: 'base64';
      /**
       * @description Octets of the content kept, content codings undone where `_decoded` says so.
       * @example 24013
       */
      size: number;
      /**
       * @description Octets that content codings saved; left out unless the whole content was decoded.
       * @example 18703
       */
      compression?: number;
      /**
       * @description Content codings in the order they were applied.
       * @example [
       *       "gzip"
       *     ]
       */
      _contentEncoding: string[];
      /**
       * @description The content as text, or as `encoding` says; left out before a redirect that was followed, and with
       *     `include.body` none.
       * @example <!doctype html>…
       */
      text?: string;
      /**
       * @description Content-Type as it was received, empty when missing.
       * @example text/html; charset=EUC-KR
       */
      mimeType: string;
      /**
       * @description The content codings were undone, or there was nothing to undo.
       * @example true
       */
      _decoded: boolean;
      /**
       * @description Charset by its name in the WHATWG Encoding Standard; null for content that is no text, or was not looked at.
       * @example EUC-KR
       */
      _charset: string | null;
      /**
       * @description What decided the charset.
       * @example header
       * @enum {string|null}
       */
      _charsetSource: 'default' | 'bom' | 'header' | 'meta' | 'json' | null;
      /**
       * @description SHA-256 of the content kept, hexadecimal.
       * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
       */
      _sha256: string;
      /**
       * @description There was more content than was kept.
       * @example false
       */
      _truncated: boolean;
    };
    /** @description The response. */
    HarResponse: {
      /**
       * @description Status code.
       * @example 200
       */
      status: number;
      /**
       * @description Octets of status line and field section.
       * @example 512
       */
      headersSize: number;
      /**
       * @description Octets of the content as it came, content codings included, without transfer coding.
       * @example 5310
       */
      bodySize: number;
      /** @description The chunked transfer coding; null when it was not used. */
      _transferCoding: components['schemas']['TransferCoding'] | null;
      /**
       * @description Reason phrase, empty when missing.
       * @example OK
       */
      statusText: string;
      /**
       * @description HTTP version.
       * @example HTTP/1.1
       */
      httpVersion: string;
      /** @description Every Set-Cookie. */
      cookies: components['schemas']['HarCookie'][];
      /** @description Field lines in wire order and case, duplicates kept, one character per octet. */
      headers: components['schemas']['FieldLine'][];
      /** @description The content. */
      content: components['schemas']['HarContent'];
      /**
       * @description The first Location as it was received, empty when missing.
       * @example /welcome
       */
      redirectURL: string;
      /** @description 1xx responses that came before. */
      _informational: components['schemas']['Informational'][];
      /** @description Trailer section. */
      _trailers: components['schemas']['FieldLine'][];
      /** @description Octets after the message. */
      _extra: components['schemas']['Octets'];
      /**
       * @description The head's octets, base64; null unless `include.rawHead`.
       * @example SFRUUC8xLjEgMjAwIE9LDQoNCg==
       */
      _rawHead: string | null;
    };
    /** @description Empty: nothing is cached. */
    HarCache: Record<string, never>;
    /** @description Milliseconds of each phase; -1: did not happen. */
    HarTimings: {
      /**
       * @description Waiting in this service.
       * @example 0
       */
      blocked: number;
      /**
       * @description Resolving the name.
       * @example 4.102
       */
      dns: number;
      /**
       * @description Making the connection, `ssl` included.
       * @example 31.22
       */
      connect: number;
      /**
       * @description TLS handshake.
       * @example 21.407
       */
      ssl: number;
      /**
       * @description Writing the request.
       * @example 0.204
       */
      send: number;
      /**
       * @description From the last octet sent to the first received.
       * @example 38.011
       */
      wait: number;
      /**
       * @description From the first octet received until reading ended and what came was decoded.
       * @example 6.302
       */
      receive: number;
    };
    /** @description An exchange: a request and its response. Fields that begin with "_" are wirefetch's own. */
    HarEntry: {
      /**
       * Format: date-time
       * @description When it began to wait for its turn in this service.
       * @example 2026-11-22T01:47:46.123Z
       */
      startedDateTime: string;
      /** @description Why it is not complete; null when it is. */
      _error: components['schemas']['ResultError'] | null;
      /** @description TLS of the connection; null for http. */
      _tls: components['schemas']['Tls'] | null;
      /**
       * @description Milliseconds of all timings that are not -1, `ssl` counted once, as a part of `connect`.
       * @example 79.839
       */
      time: number;
      /** @description The request as it was written. */
      request: components['schemas']['HarRequest'];
      /** @description The response. */
      response: components['schemas']['HarResponse'];
      /** @description Empty: nothing is cached. */
      cache: components['schemas']['HarCache'];
      /** @description Milliseconds of each phase. */
      timings: components['schemas']['HarTimings'];
      /**
       * @description The peer's IP address.
       * @example 192.0.2.7
       */
      serverIPAddress?: string;
      /**
       * @description Our port: each exchange has a connection, and so a port, of its own.
       * @example 51234
       */
      connection?: string;
      /**
       * @description The message ended as RFC 9112 §8 says it must.
       * @example true
       */
      _complete: boolean;
      /**
       * @description Why reading ended: `endedBy` of a result.
       * @example last-chunk
       */
      _endedBy: string;
      /** @description Departures from the standards, and what else is odd. */
      _warnings: components['schemas']['Warning'][];
      /** @description Every read from the socket; its times count from when the wait in this service was over. */
      _chunks: components['schemas']['Chunks'];
      /** @description Every address that was dialled. */
      _attempts: components['schemas']['ConnectAttempt'][];
    };
    /** @description The log of one fetch. It has no pages: nothing is rendered. */
    HarLog: {
      /**
       * @description Version of the format.
       * @example 1.2
       * @enum {string}
       */
      version: '1.2';
      /** @description What made it. */
      creator: components['schemas']['HarCreator'];
      /** @description Every exchange in order, the final one last. */
      entries: components['schemas']['HarEntry'][];
      /**
       * @description Id of the fetch, a ULID; the log has it too.
       * @example 01JDA2W6T1M4Z8K5Q9R7X3Y2BC
       */
      _id: string;
      /**
       * @description Milliseconds of all exchanges, without waiting in this service.
       * @example 121.911
       */
      _chainTotal: number;
    };
    /** @description A whole fetch as an HTTP Archive, HAR 1.2. */
    Har: {
      /** @description The log. */
      log: components['schemas']['HarLog'];
    };
    /** @description The name was resolved, and the policy lets it be dialled. */
    ResolvedEvent: {
      /**
       * @description Which exchange of the fetch: 0 for the first, one more after each redirect.
       * @example 0
       */
      hop: number;
      /**
       * @description Which event this is.
       * @example resolved
       * @enum {string}
       */
      event: 'resolved';
      /**
       * @description The name.
       * @example example.com
       */
      host: string;
      /**
       * @description Addresses that may be dialled, in the order in which they will be.
       * @example [
       *       "203.0.113.7"
       *     ]
       */
      addresses: string[];
      /**
       * @description Milliseconds since the fetch began, without the time it waited for its turn.
       * @example 12.345
       */
      atMs: number;
    };
    /** @description TCP stands. */
    ConnectedEvent: {
      /**
       * @description Which exchange of the fetch: 0 for the first, one more after each redirect.
       * @example 0
       */
      hop: number;
      /**
       * @description Which event this is.
       * @example connected
       * @enum {string}
       */
      event: 'connected';
      /**
       * @description The peer's port.
       * @example 80
       */
      remotePort: number;
      /**
       * @description Our own port.
       * @example 51234
       */
      localPort: number;
      /**
       * @description Family of both addresses.
       * @example 4
       * @enum {number}
       */
      family: 4 | 6;
      /**
       * @description The peer's address.
       * @example 203.0.113.7
       */
      remoteAddress: string;
      /**
       * @description Our own address.
       * @example 192.0.2.2
       */
      localAddress: string;
      /** @description Every address dialled so far. */
      attempts: components['schemas']['ConnectAttempt'][];
      /**
       * @description Milliseconds since the fetch began, without the time it waited for its turn.
       * @example 12.345
       */
      atMs: number;
    };
    /** @description The TLS handshake has ended. */
    SecuredEvent: {
      /**
       * @description Which exchange of the fetch: 0 for the first, one more after each redirect.
       * @example 0
       */
      hop: number;
      /**
       * @description Which event this is.
       * @example secured
       * @enum {string}
       */
      event: 'secured';
      /** @description What was agreed on, and who the peer says it is. */
      tls: components['schemas']['Tls'];
      /**
       * @description Milliseconds since the fetch began, without the time it waited for its turn.
       * @example 12.345
       */
      atMs: number;
    };
    /** @description The kernel has the whole request. */
    SentEvent: {
      /**
       * @description Which exchange of the fetch: 0 for the first, one more after each redirect.
       * @example 0
       */
      hop: number;
      /**
       * @description Which event this is.
       * @example sent
       * @enum {string}
       */
      event: 'sent';
      /** @description The request as it was written. */
      request: components['schemas']['SentRequest'];
      /**
       * @description Milliseconds since the fetch began, without the time it waited for its turn.
       * @example 12.345
       */
      atMs: number;
    };
    /** @description A 1xx response. */
    InformationalEvent: {
      /**
       * @description Which exchange of the fetch: 0 for the first, one more after each redirect.
       * @example 0
       */
      hop: number;
      /**
       * @description Which event this is.
       * @example informational
       * @enum {string}
       */
      event: 'informational';
      /**
       * @description Status code.
       * @example 103
       */
      status: number;
      /**
       * @description Reason phrase, empty when missing.
       * @example Early Hints
       */
      statusText: string;
      /** @description Field lines in wire order and case. */
      headers: components['schemas']['FieldLine'][];
      /**
       * @description Milliseconds since the fetch began, without the time it waited for its turn.
       * @example 12.345
       */
      atMs: number;
    };
    /** @description The head of a response is whole. */
    HeadEvent: {
      /**
       * @description Which exchange of the fetch: 0 for the first, one more after each redirect.
       * @example 0
       */
      hop: number;
      /**
       * @description Which event this is.
       * @example head
       * @enum {string}
       */
      event: 'head';
      /**
       * @description Status code.
       * @example 200
       */
      status: number;
      /**
       * @description Octets of status line and field section.
       * @example 512
       */
      headBytes: number;
      /**
       * @description Reason phrase, empty when missing.
       * @example OK
       */
      statusText: string;
      /**
       * @description HTTP version.
       * @example 1.1
       */
      httpVersion: string;
      /**
       * @description The head's octets, base64; null unless `include.rawHead`.
       * @example SFRUUC8xLjEgMjAwIE9LDQoNCg==
       */
      rawHead: string | null;
      /** @description Field lines in wire order and case. */
      headers: components['schemas']['FieldLine'][];
      /**
       * @description Milliseconds since the fetch began, without the time it waited for its turn.
       * @example 12.345
       */
      atMs: number;
    };
    /** @description One read from the socket; with `include.reads: full` alone. */
    ReadEvent: {
      /**
       * @description Which exchange of the fetch: 0 for the first, one more after each redirect.
       * @example 0
       */
      hop: number;
      /**
       * @description Which event this is.
       * @example read
       * @enum {string}
       */
      event: 'read';
      /**
       * @description Octets that it returned.
       * @example 1024
       */
      bytes: number;
      /**
       * @description Milliseconds since the fetch began, without the time it waited for its turn.
       * @example 12.345
       */
      atMs: number;
    };
    /** @description The line that begins a chunk, RFC 9112 §7.1. */
    TransferChunkEvent: {
      /**
       * @description Which exchange of the fetch: 0 for the first, one more after each redirect.
       * @example 0
       */
      hop: number;
      /**
       * @description Which event this is.
       * @example transfer-chunk
       * @enum {string}
       */
      event: 'transfer-chunk';
      /**
       * @description chunk-size in octets; the last-chunk, of 0, is not told.
       * @example 4096
       */
      size: number;
      /**
       * @description chunk-ext as received, without the leading semicolon; null when there is none.
       * @example name=value
       */
      extension: string | null;
      /**
       * @description Milliseconds since the fetch began, without the time it waited for its turn.
       * @example 12.345
       */
      atMs: number;
    };
    /** @description Content, with its codings undone. Each piece of base64 is whole in itself. Text comes behind its octets while a character is unfinished, or the charset not known yet; a last event of 0 octets brings what is left of it. */
    ChunkEvent: {
      /**
       * @description Which exchange of the fetch: 0 for the first, one more after each redirect.
       * @example 0
       */
      hop: number;
      /**
       * @description Which event this is.
       * @example chunk
       * @enum {string}
       */
      event: 'chunk';
      /**
       * @description Octets of content.
       * @example 16384
       */
      bytes: number;
      /**
       * @description With `include.body: text`; null otherwise, and for the content of a redirect that is followed.
       * @example <!doctype html>
       */
      text: string | null;
      /**
       * @description With `include.body: base64`; null otherwise, and for the content of a redirect that is followed.
       * @example ZHJpcA==
       */
      base64: string | null;
      /**
       * @description Milliseconds since the fetch began, without the time it waited for its turn.
       * @example 12.345
       */
      atMs: number;
    };
    /** @description A departure from the standards that was understood all the same. */
    WarningEvent: {
      /**
       * @description Which exchange of the fetch: 0 for the first, one more after each redirect.
       * @example 0
       */
      hop: number;
      /**
       * @description Which event this is.
       * @example warning
       * @enum {string}
       */
      event: 'warning';
      /**
       * @description Octets from the first octet received on the connection; null: not of any octet.
       * @example 17
       */
      offset: number | null;
      /**
       * @description Stable code.
       * @example bare-lf
       */
      code: string;
      /**
       * @description What it is, for people.
       * @example field line ended by LF without CR
       */
      message: string;
      /**
       * @description Milliseconds since the fetch began, without the time it waited for its turn.
       * @example 12.345
       */
      atMs: number;
    };
    /** @description The exchange is over, and its redirect is followed. */
    RedirectEvent: {
      /**
       * @description Which exchange of the fetch: 0 for the first, one more after each redirect.
       * @example 0
       */
      hop: number;
      /**
       * @description Which event this is.
       * @example redirect
       * @enum {string}
       */
      event: 'redirect';
      /**
       * @description Status code.
       * @example 302
       */
      status: number;
      /**
       * @description Where the next exchange goes.
       * @example http://www.example.com/
       */
      url: string;
      /** @description Of the exchange that is over. */
      timings: components['schemas']['Timings'];
      /**
       * @description Milliseconds since the fetch began, without the time it waited for its turn.
       * @example 12.345
       */
      atMs: number;
    };
    /** @description The last event of a fetch that has a final response. */
    ResultEvent: {
      /**
       * @description Which exchange of the fetch: 0 for the first, one more after each redirect.
       * @example 0
       */
      hop: number;
      /**
       * @description Which event this is.
       * @example result
       * @enum {string}
       */
      event: 'result';
      /** @description As JSON gives it; `body.text` and `body.base64` are null when the content came in chunks that hold it. */
      result: components['schemas']['FetchResult'];
      /**
       * @description Milliseconds since the fetch began, without the time it waited for its turn.
       * @example 12.345
       */
      atMs: number;
    };
    /** @description One mistake in a request. */
    FieldError: {
      /**
       * @description Where it is; empty for the whole.
       * @example timeouts.idleMs
       */
      path: string;
      /**
       * @description What is wrong.
       * @example must be a whole number, 1 or more
       */
      message: string;
    };
    /** @description A problem, RFC 9457. What a fetch did and received before it failed is in it. */
    Problem: {
      /**
       * @description HTTP status of this answer.
       * @example 504
       */
      status: number;
      /**
       * @description Stable code; match this.
       * @example first-byte-timeout
       * @enum {string}
       */
      code:
        | 'invalid-request'
        | 'unsupported-scheme'
        | 'unauthorized'
        | 'not-found'
        | 'method-not-allowed'
        | 'not-acceptable'
        | 'idempotency-mismatch'
        | 'request-timeout'
        | 'request-too-large'
        | 'unsupported-media-type'
        | 'misdirected-request'
        | 'address-denied'
        | 'port-denied'
        | 'host-denied'
        | 'rate-limited'
        | 'overloaded'
        | 'store-unavailable'
        | 'dns-not-found'
        | 'dns-failed'
        | 'connection-refused'
        | 'connection-reset'
        | 'connection-closed'
        | 'host-unreachable'
        | 'tls-handshake-failed'
        | 'tls-certificate-expired'
        | 'tls-certificate-not-yet-valid'
        | 'tls-certificate-self-signed'
        | 'tls-certificate-untrusted'
        | 'tls-certificate-name-mismatch'
        | 'tls-certificate-invalid'
        | 'malformed-response'
        | 'head-too-large'
        | 'too-many-redirects'
        | 'invalid-redirect'
        | 'dns-timeout'
        | 'connect-timeout'
        | 'tls-timeout'
        | 'send-timeout'
        | 'first-byte-timeout'
        | 'head-timeout'
        | 'total-timeout'
        | 'internal-error';
      /**
       * Format: date-time
       * @description When the failed exchange began.
       * @example 2026-11-22T01:47:46.123Z
       */
      startedAt: string | null;
      /** @description The request of the failed exchange. */
      request: components['schemas']['SentRequest'] | null;
      /** @description Milliseconds of each phase. */
      timings: components['schemas']['Timings'] | null;
      /** @description Every read from the socket. */
      chunks: components['schemas']['Chunks'] | null;
      /** @description The connection, and the addresses dialled. */
      connection: components['schemas']['Connection'] | null;
      /** @description What had arrived, at most `read.maxHeadBytes` of it. */
      received: components['schemas']['Octets'] | null;
      /** @description Every mistake in the request, 100 at most; only with invalid-request and unsupported-scheme. */
      errors?: components['schemas']['FieldError'][];
      /**
       * @description Mistakes after the first 100; only together with errors.
       * @example 0
       */
      errorsOmitted?: number;
      /**
       * @description URI reference of the kind of problem; what it means, and what to try, is there.
       * @example /problems/first-byte-timeout
       */
      type: string;
      /**
       * @description The kind, for people.
       * @example The target did not answer in time
       */
      title: string;
      /**
       * @description This occurrence, for people.
       * @example nothing came within firstByteMs (10000)
       */
      detail: string;
      /**
       * @description This occurrence: the fetch's id, or the path that was asked for.
       * @example /fetch/01JDA2W6T1M4Z8K5Q9R7X3Y2BC
       */
      instance: string;
      /**
       * @description How far the fetch had come.
       * @example wait
       * @enum {string|null}
       */
      phase:
        | 'connect'
        | 'head'
        | 'tls'
        | 'receive'
        | 'decode'
        | 'policy'
        | 'validate'
        | 'dns'
        | 'send'
        | 'wait'
        | null;
      /**
       * @description Who caused it.
       * @example target
       * @enum {string}
       */
      failureSource: 'client' | 'policy' | 'resolver' | 'target' | 'service';
      /** @description The exchanges before it; the last carried the redirect when one was refused. */
      hops: components['schemas']['Hop'][];
      /** @description What was odd until then. */
      warnings: components['schemas']['Warning'][];
    };
    /** @description The last event of a fetch that has no final response. */
    ProblemEvent: {
      /**
       * @description Which exchange of the fetch: 0 for the first, one more after each redirect.
       * @example 0
       */
      hop: number;
      /**
       * @description Which event this is.
       * @example problem
       * @enum {string}
       */
      event: 'problem';
      /** @description As JSON gives it. */
      problem: components['schemas']['Problem'];
      /**
       * @description Milliseconds since the fetch began, without the time it waited for its turn.
       * @example 12.345
       */
      atMs: number;
    };
    /** @description A field line of the request. */
    RequestField: {
      /**
       * @description Field name, written in this case. A token of RFC 9110.
       * @example User-Agent
       */
      name: string;
      /**
       * @description Field value; one character U+0000 to U+00FF per octet, without CR, LF or NUL.
       * @example Mozilla/5.0
       */
      value: string;
    };
    /** @description The content to send: exactly one of the two. */
    RequestBody: {
      /**
       * @description Text, sent as UTF-8.
       * @example q=socket
       */
      text?: string;
      /**
       * Format: base64
       * @description Octets, base64.
       * @example cT1zb2NrZXQ=
       */
      base64?: string;
    };
    /** @description Octets that are sent as they stand. */
    RawRequest: {
      /**
       * Format: base64
       * @description The whole request, base64.
       * @example R0VUIC8gSFRUUC8xLjEKaG9zdDogMTI3LjAuMC4xOjgwODEKCg==
       */
      base64: string;
    };
    /** @description Milliseconds. Each limits one hop, except totalMs. At most the operator's WIREFETCH_MAX_TOTAL_MS each. */
    Timeouts: {
      /**
       * @description Resolving the name, in ms.
       * @default 5000
       * @example 2000
       */
      dnsMs?: number;
      /**
       * @description Making the TCP connection, all attempts together, in ms.
       * @default 5000
       * @example 2000
       */
      connectMs?: number;
      /**
       * @description The TLS handshake, in ms.
       * @default 5000
       * @example 2000
       */
      tlsMs?: number;
      /**
       * @description Sending the request, in ms.
       * @default 10000
       * @example 5000
       */
      sendMs?: number;
      /**
       * @description From the last octet sent to the first received, and again after each 1xx, in ms.
       * @default 10000
       * @example 5000
       */
      firstByteMs?: number;
      /**
       * @description The longest gap between two reads after the first octet, in ms. 2000 by default with `read.until: idle`.
       * @default 10000
       * @example 1200
       */
      idleMs?: number;
      /**
       * @description The whole chain of redirects, in ms.
       * @default 30000
       * @example 10000
       */
      totalMs?: number;
    };
    /** @description How to read from the socket. */
    ReadOptions: {
      /**
       * @description When to stop. complete: HTTP framing, the peer's close, or silence, whichever is first. idle: ignore framing,
       *      read until idleMs of silence or close. close: ignore framing, and silence after the head; until close or totalMs.
       * @default complete
       * @example complete
       * @enum {string}
       */
      until?: 'complete' | 'idle' | 'close';
      /**
       * @description The most one read may return, in octets, as recv(n) has it.
       * @default 65536
       * @example 1024
       */
      bufferBytes?: number;
      /**
       * @description Stop after so many reads; null: no limit.
       * @default null
       * @example 1
       */
      maxReads?: number | null;
      /**
       * @description Bounds the decoded content kept and the coded content read, in octets; at most the operator's
       *      WIREFETCH_MAX_BODY_BYTES.
       * @default 10485760
       * @example 1048576
       */
      maxBodyBytes?: number;
      /**
       * @description Bounds start line and field section, and the trailer section, in octets.
       * @default 65536
       * @example 65536
       */
      maxHeadBytes?: number;
    };
    /** @description Which redirects to follow: 301, 302, 303, 307 and 308 with a Location. */
    RedirectOptions: {
      /**
       * @description Whether to follow them.
       * @default true
       * @example true
       */
      follow?: boolean;
      /**
       * @description How many; one more is the problem too-many-redirects.
       * @default 10
       * @example 5
       */
      max?: number;
    };
    /** @description Where to connect to. */
    NetworkOptions: {
      /**
       * @description Address family.
       * @default any
       * @example 4
       */
      family?: 'any' | (4 | 6);
      /**
       * @description Dial this IP address instead of resolving the first URL's host. The egress policy still applies.
       * @default null
       * @example 192.0.2.7
       */
      address?: string | null;
    };
    /** @description How https is spoken. */
    TlsOptions: {
      /**
       * @description Refuse certificates that cannot be verified. false: `connection.tls` and a warning tell what is wrong.
       * @default true
       * @example true
       */
      verify?: boolean;
      /**
       * @description Name to ask for by SNI and to find in the certificate; null: the URL's host. For the first URL's origin alone.
       * @default null
       * @example www.example.com
       */
      serverName?: string | null;
      /**
       * @description Oldest protocol version to speak.
       * @default TLSv1.2
       * @example TLSv1.3
       * @enum {string}
       */
      minVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
      /**
       * @description Application protocols to offer by ALPN; none when empty. HTTP/1.1 is spoken whatever the peer chooses.
       * @default [
       *       "http/1.1"
       *     ]
       * @example [
       *       "http/1.1"
       *     ]
       */
      alpn?: string[];
      /**
       * @description Certificate authorities to trust instead of the usual ones, PEM; null: the usual ones.
       * @default null
       * @example null
       */
      ca?: string | null;
      /**
       * @description Certificate, with its chain if need be, and its unencrypted private key, PEM one after the other. Shown to the
       *      first URL's origin alone.
       * @default null
       * @example null
       */
      clientCertificate?: string | null;
    };
    /** @description What the result is to contain. */
    IncludeOptions: {
      /**
       * @description auto: text where the media type is textual and the octets are text, else base64. none: its size and digest alone.
       * @default auto
       * @example auto
       * @enum {string}
       */
      body?: 'auto' | 'text' | 'base64' | 'none';
      /**
       * @description The heads as octets, base64.
       * @default false
       * @example true
       */
      rawHead?: boolean;
      /**
       * @description full adds the time and size of each read, the first 10,000.
       * @default summary
       * @example full
       * @enum {string}
       */
      reads?: 'summary' | 'full';
      /**
       * @description The whole certificate chain, not only the leaf.
       * @default false
       * @example false
       */
      certificates?: boolean;
    };
    /** @description One fetch. Unknown fields are refused. */
    FetchRequest: {
      /**
       * Format: uri
       * @description What to fetch: an http or https URL without userinfo.
       * @example http://127.0.0.1:8081/bursts
       */
      url: string;
      /**
       * @description Any RFC 9110 token but CONNECT.
       * @default GET
       * @example GET
       */
      method?: string;
      /**
       * @description Field lines, written in this order and case, duplicates kept. An object of strings or string arrays is
       *      accepted too. Values: one character U+0000 to U+00FF per octet.
       * @default []
       * @example [
       *       {
       *         "name": "User-Agent",
       *         "value": "Mozilla/5.0"
       *       }
       *     ]
       */
      headers?:
        | components['schemas']['RequestField'][]
        | {
            [key: string]: string | string[];
          };
      /**
       * @description Whether to add User-Agent, Accept, Accept-Encoding (with `decodeContent`) and Connection where they are absent.
       *      Host, and Content-Length of a body, are always there.
       * @default true
       * @example true
       */
      defaultHeaders?: boolean;
      /**
       * @description The content to send; no Content-Type is added.
       * @default null
       */
      body?: components['schemas']['RequestBody'] | null;
      /**
       * @description HTTP version of the request line.
       * @default 1.1
       * @example 1.1
       * @enum {string}
       */
      httpVersion?: '1.1' | '1.0';
      /**
       * @description What stands in the request line instead of the URL's path and query.
       * @default null
       * @example *
       */
      requestTarget?: string | null;
      /**
       * @description Octets sent instead of a request written here; excludes method, headers, body, httpVersion, requestTarget and
       *      propagateTraceContext. Redirects are then not followed.
       * @default null
       */
      raw?: components['schemas']['RawRequest'] | null;
      /**
       * @description lenient: accept what can be understood, and say so in `warnings`. strict: refuse it.
       * @default lenient
       * @example lenient
       * @enum {string}
       */
      parser?: 'lenient' | 'strict';
      /**
       * @description Ask for content codings, and undo them: gzip, deflate, br and zstd, up to five of them.
       * @default true
       * @example true
       */
      decodeContent?: boolean;
      /**
       * @description Name of a cookie jar that fetches share, made on first use; null: a jar for this fetch alone. It belongs to the
       *      API key.
       * @default null
       * @example crawl-7
       */
      session?: string | null;
      /**
       * @description Whether to send the `traceparent` and `tracestate` of this call on, as they came, where `headers` have none. To the
       *      first URL's origin alone.
       * @default false
       * @example true
       */
      propagateTraceContext?: boolean;
      /** @description Limits of time. */
      timeouts?: components['schemas']['Timeouts'];
      /** @description How to read from the socket. */
      read?: components['schemas']['ReadOptions'];
      /** @description Which redirects to follow. */
      redirects?: components['schemas']['RedirectOptions'];
      /** @description Where to connect to. */
      network?: components['schemas']['NetworkOptions'];
      /** @description How https is spoken. */
      tls?: components['schemas']['TlsOptions'];
      /** @description What the result is to contain. */
      include?: components['schemas']['IncludeOptions'];
    };
    /** @description A cookie jar that fetches share by its name. */
    Session: {
      /**
       * @description How many cookies are in it; expired ones do not count.
       * @example 3
       */
      cookies: number;
      /**
       * Format: date-time
       * @description When a fetch first named it.
       * @example 2026-11-22T01:47:46.123Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description When a fetch last sent a request with it or stored cookies in it.
       * @example 2026-11-22T02:00:01.500Z
       */
      lastUsedAt: string;
      /**
       * @description Its name, as fetches give it in `session`.
       * @example crawl-7
       */
      id: string;
    };
    /** @description The caller's sessions. */
    SessionList: {
      /** @description Sessions, the one used last at the end. */
      items: components['schemas']['Session'][];
    };
    /** @description What is in a cookie jar. */
    SessionCookies: {
      /** @description Cookies in order of creation, as the results of fetches have told them. */
      items: components['schemas']['Cookie'][];
    };
    /**
     * @description What came of it.
     * @enum {string}
     */
    DoneState: 'succeeded' | 'failed' | 'cancelled';
    /** @description An item of a job that is done. */
    JobItem: {
      /**
       * @description Its place in `requests`, from 0.
       * @example 0
       */
      index: number;
      /** @description What came of it. */
      state: components['schemas']['DoneState'];
      /**
       * @description How often it was tried.
       * @example 1
       */
      attempts: number;
      /** @description The result, as POST /fetch gives it; null unless it succeeded. */
      result: components['schemas']['FetchResult'] | null;
      /** @description The problem, as POST /fetch gives it; null unless it failed. */
      problem: components['schemas']['Problem'] | null;
    };
    /** @description Items that are done, in the order of completion. */
    JobResults: {
      /**
       * @description What to give as `after` for the next page, which may be empty yet; null: the job has ended, and nothing follows.
       * @example 100
       */
      next: string | null;
      /** @description Items. */
      items: components['schemas']['JobItem'][];
    };
    /** @description What requests that do not say get: fields of a fetch. */
    FetchDefaults: {
      /**
       * Format: uri
       * @description What to fetch: an http or https URL without userinfo.
       * @example http://127.0.0.1:8081/bursts
       */
      url?: string;
      /**
       * @description Any RFC 9110 token but CONNECT.
       * @default GET
       * @example GET
       */
      method?: string;
      /**
       * @description Field lines, written in this order and case, duplicates kept. An object of strings or string arrays is
       *      accepted too. Values: one character U+0000 to U+00FF per octet.
       * @default []
       * @example [
       *       {
       *         "name": "User-Agent",
       *         "value": "Mozilla/5.0"
       *       }
       *     ]
       */
      headers?:
        | components['schemas']['RequestField'][]
        | {
            [key: string]: string | string[];
          };
      /**
       * @description Whether to add User-Agent, Accept, Accept-Encoding (with `decodeContent`) and Connection where they are absent.
       *      Host, and Content-Length of a body, are always there.
       * @default true
       * @example true
       */
      defaultHeaders?: boolean;
      /**
       * @description The content to send; no Content-Type is added.
       * @default null
       */
      body?: components['schemas']['RequestBody'] | null;
      /**
       * @description HTTP version of the request line.
       * @default 1.1
       * @example 1.1
       * @enum {string}
       */
      httpVersion?: '1.1' | '1.0';
      /**
       * @description What stands in the request line instead of the URL's path and query.
       * @default null
       * @example *
       */
      requestTarget?: string | null;
      /**
       * @description Octets sent instead of a request written here; excludes method, headers, body, httpVersion, requestTarget and
       *      propagateTraceContext. Redirects are then not followed.
       * @default null
       */
      raw?: components['schemas']['RawRequest'] | null;
      /**
       * @description lenient: accept what can be understood, and say so in `warnings`. strict: refuse it.
       * @default lenient
       * @example lenient
       * @enum {string}
       */
      parser?: 'lenient' | 'strict';
      /**
       * @description Ask for content codings, and undo them: gzip, deflate, br and zstd, up to five of them.
       * @default true
       * @example true
       */
      decodeContent?: boolean;
      /**
       * @description Name of a cookie jar that fetches share, made on first use; null: a jar for this fetch alone. It belongs to the
       *      API key.
       * @default null
       * @example crawl-7
       */
      session?: string | null;
      /**
       * @description Whether to send the `traceparent` and `tracestate` of this call on, as they came, where `headers` have none. To the
       *      first URL's origin alone.
       * @default false
       * @example true
       */
      propagateTraceContext?: boolean;
      /** @description Limits of time. */
      timeouts?: components['schemas']['Timeouts'];
      /** @description How to read from the socket. */
      read?: components['schemas']['ReadOptions'];
      /** @description Which redirects to follow. */
      redirects?: components['schemas']['RedirectOptions'];
      /** @description Where to connect to. */
      network?: components['schemas']['NetworkOptions'];
      /** @description How https is spoken. */
      tls?: components['schemas']['TlsOptions'];
      /** @description What the result is to contain. */
      include?: components['schemas']['IncludeOptions'];
    };
    /** @description Whom to tell of the job's end, signed as Standard Webhooks has it. The egress policy applies. */
    Webhook: {
      /**
       * Format: uri
       * @description Where to: an http or https URL without userinfo.
       * @example https://hooks.example.com/wirefetch
       */
      url: string;
      /**
       * @description What to sign with: `whsec_` and the base64 of 24 to 64 octets. It is never shown again.
       * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
       */
      secret: string;
      /**
       * @description What to tell.
       * @default [
       *       "job.completed",
       *       "job.cancelled"
       *     ]
       * @example [
       *       "job.completed"
       *     ]
       */
      events?: ('job.completed' | 'job.cancelled')[];
    };
    /** @description How gently to treat a host, which is name:port of each hop. */
    PerHost: {
      /**
       * @description How many fetches at once. The strictest of the running jobs holds, across all replicas.
       * @default 2
       * @example 2
       */
      concurrency?: number;
      /**
       * @description From the start of one fetch to the start of the next, at least, in ms.
       * @default 0
       * @example 250
       */
      minGapMs?: number;
    };
    /** @description What to do about failures that may pass: of DNS, connections and timeouts, and the status codes 429, 502, 503 and 504, with idempotent methods alone. */
    Retries: {
      /**
       * @description How often to try again.
       * @default 2
       * @example 3
       */
      max?: number;
      /**
       * @description Before the first retry, in ms; doubled before each further one. A Retry-After of up to an hour is heeded.
       * @default 1000
       * @example 1000
       */
      backoffMs?: number;
    };
    /** @description Many fetches. Unknown fields are refused. */
    JobRequest: {
      /**
       * @description What to fetch, each as POST /fetch takes it. A mistake in any of them refuses them all.
       * @example [
       *       {
       *         "url": "http://127.0.0.1:8081/bursts"
       *       },
       *       {
       *         "url": "http://127.0.0.1:8081/",
       *         "method": "HEAD"
       *       }
       *     ]
       */
      requests: components['schemas']['FetchRequest'][];
      /**
       * @description Merged under every request, field by field and, within timeouts, read, redirects, network, tls and include, again;
       *      headers, body, raw and lists are replaced whole. What a request's raw excludes is left out.
       * @example {
       *       "timeouts": {
       *         "totalMs": 10000
       *       }
       *     }
       */
      defaults?: components['schemas']['FetchDefaults'];
      /**
       * @description How many fetches at once, across all replicas.
       * @default 16
       * @example 16
       */
      concurrency?: number;
      /**
       * @description Higher ones go first.
       * @default 0
       * @example 10
       */
      priority?: number;
      /**
       * Format: date-time
       * @description When to begin, at the earliest: ISO 8601 with an offset, at most a year ahead; null: at once.
       * @default null
       * @example null
       */
      startAfter?: string | null;
      /**
       * @description Whom to tell of the end; null: nobody.
       * @default null
       */
      webhook?: components['schemas']['Webhook'] | null;
      /**
       * @description How long to keep the results after the end of the job, in ms.
       * @default 86400000
       * @example 86400000
       */
      keepResultsMs?: number;
      /** @description How gently to treat a host. */
      perHost?: components['schemas']['PerHost'];
      /** @description What to do about failures that may pass. */
      retries?: components['schemas']['Retries'];
    };
    /**
     * @description `queued` until its first item is taken; `completed` when every item is done.
     * @enum {string}
     */
    JobState: 'queued' | 'running' | 'completed' | 'cancelled';
    /** @description Many fetches that were accepted together, and how far they are. */
    Job: {
      /** @description `queued` until its first item is taken; `completed` when every item is done. */
      state: components['schemas']['JobState'];
      /**
       * @description Items in all.
       * @example 3
       */
      total: number;
      /**
       * @description Items that wait, for the first time or to be tried again.
       * @example 0
       */
      pending: number;
      /**
       * @description Items that a worker has.
       * @example 1
       */
      running: number;
      /**
       * @description Items with a result, whatever the target's status.
       * @example 1
       */
      succeeded: number;
      /**
       * @description Items with a problem.
       * @example 1
       */
      failed: number;
      /**
       * @description Items that were cancelled with the job.
       * @example 0
       */
      cancelled: number;
      /**
       * Format: date-time
       * @description When it was accepted.
       * @example 2026-11-28T23:50:00.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description When its first item was taken; null: none was.
       * @example 2026-11-28T23:50:00.020Z
       */
      startedAt: string | null;
      /**
       * Format: date-time
       * @description When its last item was done, and the time began for which its results are kept; null: it is not over.
       * @example 2026-11-28T23:50:03.141Z
       */
      finishedAt: string | null;
      /**
       * @description Its name, made by the service. Names sort by the time they were made.
       * @example 01KB58E5Q5SDXM3W7V8T8B1T2N
       */
      id: string;
    };
    /** @description The caller's jobs, the newest first. */
    JobList: {
      /**
       * @description What to give as `after` for the next page; null: there is none.
       * @example 01KB58E5Q5SDXM3W7V8T8B1T2N
       */
      next: string | null;
      /** @description Jobs. */
      items: components['schemas']['Job'][];
    };
    /** @description What somebody can do about a problem. */
    ProblemRemedy: {
      /**
       * @description Who: the caller of the service, or the operator who runs it.
       * @example operator
       * @enum {string}
       */
      who: 'caller' | 'operator';
      /**
       * @description What to do. Names of fields, settings and metrics stand between backticks.
       * @example Add the port to `WIREFETCH_ALLOW_PORTS`, which holds at every allowed address.
       */
      what: string;
    };
    /** @description Where a standard speaks of it. */
    ProblemReference: {
      /**
       * Format: uri
       * @description Where to read it.
       * @example https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.4
       */
      url: string;
      /**
       * @description Document and section.
       * @example RFC 9110 §15.5.4
       */
      name: string;
    };
    /** @description What a code of a problem means. */
    ProblemExplanation: {
      /**
       * @description The code, as problems have it.
       * @example port-denied
       * @enum {string}
       */
      code:
        | 'invalid-request'
        | 'unsupported-scheme'
        | 'unauthorized'
        | 'not-found'
        | 'method-not-allowed'
        | 'not-acceptable'
        | 'idempotency-mismatch'
        | 'request-timeout'
        | 'request-too-large'
        | 'unsupported-media-type'
        | 'misdirected-request'
        | 'address-denied'
        | 'port-denied'
        | 'host-denied'
        | 'rate-limited'
        | 'overloaded'
        | 'store-unavailable'
        | 'dns-not-found'
        | 'dns-failed'
        | 'connection-refused'
        | 'connection-reset'
        | 'connection-closed'
        | 'host-unreachable'
        | 'tls-handshake-failed'
        | 'tls-certificate-expired'
        | 'tls-certificate-not-yet-valid'
        | 'tls-certificate-self-signed'
        | 'tls-certificate-untrusted'
        | 'tls-certificate-name-mismatch'
        | 'tls-certificate-invalid'
        | 'malformed-response'
        | 'head-too-large'
        | 'too-many-redirects'
        | 'invalid-redirect'
        | 'dns-timeout'
        | 'connect-timeout'
        | 'tls-timeout'
        | 'send-timeout'
        | 'first-byte-timeout'
        | 'head-timeout'
        | 'total-timeout'
        | 'internal-error';
      /**
       * @description HTTP status that it is answered with.
       * @example 403
       */
      status: number;
      /**
       * @description Codes that are near to it.
       * @example [
       *       "address-denied",
       *       "host-denied"
       *     ]
       */
      seeAlso: (
        | 'invalid-request'
        | 'unsupported-scheme'
        | 'unauthorized'
        | 'not-found'
        | 'method-not-allowed'
        | 'not-acceptable'
        | 'idempotency-mismatch'
        | 'request-timeout'
        | 'request-too-large'
        | 'unsupported-media-type'
        | 'misdirected-request'
        | 'address-denied'
        | 'port-denied'
        | 'host-denied'
        | 'rate-limited'
        | 'overloaded'
        | 'store-unavailable'
        | 'dns-not-found'
        | 'dns-failed'
        | 'connection-refused'
        | 'connection-reset'
        | 'connection-closed'
        | 'host-unreachable'
        | 'tls-handshake-failed'
        | 'tls-certificate-expired'
        | 'tls-certificate-not-yet-valid'
        | 'tls-certificate-self-signed'
        | 'tls-certificate-untrusted'
        | 'tls-certificate-name-mismatch'
        | 'tls-certificate-invalid'
        | 'malformed-response'
        | 'head-too-large'
        | 'too-many-redirects'
        | 'invalid-redirect'
        | 'dns-timeout'
        | 'connect-timeout'
        | 'tls-timeout'
        | 'send-timeout'
        | 'first-byte-timeout'
        | 'head-timeout'
        | 'total-timeout'
        | 'internal-error'
      )[];
      /**
       * @description URI reference of the kind of problem, as problems have it; this explanation is there.
       * @example /problems/port-denied
       */
      type: string;
      /**
       * @description The kind, in a few words.
       * @example The port may not be dialled
       */
      title: string;
      /**
       * @description Who causes it.
       * @example policy
       * @enum {string}
       */
      failureSource: 'client' | 'policy' | 'resolver' | 'target' | 'service';
      /**
       * @description What it says, and what was or was not done. Names of fields, settings and metrics stand between backticks.
       * @example The port may not be dialled, and nobody dialled it.
       */
      meaning: string;
      /**
       * @description Usual causes, the likeliest first.
       * @example [
       *       "The URL names an unusual port."
       *     ]
       */
      causes: string[];
      /** @description What to try. */
      remedies: components['schemas']['ProblemRemedy'][];
      /**
       * @description Whether the same request may succeed later, though nobody changes anything. Items of jobs are tried again by themselves
       *     then, where `retries` and their method allow it.
       * @example false
       */
      mayPass: boolean;
      /** @description Where the standards speak of it. */
      references: components['schemas']['ProblemReference'][];
    };
    /** @description The problems that are answered with one status. */
    ProblemGroup: {
      /**
       * @description HTTP status.
       * @example 403
       */
      status: number;
      /**
       * @description Its reason phrase.
       * @example Forbidden
       */
      statusText: string;
      /** @description What is answered with it. */
      problems: components['schemas']['ProblemExplanation'][];
    };
    /** @description All problems that the service answers with. */
    ProblemList: {
      /** @description By their status, in rising order. */
      items: components['schemas']['ProblemGroup'][];
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type TransferCoding = components['schemas']['TransferCoding'];
export type ResultError = components['schemas']['ResultError'];
export type Body = components['schemas']['Body'];
export type HopBody = components['schemas']['HopBody'];
export type FieldLine = components['schemas']['FieldLine'];
export type SentRequest = components['schemas']['SentRequest'];
export type Informational = components['schemas']['Informational'];
export type Cookie = components['schemas']['Cookie'];
export type Octets = components['schemas']['Octets'];
export type Read = components['schemas']['Read'];
export type HistogramBucket = components['schemas']['HistogramBucket'];
export type Chunks = components['schemas']['Chunks'];
export type Timings = components['schemas']['Timings'];
export type Certificate = components['schemas']['Certificate'];
export type Tls = components['schemas']['Tls'];
export type ConnectAttempt = components['schemas']['ConnectAttempt'];
export type Connection = components['schemas']['Connection'];
export type Warning = components['schemas']['Warning'];
export type Hop = components['schemas']['Hop'];
export type FetchResult = components['schemas']['FetchResult'];
export type HarCreator = components['schemas']['HarCreator'];
export type HarPostData = components['schemas']['HarPostData'];
export type HarSentCookie = components['schemas']['HarSentCookie'];
export type HarParameter = components['schemas']['HarParameter'];
export type HarRequest = components['schemas']['HarRequest'];
export type HarCookie = components['schemas']['HarCookie'];
export type HarContent = components['schemas']['HarContent'];
export type HarResponse = components['schemas']['HarResponse'];
export type HarCache = components['schemas']['HarCache'];
export type HarTimings = components['schemas']['HarTimings'];
export type HarEntry = components['schemas']['HarEntry'];
export type HarLog = components['schemas']['HarLog'];
export type Har = components['schemas']['Har'];
export type ResolvedEvent = components['schemas']['ResolvedEvent'];
export type ConnectedEvent = components['schemas']['ConnectedEvent'];
export type SecuredEvent = components['schemas']['SecuredEvent'];
export type SentEvent = components['schemas']['SentEvent'];
export type InformationalEvent = components['schemas']['InformationalEvent'];
export type HeadEvent = components['schemas']['HeadEvent'];
export type ReadEvent = components['schemas']['ReadEvent'];
export type TransferChunkEvent = components['schemas']['TransferChunkEvent'];
export type ChunkEvent = components['schemas']['ChunkEvent'];
export type WarningEvent = components['schemas']['WarningEvent'];
export type RedirectEvent = components['schemas']['RedirectEvent'];
export type ResultEvent = components['schemas']['ResultEvent'];
export type FieldError = components['schemas']['FieldError'];
export type Problem = components['schemas']['Problem'];
export type ProblemEvent = components['schemas']['ProblemEvent'];
export type RequestField = components['schemas']['RequestField'];
export type RequestBody = components['schemas']['RequestBody'];
export type RawRequest = components['schemas']['RawRequest'];
export type Timeouts = components['schemas']['Timeouts'];
export type ReadOptions = components['schemas']['ReadOptions'];
export type RedirectOptions = components['schemas']['RedirectOptions'];
export type NetworkOptions = components['schemas']['NetworkOptions'];
export type TlsOptions = components['schemas']['TlsOptions'];
export type IncludeOptions = components['schemas']['IncludeOptions'];
export type FetchRequest = components['schemas']['FetchRequest'];
export type Session = components['schemas']['Session'];
export type SessionList = components['schemas']['SessionList'];
export type SessionCookies = components['schemas']['SessionCookies'];
export type DoneState = components['schemas']['DoneState'];
export type JobItem = components['schemas']['JobItem'];
export type JobResults = components['schemas']['JobResults'];
export type FetchDefaults = components['schemas']['FetchDefaults'];
export type Webhook = components['schemas']['Webhook'];
export type PerHost = components['schemas']['PerHost'];
export type Retries = components['schemas']['Retries'];
export type JobRequest = components['schemas']['JobRequest'];
export type JobState = components['schemas']['JobState'];
export type Job = components['schemas']['Job'];
export type JobList = components['schemas']['JobList'];
export type ProblemRemedy = components['schemas']['ProblemRemedy'];
export type ProblemReference = components['schemas']['ProblemReference'];
export type ProblemExplanation = components['schemas']['ProblemExplanation'];
export type ProblemGroup = components['schemas']['ProblemGroup'];
export type ProblemList = components['schemas']['ProblemList'];
export type $defs = Record<string, never>;
export interface operations {
  fetch: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['FetchRequest'];
      };
    };
    responses: {
      /** @description A response head arrived. As NDJSON: the fetch has begun, and its last line tells how it ended. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['FetchResult'];
          'application/x-ndjson':
            | components['schemas']['ResolvedEvent']
            | components['schemas']['ConnectedEvent']
            | components['schemas']['SecuredEvent']
            | components['schemas']['SentEvent']
            | components['schemas']['InformationalEvent']
            | components['schemas']['HeadEvent']
            | components['schemas']['ReadEvent']
            | components['schemas']['TransferChunkEvent']
            | components['schemas']['ChunkEvent']
            | components['schemas']['WarningEvent']
            | components['schemas']['RedirectEvent']
            | components['schemas']['ResultEvent']
            | components['schemas']['ProblemEvent'];
          /**
           * @example {
           *       "log": {
           *         "version": "1.2",
           *         "creator": {
           *           "name": "wirefetch",
           *           "version": "0.1.0"
           *         },
           *         "entries": [
           *           {
           *             "startedDateTime": "2026-11-22T01:47:46.123Z",
           *             "time": 465.799,
           *             "request": {
           *               "method": "GET",
           *               "url": "http://127.0.0.1:8081/bursts",
           *               "httpVersion": "HTTP/1.1",
           *               "cookies": [],
           *               "headers": [
           *                 {
           *                   "name": "Host",
           *                   "value": "127.0.0.1:8081"
           *                 },
           *                 {
           *                   "name": "User-Agent",
           *                   "value": "wirefetch/0.1.0"
           *                 },
           *                 {
           *                   "name": "Accept",
           *                   "value": "*\/*"
           *                 },
           *                 {
           *                   "name": "Accept-Encoding",
           *                   "value": "gzip, deflate, br, zstd"
           *                 },
           *                 {
           *                   "name": "Connection",
           *                   "value": "close"
           *                 }
           *               ],
           *               "queryString": [],
           *               "headersSize": 149,
           *               "bodySize": 0,
           *               "_cookiesOmitted": 0,
           *               "_queryStringOmitted": 0,
           *               "_target": "/bursts",
           *               "_rawHead": null
           *             },
           *             "response": {
           *               "status": 200,
           *               "statusText": "OK",
           *               "httpVersion": "HTTP/1.1",
           *               "cookies": [],
           *               "headers": [
           *                 {
           *                   "name": "Content-Type",
           *                   "value": "text/plain"
           *                 },
           *                 {
           *                   "name": "Transfer-Encoding",
           *                   "value": "chunked"
           *                 }
           *               ],
           *               "content": {
           *                 "text": "burst burst burst …",
           *                 "size": 7700,
           *                 "mimeType": "text/plain",
           *                 "_contentEncoding": [],
           *                 "_decoded": true,
           *                 "_charset": "UTF-8",
           *                 "_charsetSource": "default",
           *                 "_sha256": "b88c1e38d1d346dc89a8fc858590a3b50f1926497181b7eb5d148042a71408b6",
           *                 "_truncated": false
           *               },
           *               "redirectURL": "",
           *               "headersSize": 73,
           *               "bodySize": 7700,
           *               "_informational": [],
           *               "_trailers": [
           *                 {
           *                   "name": "X-Digest",
           *                   "value": "4b41dadfb88d723e"
           *                 }
           *               ],
           *               "_transferCoding": {
           *                 "chunks": 3,
           *                 "sizes": [
           *                   2500,
           *                   1200,
           *                   4000
           *                 ],
           *                 "extensions": [
           *                   "last"
           *                 ],
           *                 "sizesOmitted": 0
           *               },
           *               "_extra": {
           *                 "bytes": 0,
           *                 "base64": null,
           *                 "truncated": false
           *               },
           *               "_rawHead": null
           *             },
           *             "cache": {},
           *             "timings": {
           *               "blocked": 0,
           *               "dns": -1,
           *               "connect": 13.186,
           *               "ssl": -1,
           *               "send": 0.397,
           *               "wait": 0.185,
           *               "receive": 452.031
           *             },
           *             "serverIPAddress": "127.0.0.1",
           *             "connection": "38274",
           *             "_complete": true,
           *             "_endedBy": "last-chunk",
           *             "_error": null,
           *             "_warnings": [],
           *             "_chunks": {
           *               "layer": "tcp",
           *               "bufferBytes": 1024,
           *               "count": 11,
           *               "bytes": 7832,
           *               "min": 38,
           *               "max": 1024,
           *               "mean": 712,
           *               "median": 1024,
           *               "p95": 1024,
           *               "stdev": 409.017,
           *               "firstAtMs": 13.941,
           *               "lastAtMs": 465.513,
           *               "maxGapMs": 150.818,
           *               "bytesPerSecond": 17343,
           *               "histogram": [
           *                 {
           *                   "le": 64,
           *                   "count": 1
           *                 },
           *                 {
           *                   "le": 128,
           *                   "count": 1
           *                 },
           *                 {
           *                   "le": 256,
           *                   "count": 1
           *                 },
           *                 {
           *                   "le": 512,
           *                   "count": 1
           *                 },
           *                 {
           *                   "le": 1024,
           *                   "count": 7
           *                 }
           *               ],
           *               "sizes": [
           *                 73,
           *                 1024,
           *                 1024,
           *                 459,
           *                 1024,
           *                 183,
           *                 1024,
           *                 1024,
           *                 1024,
           *                 935,
           *                 38
           *               ],
           *               "items": null,
           *               "sizesOmitted": 0,
           *               "itemsOmitted": 0,
           *               "estimated": false
           *             },
           *             "_attempts": [
           *               {
           *                 "address": "127.0.0.1",
           *                 "port": 8081,
           *                 "ms": 13.168,
           *                 "error": null
           *               }
           *             ],
           *             "_tls": null
           *           }
           *         ],
           *         "_id": "01JDA2W6T1M4Z8K5Q9R7X3Y2BC",
           *         "_chainTotal": 465.799
           *       }
           *     }
           */
          'application/har+json': components['schemas']['Har'];
        };
      };
      /**
       * @description `invalid-request`: The request is not valid
       *     `unsupported-scheme`: The URL has a scheme that is not spoken here
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unauthorized`: An API key is needed */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `address-denied`: The address may not be dialled
       *     `port-denied`: The port may not be dialled
       *     `host-denied`: The host may not be fetched from
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not-acceptable`: No representation is acceptable to you */
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request-timeout`: The request did not arrive in time */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request-too-large`: The request is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported-media-type`: The request must be JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `misdirected-request`: The request is for another host */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `rate-limited`: You fetch more often than you may */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal-error`: Something failed in this service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `dns-not-found`: The name has no address
       *     `dns-failed`: The name could not be resolved
       *     `connection-refused`: The target refused the connection
       *     `connection-reset`: The target reset the connection
       *     `connection-closed`: The target closed the connection before a whole response head
       *     `host-unreachable`: The target cannot be reached
       *     `tls-handshake-failed`: The TLS handshake with the target failed
       *     `tls-certificate-expired`: The target's certificate has expired
       *     `tls-certificate-not-yet-valid`: The target's certificate is not valid yet
       *     `tls-certificate-self-signed`: The target's certificate is signed by itself
       *     `tls-certificate-untrusted`: Nobody trusted vouches for the target's certificate
       *     `tls-certificate-name-mismatch`: The target's certificate is for another name
       *     `tls-certificate-invalid`: The target's certificate cannot be verified
       *     `malformed-response`: What the target sent is not HTTP/1.1
       *     `head-too-large`: The response head is larger than allowed
       *     `too-many-redirects`: The target redirects too often
       *     `invalid-redirect`: The target redirects to where no one can follow
       */
      502: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `overloaded`: The service takes no more fetches now
       *     `store-unavailable`: Jobs and sessions cannot be reached now
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `dns-timeout`: The name was not resolved in time
       *     `connect-timeout`: The connection was not made in time
       *     `tls-timeout`: The TLS handshake did not end in time
       *     `send-timeout`: The target did not take the request in time
       *     `first-byte-timeout`: The target did not answer in time
       *     `head-timeout`: The target fell silent within the response head
       *     `total-timeout`: The whole fetch took too long
       */
      504: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listSessions: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Your sessions. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "items": [
           *         {
           *           "id": "crawl-7",
           *           "cookies": 2,
           *           "createdAt": "2026-11-22T01:47:46.123Z",
           *           "lastUsedAt": "2026-11-22T02:00:01.500Z"
           *         }
           *       ]
           *     }
           */
          'application/json': components['schemas']['SessionList'];
        };
      };
      /** @description `unauthorized`: An API key is needed */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not-acceptable`: No representation is acceptable to you */
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request-timeout`: The request did not arrive in time */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `misdirected-request`: The request is for another host */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal-error`: Something failed in this service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `store-unavailable`: Jobs and sessions cannot be reached now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listCookies: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Name of the session, as fetches give it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Its cookies. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "items": [
           *         {
           *           "name": "JSESSIONID",
           *           "value": "0123456789abcdef",
           *           "domain": "127.0.0.1",
           *           "hostOnly": true,
           *           "path": "/",
           *           "expires": null,
           *           "maxAge": null,
           *           "secure": false,
           *           "httpOnly": false,
           *           "sameSite": null,
           *           "partitioned": false,
           *           "accepted": true,
           *           "rejectedBecause": null,
           *           "findings": [
           *             "sent-over-http",
           *             "session-id-without-secure",
           *             "session-id-without-httponly",
           *             "missing-samesite",
           *             "short-session-id",
           *             "low-entropy-session-id"
           *           ]
           *         },
           *         {
           *           "name": "theme",
           *           "value": "dark",
           *           "domain": "127.0.0.1",
           *           "hostOnly": true,
           *           "path": "/",
           *           "expires": "2031-01-01T00:00:00.000Z",
           *           "maxAge": null,
           *           "secure": false,
           *           "httpOnly": false,
           *           "sameSite": "Lax",
           *           "partitioned": false,
           *           "accepted": true,
           *           "rejectedBecause": null,
           *           "findings": [
           *             "sent-over-http"
           *           ]
           *         }
           *       ]
           *     }
           */
          'application/json': components['schemas']['SessionCookies'];
        };
      };
      /** @description `unauthorized`: An API key is needed */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not-found`: There is nothing here */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not-acceptable`: No representation is acceptable to you */
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request-timeout`: The request did not arrive in time */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `misdirected-request`: The request is for another host */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal-error`: Something failed in this service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `store-unavailable`: Jobs and sessions cannot be reached now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteSession: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Name of the session, as fetches give it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is forgotten. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `unauthorized`: An API key is needed */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not-found`: There is nothing here */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request-timeout`: The request did not arrive in time */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `misdirected-request`: The request is for another host */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal-error`: Something failed in this service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `store-unavailable`: Jobs and sessions cannot be reached now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listJobs: {
    parameters: {
      query?: {
        /** @description These alone. */
        state?: 'queued' | 'running' | 'completed' | 'cancelled';
        /** @description At the most so many. */
        limit?: number;
        /** @description `next` of the page before; none: from the beginning. */
        after?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of your jobs. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['JobList'];
        };
      };
      /** @description `invalid-request`: The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unauthorized`: An API key is needed */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not-acceptable`: No representation is acceptable to you */
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request-timeout`: The request did not arrive in time */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `misdirected-request`: The request is for another host */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal-error`: Something failed in this service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `store-unavailable`: Jobs and sessions cannot be reached now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createJob: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same content again answers with the first job. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['JobRequest'];
      };
    };
    responses: {
      /** @description The job is accepted. */
      202: {
        headers: {
          /** @description Where the job is. */
          Location?: string;
          /** @description `true`: it was accepted before. */
          'Idempotency-Replayed'?: 'true';
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Job'];
        };
      };
      /**
       * @description `invalid-request`: The request is not valid
       *     `unsupported-scheme`: The URL has a scheme that is not spoken here
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unauthorized`: An API key is needed */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not-acceptable`: No representation is acceptable to you */
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request-timeout`: The request did not arrive in time */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `idempotency-mismatch`: The Idempotency-Key was used for something else */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request-too-large`: The request is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unsupported-media-type`: The request must be JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `misdirected-request`: The request is for another host */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal-error`: Something failed in this service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description `overloaded`: The service takes no more fetches now
       *     `store-unavailable`: Jobs and sessions cannot be reached now
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readJob: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Name of the job, as POST /jobs told it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The job. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Job'];
        };
      };
      /** @description `unauthorized`: An API key is needed */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not-found`: There is nothing here */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not-acceptable`: No representation is acceptable to you */
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request-timeout`: The request did not arrive in time */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `misdirected-request`: The request is for another host */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal-error`: Something failed in this service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `store-unavailable`: Jobs and sessions cannot be reached now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  cancelJob: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Name of the job, as POST /jobs told it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The job. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Job'];
        };
      };
      /** @description `unauthorized`: An API key is needed */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not-found`: There is nothing here */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not-acceptable`: No representation is acceptable to you */
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request-timeout`: The request did not arrive in time */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `misdirected-request`: The request is for another host */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal-error`: Something failed in this service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `store-unavailable`: Jobs and sessions cannot be reached now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readResults: {
    parameters: {
      query?: {
        /** @description Items in this state alone. */
        state?: 'succeeded' | 'failed' | 'cancelled';
        /** @description At the most so many. */
        limit?: number;
        /** @description `next` of the page before; none: from the beginning. */
        after?: string;
      };
      header?: never;
      path: {
        /** @description Name of the job, as POST /jobs told it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Items that are done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "items": [
           *         {
           *           "index": 0,
           *           "state": "succeeded",
           *           "attempts": 1,
           *           "result": {
           *             "id": "01JDA2W6T1M4Z8K5Q9R7X3Y2BC",
           *             "url": "http://127.0.0.1:8081/bursts",
           *             "finalUrl": "http://127.0.0.1:8081/bursts",
           *             "startedAt": "2026-11-22T01:47:46.123Z",
           *             "request": {
           *               "method": "GET",
           *               "target": "/bursts",
           *               "httpVersion": "1.1",
           *               "headers": [
           *                 {
           *                   "name": "Host",
           *                   "value": "127.0.0.1:8081"
           *                 },
           *                 {
           *                   "name": "User-Agent",
           *                   "value": "wirefetch/0.1.0"
           *                 },
           *                 {
           *                   "name": "Accept",
           *                   "value": "*\/*"
           *                 },
           *                 {
           *                   "name": "Accept-Encoding",
           *                   "value": "gzip, deflate, br, zstd"
           *                 },
           *                 {
           *                   "name": "Connection",
           *                   "value": "close"
           *                 }
           *               ],
           *               "headBytes": 149,
           *               "bodyBytes": 0,
           *               "rawHead": null
           *             },
           *             "status": 200,
           *             "statusText": "OK",
           *             "httpVersion": "1.1",
           *             "headBytes": 73,
           *             "rawHead": null,
           *             "headers": [
           *               {
           *                 "name": "Content-Type",
           *                 "value": "text/plain"
           *               },
           *               {
           *                 "name": "Transfer-Encoding",
           *                 "value": "chunked"
           *               }
           *             ],
           *             "trailers": [
           *               {
           *                 "name": "X-Digest",
           *                 "value": "4b41dadfb88d723e"
           *               }
           *             ],
           *             "informational": [],
           *             "cookies": [],
           *             "body": {
           *               "text": "burst burst burst …",
           *               "base64": null,
           *               "bytes": 7700,
           *               "wireBytes": 7700,
           *               "contentEncoding": [],
           *               "decoded": true,
           *               "mediaType": "text/plain",
           *               "charset": "UTF-8",
           *               "charsetSource": "default",
           *               "sha256": "b88c1e38d1d346dc89a8fc858590a3b50f1926497181b7eb5d148042a71408b6",
           *               "truncated": false
           *             },
           *             "extra": {
           *               "bytes": 0,
           *               "base64": null,
           *               "truncated": false
           *             },
           *             "chunks": {
           *               "layer": "tcp",
           *               "bufferBytes": 1024,
           *               "count": 11,
           *               "bytes": 7832,
           *               "min": 38,
           *               "max": 1024,
           *               "mean": 712,
           *               "median": 1024,
           *               "p95": 1024,
           *               "stdev": 409.017,
           *               "firstAtMs": 13.941,
           *               "lastAtMs": 465.513,
           *               "maxGapMs": 150.818,
           *               "bytesPerSecond": 17343,
           *               "histogram": [
           *                 {
           *                   "le": 64,
           *                   "count": 1
           *                 },
           *                 {
           *                   "le": 128,
           *                   "count": 1
           *                 },
           *                 {
           *                   "le": 256,
           *                   "count": 1
           *                 },
           *                 {
           *                   "le": 512,
           *                   "count": 1
           *                 },
           *                 {
           *                   "le": 1024,
           *                   "count": 7
           *                 }
           *               ],
           *               "sizes": [
           *                 73,
           *                 1024,
           *                 1024,
           *                 459,
           *                 1024,
           *                 183,
           *                 1024,
           *                 1024,
           *                 1024,
           *                 935,
           *                 38
           *               ],
           *               "items": null,
           *               "sizesOmitted": 0,
           *               "itemsOmitted": 0,
           *               "estimated": false
           *             },
           *             "transferCoding": {
           *               "chunks": 3,
           *               "sizes": [
           *                 2500,
           *                 1200,
           *                 4000
           *               ],
           *               "extensions": [
           *                 "last"
           *               ],
           *               "sizesOmitted": 0
           *             },
           *             "complete": true,
           *             "endedBy": "last-chunk",
           *             "timings": {
           *               "queue": 0,
           *               "dns": null,
           *               "connect": 13.186,
           *               "tls": null,
           *               "send": 0.397,
           *               "wait": 0.185,
           *               "receive": 452.031,
           *               "total": 465.799,
           *               "chainTotal": 465.799
           *             },
           *             "connection": {
           *               "remoteAddress": "127.0.0.1",
           *               "remotePort": 8081,
           *               "localAddress": "127.0.0.1",
           *               "localPort": 38274,
           *               "family": 4,
           *               "reused": false,
           *               "attempts": [
           *                 {
           *                   "address": "127.0.0.1",
           *                   "port": 8081,
           *                   "ms": 13.168,
           *                   "error": null
           *                 }
           *               ],
           *               "tls": null
           *             },
           *             "hops": [],
           *             "warnings": [],
           *             "error": null
           *           },
           *           "problem": null
           *         },
           *         {
           *           "index": 1,
           *           "state": "failed",
           *           "attempts": 3,
           *           "result": null,
           *           "problem": {
           *             "type": "/problems/first-byte-timeout",
           *             "title": "The target did not answer in time",
           *             "status": 504,
           *             "detail": "nothing came within firstByteMs (10000)",
           *             "instance": "/fetch/01KB58EF3W8QYV6N0Z2H5T7K9M",
           *             "code": "first-byte-timeout",
           *             "phase": "wait",
           *             "failureSource": "target",
           *             "startedAt": null,
           *             "request": null,
           *             "hops": [],
           *             "timings": null,
           *             "chunks": null,
           *             "connection": null,
           *             "warnings": [],
           *             "received": null
           *           }
           *         }
           *       ],
           *       "next": null
           *     }
           */
          'application/json': components['schemas']['JobResults'];
          /**
           * @example {"index":0,"state":"succeeded","attempts":1,"result":{"id":"01JDA2W6T1M4Z8K5Q9R7X3Y2BC","url":"http://127.0.0.1:8081/bursts","finalUrl":"http://127.0.0.1:8081/bursts","startedAt":"2026-11-22T01:47:46.123Z","request":{"method":"GET","target":"/bursts","httpVersion":"1.1","headers":[{"name":"Host","value":"127.0.0.1:8081"},{"name":"User-Agent","value":"wirefetch/0.1.0"},{"name":"Accept","value":"*\/*"},{"name":"Accept-Encoding","value":"gzip, deflate, br, zstd"},{"name":"Connection","value":"close"}],"headBytes":149,"bodyBytes":0,"rawHead":null},"status":200,"statusText":"OK","httpVersion":"1.1","headBytes":73,"rawHead":null,"headers":[{"name":"Content-Type","value":"text/plain"},{"name":"Transfer-Encoding","value":"chunked"}],"trailers":[{"name":"X-Digest","value":"4b41dadfb88d723e"}],"informational":[],"cookies":[],"body":{"text":"burst burst burst …","base64":null,"bytes":7700,"wireBytes":7700,"contentEncoding":[],"decoded":true,"mediaType":"text/plain","charset":"UTF-8","charsetSource":"default","sha256":"b88c1e38d1d346dc89a8fc858590a3b50f1926497181b7eb5d148042a71408b6","truncated":false},"extra":{"bytes":0,"base64":null,"truncated":false},"chunks":{"layer":"tcp","bufferBytes":1024,"count":11,"bytes":7832,"min":38,"max":1024,"mean":712,"median":1024,"p95":1024,"stdev":409.017,"firstAtMs":13.941,"lastAtMs":465.513,"maxGapMs":150.818,"bytesPerSecond":17343,"histogram":[{"le":64,"count":1},{"le":128,"count":1},{"le":256,"count":1},{"le":512,"count":1},{"le":1024,"count":7}],"sizes":[73,1024,1024,459,1024,183,1024,1024,1024,935,38],"items":null,"sizesOmitted":0,"itemsOmitted":0,"estimated":false},"transferCoding":{"chunks":3,"sizes":[2500,1200,4000],"extensions":["last"],"sizesOmitted":0},"complete":true,"endedBy":"last-chunk","timings":{"queue":0,"dns":null,"connect":13.186,"tls":null,"send":0.397,"wait":0.185,"receive":452.031,"total":465.799,"chainTotal":465.799},"connection":{"remoteAddress":"127.0.0.1","remotePort":8081,"localAddress":"127.0.0.1","localPort":38274,"family":4,"reused":false,"attempts":[{"address":"127.0.0.1","port":8081,"ms":13.168,"error":null}],"tls":null},"hops":[],"warnings":[],"error":null},"problem":null}
           *     {"index":1,"state":"failed","attempts":3,"result":null,"problem":{"type":"/problems/first-byte-timeout","title":"The target did not answer in time","status":504,"detail":"nothing came within firstByteMs (10000)","instance":"/fetch/01KB58EF3W8QYV6N0Z2H5T7K9M","code":"first-byte-timeout","phase":"wait","failureSource":"target","startedAt":null,"request":null,"hops":[],"timings":null,"chunks":null,"connection":null,"warnings":[],"received":null}}
           */
          'application/x-ndjson': components['schemas']['JobItem'];
        };
      };
      /** @description `invalid-request`: The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unauthorized`: An API key is needed */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not-found`: There is nothing here */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not-acceptable`: No representation is acceptable to you */
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request-timeout`: The request did not arrive in time */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `misdirected-request`: The request is for another host */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal-error`: Something failed in this service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `store-unavailable`: Jobs and sessions cannot be reached now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  followJob: {
    parameters: {
      query?: never;
      header?: {
        /** @description The last event that was seen. */
        'Last-Event-ID'?: string;
      };
      path: {
        /** @description Name of the job, as POST /jobs told it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Events, until the job has ended. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example retry: 1000
           *
           *     event: item
           *     id: 1
           *     data: {"index":0,"state":"succeeded","attempts":1}
           *
           *     event: item
           *     id: 2
           *     data: {"index":1,"state":"failed","attempts":3}
           *
           *     event: progress
           *     id: 2
           *     data: {"id":"01KB58E5Q5SDXM3W7V8T8B1T2N","state":"completed","total":2,"pending":0,"running":0,"succeeded":1,"failed":1,"cancelled":0,"createdAt":"2026-11-28T23:50:00.000Z","startedAt":"2026-11-28T23:50:00.020Z","finishedAt":"2026-11-28T23:50:33.141Z"}
           *
           *     event: end
           *     id: 2
           *     data: {"id":"01KB58E5Q5SDXM3W7V8T8B1T2N","state":"completed","total":2,"pending":0,"running":0,"succeeded":1,"failed":1,"cancelled":0,"createdAt":"2026-11-28T23:50:00.000Z","startedAt":"2026-11-28T23:50:00.020Z","finishedAt":"2026-11-28T23:50:33.141Z"}
           */
          'text/event-stream': string;
        };
      };
      /** @description `invalid-request`: The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `unauthorized`: An API key is needed */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not-found`: There is nothing here */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not-acceptable`: No representation is acceptable to you */
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request-timeout`: The request did not arrive in time */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `misdirected-request`: The request is for another host */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal-error`: Something failed in this service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `store-unavailable`: Jobs and sessions cannot be reached now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  live: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The Health Check is successful */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /**
             * @example ok
             * @enum {string}
             */
            status?: 'ok' | 'degraded';
            /**
             * @example {
             *       "database": {
             *         "status": "up",
             *         "responseTime": 12
             *       }
             *     }
             */
            info?: {
              [key: string]: {
                /** @enum {string} */
                status: 'up' | 'degraded' | 'down';
                /** @description Time the health indicator took to respond, in ms */
                responseTime?: number;
              } & {
                [key: string]: unknown;
              };
            } | null;
            /** @example {} */
            error?: {
              [key: string]: {
                /** @enum {string} */
                status: 'up' | 'degraded' | 'down';
                /** @description Time the health indicator took to respond, in ms */
                responseTime?: number;
              } & {
                [key: string]: unknown;
              };
            } | null;
            /**
             * @example {
             *       "database": {
             *         "status": "up",
             *         "responseTime": 12
             *       }
             *     }
             */
            details?: {
              [key: string]: {
                /** @enum {string} */
                status: 'up' | 'degraded' | 'down';
                /** @description Time the health indicator took to respond, in ms */
                responseTime?: number;
              } & {
                [key: string]: unknown;
              };
            };
          };
        };
      };
      /** @description `request-timeout`: The request did not arrive in time */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `misdirected-request`: The request is for another host */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The Health Check is not successful */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /**
             * @example error
             * @enum {string}
             */
            status?: 'error' | 'shutting_down';
            /**
             * @example {
             *       "database": {
             *         "status": "up",
             *         "responseTime": 12
             *       }
             *     }
             */
            info?: {
              [key: string]: {
                /** @enum {string} */
                status: 'up' | 'degraded' | 'down';
                /** @description Time the health indicator took to respond, in ms */
                responseTime?: number;
              } & {
                [key: string]: unknown;
              };
            } | null;
            /**
             * @example {
             *       "redis": {
             *         "status": "down",
             *         "message": "Could not connect",
             *         "responseTime": 3005
             *       }
             *     }
             */
            error?: {
              [key: string]: {
                /** @enum {string} */
                status: 'up' | 'degraded' | 'down';
                /** @description Time the health indicator took to respond, in ms */
                responseTime?: number;
              } & {
                [key: string]: unknown;
              };
            } | null;
            /**
             * @example {
             *       "database": {
             *         "status": "up",
             *         "responseTime": 12
             *       },
             *       "redis": {
             *         "status": "down",
             *         "message": "Could not connect",
             *         "responseTime": 3005
             *       }
             *     }
             */
            details?: {
              [key: string]: {
                /** @enum {string} */
                status: 'up' | 'degraded' | 'down';
                /** @description Time the health indicator took to respond, in ms */
                responseTime?: number;
              } & {
                [key: string]: unknown;
              };
            };
          };
        };
      };
    };
  };
  ready: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The Health Check is successful */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /**
             * @example ok
             * @enum {string}
             */
            status?: 'ok' | 'degraded';
            /**
             * @example {
             *       "database": {
             *         "status": "up",
             *         "responseTime": 12
             *       }
             *     }
             */
            info?: {
              [key: string]: {
                /** @enum {string} */
                status: 'up' | 'degraded' | 'down';
                /** @description Time the health indicator took to respond, in ms */
                responseTime?: number;
              } & {
                [key: string]: unknown;
              };
            } | null;
            /** @example {} */
            error?: {
              [key: string]: {
                /** @enum {string} */
                status: 'up' | 'degraded' | 'down';
                /** @description Time the health indicator took to respond, in ms */
                responseTime?: number;
              } & {
                [key: string]: unknown;
              };
            } | null;
            /**
             * @example {
             *       "database": {
             *         "status": "up",
             *         "responseTime": 12
             *       }
             *     }
             */
            details?: {
              [key: string]: {
                /** @enum {string} */
                status: 'up' | 'degraded' | 'down';
                /** @description Time the health indicator took to respond, in ms */
                responseTime?: number;
              } & {
                [key: string]: unknown;
              };
            };
          };
        };
      };
      /** @description `request-timeout`: The request did not arrive in time */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `misdirected-request`: The request is for another host */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The Health Check is not successful */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /**
             * @example error
             * @enum {string}
             */
            status?: 'error' | 'shutting_down';
            /**
             * @example {
             *       "database": {
             *         "status": "up",
             *         "responseTime": 12
             *       }
             *     }
             */
            info?: {
              [key: string]: {
                /** @enum {string} */
                status: 'up' | 'degraded' | 'down';
                /** @description Time the health indicator took to respond, in ms */
                responseTime?: number;
              } & {
                [key: string]: unknown;
              };
            } | null;
            /**
             * @example {
             *       "redis": {
             *         "status": "down",
             *         "message": "Could not connect",
             *         "responseTime": 3005
             *       }
             *     }
             */
            error?: {
              [key: string]: {
                /** @enum {string} */
                status: 'up' | 'degraded' | 'down';
                /** @description Time the health indicator took to respond, in ms */
                responseTime?: number;
              } & {
                [key: string]: unknown;
              };
            } | null;
            /**
             * @example {
             *       "database": {
             *         "status": "up",
             *         "responseTime": 12
             *       },
             *       "redis": {
             *         "status": "down",
             *         "message": "Could not connect",
             *         "responseTime": 3005
             *       }
             *     }
             */
            details?: {
              [key: string]: {
                /** @enum {string} */
                status: 'up' | 'degraded' | 'down';
                /** @description Time the health indicator took to respond, in ms */
                responseTime?: number;
              } & {
                [key: string]: unknown;
              };
            };
          };
        };
      };
    };
  };
  readMetrics: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Prometheus' text format, version 0.0.4. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example # HELP wirefetch_fetches_total Fetches that are over, by how: ok, or the code of the problem or of the error in the result.
           *     # TYPE wirefetch_fetches_total counter
           *     wirefetch_fetches_total{code="ok"} 2
           *     wirefetch_fetches_total{code="address-denied"} 1
           *
           *     # HELP wirefetch_denied_total Fetches that the egress policy ended, on any hop.
           *     # TYPE wirefetch_denied_total counter
           *     wirefetch_denied_total{code="address-denied"} 1
           *     wirefetch_denied_total{code="port-denied"} 0
           *     wirefetch_denied_total{code="host-denied"} 0
           */
          'text/plain': string;
        };
      };
      /** @description `unauthorized`: An API key is needed */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not-acceptable`: No representation is acceptable to you */
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request-timeout`: The request did not arrive in time */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `misdirected-request`: The request is for another host */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `internal-error`: Something failed in this service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listProblems: {
    parameters: {
      query?: never;
      header?: {
        /** @description `ETag` of what you have; where it is still that, it is not sent again. */
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All of them, by their status. */
      200: {
        headers: {
          /** @description Of this representation. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ProblemList'];
          'text/html': string;
        };
      };
      /** @description What you have is what there is. */
      304: {
        headers: {
          /** @description Of this representation. */
          ETag?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `not-acceptable`: No representation is acceptable to you */
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request-timeout`: The request did not arrive in time */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `misdirected-request`: The request is for another host */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  explainProblem: {
    parameters: {
      query?: never;
      header?: {
        /** @description `ETag` of what you have; where it is still that, it is not sent again. */
        'If-None-Match'?: string;
      };
      path: {
        /** @description Code of a problem. */
        code:
          | 'invalid-request'
          | 'unsupported-scheme'
          | 'unauthorized'
          | 'not-found'
          | 'method-not-allowed'
          | 'not-acceptable'
          | 'idempotency-mismatch'
          | 'request-timeout'
          | 'request-too-large'
          | 'unsupported-media-type'
          | 'misdirected-request'
          | 'address-denied'
          | 'port-denied'
          | 'host-denied'
          | 'rate-limited'
          | 'overloaded'
          | 'store-unavailable'
          | 'dns-not-found'
          | 'dns-failed'
          | 'connection-refused'
          | 'connection-reset'
          | 'connection-closed'
          | 'host-unreachable'
          | 'tls-handshake-failed'
          | 'tls-certificate-expired'
          | 'tls-certificate-not-yet-valid'
          | 'tls-certificate-self-signed'
          | 'tls-certificate-untrusted'
          | 'tls-certificate-name-mismatch'
          | 'tls-certificate-invalid'
          | 'malformed-response'
          | 'head-too-large'
          | 'too-many-redirects'
          | 'invalid-redirect'
          | 'dns-timeout'
          | 'connect-timeout'
          | 'tls-timeout'
          | 'send-timeout'
          | 'first-byte-timeout'
          | 'head-timeout'
          | 'total-timeout'
          | 'internal-error';
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What it means. */
      200: {
        headers: {
          /** @description Of this representation. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "code": "port-denied",
           *       "type": "/problems/port-denied",
           *       "title": "The port may not be dialled",
           *       "status": 403,
           *       "failureSource": "policy",
           *       "meaning": "The port may not be dialled, and nobody dialled it. Allowed are the ports of `WIREFETCH_ALLOW_PORTS` (80, 443, 8080 and 8443 unless it says otherwise), and those that `WIREFETCH_ALLOW_CIDRS` opens at some addresses.",
           *       "causes": [
           *         "The URL names an unusual port.",
           *         "The target redirected to one; the exchange that carried the redirect is the last of `hops`.",
           *         "The operator opened the address without a port, which leaves the allowed ports as they are."
           *       ],
           *       "remedies": [
           *         {
           *           "who": "caller",
           *           "what": "Fetch from a port that is allowed."
           *         },
           *         {
           *           "who": "operator",
           *           "what": "Add the port to `WIREFETCH_ALLOW_PORTS`, which holds at every allowed address."
           *         },
           *         {
           *           "who": "operator",
           *           "what": "Or open it at some addresses alone: `WIREFETCH_ALLOW_CIDRS=127.0.0.1/32:9000`."
           *         }
           *       ],
           *       "mayPass": false,
           *       "seeAlso": [
           *         "address-denied",
           *         "host-denied"
           *       ],
           *       "references": [
           *         {
           *           "name": "RFC 9110 §15.5.4",
           *           "url": "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.4"
           *         },
           *         {
           *           "name": "RFC 3986 §3.2.3",
           *           "url": "https://www.rfc-editor.org/rfc/rfc3986.html#section-3.2.3"
           *         }
           *       ]
           *     }
           */
          'application/json': components['schemas']['ProblemExplanation'];
          'text/html': string;
        };
      };
      /** @description What you have is what there is. */
      304: {
        headers: {
          /** @description Of this representation. */
          ETag?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `not-found`: There is nothing here */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `not-acceptable`: No representation is acceptable to you */
      406: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `request-timeout`: The request did not arrive in time */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `misdirected-request`: The request is for another host */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
}
