import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { ExchangeOutcome } from '../../src/exchange/outcome';
import { Connection } from '../../src/transport/connection';
import { ReadLog } from '../../src/transport/read-log';
import { FORMATS, noise, prose } from '../support/coding';
import { type Serve, answering, answeringThenFin, afterMs, useOrigins } from '../support/origin';
import { inPieces } from '../support/split';
import {
  type SpecOverrides,
  type World,
  endOf,
  exchangeWith,
  fetchUrl,
  textOf,
  warningCodes,
} from '../support/spec';

// A busy machine may take its time to decode.
jest.setTimeout(30_000);

const start = useOrigins();
const { pause, resume } = Connection.prototype;
const KIB = 1_024;
const MIB = 1_048_576;

const WHOLE = { complete: true, endedBy: 'content-length', failure: null };
const DAMAGED = {
  complete: false,
  endedBy: 'content-length',
  failure: 'content-decoding-failed in decode',
};

async function fetched(
  serve: Serve,
  overrides: SpecOverrides = {},
  world: World = {},
): Promise<ExchangeOutcome> {
  return exchangeWith((await start(serve)).url(), overrides, world);
}

/** The head of coded content that is as long as it says. */
function headOf(coding: string, length: number, status = '200 OK'): string {
  return `HTTP/1.1 ${status}\r\nContent-Encoding: ${coding}\r\nContent-Length: ${length}\r\n\r\n`;
}

function coded(coding: string, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from(headOf(coding, content.length)), content]);
}

function chunked(coding: string, chunks: readonly Buffer[], trailers = ''): Buffer {
  const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const pieces = chunks.flatMap((chunk) => [
    Buffer.from(`${chunk.length.toString(16)}\r\n`),
    chunk,
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([Buffer.from(head), ...pieces, Buffer.from(`0\r\n${trailers}\r\n`)]);
}

function decodedAs({ content, decoded, wireBytes, contentCodings }: ExchangeOutcome): object {
  return { text: textOf(content), decoded, wireBytes, contentCodings };
}

describe('coded content', () => {
  it.each(FORMATS)('in $format is undone, whatever a read returns', async ({ coding, code }) => {
    const content = prose(2_000);
    const octets = code(content);
    for (const bufferBytes of [1, 20, 65_536]) {
      const outcome = await fetched(answering(coded(coding.toUpperCase(), octets)), {
        read: { bufferBytes },
      });
      expect(endOf(outcome)).toEqual(WHOLE);
      expect(decodedAs(outcome)).toEqual({
        text: content.toString(),
        decoded: true,
        wireBytes: octets.length,
        contentCodings: [coding],
      });
      expect(warningCodes(outcome)).toEqual([]);
    }
  });

  it('of some MiB is undone while it comes, however fast that is', async () => {
    const content = noise(6 * MIB);
    const { content: kept, ...outcome } = await fetched(answering(coded('gzip', gzipSync(content))));
    expect(endOf({ content: kept, ...outcome })).toEqual(WHOLE);
    expect(kept.octets.equals(content)).toBe(true);
  });

  it('is undone within the chunked transfer coding, and trailers are told', async () => {
    const octets = gzipSync(prose(500));
    const outcome = await fetched(answering(chunked('gzip', [...inPieces(octets, 7)], 'X-Sum: 1\r\n')));
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'last-chunk', failure: null });
    expect(textOf(outcome.content)).toBe(prose(500).toString());
    expect(outcome.trailers).toEqual([{ name: 'X-Sum', value: '1' }]);
    expect(outcome.wireBytes).toBe(octets.length);
  });

  it('is undone where close ends it', async () => {
    const octets = zstdCompressSync(prose(500));
    const head = 'HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\n\r\n';
    const outcome = await fetched(answeringThenFin(head, octets));
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'close', failure: null });
    expect(textOf(outcome.content)).toBe(prose(500).toString());
  });

  it('is undone with until idle, and complete though silence ended the reading', async () => {
    const outcome = await fetched(answering(coded('br', brotliCompressSync(prose(500))), 'more'), {
      read: { until: 'idle' },
      timeouts: { idleMs: 100 },
    });
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'idle-timeout', failure: null });
    expect(textOf(outcome.content)).toBe(prose(500).toString());
    expect(textOf(outcome.extra)).toBe('more');
  });

  it('is complete though totalMs ended the reading', async () => {
    const outcome = await fetched(answering(coded('gzip', gzipSync('hello'))), {
      read: { until: 'close' },
      timeouts: { totalMs: 300 },
    });
    expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'total-timeout', failure: null });
    expect(textOf(outcome.content)).toBe('hello');
  });

  it.each([
    ['HEAD', 'HEAD', headOf('gzip', 500)],
    ['204', 'GET', 'HTTP/1.1 204 No Content\r\nContent-Encoding: gzip\r\n\r\n'],
    ['304', 'GET', headOf('x-own', 500, '304 Not Modified')],
    ['Content-Length: 0', 'GET', headOf('gzip', 0)],
    ['an unknown coding of nothing', 'GET', headOf('x-own', 0)],
  ])('that does not come leaves nothing to undo: %s', async (_, method, wire) => {
    const outcome = await fetched(answering(wire), { method });
    expect(outcome.complete).toBe(true);
    expect(decodedAs(outcome)).toMatchObject({ text: '', decoded: true, wireBytes: 0 });
    expect(warningCodes(outcome).filter((code) => code.startsWith('content'))).toEqual([]);
  });

  it('of a part is undone as far as it goes', async () => {
    const octets = gzipSync('hello');
    const whole = await fetched(answering(headOf('gzip', octets.length, '206 Partial Content'), octets));
    expect(endOf(whole)).toEqual(WHOLE);
    expect(textOf(whole.content)).toBe('hello');
  });

  it('within a transfer coding that is not undone is not undone either', async () => {
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nContent-Encoding: gzip\r\n\r\n';
    const octets = gzipSync(gzipSync('hello'));
    const outcome = await fetched(answeringThenFin(head, octets));
    expect(outcome).toMatchObject({ complete: true, decoded: false });
    expect(outcome.content.octets.equals(octets)).toBe(true);
    expect(warningCodes(outcome)).toEqual(['transfer-coding-unknown']);
  });

  it('of a redirect is undone too, up to 64 KiB', async () => {
    const target = await start(answering(coded('gzip', gzipSync('there'))));
    const octets = gzipSync(prose(100_000));
    const redirect = `302 Found\r\nLocation: ${target.url()}`;
    const origin = await start(answering(headOf('gzip', octets.length, redirect), octets));
    const { hops, last } = await fetchUrl(origin.url());
    expect(textOf(last.content)).toBe('there');
    expect(endOf(hops[0]!)).toEqual({
      complete: false,
      endedBy: 'size-limit',
      failure: 'size-limit in receive',
    });
    expect(hops[0]!.content.octets.equals(prose(65_536))).toBe(true);
  });
});

