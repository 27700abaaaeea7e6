import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, request } from 'node:http';
import { createInterface } from 'node:readline';
import { text as readText } from 'node:stream/consumers';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { FetchResultDto } from '../../src/fetch/dto/exchange.dto';
import type { FetchEventDto, ResultEventDto } from '../../src/fetch/dto/fetch-event.dto';
import { InFlight } from '../../src/fetch/in-flight';
import { OpenAnswers } from '../../src/fetch/open-answers';
import { TestService, useService } from '../support/app';
import { Authority } from '../support/certificates';
import { dial } from '../support/caller';
import { noise } from '../support/coding';
import {
  type Peer,
  answering,
  answeringThenFin,
  chunkedResponse,
  response,
  routes,
  useOrigins,
} from '../support/origin';
import { expectNothingLeft, freePort, nextTurn } from '../support/sockets';
import { eventsOf, problemOf, resultOf, streamedProblemOf, streamedResultOf } from './contract';

const NAME = 'www.example.test';
const NDJSON = { accept: 'application/x-ndjson' };
const start = useOrigins();
const service = useService(
  { WIREFETCH_MAX_BODY_BYTES: '200000000' },
  {
    [NAME]: ['127.0.0.1'],
    'mixed.example.test': ['192.0.2.1', '127.0.0.1'],
    'inside.example.test': ['192.0.2.1'],
  },
);

/** POST /fetch, told as it runs. */
async function stream(body: object): Promise<FetchEventDto[]> {
  return eventsOf(await service().fetch(body, NDJSON));
}

type Named<Name> = Extract<FetchEventDto, { readonly event: Name }>;

function named<Name extends FetchEventDto['event']>(
  events: readonly FetchEventDto[],
  name: Name,
): Named<Name>[] {
  return events.filter((event): event is Named<Name> => event.event === name);
}

function names(events: readonly FetchEventDto[]): string[] {
  return events.map(({ event }) => event);
}

function textOf(events: readonly FetchEventDto[]): string {
  return named(events, 'chunk')
    .map(({ text }) => text ?? '')
    .join('');
}

function octetsOf(events: readonly FetchEventDto[]): Buffer {
  return Buffer.concat(named(events, 'chunk').map(({ base64 }) => Buffer.from(base64 ?? '', 'base64')));
}

