import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { useService } from '../support/app';
import { dial, post } from '../support/caller';
import { type Origin, answeringThenFin, useOrigins } from '../support/origin';
import { expectNothingLeft, nextTurn } from '../support/sockets';
import { resultOf } from './contract';

const start = useOrigins();
const service = useService();

const BYTES = 10_485_760;
/** "소켓 프로그래밍\n" */
const EUC_KR = Buffer.from('bcd2c4cf20c7c1b7ceb1d7b7a1b9d60a', 'hex');

function originOf(contentType: string, content: Buffer): Promise<Origin> {
  const head = `HTTP/1.1 200 OK\r\nContent-Type: ${contentType}\r\nContent-Length: ${content.length}\r\n\r\n`;
  return start(answeringThenFin(Buffer.from(head), content));
}

/** A caller that asks and reads nothing, and the service's end of its connection. */
async function ask(url: string): Promise<[caller: Socket, atService: Socket]> {
  const accepted = once(service().app.getHttpServer(), 'connection');
  const caller = await dial(service().url);
  caller.write(post({ url }));
  const [atService] = (await accepted) as [Socket];
  return [caller, atService];
}

/** Waits until so many octets of an answer lie with a caller that does not read, and no more come. */
async function stuck(socket: Socket): Promise<void> {
  for (let quiet = 0, written = -1; quiet < 200; quiet++) {
    if (written !== socket.bytesWritten || socket.bytesWritten < 100_000) quiet = 0;
    written = socket.bytesWritten;
    await nextTurn();
  }
}

describe('an answer with 10 MiB of content is, octet for octet, the JSON of its result', () => {
  type Row = [what: string, contentType: string, content: Buffer, text: string | null];

  it.each<Row>([
    ['NULs', 'text/plain', Buffer.alloc(BYTES), '\0'.repeat(BYTES)],
    [
      'text in EUC-KR',
      'text/html; charset=euc-kr',
      Buffer.alloc(BYTES, EUC_KR),
      '소켓 프로그래밍\n'.repeat(BYTES / 16),
    ],
    ['JSON', 'application/json', Buffer.alloc(BYTES, '"\\é"'), null],
    ['random octets', 'application/octet-stream', randomBytes(BYTES), null],
    ['random octets that are said to be text', 'text/plain; charset=gb18030', randomBytes(BYTES), null],
  ])('%s', async (_, contentType, content, text) => {
    const origin = await originOf(contentType, content);
    const answer = await service().fetch({ url: origin.url() });
    const result = resultOf(answer);
    expect(answer.text === JSON.stringify(JSON.parse(answer.text))).toBe(true);
    const { body } = result;
    if (text !== null) expect(body.text === text).toBe(true);
    else
      expect(
        Buffer.from(body.base64 ?? body.text!, body.base64 === null ? 'utf8' : 'base64').equals(content),
      ).toBe(true);
  });
});

describe('a caller that does not read a long answer', () => {
  it('has it wait with the service a slice at a time and 30 s at the most, and holds up nobody', async () => {
    const origin = await originOf('text/plain', Buffer.alloc(BYTES));
    const [slow, atService] = await ask(origin.url());
    await stuck(atService);
    expect(atService.writableLength).toBeGreaterThan(0);
    expect(atService.writableLength).toBeLessThan(300_000);
    expect(atService.timeout).toBe(30_000);
    expect((await service().get('/health/live')).status).toBe(200);
    const quick = await originOf('text/plain', Buffer.alloc(100_000, 'x'));
    expect(resultOf(await service().fetch({ url: quick.url() })).body.bytes).toBe(100_000);
    let octets = 0;
    for await (const piece of slow) octets += (piece as Buffer).length;
    expect(octets).toBeGreaterThan(6 * BYTES);
  });

  it('and leaves takes it along, and leaves nothing behind', async () => {
    const origin = await originOf('text/plain', Buffer.alloc(BYTES));
    await expectNothingLeft(async () => {
      const [caller, atService] = await ask(origin.url());
      await stuck(atService);
      caller.destroy();
      while (!atService.destroyed) await nextTurn();
      await origin.dropAll();
    });
  });
});

it('long answers at the same time are each their own', async () => {
  const letters = [...'abcdefghij'];
  const origins = await Promise.all(
    letters.map((letter) => originOf('text/plain', Buffer.alloc(1_000_000, letter))),
  );
  const results = await Promise.all(
    origins.map(async (origin) => resultOf(await service().fetch({ url: origin.url() }))),
  );
  expect(results.map(({ body }) => body.text === body.text![0]!.repeat(1_000_000))).toEqual(
    letters.map(() => true),
  );
  expect(results.map(({ body }) => body.text![0])).toEqual(letters);
});
