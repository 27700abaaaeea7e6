/** What a request that does not say gets; API.md, "POST /fetch: the request". Milliseconds and octets. */
export const DEFAULTS = {
  method: 'GET',
  defaultHeaders: true,
  httpVersion: '1.1',
  timeouts: {
    dnsMs: 5_000,
    connectMs: 5_000,
    tlsMs: 5_000,
    sendMs: 10_000,
    firstByteMs: 10_000,
    idleMs: 10_000,
    totalMs: 30_000,
  },
  /** of `timeouts.idleMs` when reading until silence */
  idleMsUntilIdle: 2_000,
  read: {
    until: 'complete',
    bufferBytes: 65_536,
    maxReads: null,
    maxBodyBytes: 10_485_760,
    maxHeadBytes: 65_536,
  },
  redirects: { follow: true, max: 10 },
  network: { family: 'any', address: null },
  tls: {
    verify: true,
    serverName: null,
    minVersion: 'TLSv1.2',
    alpn: ['http/1.1'],
    ca: null,
    clientCertificate: null,
  },
  parser: 'lenient',
  decodeContent: true,
  session: null,
  propagateTraceContext: false,
  include: { body: 'auto', rawHead: false, reads: 'summary', certificates: false },
} as const;
