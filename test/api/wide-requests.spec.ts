import { call, useService } from '../support/app';
import { useOrigins, answering, response } from '../support/origin';
import { problemOf, resultOf } from './contract';

const start = useOrigins();
const service = useService();

const MEMBERS = Array.from({ length: 30_000 }, (_, at) => `"a${at}":1`).join(',');

describe('a request of too many values is refused before it is parsed', () => {
  it.each<[what: string, json: string]>([
    ['names', `{${MEMBERS}}`],
    ['names within', `{"url":"http://127.0.0.1/","timeouts":{${MEMBERS}}}`],
    ['header fields', `{"url":"http://127.0.0.1/","headers":{${MEMBERS}}}`],
    ['header lines', `{"url":"http://127.0.0.1/","headers":[${'{},'.repeat(30_000)}{}]}`],
    ['numbers', `[${'1,'.repeat(30_000)}1]`],
    ['lists within lists', '['.repeat(30_000) + ']'.repeat(30_000)],
    ['objects within objects', `${'{"a":'.repeat(30_000)}1${'}'.repeat(30_000)}`],
    ['values that never end', `{"url":[${'1,'.repeat(30_000)}`],
  ])('%s', async (_, json) => {
    const problem = problemOf(await service().fetch(json), 'invalid-request');
    expect(problem).toMatchObject({
      phase: 'validate',
      errors: [{ path: '', message: 'holds more than 10000 values' }],
      errorsOmitted: 0,
    });
  });
});

it('a thousand field lines are not too many', async () => {
  const origin = await start(answering(response('200 OK')));
  const headers = Array.from({ length: 1_000 }, (_, at) => ({ name: `x-${at}`, value: ',[{'.repeat(8) }));
  expect(
    resultOf(await service().fetch({ url: origin.url(), headers })).request.headers.length,
  ).toBeGreaterThan(1_000);
});

describe('a part of the head of more than 1 MiB', () => {
  const LONG = 'x'.repeat(1_048_577);

  it.each<[fields: object, path: string]>([
    [{ url: `http://127.0.0.1/${LONG}` }, 'url'],
    [{ method: LONG }, 'method'],
    [{ requestTarget: LONG }, 'requestTarget'],
    [{ headers: { a: LONG } }, 'headers'],
    [{ headers: [{ name: LONG, value: '' }] }, 'headers'],
    [{ headers: { a: Array.from({ length: 999 }, () => LONG.slice(0, 1_100)) } }, 'headers'],
  ])('is refused', async (fields, path) => {
    const answer = await service().fetch({ url: 'http://127.0.0.1/', ...fields });
    expect(problemOf(answer, 'invalid-request').errors).toEqual([
      { path, message: 'must be at most 1048576 characters' },
    ]);
    expect(answer.text.length).toBeLessThan(2_000);
  });
});

it('a long name is not told back whole', async () => {
  const answer = await service().fetch({ url: 'http://127.0.0.1/', ['x'.repeat(5_000_000)]: 1 });
  const [error] = problemOf(answer, 'invalid-request').errors!;
  expect(error!.path).toBe(`${'x'.repeat(200)}…`);
  expect(answer.text.length).toBeLessThan(2_000);
});

describe('a request without content', () => {
  it.each(['application/json', 'application/x-www-form-urlencoded', 'text/plain'])(
    'may say %s, where none is needed',
    async (type) => {
      const origin = await start(answering(response('200 OK')));
      resultOf(await service().fetch({ url: origin.url(), session: 'brief' }));
      const answer = await call(`${service().url}/sessions/brief`, {
        method: 'DELETE',
        headers: { 'content-type': type },
      });
      expect([answer.status, answer.text]).toEqual([204, '']);
    },
  );

  it.each<[headers: Readonly<Record<string, string>>]>([
    [{ 'content-type': 'application/json' }],
    [{ 'content-type': 'text/plain' }],
    [{}],
  ])('is told that it is empty, where some is needed: %j', async (headers) => {
    const answer = await call(`${service().url}/fetch`, { method: 'POST', headers });
    expect(problemOf(answer, 'invalid-request').errors).toEqual([
      { path: '', message: 'is empty, and must be a JSON object' },
    ]);
  });
});
