import type { FetchResultDto } from '../../src/fetch/dto/exchange.dto';
import { useService } from '../support/app';
import { Authority, type Identity, selfSigned } from '../support/certificates';
import { type Origin, answering, answeringThenFin, response, useOrigins } from '../support/origin';
import { problemOf, resultOf } from './contract';

const NAME = 'www.example.test';
const start = useOrigins();
const service = useService({}, { [NAME]: ['127.0.0.1'], 'plain.example.test': ['127.0.0.1'] });

let authority: Authority;
let identity: Identity;

beforeAll(async () => {
  authority = await Authority.create();
  identity = await authority.issue({ names: [NAME] });
});

function hello(): Promise<Origin> {
  return start(answering(response('200 OK', 'hello')), '127.0.0.1', identity);
}

describe('POST /fetch of an https URL', () => {
  it('tells the connection, its certificate, and reads after decryption', async () => {
    const origin = await hello();
    const tls = { ca: authority.pem };
    const result = resultOf(
      await service().fetch({ url: origin.url('/', NAME), tls, read: { bufferBytes: 16 } }),
    );
    expect(result.body.text).toBe('hello');
    expect(result.chunks).toMatchObject({ layer: 'tls', max: 16 });
    expect(result.timings.tls).toBeGreaterThan(0);
    expect(result.connection.tls).toMatchObject({
      protocol: 'TLSv1.3',
      serverName: NAME,
      authorized: true,
      authorizationError: null,
      certificate: {
        subject: `CN=${NAME}`,
        issuer: 'CN=Test Authority',
        subjectAltNames: [`DNS:${NAME}`],
        daysLeft: 30,
      },
      chain: null,
    });
  });

  it('tells the whole chain on demand', async () => {
    const intermediate = await Authority.create('Test Intermediate', authority);
    const leaf = await intermediate.issue({ names: [NAME] });
    const origin = await start(answering(response('200 OK')), '127.0.0.1', {
      key: leaf.key,
      cert: leaf.cert + intermediate.pem,
    });
    const result = resultOf(
      await service().fetch({
        url: origin.url('/', NAME),
        tls: { ca: authority.pem },
        include: { certificates: true },
      }),
    );
    expect(result.connection.tls!.chain!.map(({ subject }) => subject)).toEqual([
      `CN=${NAME}`,
      'CN=Test Intermediate',
    ]);
  });

  it('is a problem with the chain when the certificate is not good', async () => {
    const bad = await selfSigned({ names: [NAME] });
    const origin = await start(answering(response('200 OK')), '127.0.0.1', bad);
    const problem = problemOf(
      await service().fetch({ url: origin.url('/', NAME) }),
      'tls-certificate-self-signed',
    );
    expect(problem).toMatchObject({ status: 502, phase: 'tls', failureSource: 'target' });
    expect(problem.connection).toMatchObject({
      remoteAddress: '127.0.0.1',
      remotePort: origin.port,
      tls: {
        authorized: false,
        authorizationError: 'DEPTH_ZERO_SELF_SIGNED_CERT',
        certificate: { subject: `CN=${NAME}`, pem: bad.cert },
        chain: [{ subject: `CN=${NAME}`, pem: bad.cert }],
      },
    });
    expect(problem.timings).toMatchObject({ tls: expect.any(Number) as unknown, send: null });
  });

  it('reports instead of failing with verify: false', async () => {
    const origin = await start(
      answeringThenFin('HTTP/1.1 200 OK\r\n\r\nhello'),
      '127.0.0.1',
      await selfSigned({ names: [NAME] }),
    );
    const result = resultOf(await service().fetch({ url: origin.url('/', NAME), tls: { verify: false } }));
    expect(result.body.text).toBe('hello');
    expect(result.connection.tls).toMatchObject({ authorized: false });
    expect(result.warnings.map(({ code }) => code)).toEqual([
      'tls-certificate-self-signed',
      'tls-close-unverified',
    ]);
  });

  it('is a time-out in the phase tls when the handshake does not end', async () => {
    const origin = await start(() => undefined);
    const problem = problemOf(
      await service().fetch({
        url: origin.url().replace('http:', 'https:'),
        timeouts: { tlsMs: 40 },
      }),
      'tls-timeout',
    );
    expect(problem).toMatchObject({ status: 504, phase: 'tls', connection: { tls: null } });
  });

  it('is a handshake that failed when the target speaks plain HTTP', async () => {
    const origin = await start(async (peer) => {
      await peer.until(() => peer.bytes > 0);
      await peer.send('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    const url = origin.url().replace('http:', 'https:');
    const problem = problemOf(await service().fetch({ url }), 'tls-handshake-failed');
    expect(problem.detail).toContain('did not answer in TLS');
  });
});

describe('redirects between http and https', () => {
  const CREDENTIALS = { Authorization: 'Bearer secret', Cookie: 'mine=1' };

  async function follow(from: Origin, host: string): Promise<FetchResultDto> {
    const tls = { ca: authority.pem };
    return resultOf(await service().fetch({ url: from.url('/', host), tls, headers: CREDENTIALS }));
  }

  it('http to https is followed, each hop with its own connection, without the credentials', async () => {
    const secure = await hello();
    const plain = await start(
      answering(response(`301 Moved Permanently\r\nLocation: ${secure.url('/x', NAME)}`)),
    );
    const result = await follow(plain, NAME);
    expect(result.finalUrl).toBe(secure.url('/x', NAME));
    expect(result.hops).toMatchObject([{ connection: { tls: null }, chunks: { layer: 'tcp' } }]);
    expect(result).toMatchObject({ connection: { tls: { authorized: true } }, chunks: { layer: 'tls' } });
    expect(plain.requests[0]).toContain('Bearer secret');
    expect(secure.requests[0]).not.toMatch(/secret|mine/);
  });

  it('https to http is followed, with a warning at the hop that led there', async () => {
    const plain = await start(answering(response('200 OK', 'in the clear')));
    const location = plain.url('/', 'plain.example.test');
    const secure = await start(
      answering(response(`302 Found\r\nLocation: ${location}`)),
      '127.0.0.1',
      identity,
    );
    const result = await follow(secure, NAME);
    expect(result.body.text).toBe('in the clear');
    expect(result.hops[0]!.warnings.map(({ code }) => code)).toEqual(['redirect-to-http']);
    expect(plain.requests[0]).not.toMatch(/secret|mine/);
  });
});

describe('mistakes in `tls`', () => {
  it.each<[string, (good: Identity) => unknown, message: RegExp]>([
    ['tls.ca', () => 'no PEM', /must hold a certificate in PEM/],
    ['tls.ca', () => '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', /cannot be read/],
    ['tls.ca', ({ cert }) => `${cert}-----BEGIN CERTIFICATE-----\nAAAA`, /cut short/],
    ['tls.ca', ({ cert }) => cert.repeat(2_000), /at most 524288 characters/],
    ['tls.ca', () => 1, /must be PEM or null/],
    ['tls.clientCertificate', ({ key }) => key, /must hold a certificate in PEM/],
    ['tls.clientCertificate', ({ cert }) => cert, /must hold an unencrypted private key/],
    ['tls.serverName', () => 'two words', /must be a host name/],
    ['tls.serverName', () => '', /must be a host name/],
    ['tls.minVersion', () => 'SSLv3', /must be one of/],
    ['tls.alpn', () => 'http/1.1', /must be a list/],
    ['tls.alpn', () => ['http/1.1', ''], /must be a list/],
    ['tls.alpn', () => Array.from({ length: 17 }, (_, i) => `p${i}`), /at most 16/],
    ['tls.alpn', () => ['x'.repeat(256)], /must be a list/],
    ['tls.verify', () => 'no', /must be true or false/],
    ['tls.x', () => 1, /not a field/],
  ])('%s: %s is a 400 that says so', async (path, bad, message) => {
    const field = path.replace('tls.', '');
    const answer = await service().fetch({ url: 'https://127.0.0.1/', tls: { [field]: bad(identity) } });
    const problem = problemOf(answer, 'invalid-request');
    expect(problem.errors).toMatchObject([{ path, message: expect.stringMatching(message) as unknown }]);
  });

  it('a key that is not the certificate’s is one too', async () => {
    const other = await authority.issue();
    const clientCertificate = identity.cert + other.key;
    const answer = await service().fetch({ url: 'https://127.0.0.1/', tls: { clientCertificate } });
    expect(problemOf(answer, 'invalid-request').errors).toMatchObject([
      { path: 'tls.clientCertificate', message: expect.stringContaining('not the one') as unknown },
    ]);
  });

  it('and so is one that OpenSSL does not take, whatever its form', async () => {
    const weak = await selfSigned({ weak: true });
    const clientCertificate = weak.cert + weak.key;
    const answer = await service().fetch({ url: 'https://127.0.0.1/', tls: { clientCertificate } });
    expect(problemOf(answer, 'invalid-request').errors).toMatchObject([
      { path: 'tls.clientCertificate', message: 'is refused by OpenSSL: ee key too small' },
    ]);
  });

  it('good ones are taken', async () => {
    const origin = await hello();
    const client = await authority.issue({ names: ['client'] });
    const result = resultOf(
      await service().fetch({
        url: origin.url('/', NAME),
        tls: {
          verify: true,
          serverName: NAME,
          minVersion: 'TLSv1.3',
          alpn: [],
          ca: authority.pem + authority.pem,
          clientCertificate: client.key + client.cert,
        },
      }),
    );
    expect(result.body.text).toBe('hello');
  });
});