describe('content is given as it came', () => {
  const octets = gzipSync('hello');

  it.each([
    ['x-own', ['content-coding-unknown']],
    ['gzip, x-own', ['content-coding-unknown']],
    ['gzip,gzip,gzip,gzip,gzip,gzip', ['too-many-content-codings']],
  ])('of the codings %s, with a warning', async (codings, warnings) => {
    const outcome = await fetched(answering(coded(codings, octets)));
    expect(endOf(outcome)).toEqual(WHOLE);
    expect(outcome.decoded).toBe(false);
    expect(outcome.content.octets.equals(octets)).toBe(true);
    expect(warningCodes(outcome)).toEqual(warnings);
  });

  it('without decodeContent, which asks for no coding', async () => {
    const origin = await start(answering(coded('gzip', octets)));
    const outcome = await exchangeWith(origin.url(), { decodeContent: false });
    expect(endOf(outcome)).toEqual(WHOLE);
    expect(outcome).toMatchObject({ decoded: false, contentCodings: ['gzip'], warnings: [] });
    expect(outcome.content.octets.equals(octets)).toBe(true);
    expect(origin.requests[0]).not.toMatch(/accept-encoding/i);
  });

  it('when it is not in the coding it is said to be in, with an error', async () => {
    for (const bufferBytes of [1, 65_536]) {
      const outcome = await fetched(answering(coded('gzip', Buffer.from('Hello, world'))), {
        read: { bufferBytes },
      });
      expect(endOf(outcome)).toEqual(DAMAGED);
      expect(decodedAs(outcome)).toMatchObject({ text: 'Hello, world', decoded: false });
      expect(outcome.failure!.message).toBe('gzip could not be undone: it does not begin as gzip does');
    }
  });

  it('when its coding is cut before there was anything to undo, with an error', async () => {
    const cut = octets.subarray(0, 9);
    const outcome = await fetched(answering(coded('gzip', cut)));
    expect(endOf(outcome)).toEqual(DAMAGED);
    expect(outcome.content.octets.equals(cut)).toBe(true);
    expect(outcome.decoded).toBe(false);
  });
});

