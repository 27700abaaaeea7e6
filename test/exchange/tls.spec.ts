import { once } from 'node:events';
import { type AddressInfo, type Server, connect, createServer } from 'node:net';
import { DEFAULT_CIPHERS, type TLSSocket, type TlsOptions } from 'node:tls';
import type { ExchangeOutcome } from '../../src/exchange/outcome';
import { Authority, type Identity, selfSigned } from '../support/certificates';
import { type Serve, answering, answeringThenFin, response, useOrigins } from '../support/origin';
import { expectNothingLeft } from '../support/sockets';
import { type SpecOverrides, endOf, exchangeWith, fetchUrl, textOf, warningCodes } from '../support/spec';

jest.setTimeout(30_000);

const NAME = 'www.example.test';
const NAMES = { [NAME]: '127.0.0.1', 'other.example.test': '127.0.0.1' };

let authority: Authority;
let identity: Identity;

beforeAll(async () => {
  authority = await Authority.create();
  identity = await authority.issue({ names: [NAME, '127.0.0.1'] });
});

const start = useOrigins();

/** Fetches from an origin that speaks TLS, and is trusted unless a test says otherwise.
 *  @param host of the URL */
async function over(
  serve: Serve,
  { host = NAME, server = {}, ...overrides }: SpecOverrides & { host?: string; server?: TlsOptions } = {},
): Promise<ExchangeOutcome> {
  const origin = await start(serve, '127.0.0.1', { ...identity, ...server });
  const tls = { ca: authority.pem, ...overrides.tls };
  return exchangeWith(origin.url('/', host), { ...overrides, tls }, { names: NAMES });
}

const HELLO = answering(response('200 OK', 'hello'));

it('a response over TLS is read as over TCP, and the handshake is told', async () => {
  const outcome = await over(HELLO);
  expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'content-length', failure: null });
  expect(textOf(outcome.content)).toBe('hello');
  expect(outcome.warnings).toEqual([]);
  expect(outcome.layer).toBe('tls');
  expect(outcome.tls).toMatchObject({
    protocol: 'TLSv1.3',
    cipher: expect.stringMatching(/^TLS_/) as unknown,
    alpn: null,
    serverName: NAME,
    authorized: true,
    authorizationError: null,
  });
  expect(outcome.timings.tls).toBeGreaterThan(0);
  const { dns, connect, tls, send, wait, receive, total } = outcome.timings;
  const sum = [dns, connect, tls, send, wait, receive].reduce<number>((a, b) => a + (b ?? 0), 0);
  expect(total).toBeCloseTo(sum, 2);
});

it('the certificate is told: whom it is for, who signed it, how long it is valid', async () => {
  const { tls } = await over(HELLO);
  expect(tls!.chain).toMatchObject([
    {
      subject: `CN=${NAME}`,
      issuer: 'CN=Test Authority',
      subjectAltNames: [`DNS:${NAME}`, 'IP Address:127.0.0.1'],
      daysLeft: 30,
      keyType: 'ec',
      keyBits: null,
      serialNumber: expect.stringMatching(/^[0-9A-F]+$/) as unknown,
      fingerprint256: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/) as unknown,
    },
  ]);
  const [{ validFrom, validTo, pem }] = tls!.chain as [(typeof tls & object)['chain'][number]];
  expect(validTo!.getTime() - validFrom!.getTime()).toBeGreaterThan(30 * 86_400_000);
  expect(pem.trim()).toBe(identity.cert.trim());
});

it('the chain is told as it was sent: an intermediate comes along, a root that was not sent does not', async () => {
  const intermediate = await Authority.create('Test Intermediate', authority);
  const leaf = await intermediate.issue({ names: [NAME] });
  const { tls } = await over(HELLO, {
    server: { key: leaf.key, cert: leaf.cert + intermediate.pem },
  });
  expect(tls!.authorized).toBe(true);
  expect(tls!.chain.map(({ subject }) => subject)).toEqual([`CN=${NAME}`, 'CN=Test Intermediate']);
});

