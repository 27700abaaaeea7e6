import type { FetchEventDto } from './dto/fetch-event.dto';
import { FETCH_RESULT_EXAMPLE } from './fetch-result.example';

const { connection, request, status, statusText, httpVersion, headBytes, headers } = FETCH_RESULT_EXAMPLE;

/** One of the page's chunks: when its line came, and the octets of content that each read then brought. */
function transferChunk(
  size: number,
  atMs: number,
  pieces: readonly [atMs: number, bytes: number][],
): FetchEventDto[] {
  return [
    { event: 'transfer-chunk', atMs, hop: 0, size, extension: null },
    ...pieces.map(([atMs, bytes]): FetchEventDto => ({
      event: 'chunk',
      atMs,
      hop: 0,
      bytes,
      text: null,
      base64: null,
    })),
  ];
}

/** The fetch of FETCH_RESULT_EXAMPLE, told while it ran. */
export const FETCH_EVENTS_EXAMPLE: readonly FetchEventDto[] = [
  {
    event: 'connected',
    atMs: 13.186,
    hop: 0,
    remoteAddress: '127.0.0.1',
    remotePort: 8081,
    localAddress: '127.0.0.1',
    localPort: 38274,
    family: 4,
    attempts: connection.attempts,
  },
  { event: 'sent', atMs: 13.583, hop: 0, request },
  { event: 'head', atMs: 13.941, hop: 0, status, statusText, httpVersion, headBytes, rawHead: null, headers },
  ...transferChunk(2500, 14.104, [
    [14.221, 1019],
    [14.265, 1024],
    [14.286, 457],
  ]),
  ...transferChunk(1200, 163.39, [
    [163.486, 1019],
    [163.659, 181],
  ]),
  ...transferChunk(4000, 314.208, [
    [314.272, 1019],
    [314.337, 1024],
    [314.363, 1024],
    [314.426, 933],
  ]),
  { event: 'result', atMs: 465.799, hop: 0, result: FETCH_RESULT_EXAMPLE },
];

/** Named answers in NDJSON for Swagger UI, as their text. */
export const FETCH_LINES_EXAMPLES = {
  bursts: {
    summary: 'Told while it ran: a chunked page in bursts',
    value: FETCH_EVENTS_EXAMPLE.map((event) => `${JSON.stringify(event)}\n`).join(''),
  },
};
