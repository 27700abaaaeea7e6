import { once } from 'node:events';
import { type ServerResponse, createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import fastify, { type FastifyInstance } from 'fastify';
import { FREE_BYTES, type OctetAccount, OctetBudget } from '../../src/exchange/octet-budget';
import { sendAnswer } from '../../src/fetch/answer';
import { answerOf } from '../../src/fetch/answer-json';
import type { LongContent } from '../../src/fetch/body.mapper';
import type { FetchResultDto } from '../../src/fetch/dto/exchange.dto';
import { FETCH_RESULT_EXAMPLE } from '../../src/fetch/fetch-result.example';
import { dropWhenStalled } from '../../src/fetch/stalled-answers';
import { call, jsonOf } from '../support/app';
import { dial } from '../support/caller';
import { afterMs } from '../support/origin';
import { expectNothingLeft, nextTurn } from '../support/sockets';

/** far more than the kernel takes off a service's hands */
const MANY = 2_000;
const PIECE = '\0'.repeat(16_384);
/** a slice of such pieces with what is said of it, and what Node itself holds back */
const HELD_BYTES = 300_000;
const GET = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

const { body } = FETCH_RESULT_EXAMPLE;
const RESULT: FetchResultDto = { ...FETCH_RESULT_EXAMPLE, body: { ...body, text: '', base64: null } };

/** Answers everybody with so many pieces of content, and remembers what became of it. */
class Answering {
  /** pieces made */
  made = 0;
  /** how often it was told that an answer is no longer needed */
  left = 0;
  /** the most octets that waited for the caller when a piece was made */
  mostHeld = 0;
  readonly responses: ServerResponse[] = [];
  private readonly app: FastifyInstance;

  constructor(
    private readonly pieces: number,
    stallMs = 60_000,
    private readonly piece: () => string = () => PIECE,
    private readonly budget = new OctetBudget(1_000_000),
  ) {
    this.app = fastify({ forceCloseConnections: true });
    this.app.get('/', ({ raw: { socket } }, reply) => {
      const gone = new AbortController();
      socket.once('close', () => gone.abort());
      this.responses.push(reply.raw);
      dropWhenStalled(reply.raw, stallMs);
      const content: LongContent | null =
        pieces === 0 ? null : { field: 'text', pieces: this.contentFor(reply.raw, socket) };
      reply.raw.setHeader('x-of-the-server', 'kept');
      reply.code(203).header('x-of-the-route', 'kept');
      void reply.type('application/json; charset=utf-8');
      sendAnswer(reply, answerOf({ result: RESULT, content }), gone.signal, this.countedAccount());
    });
  }

  async listen(): Promise<this> {
    await this.app.listen({ host: '127.0.0.1', port: 0 });
    return this;
  }

  get url(): string {
    return this.app.listeningOrigin;
  }

  private countedAccount(): OctetAccount {
    const memory = this.budget.open();
    const close = memory.close.bind(memory);
    memory.close = () => {
      this.left++;
      close();
    };
    memory.hold(FREE_BYTES + 1);
    return memory;
  }

  close(): Promise<void> {
    return this.app.close();
  }

  private *contentFor(response: ServerResponse, socket: Socket): Generator<string, void> {
    for (let n = 0; n < this.pieces; n++) {
      this.made++;
      this.mostHeld = Math.max(this.mostHeld, response.writableLength + socket.writableLength);
      yield this.piece();
    }
  }
}

const services: Answering[] = [];
afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.close()));
});

async function answering(...how: ConstructorParameters<typeof Answering>): Promise<Answering> {
  const service = await new Answering(...how).listen();
  services.push(service);
  return service;
}

/** Asks, and reads nothing of the answer. */
async function ask(service: Answering, requests = GET): Promise<Socket> {
  const caller = await dial(service.url);
  caller.write(requests);
  return caller;
}

/** When the caller's side of the connection is full, and a slice waits. */
async function stuck(service: Answering): Promise<void> {
  for (let quiet = 0, made = -1; quiet < 200; quiet++) {
    if (made !== service.made || service.responses.length === 0) quiet = 0;
    ({ made } = service);
    await nextTurn();
  }
}

async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await nextTurn();
}