it.each([1, 7, 1_024])(
  'one read returns at most %i octets, counted after decryption',
  async (bufferBytes) => {
    const content = 'x'.repeat(bufferBytes * 20);
    const outcome = await over(answering(response('200 OK', content)), { read: { bufferBytes } });
    expect(textOf(outcome.content)).toBe(content);
    expect(outcome.reads.max).toBe(bufferBytes);
    expect(outcome.reads.bytes).toBe(response('200 OK', content).length);
  },
);

it('what a server says as soon as the handshake is over is not lost', async () => {
  const outcome = await over(async (peer) => {
    await peer.send(response('200 OK', 'early'));
    await peer.request();
  });
  expect(textOf(outcome.content)).toBe('early');
});

it('a response that ends with the connection is complete, but nobody can vouch for its end', async () => {
  const outcome = await over(answeringThenFin('HTTP/1.1 200 OK\r\n\r\nto the end'));
  expect(endOf(outcome)).toEqual({ complete: true, endedBy: 'close', failure: null });
  expect(warningCodes(outcome)).toEqual(['tls-close-unverified']);
});

it('a connection that is cut within the content is not complete', async () => {
  const outcome = await over(async (peer) => {
    await peer.request();
    await peer.send('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
    peer.fin();
  });
  expect(endOf(outcome)).toEqual({
    complete: false,
    endedBy: 'close',
    failure: 'connection-closed in receive',
  });
  expect(textOf(outcome.content)).toBe('half');
});

it('an answer that comes before a large request is out is kept', async () => {
  const outcome = await over(
    async (peer) => {
      await peer.head();
      await peer.send(response('413 Content Too Large', 'too much'));
      peer.fin();
    },
    { method: 'POST', body: Buffer.alloc(8 * 1_048_576) },
  );
  expect(outcome.head?.status).toBe(413);
  expect(textOf(outcome.content)).toBe('too much');
  expect(warningCodes(outcome)).toEqual(['request-not-fully-sent']);
});

describe('whom the certificate must name', () => {
  it('the host is asked for by SNI', async () => {
    const asked: string[] = [];
    await over(HELLO, {
      server: {
        SNICallback: (name, done) => {
          asked.push(name);
          done(null);
        },
      },
    });
    expect(asked).toEqual([NAME]);
  });

  it('a name with a dot at its end is the same name', async () => {
    const origin = await start(HELLO, '127.0.0.1', identity);
    const outcome = await exchangeWith(
      origin.url('/', `${NAME}.`),
      { tls: { ca: authority.pem } },
      { names: { [`${NAME}.`]: '127.0.0.1' } },
    );
    expect(outcome.tls).toMatchObject({ serverName: NAME, authorized: true });
  });

  it('an IP address is asked for by nobody and verified all the same', async () => {
    const outcome = await over(HELLO, { host: '127.0.0.1' });
    expect(outcome.tls).toMatchObject({ serverName: null, authorized: true });
    const other = await authority.issue({ names: ['127.0.0.2'] });
    const refused = await over(HELLO, { host: '127.0.0.1', server: other });
    expect(endOf(refused).failure).toBe('tls-certificate-name-mismatch in tls');
  });

  it('another name, where the caller gives one', async () => {
    const outcome = await over(HELLO, { host: 'other.example.test', tls: { serverName: NAME } });
    expect(outcome.tls).toMatchObject({ serverName: NAME, authorized: true });
  });

  it('the host of the URL, not the address that it is pinned to', async () => {
    const leaf = await authority.issue({ names: ['127.0.0.1'] });
    const refused = await over(HELLO, { server: leaf, network: { address: '127.0.0.1' } });
    expect(endOf(refused).failure).toBe('tls-certificate-name-mismatch in tls');
    expect(refused.failure?.message).toBe(`the certificate is not for ${NAME}, but for IP Address:127.0.0.1`);
  });
});

describe('a certificate that is not good', () => {
  const BAD: Readonly<Record<string, () => Promise<TlsOptions>>> = {
    'tls-certificate-expired': () => authority.issue({ names: [NAME], validFromDays: -9, validToDays: -2 }),
    'tls-certificate-not-yet-valid': () => authority.issue({ names: [NAME], validFromDays: 2 }),
    'tls-certificate-self-signed': () => selfSigned({ names: [NAME] }),
    'tls-certificate-untrusted': async () => (await Authority.create('Nobody')).issue({ names: [NAME] }),
    'tls-certificate-name-mismatch': () => authority.issue({ names: ['else.example.test'] }),
  };

  it.each(Object.keys(BAD))('%s: refused before anything is sent, with the chain', async (code) => {
    const server = await BAD[code]!();
    const origin = await start(HELLO, '127.0.0.1', server);
    const outcome = await exchangeWith(
      origin.url('/', NAME),
      { tls: { ca: authority.pem } },
      { names: NAMES },
    );
    expect(outcome.head).toBeNull();
    expect(outcome.failure).toMatchObject({ code, phase: 'tls' });
    expect(outcome.tls).toMatchObject({
      authorized: false,
      authorizationError: expect.any(String) as unknown,
    });
    expect(outcome.tls!.chain[0]!.pem.trim()).toBe((server.cert as string).trim());
    expect(outcome.endpoints).toMatchObject({ remoteAddress: '127.0.0.1', remotePort: origin.port });
    expect(outcome.timings).toMatchObject({ tls: expect.any(Number) as unknown, send: null });
    await Promise.all(origin.peers.map((peer) => peer.closed));
    expect(origin.requests.join('')).toBe('');
  });

  it.each(Object.keys(BAD))('%s: told, and no more than that, without verify', async (code) => {
    const outcome = await over(HELLO, { server: await BAD[code]!(), tls: { verify: false } });
    expect(textOf(outcome.content)).toBe('hello');
    expect(warningCodes(outcome)).toEqual([code]);
    expect(outcome.tls).toMatchObject({ authorized: false });
  });

  it('is untrusted, not self-signed, when its root comes along', async () => {
    const nobody = await Authority.create('Nobody');
    const leaf = await nobody.issue({ names: [NAME] });
    const refused = await over(HELLO, { server: { key: leaf.key, cert: leaf.cert + nobody.pem } });
    expect(endOf(refused).failure).toBe('tls-certificate-untrusted in tls');
    expect(refused.tls!.chain.map(({ subject }) => subject)).toEqual([`CN=${NAME}`, 'CN=Nobody']);
  });

  it('is refused by who trusts the usual authorities alone', async () => {
    const refused = await over(HELLO, { tls: { ca: null } });
    expect(endOf(refused).failure).toBe('tls-certificate-untrusted in tls');
  });
});

describe('protocol versions', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('%s is spoken', async (version) => {
    const outcome = await over(HELLO, { server: { minVersion: version, maxVersion: version } });
    expect(outcome.tls!.protocol).toBe(version);
  });

  const OLD: TlsOptions = {
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: `${DEFAULT_CIPHERS}:@SECLEVEL=0`,
  };

  it('an older one is refused', async () => {
    const refused = await over(HELLO, { server: OLD });
    expect(endOf(refused).failure).toBe('tls-handshake-failed in tls');
    expect(refused.tls).toBeNull();
  });

  it('unless it was asked for', async () => {
    const outcome = await over(HELLO, { server: OLD, tls: { minVersion: 'TLSv1' } });
    expect(outcome.tls!.protocol).toBe('TLSv1.1');
    expect(textOf(outcome.content)).toBe('hello');
  });

  it('and TLSv1.2 is refused where the caller wants more', async () => {
    const refused = await over(HELLO, { server: { maxVersion: 'TLSv1.2' }, tls: { minVersion: 'TLSv1.3' } });
    expect(endOf(refused).failure).toBe('tls-handshake-failed in tls');
  });
});

