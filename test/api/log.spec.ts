import { createHash } from 'node:crypto';
import { type Answer, call } from '../support/app';
import { answering, response, routes, useOrigins } from '../support/origin';
import { type LogLine, type ServiceProcess, useProcesses } from '../support/service-process';
import { LoopbackServer } from '../support/sockets';
import { problemOf, resultOf } from './contract';

const startOrigin = useOrigins();
const startService = useProcesses();

const KEY = 'key-of-a-caller';
const WITH_KEY = { 'x-api-key': KEY };
const FINGERPRINT = createHash('sha256').update(KEY).digest('hex').slice(0, 8);
const TRACED = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' };
const TRACE = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', parentId: '00f067aa0ba902b7', traceFlags: '01' };
/** on every line, by pino */
const OF_ALL = ['level', 'time', 'pid', 'hostname', 'context', 'msg'];

function fetchBy(
  service: ServiceProcess,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return call(`${service.url}/fetch`, { method: 'POST', headers, body });
}

/** @returns the first lines that say so, when there are so many */
async function lines(service: ServiceProcess, msg: string, count: number): Promise<LogLine[]> {
  const found = (): LogLine[] => service.log.filter((line) => line['msg'] === msg);
  await service.until(() => found().length >= count);
  return found();
}

function fieldsOf(line: LogLine | undefined): string[] {
  return Object.keys(line ?? {}).filter((field) => !OF_ALL.includes(field));
}

describe('the line of a fetch', () => {
  it('tells whose it was, whom it spoke to, how long it waited and what was answered', async () => {
    const service = await startService({ WIREFETCH_API_KEYS: KEY });
    const origin = await startOrigin(
      routes({ '/': response('302 Found\r\nLocation: /two'), '/two': response('404 Not Found') }),
    );
    const gone = await LoopbackServer.listen();
    const refusing = `http://127.0.0.1:${gone.port}/`;
    await gone.close();
    const result = resultOf(await fetchBy(service, { url: origin.url() }, { ...WITH_KEY, ...TRACED }));
    problemOf(await fetchBy(service, { url: refusing }, WITH_KEY), 'connection-refused');
    problemOf(await fetchBy(service, { url: 'http://10.0.0.1/' }, WITH_KEY), 'address-denied');

    const garbage = await startOrigin(answering('no HTTP\r\n'));
    await fetchBy(service, { url: garbage.url() }, { ...WITH_KEY, accept: 'application/x-ndjson' });

    const written = await lines(service, 'fetch', 4);
    expect(written).toMatchObject([
      { owner: FINGERPRINT, ...TRACE, remoteAddress: '127.0.0.1', status: 404, answered: 200, hops: 1 },
      {
        owner: FINGERPRINT,
        remoteAddress: '127.0.0.1',
        status: null,
        answered: 502,
        code: 'connection-refused',
      },
      { owner: FINGERPRINT, remoteAddress: null, status: null, answered: 403, code: 'address-denied' },
      // Its caller had been told of the connection before.
      { owner: FINGERPRINT, status: null, answered: 200, code: 'malformed-response' },
    ]);
    const queues = [...result.hops, result].map(({ timings }) => timings.queue!);
    expect(written[0]!['queueMs']).toBeCloseTo(
      queues.reduce((sum, ms) => sum + ms, 0),
      2,
    );
    // What a line has in it is decided once: nothing comes in by the way.
    const always = (
      'id owner method url remoteAddress status endedBy complete code answered hops reads octets timings ' +
      'queueMs chainTotalMs'
    ).split(' ');
    expect(fieldsOf(written[1]).sort()).toEqual(always.toSorted());
    expect(fieldsOf(written[0]).sort()).toEqual([...always, ...Object.keys(TRACE), 'finalUrl'].sort());
  });

  it('is everybody’s where no key is needed, and of no trace where traceparent is malformed', async () => {
    const service = await startService();
    const origin = await startOrigin(answering(response('200 OK')));
    await fetchBy(service, { url: origin.url() }, { traceparent: `${TRACED.traceparent}-` });
    const [line] = await lines(service, 'fetch', 1);
    expect(line).toMatchObject({ owner: 'everybody', answered: 200 });
    expect(line).not.toHaveProperty('traceId');
  });
});