describe('a fetch told as it runs', () => {
  it('tells the connection, the request, the head and the content, in that order', async () => {
    const reply = response('200 OK\r\nContent-Type: text/plain', 'hello');
    const origin = await start(answering(reply));
    const events = await stream({ url: origin.url(), include: { body: 'text', rawHead: true } });
    expect(names(events)).toEqual(['connected', 'sent', 'head', 'chunk', 'result']);
    const [connected] = named(events, 'connected');
    expect(connected).toMatchObject({
      remoteAddress: '127.0.0.1',
      remotePort: origin.port,
      family: 4,
      attempts: [{ address: '127.0.0.1', port: origin.port, error: null }],
    });
    const [sent] = named(events, 'sent');
    expect(sent!.request).toMatchObject({ method: 'GET', target: '/', bodyBytes: 0 });
    expect(Buffer.from(sent!.request.rawHead!, 'base64').toString('latin1')).toBe(origin.requests[0]);
    const [head] = named(events, 'head');
    expect(head).toMatchObject({ status: 200, statusText: 'OK', httpVersion: '1.1' });
    expect(Buffer.from(head!.rawHead!, 'base64').toString()).toBe(reply.slice(0, -5));
    expect(named(events, 'chunk')).toMatchObject([{ bytes: 5, text: 'hello', base64: null }]);
    expect(streamedResultOf(events).body).toMatchObject({ text: null, base64: null, bytes: 5 });
  });

  it('tells addresses of a name that may be dialled, and no other', async () => {
    const origin = await start(answering(response('200 OK')));
    const events = await stream({ url: origin.url('/', 'mixed.example.test') });
    expect(named(events, 'resolved')).toMatchObject([
      { host: 'mixed.example.test', addresses: ['127.0.0.1'] },
    ]);
    expect(names(events).slice(0, 2)).toEqual(['resolved', 'connected']);
  });

  it('tells of TLS, also where the certificate is then refused', async () => {
    const authority = await Authority.create();
    const identity = await authority.issue({ names: [NAME] });
    const origin = await start(answering(response('200 OK')), '127.0.0.1', identity);
    const url = origin.url('/', NAME);
    const events = await stream({ url, tls: { ca: authority.pem }, include: { certificates: true } });
    expect(names(events)).toEqual(['resolved', 'connected', 'secured', 'sent', 'head', 'result']);
    expect(named(events, 'secured')[0]!.tls).toMatchObject({ authorized: true, serverName: NAME });
    expect(named(events, 'secured')[0]!.tls.chain).toHaveLength(1);
    const refused = await stream({ url });
    expect(names(refused)).toEqual(['resolved', 'connected', 'secured', 'problem']);
    expect(named(refused, 'secured')[0]!.tls.authorized).toBe(false);
    streamedProblemOf(refused, 'tls-certificate-untrusted');
  });

  it('tells 1xx, warnings at their octets, chunks with their extensions, and every read on demand', async () => {
    const head = 'HTTP/1.1 200 OK\r\nX: y\nTransfer-Encoding: chunked\r\n\r\n';
    const chunks = '2;a=b\r\nhi\r\n3\r\nyou\r\n0\r\nT: u\r\n\r\n';
    const origin = await start(
      answering('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n', `${head}${chunks}`),
    );
    const events = await stream({ url: origin.url(), include: { body: 'text', reads: 'full' } });
    expect(named(events, 'informational')).toMatchObject([
      { status: 103, statusText: 'Early Hints', headers: [{ name: 'Link', value: '</a>' }] },
    ]);
    const result = streamedResultOf(events);
    expect(named(events, 'warning').map(({ code, offset }) => [code, offset])).toEqual(
      result.warnings.map(({ code, offset }) => [code, offset]),
    );
    expect(result.warnings).toMatchObject([{ code: 'bare-lf' }]);
    expect(named(events, 'transfer-chunk')).toMatchObject([
      { size: 2, extension: 'a=b' },
      { size: 3, extension: null },
    ]);
    expect(named(events, 'read').map(({ bytes }) => bytes)).toEqual(result.chunks.sizes);
    expect(textOf(events)).toBe('hiyou');
    expect(result.trailers).toEqual([{ name: 'T', value: 'u' }]);
  });

  it('tells each exchange of a chain, and of the content of redirects its size alone', async () => {
    const origin = await start(
      routes({
        '/': response('302 Found\r\nLocation: /next', 'moved'),
        '/next': response('200 OK', 'here'),
      }),
    );
    const events = await stream({ url: origin.url(), include: { body: 'base64' } });
    expect(events.map(({ event, hop }) => [event, hop])).toEqual([
      ['connected', 0],
      ['sent', 0],
      ['head', 0],
      ['chunk', 0],
      ['redirect', 0],
      ['connected', 1],
      ['sent', 1],
      ['head', 1],
      ['chunk', 1],
      ['result', 1],
    ]);
    expect(named(events, 'chunk')).toMatchObject([
      { bytes: 5, text: null, base64: null },
      { bytes: 4, text: null, base64: 'aGVyZQ==' },
    ]);
    const result = streamedResultOf(events);
    const [redirect] = named(events, 'redirect');
    expect(redirect).toMatchObject({ status: 302, url: origin.url('/next') });
    expect(redirect!.timings).toEqual(result.hops[0]!.timings);
    expect(result.hops[0]!.body).toMatchObject({ bytes: 5, charset: 'UTF-8' });
  });

  it('has the body in its result when nobody says how it is to be given, and counts what is given to nobody', async () => {
    const origin = await start(answering(response('200 OK\r\nContent-Type: text/plain', 'hello')));
    const auto = await stream({ url: origin.url() });
    expect(named(auto, 'chunk')).toMatchObject([{ bytes: 5, text: null, base64: null }]);
    expect(streamedResultOf(auto).body.text).toBe('hello');
    const none = await stream({ url: origin.url(), include: { body: 'none' } });
    expect(named(none, 'chunk')).toMatchObject([{ bytes: 5, text: null, base64: null }]);
    expect(streamedResultOf(none).body).toMatchObject({ text: null, base64: null, bytes: 5 });
  });

  it('has long content in its result whole', async () => {
    const content = noise(300_000);
    const origin = await start(
      answeringThenFin('HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n', content),
    );
    const { body } = streamedResultOf(await stream({ url: origin.url() }));
    expect(Buffer.from(body.base64!, 'base64').equals(content)).toBe(true);
  });
});

/** What may differ between two fetches of the same. */
function lasting({ body, chunks, ...result }: FetchResultDto): object {
  const { id: _, startedAt: __, timings: ___, connection: ____, hops, headers, ...others } = result;
  const { text: _____, base64: ______, ...content } = body;
  return { ...others, headers, content, bytes: chunks.bytes, hops: hops.length };
}