describe('damaged content', () => {
  const page = deflateSync(prose(20_000));
  const half = page.length >> 1;

  function damaged(): Buffer {
    const octets = Buffer.from(page);
    octets.fill(0xff, half, half + 20);
    return octets;
  }

  it('is told, with what was decoded before the damage, whatever a read returns', async () => {
    const cut = await fetched(answering(coded('deflate', page.subarray(0, half))));
    for (const bufferBytes of [1, 100, 65_536]) {
      const outcome = await fetched(answering(coded('deflate', damaged())), { read: { bufferBytes } });
      expect(endOf(outcome)).toEqual(DAMAGED);
      expect(outcome).toMatchObject({ decoded: true, wireBytes: page.length });
      expect(textOf(outcome.content).startsWith(textOf(cut.content))).toBe(true);
    }
    expect(cut.content.bytes).toBeGreaterThan(8_000);
    expect(prose(20_000).toString().startsWith(textOf(cut.content))).toBe(true);
    expect(endOf(cut)).toEqual(DAMAGED);
  });

  it('is read on to the end of the message, which trailers follow', async () => {
    let goOn: () => void = () => undefined;
    const wire = chunked('deflate', [...inPieces(damaged(), 500)], 'X-Sum: 1\r\n');
    const serve: Serve = async (peer) => {
      await peer.request();
      await peer.send(wire.subarray(0, -300));
      await new Promise<void>((resolve) => (goOn = resolve));
      await peer.send(wire.subarray(-300));
    };
    const outcome = await fetched(serve, {}, { onRead: () => setImmediate(() => goOn()) });
    expect(endOf(outcome)).toEqual({ ...DAMAGED, endedBy: 'last-chunk' });
    expect(outcome.trailers).toEqual([{ name: 'X-Sum', value: '1' }]);
    expect(outcome.wireBytes).toBe(page.length);
  });

  it.each<[ending: string, serve: Serve, overrides: SpecOverrides]>([
    ['connection-closed in receive', answeringThenFin(headOf('deflate', 90_000), page), {}],
    ['idle-timeout in receive', answering(headOf('deflate', 90_000), page), { timeouts: { idleMs: 60 } }],
    [
      'read-limit in receive',
      answering(coded('deflate', page)),
      { read: { bufferBytes: 4_096, maxReads: 1 } },
    ],
    ['malformed-response in receive', answering(chunked('deflate', [page]).subarray(0, -5), 'none\r\n'), {}],
  ])('does not hide that its framing was broken: %s', async (failure, serve, overrides) => {
    const outcome = await fetched(serve, overrides);
    expect(outcome.complete).toBe(false);
    expect(endOf(outcome).failure).toBe(failure);
    expect(outcome.decoded).toBe(true);
    expect(outcome.content.bytes).toBeGreaterThan(1_000);
    expect(prose(20_000).toString().startsWith(textOf(outcome.content))).toBe(true);
  });

  it.each([
    [Buffer.alloc(10), 'padding-after-coding'],
    [Buffer.from('JUNK'), 'octets-after-coding'],
  ])('is none when something follows its coding, which is left out with a warning', async (rest, code) => {
    const octets = Buffer.concat([gzipSync('hello'), rest]);
    const outcome = await fetched(answering(coded('gzip', octets)), { read: { bufferBytes: 3 } });
    expect(endOf(outcome)).toEqual(WHOLE);
    expect(decodedAs(outcome)).toMatchObject({ text: 'hello', decoded: true, wireBytes: octets.length });
    expect(warningCodes(outcome)).toEqual([code]);
  });
});

describe('maxBodyBytes', () => {
  const LIMITED = { complete: false, endedBy: 'size-limit', failure: 'size-limit in receive' };

  it('ends a bomb at once, though the peer keeps the connection, with the first of it kept', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * MIB), { level: 9 });
    // It says that there is more to come, and then nothing comes.
    const outcome = await fetched(answering(headOf('gzip', 2 * bomb.length), bomb), {
      read: { maxBodyBytes: MIB },
    });
    expect(endOf(outcome)).toEqual(LIMITED);
    expect(outcome.content.octets.equals(Buffer.alloc(MIB))).toBe(true);
    expect(outcome.content.total).toBeGreaterThan(MIB);
    expect(outcome.timings.total).toBeLessThan(5_000);
  });

  it('ends a bomb whose message is over', async () => {
    const outcome = await fetched(answering(coded('br', brotliCompressSync(Buffer.alloc(8 * MIB)))), {
      read: { maxBodyBytes: MIB },
    });
    expect(endOf(outcome)).toEqual(LIMITED);
    expect(outcome.content.bytes).toBe(MIB);
  });

  it('lets through content that is undone to exactly as much', async () => {
    const content = prose(5_000);
    const octets = coded('gzip', gzipSync(content));
    const exactly = await fetched(answering(octets), { read: { maxBodyBytes: 5_000 } });
    expect(endOf(exactly)).toEqual(WHOLE);
    const more = await fetched(answering(octets), { read: { maxBodyBytes: 4_999 } });
    expect(endOf(more)).toEqual(LIMITED);
    expect(more.content.octets.equals(content.subarray(0, 4_999))).toBe(true);
  });

  it('bounds the coded content too', async () => {
    const octets = Buffer.concat(Array<Buffer>(50).fill(gzipSync('')));
    const outcome = await fetched(answering(headOf('gzip', MIB), octets), { read: { maxBodyBytes: 500 } });
    expect(endOf(outcome)).toEqual(LIMITED);
    expect(outcome.content.total).toBeGreaterThan(outcome.content.bytes);
    expect(outcome.wireBytes).toBeGreaterThan(500);
  });

  it('counts and digests what is decoded when no body is wanted', async () => {
    const content = prose(5_000);
    const octets = coded('gzip', gzipSync(content));
    const include = { body: 'none' } as const;
    const { content: kept } = await fetched(answering(octets));
    const { content: counted } = await fetched(answering(octets), { include });
    expect([counted.octets.length, counted.bytes, counted.sha256]).toEqual([0, 5_000, kept.sha256]);
  });
});

