import { type AddressInfo, type Socket, createServer } from 'node:net';
import { PAGES, type Question } from './contract.mts';

/** The origin, in a process of its own: answers made before, one connection a request. */

const CHUNK_BYTES = 4_096;
const LINE = 'The quick brown fox jumps over the lazy dog, again and again.\n';

const answers = new Map(PAGES.map(({ path, bytes }) => [path, answer(path, bytes)]));
let connections = 0;

function answer(path: string, bytes: number): Buffer {
  const content = LINE.repeat(Math.ceil(bytes / LINE.length)).slice(0, bytes);
  const chunked = path === '/chunked';
  const head = [
    'HTTP/1.1 200 OK',
    'Date: Mon, 23 Nov 2026 08:00:00 GMT',
    'Server: bench',
    'Content-Type: text/plain; charset=utf-8',
    chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${bytes}`,
    'Connection: close',
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${chunked ? inChunks(content) : content}`, 'latin1');
}

function inChunks(content: string): string {
  let coded = '';
  for (let at = 0; at < content.length; at += CHUNK_BYTES) {
    const chunk = content.slice(at, at + CHUNK_BYTES);
    coded += `${chunk.length.toString(16)}\r\n${chunk}\r\n`;
  }
  return `${coded}0\r\n\r\n`;
}

function serve(socket: Socket): void {
  connections++;
  let head = '';
  // A client may leave before it is told everything.
  socket.on('error', () => socket.destroy());
  socket.on('data', (octets: Buffer) => {
    head += octets.toString('latin1');
    if (!head.endsWith('\r\n\r\n')) return;
    const octetsOfPage = answers.get(head.split(' ', 2)[1] ?? '');
    if (octetsOfPage === undefined) socket.destroy();
    else socket.end(octetsOfPage);
  });
}

process.on('message', ({ ask }: Question) => {
  if (ask === 'connections') process.send?.(connections);
});

const server = createServer({ noDelay: true }, serve);
server.listen({ host: '127.0.0.1', port: 0, backlog: 1_024 }, () => {
  process.stdout.write(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
