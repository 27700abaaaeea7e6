import 'reflect-metadata';
import { once } from 'node:events';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { Worker } from 'node:worker_threads';
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from 'node:zlib';
import type { HostileOrigin, Order } from './siege-contract.mts';

/** The hostile origins, in a process of their own: each kind of them on a few loopback addresses. */

const ORIGINS = 64;
const BLOCK = 65_536;
const BOMB = 64 * 1_048_576;
const PAGE = 10 * 1_048_576;

type Hostile = (peer: Socket) => void;

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
const nuls = Buffer.alloc(BLOCK);
const lines = Buffer.from('The quick brown fox jumps over the lazy dog, again and again.\n'.repeat(1_000));
/** "가나다라" in EUC-KR, over and over */
const korean = Buffer.alloc(BLOCK, Buffer.from('b0a1b3aab4d9b6f3', 'hex'));
const oneOctetChunks = Buffer.from('1\r\na\r\n'.repeat(8_192));

const gzipped = gzipSync(Buffer.alloc(BOMB));
const BOMBS: readonly (readonly [codings: string, content: Buffer])[] = [
  ['gzip', gzipped],
  ['br', brotliOf(Buffer.alloc(BOMB))],
  ['zstd', zstdOf(Buffer.alloc(BOMB))],
  ['gzip, gzip', gzipSync(gzipped)],
  ['gzip, br', brotliOf(Buffer.concat(Array.from({ length: 20_000 }, () => gzipSync(''))))],
];

/** The largest window that may be asked for, so that undoing it costs the most. */
function brotliOf(octets: Buffer): Buffer {
  return brotliCompressSync(octets, {
    params: { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_QUALITY]: 5 },
  });
}

function zstdOf(octets: Buffer): Buffer {
  return zstdCompressSync(octets, { params: { [constants.ZSTD_c_windowLog]: 23 } });
}

