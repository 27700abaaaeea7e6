import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that came. */
export interface Arrival {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** on the clock of `performance.now()` */
  readonly at: number;
}

export type Answering = (arrival: Arrival, response: ServerResponse) => void;

const OK: Answering = ({ path }, response) => void response.end(path);

/** An HTTP server that counts what comes. */
export class CountingOrigin {
  readonly arrivals: Arrival[] = [];
  /** the most that were under way at once */
  most = 0;
  answering: Answering = OK;
  private underWay = 0;
  private waiting: (() => void)[] = [];
  private readonly server = createServer((request, response) => void this.take(request, response));

  static async listen(): Promise<CountingOrigin> {
    const origin = new CountingOrigin();
    origin.server.listen(0, '127.0.0.1');
    await once(origin.server, 'listening');
    return origin;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** path → how often it was asked for */
  get counts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { path } of this.arrivals) counts.set(path, (counts.get(path) ?? 0) + 1);
    return counts;
  }

  reset(answering = OK): void {
    this.arrivals.length = 0;
    this.most = 0;
    this.answering = answering;
  }

  /** When so many have come. */
  async until(count: number): Promise<void> {
    while (this.arrivals.length < count) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.underWay++;
    this.most = Math.max(this.most, this.underWay);
    response.on('close', () => this.underWay--);
    const pieces: Buffer[] = [];
    try {
      for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
    } catch {
      return;
    }
    const { method = '', url: path = '', headers } = request;
    const arrival = { method, path, headers, body: Buffer.concat(pieces).toString(), at: performance.now() };
    this.arrivals.push(arrival);
    this.answering(arrival, response);
    for (const wake of this.waiting.splice(0)) wake();
  }
}

/** @returns the origin of the tests of a file */
export function useCountingOrigin(): () => CountingOrigin {
  let origin: CountingOrigin;
  beforeAll(async () => {
    origin = await CountingOrigin.listen();
  });
  beforeEach(() => origin.reset());
  afterAll(() => origin.close());
  return () => origin;
}
