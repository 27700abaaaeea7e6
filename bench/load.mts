import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { closedLoop } from './closed-loop.mts';
import type { Question, Turn } from './contract.mts';

/** The callers of a service, in a process of their own. They share the machine with what they measure, so
 *  they do no more than they must: a request made once, an answer of which the head alone is read. */

process.on('message', (question: Question) => {
  if (question.ask === 'load') void load(question).then((turn) => process.send?.(turn));
});
process.send?.('ready');

async function load({ port, url, page, limits }: Extract<Question, { readonly ask: 'load' }>): Promise<Turn> {
  const content = JSON.stringify({ url });
  const head = `POST /fetch HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n`;
  const request = Buffer.from(`${head}Content-Length: ${content.length}\r\n\r\n${content}`, 'latin1');
  const callers: Caller[] = [];
  try {
    for (let n = 0; n < limits.concurrency; n++) callers.push(await Caller.connect(port));
    const workers = callers.map((caller) => () => caller.post(request, page.bytes));
    return await closedLoop(workers, limits);
  } catch (error) {
    return { fetches: 0, ms: 0, failure: String(error) };
  } finally {
    for (const caller of callers) caller.close();
  }
}

/** An answer without a Content-Length ends so: within JSON there is no CR. */
const LAST_CHUNK = '\r\n0\r\n\r\n';

/** One keep-alive connection to a service. */
class Caller {
  private readonly socket: Socket;
  private head = Buffer.alloc(0);
  /** octets that came after the head; null until it is whole */
  private received: number | null = null;
  /** as the head has it; null: chunked */
  private length: number | null = null;
  /** the last octets, one character each */
  private end = '';
  private atLeast = 0;
  private settle: ((error: Error | null) => void) | null = null;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (octets: Buffer) => this.take(octets));
    socket.on('error', (error) => this.settle?.(error));
    socket.on('close', () => this.settle?.(new Error('the service closed the connection')));
  }

  static async connect(port: number): Promise<Caller> {
    const socket = connect({ host: '127.0.0.1', port });
    await once(socket, 'connect');
    return new Caller(socket);
  }

  /** @param atLeast octets that an answer with the whole page cannot be shorter than */
  post(request: Buffer, atLeast: number): Promise<void> {
    this.atLeast = atLeast;
    return new Promise((resolve, reject) => {
      this.settle = (error) => {
        this.settle = null;
        if (error === null) resolve();
        else reject(error);
      };
      this.socket.write(request);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private take(octets: Buffer): void {
    if (this.received === null) this.takeHead(octets);
    else this.takeContent(octets);
  }

  private takeHead(octets: Buffer): void {
    const received = this.head.length === 0 ? octets : Buffer.concat([this.head, octets]);
    const end = received.indexOf('\r\n\r\n');
    if (end === -1) {
      this.head = Buffer.from(received);
      return;
    }
    this.head = Buffer.alloc(0);
    const head = received.toString('latin1', 0, end);
    if (!head.startsWith('HTTP/1.1 200 ')) {
      this.settle?.(new Error(`the service answered ${head.slice(0, 40)}`));
      return;
    }
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    this.length = length === undefined ? null : Number(length);
    this.received = 0;
    this.takeContent(received.subarray(end + 4));
  }

  private takeContent(octets: Buffer): void {
    const received = this.received! + octets.length;
    this.received = received;
    this.end = (this.end + octets.toString('latin1', Math.max(0, octets.length - LAST_CHUNK.length))).slice(
      -LAST_CHUNK.length,
    );
    if (this.length === null ? this.end !== LAST_CHUNK : received < this.length) return;
    this.received = null;
    this.end = '';
    const isWhole = received >= this.atLeast;
    this.settle?.(isWhole ? null : new Error(`the service answered ${received} octets`));
  }
}
