import { STATUS_CODES, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { problemJson } from '../problems/answer-problem';
import { LINGER_BYTES, LINGER_MS } from '../problems/lingering';
import { Problem } from '../problems/problem';
import type { Refusals } from './refusals';
import { API_FIELDS } from './response-fields';

/** What the runtime tells of a connection that carries no request. */
export type ConnectionError = Error & { readonly code?: string; readonly reason?: string };

/** Answers what never becomes a request of the router's, and what the runtime would answer bare or not at all. */
export class BelowRouting {
  /** the answers that are not over, by connection */
  private readonly open = new WeakMap<Socket, Set<ServerResponse>>();
  /** how much had been read of a connection when it was refused */
  private readonly refused = new Map<Socket, number>();
  private readonly expectant = new WeakSet<ServerResponse>();

  constructor(private readonly refusals: Refusals) {}

  attachTo(server: Server): void {
    server.on('clientError', (error, socket) => this.refuse(error, socket as Socket));
    server.on('connect', (_, socket) => this.refuseTunnel(socket as Socket));
    server.on('checkContinue', (request, response) => {
      this.expectant.add(response);
      server.emit('request', request, response);
    });
    // RFC 9110 §10.1.1: what else is expected may be passed over.
    server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  }

  /** Remembers that a request waits for its answer. */
  opened(response: ServerResponse): void {
    const { socket } = response.req;
    const responses = this.open.get(socket) ?? new Set();
    this.open.set(socket, responses.add(response));
    response.once('close', () => {
      responses.delete(response);
      if (responses.size === 0 && this.refused.has(socket)) socket.destroySoon();
    });
  }

  /** Tells a caller who waits for that word to send its content. */
  letContentCome(response: ServerResponse): void {
    if (this.expectant.has(response)) response.writeContinue();
  }

  /** Closes what is still open of the refused: the runtime forgets a connection that asked for a tunnel. */
  close(): void {
    for (const socket of this.refused.keys()) socket.destroy();
  }

  /** @param error of the runtime's parser, or that time is up; it tells the former again whenever octets follow */
  private refuse(error: ConnectionError, socket: Socket): void {
    if (this.refused.has(socket)) this.listenOn(socket);
    // Nobody has asked anything who connects and keeps silent.
    else if (!socket.writable || socket.bytesRead === 0) socket.destroy();
    else this.answerOrWait(socket, problemOf(error));
    // What comes too late is not to become a request.
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.writableEnded) socket.destroySoon();
  }

  /** CONNECT: RFC 9110 §9.3.6. */
  private refuseTunnel(socket: Socket): void {
    // The runtime has taken its own listeners off.
    socket.on('error', () => undefined);
    socket.on('data', () => this.listenOn(socket));
    const problem = new Problem('method-not-allowed', 'There are no tunnels here.', {
      headers: { allow: '' },
    });
    this.answerOrWait(socket, problem);
  }

  /** Answers the refused request, unless the answer would be taken to be another's, or one has begun: then it only
   *  lets those end that have been asked for. */
  private answerOrWait(socket: Socket, problem: Problem): void {
    this.refused.set(socket, socket.bytesRead);
    socket.once('close', () => this.refused.delete(socket));
    this.refusals.tell(problem);
    const [response, ...others] = this.open.get(socket) ?? [];
    if (response === undefined) this.answer(socket, problem, '/');
    else if (others.length === 0 && !response.headersSent && !response.req.complete)
      this.answer(socket, problem, response.req.url ?? '/');
  }

  /** Sends an answer and no more, and listens on for a while: see `lingering`. */
  private answer(socket: Socket, problem: Problem, url: string): void {
    const timer = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once('close', () => clearTimeout(timer));
    socket.end(answerOctets(problem, url));
  }

  /** More has come on a connection that is refused. */
  private listenOn(socket: Socket): void {
    if (socket.bytesRead - this.refused.get(socket)! > LINGER_BYTES) socket.pause();
  }
}

function problemOf({ code, reason = 'it is cut short' }: ConnectionError): Problem {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Problem('request-timeout', 'The request did not arrive in time.');
    case 'HPE_HEADER_OVERFLOW':
      return new Problem('request-too-large', 'The head of the request is too large.');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new Problem('request-too-large', 'The chunk extensions of the request are too large.');
    default: {
      const message = `The request is not HTTP/1.1: ${reason}.`;
      return new Problem('invalid-request', message, { phase: 'validate', errors: [{ path: '', message }] });
    }
  }
}

function answerOctets(problem: Problem, url: string): string {
  const json = problemJson(problem, url);
  const fields = Object.entries({
    ...Object.fromEntries(API_FIELDS),
    date: new Date().toUTCString(),
    connection: 'close',
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(json)),
    ...problem.more.headers,
  });
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${lines}\r\n${json}`;
}
