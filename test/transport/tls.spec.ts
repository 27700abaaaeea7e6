import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type Server, type TLSSocket, type TlsOptions, createServer } from 'node:tls';
import { Connection, type ConnectionReader } from '../../src/transport/connection';
import { type TlsFacts, type TlsSpec, certificateCode, tlsClient } from '../../src/transport/tls';
import { Authority, selfSigned } from '../support/certificates';
import { nextTurn } from '../support/sockets';

const SPEC: TlsSpec = {
  serverName: 'www.example.test',
  verify: false,
  minVersion: 'TLSv1.2',
  alpn: [],
  ca: null,
  clientCertificate: null,
};

let server: Server | null = null;
let connection: Connection | null = null;

afterEach(disconnect);

async function disconnect(): Promise<void> {
  connection?.destroy();
  connection = null;
  if (server?.listening !== true) return;
  server.close();
  await once(server, 'close');
}

/** Connects to a server that does something with each connection as soon as its handshake is over. */
async function connect(
  options: TlsOptions,
  serve: (peer: TLSSocket) => void,
  spec: Partial<TlsSpec> = {},
): Promise<TlsFacts> {
  server = createServer(options, (peer) => {
    peer.on('error', () => undefined);
    serve(peer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const tls = tlsClient({ ...SPEC, ...spec });
  const dialling = Connection.dial({ address: '127.0.0.1', family: 4, port, nextReadBytes: () => 8, tls });
  connection = await dialling.connected;
  return (await connection.secured())!;
}

/** What a reader hears, in order. */
function listen(): { readonly heard: string[]; readonly ended: Promise<void> } {
  const heard: string[] = [];
  const ended = new Promise<void>((resolve) => {
    const end = (how: string): void => {
      heard.push(how);
      resolve();
    };
    const reader: ConnectionReader = {
      read: (octets) => heard.push(octets.toString('latin1')) > 0,
      closed: () => end('closed'),
      failed: ({ code }) => end(code ?? 'failed'),
    };
    connection!.read(reader);
  });
  return { heard, ended };
}

describe('what a server says as soon as the handshake is over', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'over %s waits for its reader in reads of the size asked for, and so does its end',
    async (version) => {
      const peers: TLSSocket[] = [];
      await connect({ ...(await selfSigned()), maxVersion: version }, (peer) => {
        peers.push(peer);
        peer.write('one two three');
        peer.end(' four');
      });
      while (peers[0]?.writableFinished !== true) await nextTurn();
      for (let turns = 0; turns < 50; turns++) await nextTurn();

      const { heard, ended } = listen();
      expect(heard).toEqual([]);
      await ended;
      expect(heard.at(-1)).toBe('closed');
      const reads = heard.slice(0, -1);
      expect(reads.join('')).toBe('one two three four');
      expect(Math.max(...reads.map(({ length }) => length))).toBe(8);
    },
  );

  it('is not told to a reader that left at once', async () => {
    await connect(await selfSigned(), (peer) => void peer.write('hello'));
    const { heard } = listen();
    connection!.destroy();
    for (let turns = 0; turns < 50; turns++) await nextTurn();
    expect(heard).toEqual([]);
  });
});

describe('a certificate', () => {
  it('is told with its names, the most specific part first', async () => {
    const identity = await selfSigned({
      subject: 'C=KR, O=Example, CN=www.example.test',
      names: ['www.example.test', 'odd, name.test', '127.0.0.1'],
    });
    const { chain } = await connect(identity, () => undefined);
    expect(chain).toMatchObject([
      {
        subject: 'CN=www.example.test, O=Example, C=KR',
        issuer: 'CN=www.example.test, O=Example, C=KR',
        subjectAltNames: ['DNS:www.example.test', 'DNS:odd, name.test', 'IP Address:127.0.0.1'],
      },
    ]);
  });

  it.each([
    ['www.example.test', 'www.example.test'],
    ['www.example.test.', 'www.example.test'],
    ['127.0.0.1', null],
    ['127.0.0.1.', null],
    ['::1', null],
    ['.', null],
  ])('of the host %j is asked for as %j', async (serverName, asked) => {
    const facts = await connect(await selfSigned(), () => undefined, { serverName });
    expect(facts.serverName).toBe(asked);
  });

  it('of a version is not asked for with the context of another', async () => {
    const authority = await Authority.create();
    const identity = { ...(await authority.issue()), maxVersion: 'TLSv1.2' as const };
    await connect(identity, () => undefined, { ca: authority.pem });
    await disconnect();
    const refused = connect(identity, () => undefined, { ca: authority.pem, minVersion: 'TLSv1.3' });
    await expect(refused).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_SSL_/) as unknown });
  });
});

it.each([
  ['CERT_HAS_EXPIRED', 'tls-certificate-expired'],
  ['CERT_NOT_YET_VALID', 'tls-certificate-not-yet-valid'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls-certificate-self-signed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tls-certificate-untrusted'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls-certificate-untrusted'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls-certificate-untrusted'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls-certificate-name-mismatch'],
  ['CERT_REVOKED', 'tls-certificate-invalid'],
  ['INVALID_PURPOSE', 'tls-certificate-invalid'],
])('OpenSSL saying %s is %s', (error, code) => {
  expect(certificateCode(error)).toBe(code);
});
