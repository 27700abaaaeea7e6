import dns, { type LookupAddress } from 'node:dns';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import { LINGER_BYTES } from '../../src/problems/lingering';
import type { ProblemCode } from '../../src/problems/problem-table';
import { TestService, useService } from '../support/app';
import { dial, post } from '../support/caller';
import { answerTo, answersTo, converse } from '../support/conversation';
import { response, useOrigins } from '../support/origin';
import { expectNothingLeft, nextTurn } from '../support/sockets';
import { problemOf, resultOf } from './contract';

const start = useOrigins();
const service = useService();

const HOST = 'Host: localhost\r\n';
const POST = `POST /fetch HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n`;
const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`;

/** A caller, and the service's end of its connection. */
async function connected(): Promise<[caller: Socket, peer: Socket]> {
  const accepted = once(service().app.getHttpServer(), 'connection') as Promise<[Socket]>;
  const caller = await dial(service().url);
  const [peer] = await accepted;
  return [caller, peer];
}

describe('what is no request', () => {
  it.each<[what: string, code: ProblemCode, octets: string, instance?: string]>([
    ['a greeting', 'invalid-request', 'hello\r\n\r\n'],
    ['TLS', 'invalid-request', '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03'],
    ['an unknown method', 'invalid-request', `FETCH / HTTP/1.1\r\n${HOST}\r\n`],
    ['a method in small letters', 'invalid-request', `get / HTTP/1.1\r\n${HOST}\r\n`],
    ['another version', 'invalid-request', `GET / HTTP/3.0\r\n${HOST}\r\n`],
    ["HTTP/2's preface", 'invalid-request', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a target without a slash', 'invalid-request', `GET x HTTP/1.1\r\n${HOST}\r\n`],
    ['a control in a field', 'invalid-request', `GET / HTTP/1.1\r\n${HOST}a: \x01\r\n\r\n`],
    ['two lengths', 'invalid-request', `${POST}Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}`],
    [
      'a length beside chunks',
      'invalid-request',
      `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['a head too large', 'request-too-large', `GET / HTTP/1.1\r\n${HOST}x: ${'x'.repeat(20_000)}\r\n\r\n`],
    [
      'a head far too large',
      'request-too-large',
      `GET / HTTP/1.1\r\n${HOST}x: ${'x'.repeat(2_000_000)}\r\n\r\n`,
    ],
    ['a target too long', 'request-too-large', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${HOST}\r\n`],
    ['a broken chunk', 'invalid-request', `${CHUNKED}zz\r\n`, '/fetch'],
    ['large chunk extensions', 'request-too-large', `${CHUNKED}2;${'x'.repeat(20_000)}\r\n{}\r\n`, '/fetch'],
  ])('is a problem, and the last of its connection: %s', async (_, code, octets, instance = '/') => {
    const answer = await answerTo(service().url, octets);
    expect(problemOf(answer, code)).toMatchObject({ instance, failureSource: 'client' });
    expect(answer.headers.connection).toBe('close');
    expect((await service().get('/health/live')).status).toBe(200);
  });

  it.each<[what: string, octets: string]>([
    ['the head', 'POST /fetch HTT'],
    ['the content', `${POST}Content-Length: 9\r\n\r\n{`],
  ])('is what ends within %s', async (_, octets) => {
    const caller = await dial(service().url);
    caller.end(octets);
    problemOf((await answersTo(caller))[0]!, 'invalid-request');
    caller.destroy();
  });

  it('is CONNECT: no tunnels', async () => {
    const answer = await answerTo(service().url, `CONNECT a:80 HTTP/1.1\r\n${HOST}\r\noctets for a`);
    problemOf(answer, 'method-not-allowed');
    expect(answer.headers).toMatchObject({ allow: '', connection: 'close' });
  });
});

it('localhost is one address: Fastify’s server for a second would answer bare', async () => {
  const both: LookupAddress[] = [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ];
  type Found = (error: null, found: string | LookupAddress[], family?: number) => void;
  const lookup = jest.spyOn(dns, 'lookup').mockImplementation(((_: string, ...rest: unknown[]) => {
    const found = rest.at(-1) as Found;
    if (rest.length > 1 && (rest[0] as { all?: boolean }).all === true) found(null, both);
    else found(null, '127.0.0.1', 4);
  }) as typeof dns.lookup);
  const local = await TestService.start({ WIREFETCH_HOST: 'localhost' });
  lookup.mockRestore();
  try {
    expect(local.app.getHttpAdapter().getInstance().addresses()).toHaveLength(1);
  } finally {
    await local.close();
  }
});

describe('what the runtime would not pass on', () => {
  it.each<[what: string, lines: string]>([
    ['an upgrade', 'Connection: upgrade, close\r\nUpgrade: websocket\r\n'],
    [
      'an upgrade to HTTP/2',
      'Connection: upgrade, http2-settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: \r\n',
    ],
    ['an expectation that is not known', 'Connection: close\r\nExpect: miracles\r\n'],
  ])('is answered as if it had not been asked: %s', async (_, lines) => {
    const { status, text } = await answerTo(
      service().url,
      `GET /health/live HTTP/1.1\r\n${HOST}${lines}\r\n`,
    );
    expect([status, text]).toEqual([200, expect.stringContaining('"ok"')]);
  });
});

describe('an answer that is owed', () => {
  it('comes before what follows is refused, and then the connection is closed', async () => {
    const answers = await converse(service().url, `GET /health/live HTTP/1.1\r\n${HOST}\r\nhello\r\n\r\n`);
    expect(answers.map(({ status }) => status)).toEqual([200]);
  });

  it('is not mistaken for the refusal of what follows', async () => {
    const origin = await start(async (peer) => {
      await peer.request();
      caller.write('hello\r\n\r\n');
      await once(garbled, 'clientError');
      await peer.send(response('200 OK', 'owed'));
    });
    const garbled = service().app.getHttpServer();
    const caller = await dial(service().url);
    caller.write(post({ url: origin.url() }).replace('Connection: close\r\n', ''));
    const answers = await answersTo(caller);
    expect(answers).toHaveLength(1);
    expect(resultOf(answers[0]!).body.text).toBe('owed');
    caller.destroy();
  });

  it('is not waited for by a caller who has gone', async () => {
    const [caller, peer] = await connected();
    const origin = await start(async (asked) => {
      await asked.request();
      caller.end('hello\r\n\r\n');
      await asked.closed;
    });
    caller.write(post({ url: origin.url() }).replace('Connection: close\r\n', ''));
    await once(peer, 'close');
    await Promise.all(origin.peers.map(({ closed }) => closed));
    expect(origin.peers).toHaveLength(1);
    caller.destroy();
  });
});

describe('a connection that is refused', () => {
  it('is not read for ever', async () => {
    const [caller, peer] = await connected();
    caller.allowHalfOpen = true;
    caller.write('hello\r\n\r\n');
    const flood = setInterval(() => caller.write('x'.repeat(65_536)), 1);
    problemOf((await answersTo(caller, 1))[0]!, 'invalid-request');
    await once(peer, 'close');
    clearInterval(flood);
    expect(peer.bytesRead).toBeLessThan(2 * LINGER_BYTES);
    caller.destroy();
  });

  it('leaves nothing behind', async () => {
    await expectNothingLeft(async (timers) => {
      for (const octets of ['hello\r\n\r\n', `CONNECT a:80 HTTP/1.1\r\n${HOST}\r\n`, `${CHUNKED}zz\r\n`]) {
        const [caller, peer] = await connected();
        caller.write(octets);
        await answersTo(caller);
        caller.destroy();
        if (!peer.destroyed) await once(peer, 'close');
      }
      while (timers.size > 0) await nextTurn();
    });
  });
});

describe('a caller that stops within its request', () => {
  it('has 20 s for the head and 60 s for the whole, give or take a second', () => {
    const server = service().app.getHttpServer() as Server & Record<string, unknown>;
    expect([server.headersTimeout, server.requestTimeout, server.keepAliveTimeout]).toEqual([
      20_000, 60_000, 72_000,
    ]);
  });

  describe('past that', () => {
    let hasty: TestService;
    beforeAll(async () => {
      hasty = await TestService.start();
      Object.assign(hasty.app.getHttpServer(), { headersTimeout: 10, requestTimeout: 10 });
    });
    afterAll(() => hasty.close());

    it.each<[what: string, octets: string, instance: string]>([
      ['the head', 'POST /fetch HTTP/1.1\r\nHost: loc', '/'],
      ['the content', `${POST}Content-Length: 9\r\n\r\n{`, '/fetch'],
    ])('is told so: within %s', async (_, octets, instance) => {
      const answer = await answerTo(hasty.url, octets);
      expect(problemOf(answer, 'request-timeout')).toMatchObject({ instance });
      expect(answer.headers.connection).toBe('close');
    });

    it('comes too late with the rest', async () => {
      const origin = await start(() => undefined);
      const accepted = once(hasty.app.getHttpServer(), 'connection') as Promise<[Socket]>;
      const caller = await dial(hasty.url);
      const [peer] = await accepted;
      caller.allowHalfOpen = true;
      const request = post({ url: origin.url() });
      caller.write(request.slice(0, 40));
      problemOf((await answersTo(caller))[0]!, 'request-timeout');
      caller.write(request.slice(40));
      if (!peer.destroyed) await once(peer, 'close');
      expect(origin.peers).toEqual([]);
      caller.destroy();
    });

    it('is told nothing where it has asked nothing', async () => {
      expect(await converse(hasty.url, '')).toEqual([]);
    });
  });
});

it('who leaves within the content is no failure of the service', async () => {
  const failures = jest.spyOn(Logger.prototype, 'error');
  const [caller, peer] = await connected();
  caller.write(`${POST}Content-Length: 9\r\n\r\n{`);
  await once(service().app.getHttpServer(), 'request');
  const closed = new Promise((resolve) => peer.once('close', resolve));
  caller.resetAndDestroy();
  await closed;
  await nextTurn();
  await nextTurn();
  expect(failures).not.toHaveBeenCalled();
  failures.mockRestore();
});
