import { answering, answeringThenFin, chunkedResponse, response, useOrigins } from '../support/origin';
import { useService } from '../support/app';
import { resultOf } from './contract';

/** The two programs of a socket tutorial that this service makes plain: one recv, and recv in a loop. */

const start = useOrigins();
const service = useService();

const HEADERS = [
  { name: 'Host', value: 'www.example.com' },
  { name: 'User-Agent', value: 'Mozilla/5.0' },
];

describe('one recv(4096)', () => {
  const request = { headers: HEADERS, defaultHeaders: false, read: { bufferBytes: 4096, maxReads: 1 } };

  it('returns the first 4,096 octets of a longer page, and loses the rest', async () => {
    const origin = await start(answering(response('200 OK\r\nContent-Type: text/html', 'x'.repeat(20_000))));
    const result = resultOf(await service().fetch({ url: origin.url(), ...request }));

    expect(origin.requests).toEqual([
      'GET / HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: Mozilla/5.0\r\n\r\n',
    ]);
    expect(result.chunks).toMatchObject({ bufferBytes: 4096, count: 1, bytes: 4096, sizes: [4096] });
    expect(result.chunks).toMatchObject({ mean: 4096, median: 4096, p95: 4096, stdev: 0, maxGapMs: null });
    expect(result.body.bytes).toBe(4096 - result.headBytes);
    expect(result).toMatchObject({
      complete: false,
      endedBy: 'read-limit',
      error: { code: 'read-limit', phase: 'receive' },
    });
  });

  it('returns a page that fits as a whole', async () => {
    const origin = await start(answering(response('200 OK', 'short')));
    const result = resultOf(await service().fetch({ url: origin.url(), ...request }));
    expect(result).toMatchObject({ body: { text: 'short' }, complete: true, endedBy: 'content-length' });
    expect(result.chunks.count).toBe(1);
  });
});

describe('recv(1024) in a loop', () => {
  const request = {
    headers: HEADERS,
    defaultHeaders: false,
    read: { until: 'idle', bufferBytes: 1024 },
    timeouts: { idleMs: 1_000 },
    include: { reads: 'full' },
  };
  const chunks = [2500, 1200, 4000].map((size) => 'burst'.repeat(size / 5));

  it('goes on past the end of the message until the peer is silent', async () => {
    const page = chunkedResponse(chunks);
    const pieces = [page.slice(0, 2600), page.slice(2600, 3900), page.slice(3900)];
    const origin = await start(answering(...pieces));
    const result = resultOf(await service().fetch({ url: origin.url(), ...request }));

    expect(result).toMatchObject({
      body: { text: chunks.join('') },
      complete: true,
      endedBy: 'idle-timeout',
      error: null,
    });
    expect(result.transferCoding).toMatchObject({ chunks: 3, sizes: [2500, 1200, 4000] });
    expect(result.chunks).toMatchObject({ bufferBytes: 1024, bytes: page.length, max: 1024 });
    expect(result.chunks.count).toBeGreaterThanOrEqual(Math.ceil(page.length / 1024));
    expect(result.timings.receive).toBeGreaterThanOrEqual(1_000);
    // It closes the connection itself: the peer would have kept it.
    await origin.peers[0]!.closed;
  });

  it('ends at once when the peer closes', async () => {
    const origin = await start(answeringThenFin(`HTTP/1.0 200 OK\r\n\r\n${chunks.join('')}`));
    const result = resultOf(
      await service().fetch({ url: origin.url(), ...request, timeouts: { idleMs: 60_000 } }),
    );
    expect(result).toMatchObject({ body: { bytes: 7700 }, complete: true, endedBy: 'close' });
  });

  it('waits 2 s by default', async () => {
    const origin = await start(answering(response('200 OK', 'kept open')));
    const result = resultOf(await service().fetch({ url: origin.url(), read: { until: 'idle' } }));
    expect(result).toMatchObject({ complete: true, endedBy: 'idle-timeout' });
    expect(result.timings.receive).toBeGreaterThanOrEqual(2_000);
    expect(origin.requests[0]).not.toMatch(/^connection:/im);
  });
});