async function textOf(caller: Socket): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const octets of caller) pieces.push(octets as Buffer);
  return Buffer.concat(pieces).toString('latin1');
}

describe('an answer', () => {
  it.each([0, 1, 5])('with %j pieces of long content arrives whole, and is let go once', async (pieces) => {
    const service = await answering(pieces);
    const answer = await call(service.url);
    expect(answer.status).toBe(203);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-of-the-server': 'kept',
      'x-of-the-route': 'kept',
    });
    expect(jsonOf<FetchResultDto>(answer).body.text).toBe(PIECE.repeat(pieces));
    await until(() => service.left > 0);
    expect(service.left).toBe(1);
  });

  it('to a caller of HTTP/1.0 is not chunked', async () => {
    const caller = await ask(await answering(2), 'GET / HTTP/1.0\r\nHost: localhost\r\n\r\n');
    const [head, content] = (await textOf(caller)).split('\r\n\r\n');
    expect(head).not.toMatch(/transfer-encoding/i);
    expect((JSON.parse(content!) as FetchResultDto).body.text).toBe(PIECE.repeat(2));
  });

  it('of which a piece cannot be made is cut, so that nobody takes it for whole', async () => {
    const logged = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    const failure = new Error('cannot be made');
    const service = await answering(3, 60_000, () => {
      if (service.made === 3) throw failure;
      return PIECE;
    });
    const caller = await ask(service);
    await expect(textOf(caller)).resolves.not.toMatch(/"error":null|\r\n0\r\n/);
    await until(() => service.left > 0);
    expect(service.left).toBe(1);
    expect(logged.mock.calls).toEqual([[failure]]);
    logged.mockRestore();
  });
});