/** What origins do, by name. `/` is asked for, if anything is. */
const KINDS: Readonly<Record<string, Hostile>> = {
  'endless head': (peer) => pump(peer, OK, Buffer.from(`X-Field: ${'v'.repeat(1_000)}\r\n`.repeat(60))),
  'head of one endless line': (peer) => pump(peer, `${OK}X-Field: `, Buffer.alloc(BLOCK, 'v')),
  'dripped head': (peer) => drip(peer, '', `${OK}Server: drip\r\nX-Field: ${'v'.repeat(100_000)}`, 20),
  'head of a thousand fields': answering(`${OK}${'a:b\r\n'.repeat(999)}\r\n`),
  'head of a thousand cookies': answering(
    `${OK}${Array.from({ length: 990 }, (_, n) => `Set-Cookie: c${n}=${'v'.repeat(40)}; Domain=127.0.0.1\r\n`).join('')}\r\n`,
  ),
  'flood of 1xx': (peer) =>
    pump(peer, '', Buffer.from('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(500))),
  'fat 1xx': answering(
    `HTTP/1.1 103 Early Hints\r\n${`Link: </${'a'.repeat(900)}>\r\n`.repeat(68)}\r\n`.repeat(32) +
      `${OK}\r\n`,
  ),
  'FIN within the head': answering(`${OK}Server: rude\r\nX-`),
  'half-open: never answers': (peer) => void peer.resume(),
  'reads nothing': (peer) => void peer.pause(),
  'answers late': (peer) => afterRequest(peer, () => later(peer, 4_000, () => peer.end(`${OK}\r\nlate`))),
  'resets at once': (peer) => void peer.resetAndDestroy(),
  'resets in wait': (peer) => afterRequest(peer, () => peer.resetAndDestroy()),
  'resets within the head': resetting(`${OK}Server: rude\r\n`),
  'resets within the content': resetting(`${OK}Content-Length: 100000\r\n\r\n${'x'.repeat(50_000)}`),
  'dripped content': (peer) => drip(peer, `${OK}Content-Length: 100000\r\n\r\n`, 'x'.repeat(100_000), 10),
  'content in segments of one octet': (peer) => crumble(peer, `${OK}Content-Type: text/plain\r\n\r\n`),
  'endless content': (peer) => pump(peer, `${OK}Content-Type: application/octet-stream\r\n\r\n`, nuls),
  'endless text': (peer) => pump(peer, `${OK}Content-Type: text/html; charset=utf-8\r\n\r\n`, lines),
  'endless NULs as text': (peer) => pump(peer, `${OK}Content-Type: text/plain\r\n\r\n`, nuls),
  '10 MiB of text': (peer) => pages(peer, 'text/html; charset=utf-8', lines),
  '10 MiB of EUC-KR': (peer) => pages(peer, 'text/html; charset=euc-kr', korean),
  'chunks of one octet': (peer) => pump(peer, CHUNKED, oneOctetChunks),
  'chunks with much extension': (peer) =>
    pump(peer, CHUNKED, Buffer.from(`1;${'e'.repeat(900)}\r\na\r\n`.repeat(20))),
  'a chunk-size without end': (peer) => pump(peer, CHUNKED, Buffer.alloc(BLOCK, '0')),
  'endless trailers': (peer) =>
    pump(peer, `${CHUNKED}0\r\n`, Buffer.from(`X: ${'v'.repeat(1_000)}\r\n`.repeat(60))),
  'redirects to itself': answering('HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 4\r\n\r\nmove'),
  'redirects with endless content': (peer) => pump(peer, 'HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n', nuls),
  'upgrades unasked': (peer) => pump(peer, 'HTTP/1.1 101 Switching Protocols\r\n\r\n', nuls),
  'refuses early': (peer) => {
    peer.pause();
    peer.end('HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno');
    later(peer, 50, () => peer.destroy());
  },
  ...Object.fromEntries(
    BOMBS.map(([codings, content]) => {
      const head = `${OK}Content-Encoding: ${codings}\r\nContent-Length: ${content.length}\r\n\r\n`;
      return [`bomb: ${codings}`, answering(Buffer.concat([Buffer.from(head), content]))];
    }),
  ),
  'garbage in gzip': (peer) =>
    pump(peer, `${OK}Content-Encoding: gzip\r\n\r\n`, Buffer.concat([gzipped.subarray(0, 40_000), korean])),
};

/** Over TLS, or what pretends to be. */
const TLS_KINDS: Readonly<Record<string, Hostile>> = {
  'endless content over TLS': KINDS['endless content']!,
  'half-open over TLS': KINDS['half-open: never answers']!,
  'breaks off over TLS': (peer) =>
    afterRequest(peer, () => peer.write(`${OK}Content-Length: 9\r\n\r\nhalf`, () => peer.destroy())),
};
const NO_TLS_KINDS: Readonly<Record<string, Hostile>> = {
  'never shakes hands': KINDS['half-open: never answers']!,
  'no TLS at all': KINDS['endless text']!,
};

function answering(octets: string | Buffer): Hostile {
  return (peer) => afterRequest(peer, () => peer.end(octets));
}

function resetting(octets: string): Hostile {
  return (peer) =>
    afterRequest(peer, () => peer.write(octets, () => later(peer, 20, () => peer.resetAndDestroy())));
}

function afterRequest(peer: Socket, act: () => void): void {
  peer.once('data', act);
}

function later(peer: Socket, ms: number, act: () => void): void {
  const timer = setTimeout(act, ms);
  peer.once('close', () => clearTimeout(timer));
}

/** Sends as fast as it is taken, for ever. */
function pump(peer: Socket, first: string, piece: Buffer): void {
  const more = (): void => {
    while (!peer.destroyed && peer.write(piece));
  };
  peer.on('drain', more);
  afterRequest(peer, () => {
    peer.resume();
    peer.write(first);
    more();
  });
}

/** Sends an octet at a time. */
function drip(peer: Socket, first: string, octets: string, everyMs: number): void {
  afterRequest(peer, () => {
    peer.resume();
    peer.write(first);
    let at = 0;
    const timer = setInterval(() => peer.write(octets[at++ % octets.length]!), everyMs);
    peer.once('close', () => clearInterval(timer));
  });
}

/** As many segments of one octet as the event loop gives. */
function crumble(peer: Socket, first: string): void {
  const crumb = (): void => {
    if (peer.destroyed) return;
    for (let n = 0; n < 8; n++) peer.write('x');
    if (peer.writableNeedDrain) peer.once('drain', crumb);
    else setImmediate(crumb);
  };
  afterRequest(peer, () => {
    peer.resume();
    peer.write(first);
    crumb();
  });
}

function pages(peer: Socket, type: string, piece: Buffer): void {
  let left = PAGE;
  const more = (): void => {
    while (left > 0 && !peer.destroyed) {
      const octets = piece.subarray(0, Math.min(left, piece.length));
      left -= octets.length;
      if (!peer.write(octets)) return;
    }
    peer.end();
  };
  peer.on('drain', more);
  afterRequest(peer, () => {
    peer.resume();
    peer.write(`${OK}Content-Type: ${type}\r\nContent-Length: ${PAGE}\r\n\r\n`);
    more();
  });
}

function tolerant(hostile: Hostile): Hostile {
  return (peer) => {
    peer.setNoDelay(true);
    // Clients of such origins leave in every way.
    peer.on('error', () => peer.destroy());
    hostile(peer);
  };
}

const DEAF = `
  const { parentPort, workerData } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.listen({ host: workerData, port: 0, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;

/** Never accepts: once its queue is full, a connection to it does not come about. */
async function deaf(host: string): Promise<number> {
  const worker = new Worker(DEAF, { eval: true, workerData: host });
  worker.unref();
  const [port] = (await once(worker, 'message')) as [number];
  return port;
}

async function open(): Promise<HostileOrigin[]> {
  const identity = await selfSigned();
  const plain = Object.entries(KINDS).map(([kind, hostile]) => ({
    kind,
    scheme: 'http',
    listen: (host: string) => listening(createServer({ allowHalfOpen: true }, tolerant(hostile)), host),
  }));
  const overTls = Object.entries(TLS_KINDS).map(([kind, hostile]) => ({
    kind,
    scheme: 'https',
    listen: (host: string) => listening(tlsServer(identity, tolerant(hostile)), host),
  }));
  const noTls = Object.entries(NO_TLS_KINDS).map(([kind, hostile]) => ({
    kind,
    scheme: 'https',
    listen: (host: string) => listening(createServer({ allowHalfOpen: true }, tolerant(hostile)), host),
  }));
  const all = [...plain, ...overTls, ...noTls, { kind: 'accepts nobody', scheme: 'http', listen: deaf }];
  const origins: HostileOrigin[] = [];
  for (let n = 0; n < ORIGINS; n++) {
    const { kind, scheme, listen } = all[n % all.length]!;
    const host = `127.0.1.${n + 1}`;
    origins.push({ kind, url: `${scheme}://${host}:${await listen(host)}/` });
  }
  return origins;
}

