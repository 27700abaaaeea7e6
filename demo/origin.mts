import { createHash } from 'node:crypto';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { type TlsOptions, createServer as createTlsServer } from 'node:tls';
import { gzipSync } from 'node:zlib';

/** A small origin on loopback that answers octet by octet as a real one might, and worse. */

/** @param closes the request asked to close the connection after the answer */
type Page = (socket: Socket, closes: boolean) => void | Promise<void>;

const CRLF = '\r\n';

/** Every syllable that EUC-KR has, and its two octets: the runtime reads it, and does not write it. */
const EUC_KR = new Map<string, number[]>();
for (let lead = 0xb0; lead <= 0xc8; lead++)
  for (let trail = 0xa1; trail <= 0xfe; trail++)
    EUC_KR.set(new TextDecoder('euc-kr').decode(Uint8Array.of(lead, trail)), [lead, trail]);

const KOREAN_TITLE = '소켓 통신';
const KOREAN_PAGE = `<h1>${KOREAN_TITLE}</h1>
<p>이 페이지는 EUC-KR로 쓰였습니다. 글자 하나가 두 옥텟이라서, 옥텟이 어디에서 나뉘어 오든 다시 이어 붙여야 읽을 수 있습니다.</p>
<p>문자 집합은 <a href="/euc-kr">Content-Type</a>이 알려 줄 수도 있고, 이 페이지처럼 <code>meta</code>가 알려 줄 수도 있습니다.</p>
<table border="1"><tr><th>글자<th>옥텟<tr><td>소<td>BC D2<tr><td>켓<td>C4 CF</table>`;

const PAGES: Readonly<Record<string, readonly [what: string, page: Page]>> = {
  '/': ['this list', (socket) => void socket.end(message(html('wirefetch demo', list())))],
  '/bursts': ['a chunked page in bursts, 150 ms apart', bursts],
  '/long': [
    '20,000 octets with a Content-Length',
    (socket) => void socket.end(message('x'.repeat(20_000), 'text/plain')),
  ],
  '/drip': ['a page that drips, one octet every 40 ms, until close', drip],
  '/stall': ['a page that falls silent half-way', stall],
  '/euc-kr': [
    'a page in EUC-KR, by its Content-Type',
    (socket) => void socket.end(message(eucKr(titled()), 'text/html; charset=EUC-KR')),
  ],
  '/euc-kr/meta': [
    'a page in EUC-KR, by its meta element',
    (socket) =>
      void socket.end(message(eucKr(`<meta charset=euc-kr>${titled()}${KOREAN_PAGE}`), 'text/html')),
  ],
  '/gzip': ['gzip', (socket) => void socket.end(gzip(POEM))],
  '/gzip/cut': [
    'gzip that ends early, with a Content-Length that is kept',
    (socket) => void socket.end(gzip(POEM.subarray(0, POEM.length / 2))),
  ],
  '/cookies': ['cookies of every sort', (socket) => void socket.end(message('', 'text/plain', COOKIES))],
  '/redirect': ['two redirects to /bursts', (socket) => void socket.end(redirect('/redirect/2'))],
  '/redirect/2': ['the second of them', (socket) => void socket.end(redirect('/bursts'))],
  '/early-hints': ['103 before the answer', earlyHints],
  '/lf': [
    'lines ended by LF alone',
    (socket) => void socket.end('HTTP/1.1 200 OK\nContent-Length: 3\n\nLF\n'),
  ],
  '/reset': ['a reset within the content', reset],
  '/garbage': ['what is no HTTP', (socket) => void socket.end('220 mail.example ESMTP\r\n')],
  '/silence': ['nothing at all', () => undefined],
};

const POEM = gzipSync(
  Array.from({ length: 60 }, (_, i) => `${i} bottles of beer on the wall, ${i} bottles of beer\n`).join(''),
);

const COOKIES = [
  'Set-Cookie: JSESSIONID=0123456789abcdef; Path=/',
  'Set-Cookie: NID_AUT=aVeryLongSessionValue; Path=/; Max-Age=31536000',
  'Set-Cookie: theme=dark; Path=/; SameSite=Lax; Expires=Wed, 01 Jan 2031 00:00:00 GMT',
  'Set-Cookie: strict=1; HttpOnly; SameSite=Strict',
  'Set-Cookie: secure=1; Secure; HttpOnly; SameSite=None; Partitioned',
  'Set-Cookie: other=1; Domain=example.com',
  'Set-Cookie: __Host-id=1; Path=/',
];

/** Starts the origin.
 *  @param tls its certificate and key, if it is to speak TLS
 *  @returns the server, listening on 127.0.0.1 */
