import type { Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import fastify, { type FastifyInstance } from 'fastify';
import { FREE_BYTES, type OctetAccount, OctetBudget } from '../../src/exchange/octet-budget';
import { LineAnswer } from '../../src/fetch/line-answer';
import { call } from '../support/app';
import { dial } from '../support/caller';
import { nextTurn } from '../support/sockets';

const GET = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
const LINE = 'x'.repeat(10_000);
/** for which an answer may be on its way, and for which others wait then, in ms */
const [TAKING_MS, PATIENCE_MS] = [200, 50];

/** Answers with lines, as a test has it. */
class Answering {
  private readonly app: FastifyInstance = fastify({ forceCloseConnections: true });

  constructor(script: (lines: LineAnswer, gone: AbortSignal) => Promise<void>) {
    this.app.get('/', ({ raw: { socket } }, reply) => {
      const gone = new AbortController();
      socket.once('close', () => gone.abort());
      void script(new LineAnswer(reply, 'application/x-ndjson', gone.signal), gone.signal);
    });
  }

  async listen(): Promise<string> {
    await this.app.listen({ host: '127.0.0.1', port: 0 });
    return this.app.listeningOrigin;
  }

  close(): Promise<void> {
    return this.app.close();
  }
}

let service: Answering | null = null;
afterEach(async () => {
  await service?.close();
  service = null;
});

function answering(script: (lines: LineAnswer, gone: AbortSignal) => Promise<void>): Promise<string> {
  service = new Answering(script);
  return service.listen();
}

/** Asks, and reads nothing of the answer. */
async function ask(url: string): Promise<Socket> {
  const caller = await dial(url);
  caller.write(GET);
  return caller;
}

async function* noMore(last: string): AsyncGenerator<string, void> {
  yield last;
}

function holding(budget: OctetBudget, bytes: number): OctetAccount {
  const account = budget.open();
  account.hold(FREE_BYTES + bytes);
  return account;
}

/** One that waits: the one before it is granted what there is not. */
function waiting(budget: OctetBudget): OctetAccount {
  holding(budget, 900);
  return holding(budget, 900);
}

/** Writes until its caller takes no more. */
async function fill(lines: LineAnswer, memory: OctetAccount): Promise<void> {
  for (let rounds = 0; rounds < 5; rounds++) {
    while (!lines.isFull) lines.write(LINE);
    const isStuck = await Promise.race([lines.room(memory).then(() => false), turns(50)]);
    if (!isStuck) rounds = -1;
  }
}

async function turns(count: number): Promise<true> {
  for (let turn = 0; turn < count; turn++) await nextTurn();
  return true;
}

describe('an answer of lines', () => {
  const plenty = new OctetBudget(Infinity);

  it('begins with its first line, and ends with its last', async () => {
    const begun: boolean[] = [];
    const url = await answering(async (lines) => {
      begun.push(lines.hasBegun);
      lines.write('1');
      begun.push(lines.hasBegun);
      lines.write('2');
      await lines.end(noMore('3'));
    });
    expect(await call(url)).toMatchObject({
      status: 200,
      text: '1\n2\n3\n',
      headers: { 'content-type': 'application/x-ndjson; charset=utf-8' },
    });
    expect(begun).toEqual([false, true]);
  });

  it('has room again when others have had their turn, or its caller has taken what there was', async () => {
    let waitedMs = -1;
    const stuck = Promise.withResolvers<void>();
    const url = await answering(async (lines) => {
      const memory = plenty.open();
      await fill(lines, memory);
      stuck.resolve();
      await lines.room(memory);
      expect(lines.isFull).toBe(false);
      ({ waitedMs } = lines);
      await lines.end(noMore('last'));
    });
    const caller = await ask(url);
    await stuck.promise;
    let end = '';
    for await (const some of caller) {
      end = (end + (some as Buffer).toString('latin1')).slice(-100);
      if (end.endsWith('last\r\n1\r\n\n\r\n0\r\n\r\n')) break;
    }
    expect(waitedMs).toBeGreaterThan(0);
  });

  it('waits no longer when its caller has gone', async () => {
    const over = Promise.withResolvers<boolean>();
    const stuck = Promise.withResolvers<void>();
    const url = await answering(async (lines, gone) => {
      const memory = plenty.open();
      await fill(lines, memory);
      stuck.resolve();
      await lines.room(memory);
      lines.write('to nobody');
      await lines.end(noMore('last'));
      over.resolve(gone.aborted);
    });
    const caller = await ask(url);
    await stuck.promise;
    caller.destroy();
    expect(await over.promise).toBe(true);
  });

  it('is cut when its caller takes nothing and others wait for the memory that it holds', async () => {
    const warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const budget = new OctetBudget(1_000, TAKING_MS, PATIENCE_MS);
    const cut = Promise.withResolvers<void>();
    const stuck = Promise.withResolvers<void>();
    const url = await answering(async (lines) => {
      const memory = holding(budget, 900);
      await fill(lines, memory);
      stuck.resolve();
      await lines.room(memory);
      memory.close();
      cut.resolve();
    });
    const caller = await ask(url);
    const closed = new Promise((resolve) => caller.once('close', resolve));
    await stuck.promise;
    const other = waiting(budget);
    expect(other.overdrawn).toBe(true);
    await other.covered();
    await cut.promise;
    caller.resume();
    await closed;
    expect(warned).toHaveBeenCalledWith(expect.stringContaining('took slowly'));
    warned.mockRestore();
  });

  it('is not cut once its caller has taken what there was', async () => {
    const budget = new OctetBudget(1_000, 0, PATIENCE_MS);
    const stuck = Promise.withResolvers<void>();
    const taken = Promise.withResolvers<OctetAccount>();
    const url = await answering(async (lines) => {
      const memory = holding(budget, 900);
      await fill(lines, memory);
      stuck.resolve();
      await lines.room(memory);
      taken.resolve(memory);
    });
    const caller = await ask(url);
    await stuck.promise;
    caller.resume();
    const memory = await taken.promise;
    const other = waiting(budget);
    await new Promise((resolve) => setTimeout(resolve, 3 * PATIENCE_MS));
    expect([other.overdrawn, caller.destroyed]).toEqual([true, false]);
    memory.close();
    await other.covered();
    caller.destroy();
  });
});
