/** Named requests for Swagger UI; their URLs are pages of `npm run demo`. */
export const FETCH_EXAMPLES = {
  bursts: {
    summary: 'A chunked page in bursts, until HTTP says that it is over',
    value: { url: 'http://127.0.0.1:8081/bursts', read: { bufferBytes: 1024 } },
  },
  recvOnce: {
    summary: 'One recv(4096): what it returns, and what it loses',
    value: { url: 'http://127.0.0.1:8081/long', read: { bufferBytes: 4096, maxReads: 1 } },
  },
  recvLoop: {
    summary: 'recv(1024) in a loop until 1.2 s of silence',
    value: {
      url: 'http://127.0.0.1:8081/bursts',
      read: { until: 'idle', bufferBytes: 1024 },
      timeouts: { idleMs: 1200 },
    },
  },
  untilClose: {
    summary: 'Until the peer closes, whatever the framing says',
    value: { url: 'http://127.0.0.1:8081/drip', read: { until: 'close' }, include: { reads: 'full' } },
  },
  stall: {
    summary: 'A page that falls silent half-way: what came is kept',
    value: { url: 'http://127.0.0.1:8081/stall', timeouts: { idleMs: 500 } },
  },
  cookies: {
    summary: 'Cookies of every sort',
    value: { url: 'http://127.0.0.1:8081/cookies' },
  },
  redirect: {
    summary: 'A redirect, each hop with its own timings and reads',
    value: { url: 'http://127.0.0.1:8081/redirect' },
  },
  raw: {
    summary: "A request's own octets: bare LF and a lower-case host",
    value: {
      url: 'http://127.0.0.1:8081/',
      raw: { base64: 'R0VUIC8gSFRUUC8xLjEKaG9zdDogMTI3LjAuMC4xOjgwODEKCg==' },
    },
  },
} as const;
