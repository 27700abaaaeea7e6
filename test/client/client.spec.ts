import {
  type FetchRequest,
  type StreamEvent,
  type Wirefetch,
  WirefetchFailure,
  WirefetchProblem,
  collect,
  createWirefetch,
} from '../../openapi/client/client';
import { useService } from '../support/app';
import {
  type Origin,
  type Serve,
  answering,
  answeringThenFin,
  chunkedResponse,
  response,
  turn,
  useOrigins,
} from '../support/origin';
import { freePort } from '../support/sockets';

const HANGING: FetchRequest['timeouts'] = { firstByteMs: 60_000, idleMs: 60_000, totalMs: 60_000 };

/** @returns what a call throws */
async function thrownBy(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

async function problemOf(call: Promise<unknown>): Promise<WirefetchProblem> {
  const error = await thrownBy(call);
  if (error instanceof WirefetchProblem) return error;
  throw error;
}

async function failureOf(call: Promise<unknown>): Promise<WirefetchFailure> {
  const error = await thrownBy(call);
  if (error instanceof WirefetchFailure) return error;
  throw error;
}

const start = useOrigins();

/** In the place of the service: a proxy, or another. */
async function answeredBy(answer: string): Promise<{ origin: Origin; call: Promise<unknown> }> {
  const origin = await start(answeringThenFin(answer));
  const wirefetch = createWirefetch({ baseUrl: origin.url('') });
  return { origin, call: wirefetch.fetch({ url: 'http://127.0.0.1/' }) };
}

describe('a fetch', () => {
  const service = useService();

  it('gives the result, whatever the status of the target', async () => {
    const origin = await start(answeringThenFin(response('404 Not Found', 'gone')));
    const wirefetch = createWirefetch({ baseUrl: service().url });
    const result = await wirefetch.fetch({ url: origin.url('/page'), headers: { 'X-One': ['1', '2'] } });
    expect(result).toMatchObject({ status: 404, endedBy: 'content-length', body: { text: 'gone' } });
    expect(origin.requests[0]).toMatch(/^GET \/page HTTP\/1\.1\r\n[^]*X-One: 1\r\nX-One: 2\r\n/);
  });

  it('gives an archive, an entry for each exchange', async () => {
    const target = await start(answeringThenFin(response('200 OK', 'here')));
    const origin = await start(answeringThenFin(response(`302 Found\r\nLocation: ${target.url('/two')}`)));
    const { log } = await createWirefetch({ baseUrl: service().url }).har({ url: origin.url('/one') });
    expect(log.entries.map(({ request, response: { status } }) => [request.url, status])).toEqual([
      [origin.url('/one'), 302],
      [target.url('/two'), 200],
    ]);
    expect(log.entries[1]!.response.content.text).toBe('here');
  });

  it('throws a problem with its code, and all that it says', async () => {
    const url = `http://127.0.0.1:${await freePort()}/`;
    const problem = await problemOf(createWirefetch({ baseUrl: service().url }).fetch({ url }));
    expect(problem).toMatchObject({
      name: 'WirefetchProblem',
      code: 'connection-refused',
      status: 502,
      phase: 'connect',
      failureSource: 'target',
      retryAfterMs: null,
    });
    expect(problem.problem.connection?.attempts).toHaveLength(1);
    expect(problem.message).toBe(`connection-refused: ${problem.problem.detail}`);
  });

  it('names the mistakes of a request', async () => {
    const wrong = { url: 'http://127.0.0.1/', timeouts: { idleMs: 0 }, parser: 'loose' } as unknown;
    const problem = await problemOf(createWirefetch({ baseUrl: service().url }).fetch(wrong as FetchRequest));
    expect(problem.code).toBe('invalid-request');
    expect(problem.problem.errors?.map(({ path }) => path).sort()).toEqual(['parser', 'timeouts.idleMs']);
    for (const { path, message } of problem.problem.errors!)
      expect(problem.message).toContain(`; ${path}: ${message}`);
  });

  it('is cancelled at the target when its signal aborts, and throws the reason', async () => {
    const origin = await start((peer) => peer.head());
    const leaving = new AbortController();
    const wirefetch = createWirefetch({ baseUrl: service().url });
    const call = wirefetch.fetch({ url: origin.url(), timeouts: HANGING }, { signal: leaving.signal });
    while (origin.peers.length === 0) await turn();
    await origin.peers[0]!.head();
    const reason = new Error('the user went away');
    leaving.abort(reason);
    expect(await thrownBy(call)).toBe(reason);
    await origin.peers[0]!.closed;
  });

  it('makes no call when its signal has aborted before', async () => {
    const origin = await start(answering());
    const wirefetch = createWirefetch({ baseUrl: origin.url('') });
    const reason = new Error('too late');
    const call = wirefetch.fetch({ url: origin.url() }, { signal: AbortSignal.abort(reason) });
    expect(await thrownBy(call)).toBe(reason);
    expect(origin.peers).toHaveLength(0);
  });
});

describe('a stream', () => {
  const service = useService();
  const wirefetch = (): Wirefetch => createWirefetch({ baseUrl: service().url });

  /** Answers with two chunks, and leaves the third to the test. */
  const unfinished: Serve = async (peer) => {
    await peer.request();
    await peer.burst([chunkedResponse(['one', 'two']).replace('0\r\n\r\n', '')]);
  };

  it('tells of a fetch as it happens, and puts its content together', async () => {
    const target = await start(answeringThenFin(chunkedResponse(['\xec\x86', '\x8c\xec\xbc', '\x93'])));
    const origin = await start(answeringThenFin(response(`302 Found\r\nLocation: ${target.url('/two')}`)));
    const told: StreamEvent['event'][] = [];
    async function* watched(events: AsyncIterable<StreamEvent>): AsyncGenerator<StreamEvent> {
      for await (const event of events) {
        told.push(event.event);
        yield event;
      }
    }
    const request: FetchRequest = { url: origin.url('/one'), include: { body: 'text' } };
    const { result, text, octets } = await collect(watched(wirefetch().stream(request)));
    expect([text, octets]).toEqual(['소켓', null]);
    expect(result).toMatchObject({ finalUrl: target.url('/two'), endedBy: 'last-chunk', body: { bytes: 6 } });
    expect(
      told.filter((event) => event === 'connected' || event === 'redirect' || event === 'result'),
    ).toEqual(['connected', 'redirect', 'connected', 'result']);
    expect(told.at(-1)).toBe('result');
  });

  it('gives octets as they were', async () => {
    const content = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7) % 256));
    const head = `HTTP/1.1 200 OK\r\nContent-Length: ${content.length}\r\n\r\n`;
    const origin = await start(answeringThenFin(head, content));
    const request: FetchRequest = { url: origin.url(), include: { body: 'base64' } };
    const { result, octets } = await collect(wirefetch().stream(request));
    expect(result.body.base64).toBeNull();
    expect(Buffer.from(octets!).equals(content)).toBe(true);
  });

  it.each(['text', 'base64'] as const)('tells empty content as %s from none', async (body) => {
    const origin = await start(answeringThenFin(response('204 No Content')));
    const { text, octets } = await collect(wirefetch().stream({ url: origin.url(), include: { body } }));
    expect(body === 'text' ? { text, octets } : { text, octets: octets?.length }).toEqual(
      body === 'text' ? { text: '', octets: null } : { text: null, octets: 0 },
    );
  });

  it('throws the problem that the fetch ends with, after what was told before', async () => {
    const origin = await start(async (peer) => {
      await peer.request();
      peer.fin();
    });
    const told: string[] = [];
    const problem = await problemOf(
      (async () => {
        for await (const { event } of wirefetch().stream({ url: origin.url() })) told.push(event);
      })(),
    );
    expect(told).toEqual(expect.arrayContaining(['connected', 'sent']));
    expect(told).not.toContain('problem');
    expect(problem).toMatchObject({ code: 'connection-closed', status: 502, failureSource: 'target' });
    expect(problem.problem.request?.method).toBe('GET');
  });

  it('throws a problem instead of a first event', async () => {
    const wrong = wirefetch().stream({ url: 'gopher://127.0.0.1/' });
    expect(await problemOf(wrong.next())).toMatchObject({ code: 'unsupported-scheme', status: 400 });
  });

  it('cancels the fetch at the target when its loop is left', async () => {
    const origin = await start(unfinished);
    for await (const { event } of wirefetch().stream({ url: origin.url(), timeouts: HANGING }))
      if (event === 'chunk') break;
    await origin.peers[0]!.closed;
    expect(origin.peers).toHaveLength(1);
  });

  it('is cancelled at the target when its signal aborts, and throws the reason', async () => {
    const origin = await start(unfinished);
    const leaving = new AbortController();
    const reason = new Error('the user went away');
    const request = { url: origin.url(), timeouts: HANGING };
    const call = (async () => {
      for await (const { event } of wirefetch().stream(request, { signal: leaving.signal }))
        if (event === 'chunk') leaving.abort(reason);
    })();
    expect(await thrownBy(call)).toBe(reason);
    await origin.peers[0]!.closed;
  });
});