describe('the result of a fetch told as it runs says what JSON says', () => {
  const html = Buffer.from('<meta charset=euc-kr><title>\xbc\xd2\xc4\xcf</title>', 'latin1');
  const long = Buffer.concat([Buffer.alloc(5_000, 'x'), html]);

  it.each<[what: string, fields: string, content: Buffer]>([
    ['text without a charset', 'Content-Type: text/plain', Buffer.from('été')],
    ['a charset of the head', 'Content-Type: text/html; charset=EUC-KR', html],
    ['a charset of the document', 'Content-Type: text/html', html],
    ['a declaration that comes too late', 'Content-Type: text/html', long],
    ['UTF-8 that nothing declares', 'Content-Type: text/html', Buffer.from('<p>été')],
    ['a byte order mark', 'Content-Type: text/plain; charset=latin1', Buffer.from('\ufeffété')],
    ['half a byte order mark', 'Content-Type: text/plain', Buffer.from([0xef, 0xbb])],
    ['a character that is cut', 'Content-Type: text/plain', Buffer.from('é').subarray(0, 1)],
    ['a label that nobody knows', 'Content-Type: text/plain; charset=nobody', Buffer.from('été')],
    ['a charset that hides ASCII', 'Content-Type: text/plain; charset=iso-2022-kr', Buffer.from('abc')],
    ['nothing at all', 'Content-Type: text/plain', Buffer.alloc(0)],
    ['no type, and text', 'X: y', Buffer.from('text')],
    ['no type, and octets', 'X: y', Buffer.from([0, 1, 2, 255])],
    ['octets', 'Content-Type: application/octet-stream', noise(3_000)],
    ['JSON', 'Content-Type: application/json', Buffer.from('{"a":"é"}')],
    ['gzip', 'Content-Type: text/html\r\nContent-Encoding: gzip', gzipSync(html)],
    [
      'gzip that is cut',
      'Content-Encoding: gzip\r\nContent-Type: text/plain',
      gzipSync(noise(9_000)).subarray(0, 5_000),
    ],
    [
      'br that is text',
      'Content-Type: text/plain\r\nContent-Encoding: br',
      Buffer.from('this is no coding at all'),
    ],
    [
      'br',
      'Content-Type: text/plain\r\nContent-Encoding: br',
      brotliCompressSync(Buffer.alloc(100_000, 'words ')),
    ],
    ['an unknown coding', 'Content-Type: text/plain\r\nContent-Encoding: zip', Buffer.from('zipped')],
  ])('%s', async (_, fields, content) => {
    const head = `HTTP/1.1 200 OK\r\n${fields}\r\nContent-Length: ${content.length}\r\n\r\n`;
    const origin = await start(answering(head, content));
    for (const body of ['text', 'base64'] as const) {
      const asked = { url: origin.url(), include: { body } };
      const whole = resultOf(await service().fetch(asked));
      const events = await stream(asked);
      const told = streamedResultOf(events);
      expect(lasting(told)).toEqual(lasting(whole));
      if (body === 'text') expect(textOf(events)).toBe(whole.body.text);
      else expect(octetsOf(events).toString('base64')).toBe(whole.body.base64);
      const bytes = named(events, 'chunk').reduce((sum, chunk) => sum + chunk.bytes, 0);
      expect(bytes).toBe(told.body.bytes);
      const codes = named(events, 'warning').map(({ code }) => code);
      expect(codes.toSorted()).toEqual(told.warnings.map(({ code }) => code).toSorted());
    }
  });

  it('text octet by octet, where no character is cut', async () => {
    const content = Buffer.from('\xbc\xd2\xc4\xcf \xc5\xeb\xbd\xc5', 'latin1');
    const origin = await start(
      answeringThenFin(
        `HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=euc-kr\r\nContent-Length: ${content.length}\r\n\r\n`,
        content,
      ),
    );
    const asked = { url: origin.url(), read: { bufferBytes: 1 }, include: { body: 'text' } };
    const events = await stream(asked);
    expect(textOf(events)).toBe('소켓 통신');
    expect(named(events, 'chunk')).toHaveLength(content.length);
  });

  it('of content that is longer than was to be kept', async () => {
    const origin = await start(answering(response('200 OK', 'hello')));
    const events = await stream({
      url: origin.url(),
      read: { maxBodyBytes: 3 },
      include: { body: 'text' },
    });
    expect(textOf(events)).toBe('hel');
    expect(streamedResultOf(events)).toMatchObject({
      endedBy: 'size-limit',
      body: { bytes: 3, truncated: true },
    });
  });
});