describe('the line of a call that was refused', () => {
  it('tells why, of which route, and who has called', async () => {
    const service = await startService({ WIREFETCH_API_KEYS: KEY, WIREFETCH_MAX_REQUEST_BYTES: '1024' });
    const large = { url: `http://127.0.0.1/${'x'.repeat(2_000)}` };
    problemOf(await fetchBy(service, {}, { ...WITH_KEY, ...TRACED }), 'invalid-request');
    problemOf(await fetchBy(service, {}, TRACED), 'unauthorized');
    problemOf(await fetchBy(service, large, WITH_KEY), 'request-too-large');
    problemOf(
      await fetchBy(service, 'x', { ...WITH_KEY, 'content-type': 'text/plain' }),
      'unsupported-media-type',
    );
    problemOf(await fetchBy(service, {}, { ...WITH_KEY, accept: 'text/html' }), 'not-acceptable');
    problemOf(await call(`${service.url}/metrics`), 'unauthorized');

    const of = { route: '/fetch', method: 'POST', callerAddress: '127.0.0.1', level: 30, context: 'call' };
    const written = await lines(service, 'refused', 6);
    const inOrderOfCodes = written.toSorted((one, other) =>
      String(one['code']).localeCompare(String(other['code'])),
    );
    expect(inOrderOfCodes).toMatchObject([
      { ...of, code: 'invalid-request', status: 400, owner: FINGERPRINT, ...TRACE },
      { ...of, code: 'not-acceptable', status: 406, owner: FINGERPRINT },
      { ...of, code: 'request-too-large', status: 413, owner: FINGERPRINT },
      { ...of, code: 'unauthorized', status: 401, owner: null, ...TRACE },
      { ...of, code: 'unauthorized', status: 401, owner: null, method: 'GET', route: '/metrics' },
      { ...of, code: 'unsupported-media-type', status: 415, owner: FINGERPRINT },
    ]);
    const always = ['code', 'status', 'method', 'route', 'callerAddress', 'owner'];
    expect(fieldsOf(inOrderOfCodes[1]).sort()).toEqual(always.toSorted());
    expect(fieldsOf(inOrderOfCodes[0]).sort()).toEqual([...always, ...Object.keys(TRACE)].sort());
  });

  it('is one for each that limits keep out, and such are no fetches', async () => {
    const service = await startService({ WIREFETCH_RATE_LIMIT: '1' });
    const origin = await startOrigin(answering(response('200 OK')));
    const statuses = await Promise.all(
      [1, 2].map(async () => (await fetchBy(service, { url: origin.url() })).status),
    );
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect(await lines(service, 'refused', 1)).toMatchObject([
      { code: 'rate-limited', status: 429, route: '/fetch', owner: 'everybody' },
    ]);
    expect(await lines(service, 'fetch', 1)).toHaveLength(1);
  });

  it('is not written of what there is not, which anybody may ask for', async () => {
    const service = await startService();
    problemOf(await call(`${service.url}/nothing`), 'not-found');
    problemOf(await call(`${service.url}/fetch`), 'method-not-allowed');
    problemOf(await fetchBy(service, {}), 'invalid-request');
    expect(await lines(service, 'refused', 1)).toMatchObject([{ code: 'invalid-request' }]);
  });
});

describe('the line of a call that finds no store', () => {
  it('tells why each time, also when it is not tried again', async () => {
    const service = await startService({ WIREFETCH_DATA_DIR: '/dev/null/data' });
    const inSession = { url: 'http://127.0.0.1/', session: 's' };
    problemOf(await call(`${service.url}/sessions`), 'store-unavailable');
    problemOf(await call(`${service.url}/sessions/s/cookies`), 'store-unavailable');
    problemOf(await call(`${service.url}/jobs`), 'store-unavailable');
    problemOf(await fetchBy(service, inSession), 'store-unavailable');
    const why = 'the store cannot be used: /dev/null/data cannot be used: ENOTDIR: not a directory, mkdir';
    const told = (): string[] =>
      service.log.map(({ msg }) => String(msg)).filter((msg) => msg.startsWith('the store'));
    await service.until(() => told().length >= 4);
    for (const msg of told()) expect(msg).toContain(why);
  });
});