describe('a caller that does not read', () => {
  it('has no more made for it than a slice, and all of it when it reads on', async () => {
    const service = await answering(MANY);
    const caller = await ask(service, GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    await stuck(service);
    expect(service.made).toBeLessThan(MANY);
    expect(service.left).toBe(0);
    const text = await textOf(caller);
    expect(text).toMatch(/"error":null\}\r\n0\r\n\r\n$/);
    expect(service.made).toBe(MANY);
    expect(service.mostHeld).toBeLessThan(HELD_BYTES);
    expect(service.left).toBe(1);
  });

  it('holds up no other', async () => {
    const service = await answering(MANY);
    const stalled = await ask(service);
    await stuck(service);
    expect((await call(service.url)).text).toMatch(/"error":null\}$/);
    stalled.destroy();
    await until(() => service.left === 2);
  });

  it('is dropped when it has taken nothing for too long', async () => {
    const service = await answering(MANY, 50);
    const caller = await ask(service);
    await until(() => service.left === 1);
    expect(service.made).toBeLessThan(MANY);
    caller.resume();
    await until(() => caller.closed);
    expect(caller.errored).toMatchObject({ code: 'ECONNRESET' });
  });

  it.each<[how: string, pieces: number, piece: string]>([
    ['slices', 250, PIECE],
    ['one write', 1, 'x'.repeat(24_000_000)],
  ])('is not dropped while it takes a little of %s now and then', async (_, pieces, piece) => {
    const stallMs = 500;
    const service = await answering(pieces, stallMs, () => piece);
    const caller = await ask(service);
    let end = '';
    const began = performance.now();
    while (!end.endsWith('0\r\n\r\n')) {
      const octets = caller.read() as Buffer | null;
      end = (end + (octets?.toString('latin1') ?? '')).slice(-10);
      await afterMs(2);
      expect(caller.closed).toBe(false);
    }
    expect(performance.now() - began).toBeGreaterThan(stallMs);
    caller.destroy();
  });

  it('is dropped when others have waited long enough for the memory of its answer', async () => {
    const warnings = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const budget = new OctetBudget(0, 100, 10);
    const favoured = budget.open();
    const service = await answering(MANY, 60_000, undefined, budget);
    const began = performance.now();
    const caller = await ask(service);
    await stuck(service);
    favoured.hold(FREE_BYTES + 1);
    const waiting = budget.open();
    waiting.hold(FREE_BYTES + 1);
    expect([favoured.overdrawn, waiting.overdrawn]).toEqual([true, true]);
    await favoured.covered();
    expect(performance.now() - began).toBeGreaterThan(100);
    await until(() => service.left === 1);
    expect(warnings).toHaveBeenCalledTimes(1);
    warnings.mockRestore();
    caller.destroy();
    favoured.close();
    expect(waiting.overdrawn).toBe(false);
  });

  it('is not dropped while nobody waits for the memory of its answer', async () => {
    const budget = new OctetBudget(1_000_000, 1, 1);
    const service = await answering(MANY, 60_000, undefined, budget);
    const caller = await ask(service);
    await stuck(service);
    await afterMs(20);
    caller.resume();
    await until(() => service.left === 1);
    expect(service.made).toBe(MANY);
    caller.destroy();
  });

  it('is not dropped while there is nothing for it to take', async () => {
    const server = createServer((_, response) => {
      dropWhenStalled(response, 20);
      response.once('timeout', () => setImmediate(() => response.end('late')));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect((await call(`http://127.0.0.1:${port}`)).text).toBe('late');
    server.close();
    await once(server, 'close');
  });
});

describe('a caller that leaves', () => {
  it.each<[how: string, leave: (caller: Socket) => void]>([
    ['closes', (caller) => caller.destroy()],
    ['resets', (caller) => caller.resetAndDestroy()],
  ])('and %s within a long answer leaves nothing behind', async (_, leave) => {
    const service = await answering(MANY);
    await expectNothingLeft(async () => {
      const caller = await ask(service);
      await stuck(service);
      leave(caller);
      await until(() => service.left === 1);
      caller.destroy();
      await until(() => caller.closed);
    });
    const { made } = service;
    for (let turns = 0; turns < 20; turns++) await nextTurn();
    expect([service.made, service.left]).toEqual([made, 1]);
  });

  it('by halves, and does not read on, leaves nothing behind when its time is up', async () => {
    const service = await answering(MANY, 100);
    await expectNothingLeft(async () => {
      const caller = await ask(service);
      await stuck(service);
      caller.end();
      await until(() => service.left === 1);
      caller.destroy();
      await until(() => caller.closed);
    });
    expect(service.made).toBeLessThan(MANY);
  });

  it('by halves is sent no more slices, and can tell', async () => {
    const service = await answering(MANY);
    const caller = await ask(service);
    await stuck(service);
    caller.end();
    await expect(textOf(caller)).resolves.not.toMatch(/"error":null|\r\n0\r\n/);
    await until(() => service.left > 0);
    expect(service.left).toBe(1);
  });

  it('before the first slice has been made is told nothing', async () => {
    const service = await answering(MANY);
    const caller = await ask(service);
    await until(() => service.responses.length === 1);
    const [response] = service.responses;
    const errors: unknown[] = [];
    response!.on('error', (error) => errors.push(error));
    response!.socket!.destroy();
    await until(() => service.left === 1);
    for (let turns = 0; turns < 20; turns++) await nextTurn();
    expect(service.made).toBeLessThan(10);
    expect(errors).toEqual([]);
    caller.destroy();
  });

  it('takes along the answers that were to follow on its connection', async () => {
    const service = await answering(MANY);
    const caller = await ask(service, GET.repeat(3));
    await stuck(service);
    expect(service.responses).toHaveLength(3);
    caller.destroy();
    await until(() => service.left === 3);
    const { made } = service;
    for (let turns = 0; turns < 20; turns++) await nextTurn();
    expect([service.made, service.left]).toEqual([made, 3]);
  });
});

it('an answer that follows another on its connection has its own time to be taken', async () => {
  const service = await answering(2, 100);
  const caller = await ask(service, GET.repeat(2));
  let taken = '';
  caller.on('data', (octets: Buffer) => (taken += octets.toString('latin1'))).resume();
  await until(() => service.left === 2);
  await until(() => taken.split('"error":null}\r\n0\r\n\r\n').length === 3);
  expect(service.made).toBe(4);
  caller.destroy();
});

it('a connection that waits for its next request is not taken for one that stalls', async () => {
  const service = await answering(0, 30);
  const caller = await ask(service);
  caller.resume();
  await until(() => service.left === 1);
  await afterMs(100);
  caller.write(GET);
  await until(() => service.left === 2);
  expect(caller.errored).toBeNull();
  caller.destroy();
});