describe('content that turns out to be none', () => {
  it('is given as it came, a little at a time', async () => {
    // A header of gzip that never ends.
    const content = Buffer.alloc(8_000_000, 'n');
    Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 0]).copy(content);
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${content.length}\r\n\r\n`;
    const origin = await start(answeringThenFin(head, content));
    const events = await stream({ url: origin.url(), include: { body: 'base64' } });
    expect(octetsOf(events).equals(content)).toBe(true);
    expect(Math.max(...named(events, 'chunk').map(({ bytes }) => bytes))).toBeLessThanOrEqual(65_536);
    expect(streamedResultOf(events)).toMatchObject({
      complete: false,
      error: {
        code: 'content-decoding-failed',
        message: expect.stringContaining('1048576 octets') as string,
      },
      body: { decoded: false, bytes: 8_000_000 },
    });
    const whole = resultOf(await service().fetch({ url: origin.url(), include: { body: 'base64' } }));
    expect(lasting(whole)).toEqual(lasting(streamedResultOf(events)));
  });
});

describe('content that is empty', () => {
  it.each(['text', 'base64'] as const)('is told as such, as %s', async (body) => {
    const origin = await start(answering(response('204 No Content')));
    const events = await stream({ url: origin.url(), include: { body } });
    const none = { text: null, base64: null, [body]: '' };
    expect(named(events, 'chunk')).toMatchObject([{ bytes: 0, ...none }]);
  });
});

describe('a fetch that fails', () => {
  it('before anything is told of it is an ordinary problem', async () => {
    const told = async (body: object): Promise<Awaited<ReturnType<ReturnType<typeof service>['fetch']>>> =>
      service().fetch(body, NDJSON);
    problemOf(await told({ url: 'http://unknown.example.test/' }), 'dns-not-found');
    problemOf(await told({ url: 'http://inside.example.test/' }), 'address-denied');
    problemOf(await told({ url: `http://127.0.0.1:${await freePort()}/` }), 'connection-refused');
    problemOf(await told({ url: 'http://127.0.0.1/', method: 'CONNECT' }), 'invalid-request');
  });

  it('when a name has been resolved is a last line, since that was told', async () => {
    const events = await stream({ url: `http://${NAME}:${await freePort()}/` });
    expect(names(events)).toEqual(['resolved', 'problem']);
    streamedProblemOf(events, 'connection-refused');
  });

  it('later is a last line that is the problem, with what was received', async () => {
    const origin = await start(answeringThenFin('220 mail ESMTP\r\n'));
    const events = await stream({ url: origin.url() });
    expect(names(events)).toEqual(['connected', 'sent', 'problem']);
    const { received, instance } = streamedProblemOf(events, 'malformed-response');
    expect(Buffer.from(received!.base64!, 'base64').toString()).toBe('220 mail ESMTP\r\n');
    expect(instance).toMatch(/^\/fetch\/\w{26}$/);
  });

  it('in silence is a problem too, and so is a redirect to where nobody may go', async () => {
    const silent = await start(answering());
    const events = await stream({ url: silent.url(), timeouts: { firstByteMs: 50 } });
    streamedProblemOf(events, 'first-byte-timeout');
    const origin = await start(answering(response('302 Found\r\nLocation: http://inside.example.test/')));
    const denied = await stream({ url: origin.url() });
    expect(names(denied)).toEqual(['connected', 'sent', 'head', 'redirect', 'problem']);
    expect(streamedProblemOf(denied, 'address-denied').hops).toHaveLength(1);
    expect(JSON.stringify(denied)).not.toContain('192.0.2.1');
  });
});