describe('a limited service', () => {
  const service = useService({ WIREFETCH_RATE_LIMIT: '1', WIREFETCH_API_KEYS: 'mine,yours' });

  it('takes the key, or says that it needs one', async () => {
    const origin = await start(answeringThenFin(response('200 OK', 'in')));
    const request = { url: origin.url() };
    const problem = await problemOf(createWirefetch({ baseUrl: service().url }).fetch(request));
    expect(problem).toMatchObject({ code: 'unauthorized', status: 401, failureSource: 'client' });
    const wirefetch = createWirefetch({ baseUrl: `${service().url}/`, apiKey: 'yours' });
    expect((await wirefetch.fetch(request)).body.text).toBe('in');
  });

  it('says when to call again', async () => {
    const origin = await start(answeringThenFin(response('200 OK')));
    const wirefetch = createWirefetch({ baseUrl: service().url, apiKey: 'mine' });
    const calls = [1, 2, 3].map(() => wirefetch.fetch({ url: origin.url() }));
    const refused = (await Promise.allSettled(calls)).find(({ status }) => status === 'rejected');
    const problem = (refused as PromiseRejectedResult).reason as WirefetchProblem;
    expect(problem).toMatchObject({ code: 'rate-limited', status: 429, retryAfterMs: 1_000 });
  });

  it('is told what every call says', async () => {
    const origin = await start(answeringThenFin(response('200 OK', '{}')));
    const wirefetch = createWirefetch({
      baseUrl: origin.url('/behind/a/proxy'),
      apiKey: 'mine',
      headers: { 'X-Tenant': 'seven', Authorization: 'Basic instead' },
    });
    await wirefetch.fetch({ url: 'http://127.0.0.1/' });
    expect(origin.requests[0]).toMatch(/^POST \/behind\/a\/proxy\/fetch HTTP\/1\.1\r\n/);
    expect(origin.requests[0]).toMatch(/\r\nx-tenant: seven\r\n/i);
    expect(origin.requests[0]).toMatch(/\r\nauthorization: Basic instead\r\n/i);
  });
});

