import type { AddressInfo, Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fastify, { type FastifyInstance } from 'fastify';
import { Controller, Get, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { JsonText, readJsonAlone } from '../../src/edge/json-content';
import { Produces } from '../../src/edge/representation';
import { TakenBody } from '../../src/edge/taken-body.decorator';
import { type Answer, call, jsonOf } from '../support/app';
import { dial } from '../support/caller';
import { answerTo, answersTo } from '../support/conversation';

const LIMIT_BYTES = 100_000;

@Controller()
class Routes {
  @Post('text')
  @JsonText()
  @Produces('application/json')
  text(@TakenBody() body: JsonText | undefined): object {
    const pieces = body === undefined ? null : [...body];
    return { pieces, left: body === undefined ? null : [...body] };
  }

  @Post('value')
  @Produces('application/json')
  value(@TakenBody() body: unknown): object {
    return { body };
  }

  @Post('turn')
  @Produces('application/json')
  turn(): object {
    return { turn: turnNow() };
  }

  @Get('none')
  @JsonText()
  none(): string {
    return '';
  }
}

class Module {}

/** of the event loop, in which a request is handled */
let turnNow = (): number => 0;
let server: FastifyInstance;
let url: string;
const configs = new Map<string, unknown>();

beforeAll(async () => {
  server = fastify({ bodyLimit: LIMIT_BYTES });
  readJsonAlone(server);
  server.addHook('onRoute', ({ url: path, config, bodyLimit }) => {
    configs.set(path, [config?.produces, config?.jsonText, bodyLimit]);
  });
  const root = { module: Module, controllers: [Routes] };
  const app = await NestFactory.create(root, new FastifyAdapter(server), {
    bodyParser: false,
    logger: false,
  });
  await app.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const post = (path: string, body: string | Buffer): Promise<Answer> =>
  call(`${url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

interface Text {
  readonly pieces: readonly string[];
  readonly left: readonly string[];
}

it('what decorators say of a route goes together', () => {
  expect(configs.get('/text')).toEqual([['application/json'], true, 8 * LIMIT_BYTES]);
  expect(configs.get('/value')).toEqual([['application/json'], undefined, undefined]);
});

it('a route has JSON as its text, whatever it holds, in pieces that are there once', async () => {
  const json = `{"requests":[${'1,'.repeat(200_000)}"é${'\u{1F600}'.repeat(50_000)}"`;
  const { pieces, left } = jsonOf<Text>(await post('/text', json));
  expect(pieces.join('')).toBe(json);
  expect(pieces.length).toBeGreaterThan(2);
  expect(left).toEqual([]);
});

it('the text of octets that come one by one is in few pieces', async () => {
  const json = JSON.stringify('é'.repeat(100));
  const head =
    'POST /text HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\nTransfer-Encoding: chunked';
  const chunks = [...Buffer.from(json).toString('latin1')].map((octet) => `1\r\n${octet}\r\n`);
  const answer = await answerTo(url, `${head}\r\n\r\n${chunks.join('')}0\r\n\r\n`);
  expect(jsonOf(answer)).toEqual({ pieces: [json], left: [] });
});

it('octets that are no UTF-8 become U+FFFD', async () => {
  const { pieces } = jsonOf<Text>(await post('/text', Buffer.from([0x22, 0xff, 0xe2, 0x82])));
  expect(pieces.join('')).toBe('"\uFFFD\uFFFD');
});

it('a route without content has none', async () => {
  const headers = { 'content-type': 'application/json' };
  expect(jsonOf(await call(`${url}/text`, { method: 'POST', headers }))).toEqual({
    pieces: null,
    left: null,
  });
  expect(jsonOf(await call(`${url}/value`, { method: 'POST', headers }))).toEqual({});
});

it.each<[path: string, maxBytes: number]>([
  ['/text', 8 * LIMIT_BYTES],
  ['/value', LIMIT_BYTES],
])('%s takes %i octets, and no more', async (path, maxBytes) => {
  const fits = JSON.stringify('x'.repeat(maxBytes - 2));
  expect((await post(path, fits)).status).toBe(201);
  expect((await post(path, `${fits} `)).status).not.toBe(201);
});

it('other routes have what the JSON says', async () => {
  const value = { a: ['é'.repeat(40_000)] };
  expect(jsonOf(await post('/value', JSON.stringify(value)))).toEqual({ body: value });
  expect((await post('/value', '{"a":')).status).toBe(400);
  expect((await post('/value', '{"__proto__":1}')).status).toBe(400);
});

it('a text comes whole however it is cut, and octets that are no UTF-8 are U+FFFD in it', async () => {
  const json = JSON.stringify('é\u{1F600}'.repeat(20));
  const head = 'POST /value HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\n';
  const chunks = [...Buffer.from(json).toString('latin1')].map((octet) => `1\r\n${octet}\r\n`);
  const answer = await answerTo(url, `${head}Transfer-Encoding: chunked\r\n\r\n${chunks.join('')}0\r\n\r\n`);
  expect(jsonOf(answer)).toEqual({ body: JSON.parse(json) as string });
  expect(jsonOf(await post('/value', Buffer.from([0x22, 0xff, 0xe2, 0x82, 0x22])))).toEqual({
    body: '\uFFFD\uFFFD',
  });
  expect(jsonOf(await post('/value', '\uFEFF1'))).toEqual({ body: 1 });
});

/** Callers of `/turn` who have said all but the last octet of what they have to say.
 *  @returns them, and their connections as the server has them */
async function callersAboutToEnd(count: number) {
  const content = JSON.stringify('x'.repeat(1_000));
  const head = `POST /turn HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${content.length}\r\n\r\n`;
  const said = head + content.slice(0, -1);
  const connections = new Set<Socket>();
  const note = (connection: Socket): void => void connections.add(connection);
  server.server.on('connection', note);
  const callers = await Promise.all(Array.from({ length: count }, () => dial(url)));
  for (const caller of callers) caller.write(said);
  while (connections.size < count || [...connections].some(({ bytesRead }) => bytesRead < said.length))
    await nextTurn();
  server.server.off('connection', note);
  return { callers, connections, end: () => callers.forEach((caller) => caller.write(content.slice(-1))) };
}

it('of contents that end at once a few are understood in each turn of the event loop', async () => {
  const { callers, end } = await callersAboutToEnd(64);
  let turn = 0;
  let immediate = setImmediate(function count() {
    turn++;
    immediate = setImmediate(count);
  });
  turnNow = () => turn;
  end();
  const answers = await Promise.all(callers.map((caller) => answersTo(caller, 1)));
  clearImmediate(immediate);
  for (const caller of callers) caller.destroy();
  const turns = answers.map(([answer]) => jsonOf<{ turn: number }>(answer!).turn);
  expect(turns).toHaveLength(64);
  for (const together of Map.groupBy(turns, Number).values()) expect(together.length).toBeLessThanOrEqual(16);
});

it('nothing is understood for callers who have gone by their turn', async () => {
  const { callers, connections, end } = await callersAboutToEnd(64);
  let handled = 0;
  turnNow = () => {
    for (const connection of connections) connection.destroy();
    return ++handled;
  };
  end();
  await Promise.all(callers.map((caller) => answersTo(caller)));
  expect(handled).toBe(1);
});