export function startOrigin(port: number, tls?: TlsOptions): Promise<Server> {
  const server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
  // A client that does not trust the certificate leaves within the handshake.
  server.on('tlsClientError', () => undefined);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

/** Every page with what it shows. */
export function pages(server: Server): { readonly url: string; readonly what: string }[] {
  const { port } = server.address() as AddressInfo;
  return Object.entries(PAGES).map(([path, [what]]) => ({ url: `http://127.0.0.1:${port}${path}`, what }));
}

function serve(socket: Socket): void {
  let head = '';
  // A fetch that is over resets what still comes; that is no fault here.
  socket.on('error', () => socket.destroy());
  socket.on('data', (octets: Buffer) => {
    if (head.includes(`${CRLF}${CRLF}`) || head.includes('\n\n')) return;
    head += octets.toString('latin1');
    if (!head.includes(`${CRLF}${CRLF}`) && !head.includes('\n\n')) return;
    const [, target = '/'] = head.split(' ');
    const path = target.split(/[?\s]/)[0] ?? '/';
    const page = PAGES[path]?.[1];
    if (page === undefined) socket.end(message('no such page', 'text/plain', [], '404 Not Found'));
    else void page(socket, /^connection: *close/im.test(head));
  });
}

function message(
  content: string | Buffer,
  type = 'text/html; charset=utf-8',
  fields: string[] = [],
  status = '200 OK',
): Buffer {
  const octets = typeof content === 'string' ? Buffer.from(content) : content;
  const head = [`HTTP/1.1 ${status}`, `Content-Type: ${type}`, ...fields, `Content-Length: ${octets.length}`];
  return Buffer.concat([Buffer.from(head.join(CRLF) + CRLF + CRLF), octets]);
}

function gzip(content: Buffer): Buffer {
  return message(content, 'text/plain', ['Content-Encoding: gzip']);
}

function redirect(location: string): Buffer {
  return message(
    `see ${location}`,
    'text/plain',
    [`Location: ${location}`, 'Set-Cookie: hop=1; Path=/'],
    '302 Found',
  );
}

function html(title: string, content: string): string {
  return `<!doctype html><title>${title}</title><h1>${title}</h1>${content}`;
}

function list(): string {
  const rows = Object.entries(PAGES).map(([path, [what]]) => `<li><a href="${path}">${path}</a> ${what}`);
  return `<ul>${rows.join('')}</ul>`;
}

function chunk(content: string): string {
  return `${content.length.toString(16)}${CRLF}${content}${CRLF}`;
}

async function bursts(socket: Socket, closes: boolean): Promise<void> {
  socket.write(
    `HTTP/1.1 200 OK${CRLF}Content-Type: text/plain${CRLF}Transfer-Encoding: chunked${CRLF}${CRLF}`,
  );
  for (const size of [2_500, 1_200, 4_000]) {
    socket.write(chunk('burst '.repeat(size / 5).slice(0, size)));
    await pause(150);
  }
  const digest = createHash('sha256').update('bursts').digest('hex');
  socket.write(`0;last${CRLF}X-Digest: ${digest.slice(0, 16)}${CRLF}${CRLF}`);
  // Kept open otherwise, as servers do: who reads until silence has to wait for it.
  if (closes) socket.end();
}

async function drip(socket: Socket): Promise<void> {
  socket.write(`HTTP/1.0 200 OK${CRLF}Content-Type: text/plain${CRLF}${CRLF}`);
  for (const letter of 'drip, '.repeat(16)) {
    socket.write(letter);
    await pause(40);
  }
  socket.end();
}

function stall(socket: Socket): void {
  socket.write(
    `HTTP/1.1 200 OK${CRLF}Content-Type: text/plain${CRLF}Content-Length: 100${CRLF}${CRLF}half of the page`,
  );
}

function titled(): string {
  return `<title>${KOREAN_TITLE}</title>`;
}

/** @param text of ASCII and syllables */
function eucKr(text: string): Buffer {
  return Buffer.from(
    Array.from(text).flatMap((character) => EUC_KR.get(character) ?? character.charCodeAt(0)),
  );
}

async function earlyHints(socket: Socket): Promise<void> {
  socket.write(`HTTP/1.1 103 Early Hints${CRLF}Link: </style.css>; rel=preload${CRLF}${CRLF}`);
  await pause(100);
  socket.end(message('after the hints', 'text/plain'));
}

async function reset(socket: Socket): Promise<void> {
  stall(socket);
  await pause(50);
  socket.resetAndDestroy();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
