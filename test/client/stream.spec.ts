import fc from 'fast-check';
import {
  type StreamEvent,
  WirefetchFailure,
  WirefetchProblem,
  collect,
  createWirefetch,
} from '../../openapi/client/client';
import { FETCH_RESULT_EXAMPLE } from '../../src/fetch/fetch-result.example';
import {
  type Origin,
  type Serve,
  answeringThenFin,
  chunkedResponse,
  turn,
  useOrigins,
} from '../support/origin';
import { octetsOf } from '../support/split';

/** What the real service cannot be made to do when it is wanted: these play its part, octet by octet. */

const start = useOrigins();
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n';
const REQUEST = { url: 'http://127.0.0.1/' };

const PROBLEM = {
  code: 'connection-reset',
  status: 502,
  phase: 'wait',
  failureSource: 'target',
  detail: '-',
};
const CHUNKS = [
  { event: 'chunk', atMs: 1, hop: 0, bytes: 6, text: 'sock ', base64: null },
  { event: 'chunk', atMs: 2, hop: 0, bytes: 0, text: '소켓', base64: null },
];
const RESULT = {
  event: 'result',
  atMs: 3,
  hop: 0,
  result: { ...FETCH_RESULT_EXAMPLE, body: { ...FETCH_RESULT_EXAMPLE.body, text: null } },
};

function lines(...events: readonly object[]): string {
  return Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join('')).toString('latin1');
}

function chunk(octets: string): string {
  return `${octets.length.toString(16)}\r\n${octets}\r\n`;
}

async function streamFrom(serve: Serve): Promise<{ origin: Origin; events: AsyncGenerator<StreamEvent> }> {
  const origin = await start(serve);
  return { origin, events: createWirefetch({ baseUrl: origin.url('') }).stream(REQUEST) };
}

/** @returns what came, and what was thrown after it */
async function read(events: AsyncIterable<StreamEvent>): Promise<{ told: string[]; error: unknown }> {
  const told: string[] = [];
  try {
    for await (const { event } of events) told.push(event);
  } catch (error) {
    return { told, error };
  }
  return { told, error: null };
}

it('gives the same events wherever the answer is cut', async () => {
  const octets = octetsOf(lines(...CHUNKS, RESULT));
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.nat(octets.length), { maxLength: 20 }), async (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), octets.length];
      const pieces = at.slice(1).map((end, index) => octets.toString('latin1', at[index], end));
      const chunks = pieces.filter((piece) => piece !== '').map(chunk);
      const { origin, events } = await streamFrom(answeringThenFin(HEAD, ...chunks, '0\r\n\r\n'));
      const { text, octets: none } = await collect(events);
      await origin.dropAll();
      expect([text, none]).toEqual(['sock 소켓', null]);
    }),
    { numRuns: 30 },
  );
});

it('throws the problem of the last event after all others', async () => {
  const answer = lines(...CHUNKS, { event: 'problem', atMs: 3, hop: 0, problem: PROBLEM });
  const { events } = await streamFrom(answeringThenFin(HEAD, chunk(answer), '0\r\n\r\n'));
  const { told, error } = await read(events);
  expect(told).toEqual(['chunk', 'chunk']);
  expect(error).toBeInstanceOf(WirefetchProblem);
  const { detail, ...own } = PROBLEM;
  expect(error).toMatchObject({ ...own, problem: PROBLEM });
  expect((error as Error).message).toBe(`connection-reset: ${detail}`);
});

it.each([
  ['within a line', [chunk(lines(...CHUNKS).slice(0, -10))], /^the answer was cut short: /],
  ['between two lines', [chunk(lines(...CHUNKS))], /^the answer was cut short: /],
  [
    'by somebody who ends it well',
    [chunk(lines(...CHUNKS)), '0\r\n\r\n'],
    /^the answer ended before its last/,
  ],
  [
    'within a line, and ended well',
    [chunk(lines(RESULT).slice(0, -2)), '0\r\n\r\n'],
    /^the answer was cut short within a line$/,
  ],
])('fails when the answer is cut %s', async (_, pieces, message) => {
  const { events } = await streamFrom(answeringThenFin(HEAD, ...pieces));
  const { error } = await read(events);
  expect(error).toBeInstanceOf(WirefetchFailure);
  expect(error).toMatchObject({ message: expect.stringMatching(message) as string, status: 200 });
});

it.each<[line: string, message: string]>([
  ['null', 'what was answered is no event'],
  ['"result"', 'what was answered is no event'],
  ['[]', 'what was answered is no event'],
  ['{}', 'what was answered is no event'],
  ['{"event":7}', 'what was answered is no event'],
  ['{"event":"result","result":null}', 'what was answered is no event'],
  ['{"event":"problem"}', 'what was answered is no event'],
  ['{"event":"problem","problem":{"title":"Forbidden"}}', 'what was answered is no event'],
  ['<p>Log in</p>', 'what was answered is no JSON'],
])('fails at a line that is no event: %s', async (line, message) => {
  const answer = `${lines(CHUNKS[0]!)}${line}\n${lines(RESULT)}`;
  const { events } = await streamFrom(answeringThenFin(HEAD, chunk(answer), '0\r\n\r\n'));
  const { told, error } = await read(events);
  expect(told).toEqual(['chunk']);
  expect(error).toBeInstanceOf(WirefetchFailure);
  expect(error).toMatchObject({ message, status: 200, content: line });
});

