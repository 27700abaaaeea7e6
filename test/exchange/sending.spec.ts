import { createHash, randomBytes } from 'node:crypto';
import { type Peer, type Serve, answering, chunkedResponse, response, useOrigins } from '../support/origin';
import { USER_AGENT, type SpecOverrides, endOf, exchangeWith, textOf, warningCodes } from '../support/spec';

const start = useOrigins();
const MIB = 1_048_576;
const ENCODINGS = 'Accept-Encoding: gzip, deflate, br, zstd';

/** What a fetch with these settings puts on the wire, lines as they are; `$` stands for the authority. */
async function sent(overrides: SpecOverrides, path = '/'): Promise<string> {
  const origin = await start(answering(response('200 OK')));
  const outcome = await exchangeWith(origin.url(path), overrides);
  await origin.peers[0]!.closed;
  expect(outcome.failure).toBeNull();
  expect(origin.requests).toHaveLength(1);
  const [octets] = origin.requests;
  expect(outcome.request.headBytes + outcome.request.bodyBytes).toBe(octets!.length);
  expect(octets!.startsWith(outcome.request.rawHead.toString('latin1'))).toBe(true);
  return octets!.replaceAll(`127.0.0.1:${origin.port}`, '$');
}

function lines(...text: string[]): string {
  return text.map((line) => `${line}\r\n`).join('');
}

it('nothing is sent when the place at the host was lost before there was a connection', async () => {
  const origin = await start(answering(response('200 OK')));
  const gate = { enter: () => Promise.resolve(), holds: () => false };
  const outcome = await exchangeWith(origin.url('/'), {}, { gate });
  expect(endOf(outcome)).toEqual({ complete: false, endedBy: null, failure: 'cancelled in connect' });
  await origin.peers[0]!.closed;
  expect(origin.requests).toEqual(['']);
});