type Listener = ReturnType<typeof createServer>;

function tlsServer(identity: Identity, serve: Hostile): Listener {
  const server = createTlsServer({ ...identity, allowHalfOpen: true }, serve);
  // Handshakes that come to nothing are the client's affair.
  server.on('tlsClientError', (_, socket) => socket.destroy());
  return server;
}

async function listening(server: Listener, host: string): Promise<number> {
  server.listen({ host, port: 0, backlog: 1_024 });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

interface Identity {
  readonly cert: string;
  readonly key: string;
}

async function selfSigned(): Promise<Identity> {
  const { PemConverter, X509CertificateGenerator } = await import('@peculiar/x509');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=127.0.1.1',
    keys,
    signingAlgorithm: algorithm,
  });
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { cert: certificate.toString('pem'), key: PemConverter.encode(key, 'PRIVATE KEY') };
}

/** Does what it is asked for: what the service is warmed up with, and tried after the siege. */
async function honest(): Promise<HostileOrigin> {
  const page = answering(`${OK}Content-Type: text/html\r\nContent-Length: 16\r\n\r\n<p>it is well</p`);
  const host = '127.0.2.1';
  const port = await listening(createServer(tolerant(page)), host);
  return { kind: 'honest', url: `http://${host}:${port}/` };
}

const origins = open();
const fair = honest();
process.on('message', ({ ask }: Order) => {
  if (ask === 'origins')
    void Promise.all([fair, origins]).then(([one, others]) => process.send?.([one, ...others]));
});
process.send?.('ready');