describe('ALPN', () => {
  it('offers http/1.1 and tells what the peer chose', async () => {
    const outcome = await over(HELLO, { server: { ALPNProtocols: ['h2', 'http/1.1'] } });
    expect(outcome.tls!.alpn).toBe('http/1.1');
  });

  it('offers what the caller wants, and warns when that is not what is spoken', async () => {
    const outcome = await over(HELLO, {
      server: { ALPNProtocols: ['h2'] },
      tls: { alpn: ['h2', 'http/1.1'] },
    });
    expect(outcome.tls!.alpn).toBe('h2');
    expect(warningCodes(outcome)).toEqual(['alpn-not-http11']);
  });

  it('offers nothing where the list is empty', async () => {
    const outcome = await over(HELLO, { server: { ALPNProtocols: ['h2'] }, tls: { alpn: [] } });
    expect(outcome.tls!.alpn).toBeNull();
    expect(textOf(outcome.content)).toBe('hello');
  });

  it('fails the handshake when the peer wants none of it', async () => {
    const refused = await over(HELLO, { server: { ALPNProtocols: ['h2'] } });
    expect(endOf(refused).failure).toBe('tls-handshake-failed in tls');
  });
});

describe('a client certificate', () => {
  async function mutual(version: 'TLSv1.2' | 'TLSv1.3'): Promise<TlsOptions> {
    return { requestCert: true, rejectUnauthorized: true, ca: authority.pem, maxVersion: version };
  }

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is shown over %s', async (version) => {
    const client = await authority.issue({ names: ['client.example.test'] });
    const outcome = await over(HELLO, {
      server: await mutual(version),
      tls: { clientCertificate: client.cert + client.key },
    });
    expect(textOf(outcome.content)).toBe('hello');
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('that is missing over %s fails the handshake', async (version) => {
    const refused = await over(HELLO, { server: await mutual(version) });
    expect(refused.failure?.code).toBe('tls-handshake-failed');
    expect(refused.failure?.message).toMatch(/certificate|handshake/);
  });

  it.each(['other.example.test', NAME])(
    'is shown to no other origin, here %s on another port',
    async (host) => {
      const client = await authority.issue({ names: ['client.example.test'] });
      const shown: boolean[] = [];
      const optional: TlsOptions = { ...identity, requestCert: true, rejectUnauthorized: false };
      const names = await authority.issue({ names: [NAME, 'other.example.test'] });
      const target = await start(
        async (peer) => {
          shown.push((peer.socket as TLSSocket).getPeerX509Certificate() !== undefined);
          await HELLO(peer);
        },
        '127.0.0.1',
        { ...optional, ...names },
      );
      const first = await start(
        async (peer) => {
          shown.push((peer.socket as TLSSocket).getPeerX509Certificate() !== undefined);
          const location = target.url('/', host);
          await answering(response(`302 Found\r\nLocation: ${location}`))(peer);
        },
        '127.0.0.1',
        optional,
      );
      const tls = { ca: authority.pem, clientCertificate: client.cert + client.key, serverName: NAME };
      const outcome = await fetchUrl(first.url('/', NAME), { tls }, { names: NAMES });
      expect(textOf(outcome.last.content)).toBe('hello');
      expect(shown).toEqual([true, false]);
      expect(outcome.last.tls!.serverName).toBe(host);
    },
  );
});