describe('what is no answer of the service', () => {
  it('is a failure with the status and the content of a proxy’s error', async () => {
    const { call } = await answeredBy(
      response('502 Bad Gateway\r\nContent-Type: text/html\r\nRetry-After: 7', '<h1>Bad Gateway</h1>'),
    );
    const failure = await failureOf(call);
    expect(failure).toMatchObject({
      name: 'WirefetchFailure',
      message: 'the service did not answer, but another: 502 Bad Gateway',
      status: 502,
      content: '<h1>Bad Gateway</h1>',
      retryAfterMs: 7_000,
    });
  });

  it('is a failure also where it is a problem of somebody else', async () => {
    const problem = '{"type":"about:blank","title":"Forbidden","status":403}';
    const { call } = await answeredBy(
      response('403 Forbidden\r\nContent-Type: application/problem+json', problem),
    );
    expect(await failureOf(call)).toMatchObject({ status: 403, content: problem, retryAfterMs: null });
  });

  it('is a failure where it is no JSON, with what was answered', async () => {
    const { call } = await answeredBy(response('200 OK\r\nContent-Type: text/html', '<p>Log in'));
    const failure = await failureOf(call);
    expect(failure).toMatchObject({ status: 200, content: '<p>Log in' });
    expect(failure.cause).toMatchObject({ name: 'SyntaxError' });
  });

  it('is a failure where it is cut short', async () => {
    const { call } = await answeredBy('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"a"');
    const failure = await failureOf(call);
    expect(failure.message).toMatch(/^the answer was cut short: /);
    expect(failure).toMatchObject({ status: 200, content: null });
    expect(failure.cause).toBeDefined();
  });

  it.each<[how: string, framing: string, content: string, read: string | null]>([
    ['by its length', 'Content-Length: 100', '<h1>Bad Gat', '<h1>Bad Gat'],
    ['within a chunk', 'Transfer-Encoding: chunked', 'b\r\n<h1>Bad Gat\r\n64\r\n', '<h1>Bad Gat'],
    ['before anything came', 'Content-Length: 100', '', null],
  ])('keeps its status where it is cut short %s', async (_, framing, content, read) => {
    const head = `HTTP/1.1 502 Bad Gateway\r\nRetry-After: 7\r\n${framing}\r\n\r\n`;
    const { call } = await answeredBy(head + content);
    const failure = await failureOf(call);
    expect(failure.message).toMatch(/^the answer was cut short: 502 Bad Gateway: \S/);
    expect(failure).toMatchObject({ status: 502, content: read, retryAfterMs: 7_000 });
    expect(failure.cause).toBeDefined();
  });

  it('is a problem of the service where that is whole, although the answer is cut after it', async () => {
    const problem = { code: 'overloaded', status: 503, phase: null, failureSource: 'service', detail: '-' };
    const json = JSON.stringify(problem);
    const { call } = await answeredBy(
      `HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 999\r\n\r\n${json}`,
    );
    expect(await problemOf(call)).toMatchObject({ code: 'overloaded', status: 503, retryAfterMs: 1_000 });
  });

  it('is waited for no longer than the signal says', async () => {
    const origin = await start(async (peer) => {
      await peer.request();
      await peer.burst(['HTTP/1.1 502 Bad Gateway\r\nContent-Length: 10\r\n\r\n<h1>']);
    });
    const leaving = new AbortController();
    const fetch = async (request: Request): Promise<Response> => {
      const response = await globalThis.fetch(request);
      // Its content is what is waited for from here on.
      setImmediate(() => leaving.abort(new Error('the user went away')));
      return response;
    };
    const wirefetch = createWirefetch({ baseUrl: origin.url(''), fetch });
    const call = wirefetch.fetch({ url: 'http://127.0.0.1/' }, { signal: leaving.signal });
    expect(await thrownBy(call)).toBe(leaving.signal.reason);
    await origin.peers[0]!.closed;
  });

  it.each(['null', '7', '"text"', '[]'])('is a failure where it is JSON, but no object: %s', async (json) => {
    const { call } = await answeredBy(response('200 OK\r\nContent-Type: application/json', json));
    expect(await failureOf(call)).toMatchObject({
      message: 'what was answered is no object',
      status: 200,
      content: json,
    });
  });

  it('is a failure where there is nobody, with the cause', async () => {
    const wirefetch = createWirefetch({ baseUrl: `http://127.0.0.1:${await freePort()}` });
    const failure = await failureOf(wirefetch.sessions());
    expect(failure.message).toMatch(/^the service cannot be reached: .*ECONNREFUSED/);
    expect(failure).toMatchObject({ status: null, content: null });
    expect(failure.cause).toMatchObject({ name: 'TypeError' });
  });

  it('is not looked for where a redirect leads: whoever is there is not to have the key', async () => {
    const other = await start(answeringThenFin(response('200 OK', '{}')));
    const { call } = await answeredBy(response(`307 Temporary Redirect\r\nLocation: ${other.url()}`));
    expect(await failureOf(call)).toMatchObject({ status: 307 });
    expect(other.peers).toHaveLength(0);
  });

  it('may say in a date when to call again', async () => {
    const at = Math.ceil(Date.now() / 1_000) * 1_000 + 60_000;
    const { call } = await answeredBy(
      response(`503 Service Unavailable\r\nRetry-After: ${new Date(at).toUTCString()}`),
    );
    const { retryAfterMs } = await failureOf(call);
    expect(retryAfterMs).toBeGreaterThan(50_000);
    expect(retryAfterMs).toBeLessThanOrEqual(61_000);
  });
});

it('has the middleware of the client below see its calls', async () => {
  const origin = await start(answeringThenFin(response('200 OK', '{"items":[]}')));
  const wirefetch = createWirefetch({ baseUrl: origin.url('') });
  wirefetch.api.use({
    onRequest({ request }) {
      request.headers.set('x-tenant', 'seven');
    },
  });
  await wirefetch.sessions();
  expect(origin.requests[0]).toMatch(/\r\nx-tenant: seven\r\n/i);
});

it('calls with the fetch that it is given', async () => {
  const requests: Request[] = [];
  const wirefetch = createWirefetch({
    baseUrl: 'http://wirefetch.internal',
    fetch: async (request) => {
      requests.push(request);
      return Response.json({ items: [] });
    },
  });
  expect(await wirefetch.sessions()).toEqual([]);
  expect(requests.map(({ method, url }) => [method, url])).toEqual([
    ['GET', 'http://wirefetch.internal/sessions'],
  ]);
});