/** Octets that are undone to a MiB of zeros for each thousand of them, which keeps a decoder busy. */
function slow(mebibytes: number): Buffer {
  return Buffer.concat(Array<Buffer>(mebibytes).fill(gzipSync(Buffer.alloc(MIB))));
}

const ANY_LENGTH = { read: { maxBodyBytes: 4_096 * MIB }, include: { body: 'none' } } as const;

describe('content that comes faster than it is decoded', () => {
  it('makes reading wait, which idleMs does not take for silence', async () => {
    const events: string[] = [];
    jest.spyOn(ReadLog.prototype, 'record').mockImplementation(() => void events.push('read'));
    jest.spyOn(Connection.prototype, 'pause').mockImplementation(function (this: Connection) {
      events.push('pause');
      pause.call(this);
    });
    jest.spyOn(Connection.prototype, 'resume').mockImplementation(function (this: Connection) {
      events.push('resume');
      resume.call(this);
    });
    const outcome = await fetched(answering(coded('gzip', slow(600))), {
      ...ANY_LENGTH,
      timeouts: { idleMs: 100 },
    });
    jest.restoreAllMocks();
    expect(endOf(outcome)).toEqual(WHOLE);
    expect(outcome.content.bytes).toBe(600 * MIB);
    expect(events).toContain('pause');
    expect(events.filter((_, at) => events[at - 1] === 'pause')).toEqual(
      events.filter((event) => event === 'resume'),
    );
  });

  it('is read on after the wait, and silence counts again', async () => {
    const octets = deflateRawSync(noise(600 * KIB));
    const outcome = await fetched(answering(headOf('deflate', octets.length + 1), octets), {
      timeouts: { idleMs: 300 },
    });
    expect(endOf(outcome)).toEqual({
      complete: false,
      endedBy: 'idle-timeout',
      failure: 'idle-timeout in receive',
    });
    expect(outcome.content.octets.equals(noise(600 * KIB))).toBe(true);
  });
});

describe('time that runs out while content is decoded', () => {
  const wire = coded('gzip, gzip', gzipSync(slow(4_000)));

  it('is told as total-timeout, with what was decoded', async () => {
    const outcome = await fetched(answering(wire), { ...ANY_LENGTH, timeouts: { totalMs: 500 } });
    expect(endOf(outcome)).toEqual({
      complete: false,
      endedBy: 'total-timeout',
      failure: 'total-timeout in decode',
    });
    expect(outcome.content.bytes).toBeGreaterThan(0);
    expect(outcome.decoded).toBe(true);
  });

  it('is told as cancelled when the caller leaves', async () => {
    const canceller = new AbortController();
    const outcome = await fetched(answering(wire), ANY_LENGTH, {
      signal: canceller.signal,
      // All is read by then, and not nearly decoded.
      onRead: () => void afterMs(200).then(() => canceller.abort()),
    });
    expect(endOf(outcome)).toEqual({ complete: false, endedBy: 'cancelled', failure: 'cancelled in decode' });
  });

  it('is not decoded to its end for a caller who left while more was to come', async () => {
    const octets = gzipSync(slow(4_000));
    const announced = Buffer.from(headOf('gzip, gzip', octets.length + 1));
    const canceller = new AbortController();
    const outcome = await fetched(answering(Buffer.concat([announced, octets])), ANY_LENGTH, {
      signal: canceller.signal,
      onRead: () => void afterMs(200).then(() => canceller.abort()),
    });
    expect(endOf(outcome)).toEqual({
      complete: false,
      endedBy: 'cancelled',
      failure: 'cancelled in receive',
    });
    expect(outcome.content.bytes).toBeGreaterThan(0);
    expect(outcome.content.bytes).toBeLessThan(4_000 * MIB);
  });
});
