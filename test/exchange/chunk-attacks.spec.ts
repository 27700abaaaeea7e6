import { answeringThenFin, useOrigins } from '../support/origin';
import { exchangeWith } from '../support/spec';

const startOrigin = useOrigins();

const HEAD = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const LAST = '0\r\n\r\n';
const MIB = 1024 * 1024;

async function fetchChunks(body: string, bufferBytes = 65_536): ReturnType<typeof exchangeWith> {
  const origin = await startOrigin(answeringThenFin(HEAD + body));
  return exchangeWith(origin.url(), { read: { bufferBytes } });
}

describe('a million chunks of one octet', () => {
  it('are read whole: all are counted, of a thousand the size is told', async () => {
    const before = process.cpuUsage();
    const outcome = await fetchChunks('1\r\nx\r\n'.repeat(1_000_000) + LAST);
    const { user, system } = process.cpuUsage(before);
    expect(outcome).toMatchObject({
      complete: true,
      endedBy: 'last-chunk',
      failure: null,
      wireBytes: 1_000_000,
    });
    expect(outcome.transferCoding).toMatchObject({
      chunks: 1_000_000,
      sizesOmitted: 999_000,
      extensions: [],
    });
    expect(outcome.transferCoding?.sizes).toHaveLength(1_000);
    expect(outcome.warnings).toEqual([]);
    // it takes about a second, the origin and all; CPU time, which other processes do not change
    expect((user + system) / 1_000).toBeLessThan(15_000);
  }, 60_000);

  it('are stopped where their lines are padded', async () => {
    const outcome = await fetchChunks('0000000000000001\r\nx\r\n'.repeat(100_000) + LAST);
    expect(outcome).toMatchObject({ complete: false, endedBy: 'parse-error' });
    expect(outcome.failure).toMatchObject({
      code: 'malformed-response',
      message: 'chunk lines take more than 8 octets for each octet of content',
    });
    expect(outcome.content.total).toBeGreaterThan(1_000);
    expect(outcome.content.total).toBeLessThan(10_000);
  });
});

describe('an attack on the chunked coding', () => {
  it.each<[what: string, body: string, message: string, mostReadBytes: number]>([
    [
      'an extension on every chunk',
      `a; large=${'a'.repeat(45)}\r\n0123456789\r\n`.repeat(100_000),
      'more than 16384 octets of chunk extensions',
      32 * 1024,
    ],
    ['an endless extension', `5;${'x'.repeat(MIB)}`, 'more than 16384 octets of chunk extensions', 32 * 1024],
    [
      'two extensions of two thirds of the limit',
      `1;${'x'.repeat(10_923)}\r\nx\r\n`.repeat(2) + LAST,
      'more than 16384 octets of chunk extensions',
      32 * 1024,
    ],
    ['an endless chunk-size', `${'0'.repeat(MIB)}5\r\n`, 'chunk-size has more than 16 digits', 8 * 1024],
    [
      'a trailer section of 1 MiB',
      `0\r\nA: ${'x'.repeat(MIB)}\r\n\r\n`,
      'trailer section is longer than 65536 octets',
      80 * 1024,
    ],
    [
      '10,000 trailers',
      `0\r\n${'A: b\r\n'.repeat(10_000)}\r\n`,
      'more than 1000 trailer field lines',
      16 * 1024,
    ],
  ])('%s is refused after a bounded number of octets', async (_, body, message, mostReadBytes) => {
    const outcome = await fetchChunks(body, 4_096);
    expect(outcome).toMatchObject({ complete: false, endedBy: 'parse-error' });
    expect(outcome.failure).toMatchObject({ code: 'malformed-response', message });
    expect(outcome.reads.bytes).toBeLessThanOrEqual(mostReadBytes);
    expect(JSON.stringify(outcome.transferCoding?.extensions).length).toBeLessThan(20_000);
  });
});