it('gives a last event whose line has no end', async () => {
  const answer = lines(RESULT).trimEnd();
  const { events } = await streamFrom(answeringThenFin(HEAD, chunk(answer), '0\r\n\r\n'));
  expect(await read(events)).toEqual({ told: ['result'], error: null });
});

it('gives a last event that is whole, although the answer is cut after it', async () => {
  const { events } = await streamFrom(answeringThenFin(HEAD, chunk(lines(RESULT))));
  expect(await read(events)).toEqual({ told: ['result'], error: null });
});

it('makes no call before an event is asked for', async () => {
  const { origin, events } = await streamFrom(answeringThenFin(chunkedResponse([lines(RESULT)])));
  expect(origin.peers).toHaveLength(0);
  expect(await read(events)).toEqual({ told: ['result'], error: null });
  expect(origin.requests[0]).toMatch(/\r\naccept: application\/x-ndjson\r\n/i);
});

it('hangs up when the loop is left', async () => {
  const { origin, events } = await streamFrom(async (peer) => {
    await peer.request();
    await peer.burst([HEAD, chunk(lines(...CHUNKS))]);
  });
  for await (const { event } of events) if (event === 'chunk') break;
  await origin.peers[0]!.closed;
  expect(await events.next()).toEqual({ done: true, value: undefined });
});

it('takes little more than is asked for', async () => {
  const line = lines({ ...CHUNKS[0], text: 'x'.repeat(65_000) });
  const count = 1_000;
  let sent = 0;
  const { events } = await streamFrom(async (peer) => {
    await peer.request();
    await peer.send(HEAD);
    for (; sent < count; sent++) await peer.send(chunk(line));
    await peer.send(chunk(lines(RESULT)));
    await peer.send('0\r\n\r\n');
  });
  let taken = 0;
  let ahead = 0;
  for await (const { event } of events) {
    if (event === 'chunk') taken++;
    // Time in which one that reads ahead would have taken much more.
    for (let turns = 0; turns < 5; turns++) await turn();
    ahead = Math.max(ahead, sent - taken);
  }
  expect(taken).toBe(count);
  // What the kernel holds, and the runtime reads ahead: some 10 of 65 MB.
  expect(ahead).toBeLessThan(count / 3);
});

describe('content', () => {
  async function* told(...events: readonly object[]): AsyncGenerator<StreamEvent> {
    yield* events as StreamEvent[];
  }

  it('is put together from base64, each piece whole in itself', async () => {
    const pieces = ['PD94', 'bWw=', '/w=='].map((base64) => ({ ...CHUNKS[0], text: null, base64 }));
    const { text, octets } = await collect(told(...pieces, RESULT));
    expect([text, Buffer.from(octets!)]).toEqual([null, Buffer.from('<?xml\xff', 'latin1')]);
  });

  it('is that of the result where it was not streamed', async () => {
    const none = { ...CHUNKS[0], text: null, base64: null };
    const body = { ...FETCH_RESULT_EXAMPLE.body, text: null, base64: '/w==' };
    const { octets } = await collect(told(none, { ...RESULT, result: { ...FETCH_RESULT_EXAMPLE, body } }));
    expect(octets).toEqual(Uint8Array.of(255));
    const textual = await collect(told(none, { ...RESULT, result: FETCH_RESULT_EXAMPLE }));
    expect([textual.text, textual.octets]).toEqual([FETCH_RESULT_EXAMPLE.body.text, null]);
  });

  it('is empty, and not nothing, where one chunk says that it would be text or octets', async () => {
    const streamed = { ...RESULT.result, body: { ...RESULT.result.body, base64: null } };
    const last = { ...CHUNKS[0], bytes: 0 };
    const events = (chunk: object): AsyncGenerator<StreamEvent> =>
      told(chunk, { ...RESULT, result: streamed });
    const textual = await collect(events({ ...last, text: '', base64: null }));
    expect([textual.text, textual.octets]).toEqual(['', null]);
    const binary = await collect(events({ ...last, text: null, base64: '' }));
    expect([binary.text, binary.octets]).toEqual([null, new Uint8Array(0)]);
    const unasked = await collect(events({ ...last, text: null, base64: null }));
    expect([unasked.text, unasked.octets]).toEqual([null, null]);
  });

  it('is not there without a result', async () => {
    await expect(collect(told(...CHUNKS))).rejects.toBeInstanceOf(WirefetchFailure);
  });
});