describe('the octets of a request', () => {
  const agent = `User-Agent: ${USER_AGENT}`;

  it('has Host first, then User-Agent, Accept, Accept-Encoding and Connection: close', async () => {
    expect(await sent({}, '/a%20b?q=1#fragment')).toBe(
      lines('GET /a%20b?q=1 HTTP/1.1', 'Host: $', agent, 'Accept: */*', ENCODINGS, 'Connection: close', ''),
    );
  });

  it('has the caller’s fields after Host, in their order and case, duplicates kept', async () => {
    expect(await sent({ headers: ['x-TWO: 2', 'X-One: 1', 'x-two: \xe9', 'X-Empty: '] })).toBe(
      lines(
        'GET / HTTP/1.1',
        'Host: $',
        'x-TWO: 2',
        'X-One: 1',
        'x-two: \xe9',
        'X-Empty: ',
        agent,
        'Accept: */*',
        ENCODINGS,
        'Connection: close',
        '',
      ),
    );
  });

  it('leaves the default fields that the caller gives where the caller put them', async () => {
    expect(await sent({ headers: ['ACCEPT: text/html', 'connection: Keep-Alive', 'user-agent: Me'] })).toBe(
      lines(
        'GET / HTTP/1.1',
        'Host: $',
        'ACCEPT: text/html',
        'connection: Keep-Alive',
        'user-agent: Me',
        ENCODINGS,
        '',
      ),
    );
  });

  it.each(['Host', 'host', 'hOST'])(
    'leaves a given %s where the caller put it and adds none',
    async (name) => {
      expect(await sent({ headers: ['X-First: 1', `${name}: other.example`] })).toBe(
        lines(
          'GET / HTTP/1.1',
          'X-First: 1',
          `${name}: other.example`,
          agent,
          'Accept: */*',
          ENCODINGS,
          'Connection: close',
          '',
        ),
      );
    },
  );

  it('has no Connection with until idle, where the peer is to keep the connection', async () => {
    const read = { until: 'idle' } as const;
    expect(await sent({ read, timeouts: { idleMs: 50 } })).toBe(
      lines('GET / HTTP/1.1', 'Host: $', agent, 'Accept: */*', ENCODINGS, ''),
    );
  });

  it('has Host alone without default fields', async () => {
    expect(await sent({ defaultHeaders: false })).toBe(lines('GET / HTTP/1.1', 'Host: $', ''));
  });

  it('has Host, the caller’s fields and Content-Length without default fields when there is a body', async () => {
    expect(await sent({ defaultHeaders: false, method: 'POST', headers: ['A: b'], body: 'xyz' })).toBe(
      lines('POST / HTTP/1.1', 'Host: $', 'A: b', 'Content-Length: 3', '') + 'xyz',
    );
  });

  it('has no Content-Type of its own, and the length of the body', async () => {
    expect(await sent({ method: 'PUT', body: 'caf\xe9' })).toBe(
      lines(
        'PUT / HTTP/1.1',
        'Host: $',
        agent,
        'Accept: */*',
        ENCODINGS,
        'Connection: close',
        'Content-Length: 4',
        '',
      ) + 'caf\xe9',
    );
  });

  it('tells an empty body by Content-Length: 0', async () => {
    expect(await sent({ defaultHeaders: false, method: 'POST', body: '' })).toBe(
      lines('POST / HTTP/1.1', 'Host: $', 'Content-Length: 0', ''),
    );
  });

  it('keeps a given Content-Length in its place and case', async () => {
    const headers = ['content-length: 3', 'A: b'];
    expect(await sent({ defaultHeaders: false, method: 'POST', headers, body: 'xyz' })).toBe(
      lines('POST / HTTP/1.1', 'Host: $', 'content-length: 3', 'A: b', '') + 'xyz',
    );
  });

  it('has the method as given, be it known or not', async () => {
    const defaultHeaders = false;
    expect(await sent({ defaultHeaders, method: 'DELETE' })).toMatch(/^DELETE \/ HTTP\/1\.1\r\n/);
    expect(await sent({ defaultHeaders, method: 'get' })).toMatch(/^get \/ HTTP\/1\.1\r\n/);
    expect(await sent({ defaultHeaders, method: 'X-!#$~' })).toMatch(/^X-!#\$~ \/ HTTP\/1\.1\r\n/);
  });

  it('has requestTarget instead of the URL’s path and query', async () => {
    const defaultHeaders = false;
    expect(await sent({ defaultHeaders, method: 'OPTIONS', requestTarget: '*' }, '/path?q')).toBe(
      lines('OPTIONS * HTTP/1.1', 'Host: $', ''),
    );
    expect(await sent({ defaultHeaders, requestTarget: 'http://a.example/../b' })).toBe(
      lines('GET http://a.example/../b HTTP/1.1', 'Host: $', ''),
    );
  });

  it('says HTTP/1.0 when asked to', async () => {
    expect(await sent({ httpVersion: '1.0', defaultHeaders: false })).toBe(
      lines('GET / HTTP/1.0', 'Host: $', ''),
    );
  });

  it('puts an IPv6 address into brackets in Host', async () => {
    const origin = await start(answering(response('200 OK')), '::1');
    const outcome = await exchangeWith(origin.url(), { defaultHeaders: false });
    expect(origin.requests).toEqual([lines('GET / HTTP/1.1', `Host: [::1]:${origin.port}`, '')]);
    expect(outcome.endpoints).toMatchObject({ remoteAddress: '::1', remotePort: origin.port, family: 6 });
  });
});

describe('raw octets', () => {
  it('are sent as they stand, as the tutorial’s request with bare LF', async () => {
    const raw = 'GET / HTTP/1.1\nhost: x\n\n';
    const origin = await start(answering(response('200 OK', 'hello')));
    const { request, head, content } = await exchangeWith(origin.url(), { raw });
    await origin.peers[0]!.closed;
    expect(origin.requests).toEqual([raw]);
    expect(request).toMatchObject({ method: 'GET', target: '/', httpVersion: '1.1', bodyBytes: 0 });
    expect(request.headers).toEqual([{ name: 'host', value: 'x' }]);
    expect(request.headBytes).toBe(raw.length);
    expect(request.rawHead.toString('latin1')).toBe(raw);
    expect([head?.status, textOf(content)]).toEqual([200, 'hello']);
  });

  it('need not be a request at all', async () => {
    const raw = '\x00\xff\r\r\nwhatever';
    const origin = await start(async (peer) => {
      await peer.until(() => peer.bytes === raw.length);
      await peer.send(response('400 Bad Request'));
    });
    const { request, head } = await exchangeWith(origin.url(), { raw });
    expect(origin.requests).toEqual([raw]);
    expect(request).toMatchObject({ target: null, httpVersion: null });
    expect(head?.status).toBe(400);
  });

  it('say by their method whether content follows', async () => {
    const raw = 'HEAD / HTTP/1.1\r\nHost: x\r\n\r\n';
    const origin = await start(answering('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n'));
    expect(endOf(await exchangeWith(origin.url(), { raw }))).toEqual({
      complete: true,
      endedBy: 'no-content',
      failure: null,
    });
  });
});

describe('a body', () => {
  it.each([1, 16_384, 16_385, 65_536, 5 * MIB])('of %d octets arrives as it is', async (bytes) => {
    const body = randomBytes(bytes);
    const origin = await start(answering(response('200 OK')));
    const outcome = await exchangeWith(origin.url(), { method: 'POST', body });
    await origin.peers[0]!.closed;
    const [octets] = origin.requests;
    const received = Buffer.from(octets!.slice(outcome.request.headBytes), 'latin1');
    expect(received.length).toBe(bytes);
    expect(sha256(received)).toBe(sha256(body));
    expect(outcome.request.bodyBytes).toBe(bytes);
    expect(warningCodes(outcome)).toEqual([]);
  });
});

describe('a response that comes before the request is fully sent', () => {
  const body = Buffer.alloc(20 * MIB, 'x');
  const page = 'too much '.repeat(1000);
  const tooLarge = response('413 Content Too Large\r\nConnection: close', page);

  /** Reads the head and not much more, then says that it is too much. */
  async function refuse(peer: Peer, how: 'fin' | 'drop' | 'keep'): Promise<void> {
    await peer.head();
    peer.stall();
    await peer.send(tooLarge);
    if (how !== 'keep') peer[how]();
  }

  /** Answers when so much was received, and resets the connection. */
  function resettingAfter(bytes: number, octets: string): Serve {
    return async (peer) => {
      await peer.until(() => peer.bytes >= bytes);
      peer.stall();
      await peer.send(octets);
      peer.reset();
    };
  }

  it('stops the sending and is kept whole, twenty times of twenty, though the peer resets at once', async () => {
    const origin = await start((peer) => refuse(peer, 'drop'));
    for (let times = 0; times < 20; times++) {
      const outcome = await exchangeWith(origin.url(), { method: 'POST', body });
      expect(outcome.head?.status).toBe(413);
      expect(textOf(outcome.content)).toBe(page);
      expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'content-length', failure: null });
      expect(warningCodes(outcome)).toEqual(['request-not-fully-sent']);
    }
  });

  // Whether a write or a read learns of a reset first depends on how far the request has come.
  it('is told as such wherever in the request the peer resets', async () => {
    const seen = new Set<string>();
    for (let times = 0; times < 60; times++) {
      const origin = await start(resettingAfter(1_000_000 + times * 10_000, tooLarge));
      const outcome = await exchangeWith(origin.url(), { method: 'POST', body });
      seen.add(JSON.stringify([outcome.head?.status, endOf(outcome), warningCodes(outcome)]));
    }
    const whole = { complete: true, endedBy: 'content-length', failure: null };
    expect([...seen]).toEqual([JSON.stringify([413, whole, ['request-not-fully-sent']])]);
  });

  it('is not complete when a reset, not a close, ends what only a close delimits', async () => {
    for (let times = 0; times < 5; times++) {
      const origin = await start(resettingAfter(200_000, 'HTTP/1.1 413 Content Too Large\r\n\r\nnot all'));
      const outcome = await exchangeWith(origin.url(), { method: 'POST', body });
      expect(textOf(outcome.content)).toBe('not all');
      expect(endOf(outcome)).toEqual({
        complete: false,
        endedBy: 'reset',
        failure: 'connection-reset in receive',
      });
    }
  });

  it.each([
    ['keeps the connection', 'keep'],
    ['has sent its FIN', 'fin'],
  ] as const)('stops the sending while the peer reads on and %s', async (_, how) => {
    const origin = await start(async (peer) => {
      await refuse(peer, how);
      peer.socket.resume();
    });
    const read = { until: 'idle' } as const;
    const outcome = await exchangeWith(origin.url(), {
      method: 'POST',
      body,
      read,
      timeouts: { idleMs: 150 },
    });
    const [peer] = origin.peers;
    await peer!.closed;
    expect(textOf(outcome.content)).toBe(page);
    expect(warningCodes(outcome)).toEqual(['request-not-fully-sent']);
    expect(peer!.bytes).toBeLessThan(body.length);
    expect(outcome.request.bodyBytes).toBe(body.length);
  });

  it('is kept whole when it is chunked and comes in pieces', async () => {
    const coded = chunkedResponse(['too ', 'much']).replace('200 OK', '413 Content Too Large');
    const origin = await start(async (peer) => {
      await peer.head();
      peer.stall();
      await peer.burst(coded.match(/[^]{1,7}/g)!);
      peer.drop();
    });
    const outcome = await exchangeWith(origin.url(), { method: 'POST', body });
    expect([outcome.head?.status, textOf(outcome.content)]).toEqual([413, 'too much']);
    expect(outcome).toMatchObject({ complete: true, endedBy: 'last-chunk' });
    expect(warningCodes(outcome)).toEqual(['request-not-fully-sent']);
  });

  it('does not stop the sending while it is informational', async () => {
    const large = body.subarray(0, 8 * MIB);
    const origin = await start(async (peer) => {
      await peer.head();
      await peer.send('HTTP/1.1 100 Continue\r\n\r\n');
      await peer.request();
      await peer.send(response('201 Created'));
    });
    const outcome = await exchangeWith(origin.url(), { method: 'PUT', body: large });
    expect(outcome.head?.status).toBe(201);
    expect(outcome.informational.map(({ status }) => status)).toEqual([100]);
    expect(origin.peers[0]!.bytes).toBe(outcome.request.headBytes + large.length);
    expect(warningCodes(outcome)).toEqual([]);
  });

  it('sends Expect, and does not wait with the body', async () => {
    const origin = await start(answering(response('200 OK')));
    const headers = ['Expect: 100-continue'];
    const outcome = await exchangeWith(origin.url(), { method: 'POST', headers, body: 'at once' });
    expect(outcome.head?.status).toBe(200);
    expect(origin.requests[0]).toMatch(/\r\nExpect: 100-continue\r\n[^]*\r\n\r\nat once$/);
  });
});

function sha256(octets: Buffer): string {
  return createHash('sha256').update(octets).digest('hex');
}