/** POST /fetch, told as it runs; nothing is read of the answer. */
async function ask(body: object, { url } = service()): Promise<IncomingMessage> {
  const outgoing = request(`${url}/fetch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...NDJSON },
    agent: false,
  });
  outgoing.on('error', () => undefined);
  outgoing.end(JSON.stringify(body));
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  return incoming;
}

/** A caller that is given lines as they come. */
async function follow(body: object): Promise<{ incoming: IncomingMessage; lines: AsyncIterator<string> }> {
  const incoming = await ask(body);
  return { incoming, lines: createInterface({ input: incoming })[Symbol.asyncIterator]() };
}

async function next(lines: AsyncIterator<string>, event: string): Promise<FetchEventDto> {
  for (;;) {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`no ${event} came`);
    const read = JSON.parse(value) as FetchEventDto;
    if (read.event === event) return read;
  }
}

describe('a caller', () => {
  it('has each piece before the origin sends the next', async () => {
    const asked = Promise.withResolvers<Peer>();
    const origin = await start(async (peer) => {
      await peer.request();
      asked.resolve(peer);
    });
    const { lines } = await follow({ url: origin.url(), include: { body: 'text' } });
    const peer = await asked.promise;
    await next(lines, 'sent');
    await peer.send('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n');
    await next(lines, 'head');
    for (const piece of ['d', 'rip, ', 'drip']) {
      await peer.send(piece);
      expect(await next(lines, 'chunk')).toMatchObject({ text: piece, bytes: piece.length });
    }
    peer.fin();
    expect(await next(lines, 'result')).toMatchObject({ result: { endedBy: 'close' } });
  });

  it('that leaves cancels its fetch', async () => {
    const origin = await start(async (peer) => {
      await peer.request();
      await peer.send('HTTP/1.1 200 OK\r\n\r\nand on');
    });
    await expectNothingLeft(async () => {
      const { incoming, lines } = await follow({ url: origin.url() });
      await next(lines, 'chunk');
      incoming.destroy();
      await origin.peers[0]!.closed;
      await over(() => service().app.get(OpenAnswers).isAnswering());
    });
  });

  it.each<[what: string, field: string, content: Buffer, sent: number]>([
    ['content as it is', 'X: y', noise(1_048_576), 1_048_576],
    ['content that was coded', 'Content-Encoding: gzip', gzipSync(Buffer.alloc(100_000_000)), 100_000_000],
  ])('that does not read has the socket wait, and loses nothing: %s', async (_, field, content, bytes) => {
    const repeated = bytes === content.length ? 64 : 1;
    const { caller, response } = await deafCaller(field, content, repeated);
    await stuck(response);
    expect(response.socket!.writableLength).toBeLessThan(400_000);
    expect(response.socket!.bytesWritten).toBeLessThan(20_000_000);
    const last = await lastOf(caller);
    expect(last).toContain('"code":"waited-for-caller"');
    expect(last).toContain('"endedBy":"content-length"');
    expect(last).toContain(`"bytes":${repeated * bytes},`);
  });

  it('that does not read has the parser wait as well: small chunks are little on the wire, and many lines', async () => {
    const chunks = Buffer.from('1\r\nx\r\n'.repeat(200_000));
    const read = { bufferBytes: 1_048_576, maxBodyBytes: 200_000_000 };
    const origin = await start(answeringThenFin(CHUNKED_HEAD, chunks, '0\r\n\r\n'));
    const { caller, response } = await deaf({ url: origin.url(), read, include: { body: 'text' } });
    await stuck(response);
    expect(response.socket!.writableLength).toBeLessThan(200_000);
    const text = await readText(caller);
    expect(text.split('{"event":"transfer-chunk"')).toHaveLength(200_001);
    expect(text).toContain('"endedBy":"last-chunk"');
    expect(text).toContain('"bytes":200000,"wireBytes":200000');
  });

  it('that does not read until time is over is told what was read, also where the parser had waited', async () => {
    const chunks = Buffer.from('1\r\nx\r\n'.repeat(2_000_000));
    const origin = await start(answeringThenFin(CHUNKED_HEAD, chunks));
    const { caller, response } = await deaf({
      url: origin.url(),
      timeouts: { totalMs: 500 },
      include: { body: 'text' },
    });
    await stuck(response);
    await over(() => service().app.get(InFlight).isBusy);
    const text = await readText(caller);
    const last = JSON.parse(text.slice(text.lastIndexOf('\n{') + 1)) as ResultEventDto;
    expect(last.result).toMatchObject({ endedBy: 'total-timeout', complete: false });
    // Of what was read nothing is lost: all but what is left of the last chunk is content.
    const told = [...text.matchAll(/"event":"chunk".*"bytes":(\d+)/g)].map(([, bytes]) => Number(bytes));
    expect(told.reduce((sum, bytes) => sum + bytes, 0)).toBe(last.result.body.bytes);
    expect(told.at(-1)).toBeGreaterThan(1_000);
    expect(last.result.chunks.bytes - CHUNKED_HEAD.length - 6 * last.result.body.bytes).toBeLessThan(6);
  });

  it.each<[what: string, field: string, content: Buffer]>([
    ['content as it is', 'X: y', noise(64_000_000)],
    ['content that was coded', 'Content-Encoding: gzip', gzipSync(Buffer.alloc(100_000_000))],
  ])('that does not read until time is over is told so: %s', async (_, field, content) => {
    const { caller, response } = await deafCaller(field, content, 1, { totalMs: 700 });
    await stuck(response);
    await over(() => service().app.get(InFlight).isBusy);
    expect(response.socket!.writableLength).toBeLessThan(400_000);
    const last = await lastOf(caller);
    expect(last).toContain('"code":"waited-for-caller"');
    expect(last).toContain('"endedBy":"total-timeout"');
    expect(last).toContain('"complete":false');
  });
});

const CHUNKED_HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n';

/** A caller that asks and reads nothing, and the service's end of its connection. */
async function deafCaller(
  field: string,
  content: Buffer,
  repeated: number,
  timeouts: object = {},
): Promise<{ caller: IncomingMessage; response: ServerResponse }> {
  const origin = await start(async (peer) => {
    await peer.request();
    await peer.send(`HTTP/1.1 200 OK\r\n${field}\r\nContent-Length: ${repeated * content.length}\r\n\r\n`);
    for (let i = 0; i < repeated; i++) await peer.send(content);
  });
  const read = { maxBodyBytes: 200_000_000 };
  return deaf({ url: origin.url(), read, timeouts, include: { body: 'base64' } });
}

/** The same, for any request. */
async function deaf(body: object): Promise<{ caller: IncomingMessage; response: ServerResponse }> {
  const accepted = once(service().app.getHttpServer(), 'request');
  const caller = await ask(body);
  const [, response] = (await accepted) as [IncomingMessage, ServerResponse];
  return { caller, response };
}

/** @returns the end of what a caller is answered */
async function lastOf(caller: IncomingMessage): Promise<string> {
  let last = '';
  for await (const some of caller) last = (last + (some as Buffer).toString('latin1')).slice(-40_000);
  return last;
}

/** Waits until something goes on no more. */
async function over(goesOn: () => boolean): Promise<void> {
  while (goesOn()) await nextTurn();
}

/** Waits until the service waits for a caller that takes nothing. */
async function stuck(response: ServerResponse): Promise<void> {
  while (response.listenerCount('drain') === 0) await nextTurn();
}

it('calls that follow each other on a connection without waiting are answered in order', async () => {
  const origin = await start(answering(response('200 OK\r\nContent-Type: text/plain', 'hello')));
  const asked = [1, 2, 3].map((n) => JSON.stringify({ url: origin.url(`/${n}`), include: { body: 'text' } }));
  const calls = asked.map((json, n) => {
    const last = n === asked.length - 1 ? 'Connection: close\r\n' : '';
    return (
      `POST /fetch HTTP/1.1\r\nHost: localhost\r\nAccept: application/x-ndjson\r\n${last}` +
      `Content-Type: application/json\r\nContent-Length: ${json.length}\r\n\r\n${json}`
    );
  });
  const caller = await dial(service().url);
  caller.write(calls.join(''));
  const octets = await readText(caller);
  const targets = [...octets.matchAll(/"finalUrl":"[^"]*\/(\d)"/g)].map(([, target]) => target);
  expect(targets).toEqual(['1', '2', '3']);
  expect(octets.split('"event":"result"')).toHaveLength(4);
});

it('a service that stops tells how far a fetch had come', async () => {
  const origin = await start(async (peer) => {
    await peer.request();
    await peer.send('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf');
  });
  const stopping = await TestService.start({ WIREFETCH_SHUTDOWN_MS: '300' });
  const incoming = await ask({ url: origin.url(), include: { body: 'text' } }, stopping);
  const stopped = stopping.close();
  const text = await readText(incoming);
  await stopped;
  const last = JSON.parse(text.trimEnd().split('\n').at(-1)!) as ResultEventDto;
  expect(last.result).toMatchObject({ endedBy: 'cancelled', complete: false, body: { bytes: 4 } });
});

it('trailers and chunked content end as JSON tells them', async () => {
  const origin = await start(answering(chunkedResponse(['ab', 'c'], 'X-Sum: 1\r\n')));
  const asked = { url: origin.url(), include: { body: 'text' } };
  const whole = resultOf(await service().fetch(asked));
  expect(lasting(streamedResultOf(await stream(asked)))).toEqual(lasting(whole));
});