describe('a connection that is damaged after the handshake', () => {
  /** an application-data record that nobody encrypted */
  const FORGED = Buffer.concat([Buffer.from([0x17, 3, 3, 0, 32]), Buffer.alloc(32)]);

  /** Fetches through somebody who forges a record when the origin has said so many octets or more. */
  async function tampered(serve: Serve): Promise<ExchangeOutcome> {
    const origin = await start(serve, '127.0.0.1', identity);
    const between = createServer((client) => {
      const onward = connect(origin.port, '127.0.0.1');
      for (const socket of [client, onward]) socket.on('error', () => undefined);
      client.on('data', (octets) => void onward.write(octets));
      onward.on('data', (octets) => void client.write(octets));
      forge = () => void client.write(FORGED);
      client.once('close', () => onward.destroy());
    });
    between.listen(0, '127.0.0.1');
    await once(between, 'listening');
    const { port } = between.address() as AddressInfo;
    const url = `https://${NAME}:${port}/`;
    const outcome = await exchangeWith(url, { tls: { ca: authority.pem } }, { names: NAMES });
    between.close();
    await once(between, 'close');
    return outcome;
  }

  let forge: () => void;

  it('is reset, not refused, before the head', async () => {
    const outcome = await tampered(async (peer) => {
      await peer.request();
      forge();
    });
    expect(outcome.failure).toMatchObject({
      code: 'connection-reset',
      phase: 'wait',
      message: expect.stringMatching(/^TLS broke off: /) as unknown,
    });
  });

  it('is reset within the content, and keeps what came', async () => {
    const outcome = await tampered(async (peer) => {
      await peer.request();
      await peer.send('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
      // What was sent reaches the client before what is forged now: both go the same way.
      setTimeout(forge, 20);
    });
    expect(endOf(outcome)).toEqual({
      complete: false,
      endedBy: 'reset',
      failure: 'connection-reset in receive',
    });
    expect(outcome.failure?.message).toMatch(/^TLS broke off: .* before the end of the message$/);
    expect(textOf(outcome.content)).toBe('half');
  });
});

describe('what is no TLS', () => {
  let server: Server;

  afterEach(async () => {
    server.close();
    await once(server, 'close');
  });

  /** @param said octets, or "silence", "close", "reset" */
  async function from(said: string, overrides: SpecOverrides = {}) {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        if (said === 'close') socket.end();
        else if (said === 'reset') socket.resetAndDestroy();
        else if (said !== 'silence') socket.end(said);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return exchangeWith(`https://127.0.0.1:${port}/`, overrides);
  }

  it.each([
    ['HTTP/1.1 400 Bad Request\r\n\r\n', /did not answer in TLS/],
    ['220 mail.example ESMTP\r\n', /did not answer in TLS/],
    ['close', /closed the connection/],
    ['reset', /reset the connection/],
  ])('%j is a handshake that failed', async (said, message) => {
    const outcome = await from(said);
    expect(outcome.failure).toMatchObject({
      code: 'tls-handshake-failed',
      phase: 'tls',
      message: expect.stringMatching(message) as unknown,
    });
    expect(outcome.attempts).toMatchObject([{ error: null }]);
    expect(outcome.endpoints).not.toBeNull();
  });

  it.each([
    ['tlsMs', 'tls-timeout'],
    ['totalMs', 'total-timeout'],
  ])('silence is waited for as long as %s', async (limit, code) => {
    const began = performance.now();
    const outcome = await from('silence', { timeouts: { [limit]: 50 } });
    expect(outcome.failure).toMatchObject({ code, phase: 'tls' });
    expect(performance.now() - began).toBeGreaterThan(49);
    // Of totalMs a part may have passed before the handshake.
    expect(outcome.timings.tls).toBeGreaterThan(limit === 'tlsMs' ? 40 : 0);
  });
});

it('a key that is another certificate’s is a failure, not a crash', async () => {
  const other = await authority.issue();
  const outcome = await over(HELLO, { tls: { clientCertificate: identity.cert + other.key } });
  expect(outcome.failure).toMatchObject({
    code: 'tls-handshake-failed',
    phase: 'tls',
    message: 'the given certificates are unusable: key values mismatch',
  });
});

it.each<[string, Serve, SpecOverrides]>([
  ['a response', HELLO, {}],
  ['a refused certificate', HELLO, { tls: { ca: null } }],
  ['a time-out', () => undefined, { timeouts: { firstByteMs: 30 } }],
])('%s leaves nothing behind', async (_, serve, overrides) => {
  // What OpenSSL's context holds is made once.
  await over(HELLO);
  await expectNothingLeft(async () => {
    const origin = await start(serve, '127.0.0.1', identity);
    await exchangeWith(
      origin.url('/', NAME),
      { ...overrides, tls: { ca: authority.pem, ...overrides.tls } },
      { names: NAMES },
    );
    await origin.close();
  });
});
