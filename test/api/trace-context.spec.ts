import { once } from 'node:events';
import { type OutgoingHttpHeaders, request } from 'node:http';
import { useService } from '../support/app';
import { type Origin, answering, response, routes, useOrigins } from '../support/origin';
import { problemOf, resultOf } from './contract';

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const TRACED = { traceparent: TRACEPARENT, tracestate: 'vendor=1,other=2' };

const start = useOrigins();
const service = useService({}, { 'other.test': ['127.0.0.1'] });

/** @returns the field lines of a trace in what a connection received, as they were written */
function tracesIn(received: string): string[] {
  const [head = ''] = received.split('\r\n\r\n', 1);
  return head.split('\r\n').filter((line) => /^trace/i.test(line));
}

async function tracesSent(
  fields: object,
  headers: Readonly<Record<string, string>> = TRACED,
): Promise<string[]> {
  const origin = await start(answering(response('200 OK')));
  resultOf(await service().fetch({ url: origin.url(), ...fields }, headers));
  return tracesIn(origin.requests[0]!);
}

/** @param headers lists are a field line each */
async function tracesSentByLines(headers: OutgoingHttpHeaders): Promise<string[]> {
  const origin = await start(answering(response('200 OK')));
  const calling = request(`${service().url}/fetch`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    agent: false,
  });
  calling.end(JSON.stringify({ url: origin.url(), propagateTraceContext: true }));
  await once(calling, 'response');
  calling.destroy();
  return tracesIn(origin.requests[0]!);
}

describe('the trace of a call', () => {
  it('is kept from targets unless the call asks', async () => {
    expect(await tracesSent({})).toEqual([]);
    expect(await tracesSent({ propagateTraceContext: false })).toEqual([]);
  });

  it('is sent on as it came when the call asks, also without default fields', async () => {
    const sent = [`traceparent: ${TRACEPARENT}`, 'tracestate: vendor=1,other=2'];
    expect(await tracesSent({ propagateTraceContext: true })).toEqual(sent);
    expect(await tracesSent({ propagateTraceContext: true, defaultHeaders: false })).toEqual(sent);
  });

  it('is told in the result’s request, after the caller’s own fields', async () => {
    const origin = await start(answering(response('200 OK')));
    const { request } = resultOf(
      await service().fetch({ url: origin.url(), headers: { A: '1' }, propagateTraceContext: true }, TRACED),
    );
    expect(request.headers.slice(0, 4).map(({ name }) => name)).toEqual([
      'Host',
      'A',
      'traceparent',
      'tracestate',
    ]);
  });

  it('makes way for a traceparent in headers', async () => {
    const fields = { propagateTraceContext: true, headers: { Traceparent: 'of-my-own' } };
    expect(await tracesSent(fields)).toEqual(['Traceparent: of-my-own']);
  });

  it.each<[what: string, headers: Record<string, string>, sent: string[]]>([
    ['there is none', {}, []],
    ['there is a tracestate alone', { tracestate: 'vendor=1' }, []],
    ['traceparent is malformed', { ...TRACED, traceparent: TRACEPARENT.toUpperCase() }, []],
    ['tracestate is too long', { ...TRACED, tracestate: 'x'.repeat(513) }, [`traceparent: ${TRACEPARENT}`]],
  ])('is not made up, and no reason to refuse a call, where %s', async (_, headers, sent) => {
    expect(await tracesSent({ propagateTraceContext: true }, headers)).toEqual(sent);
  });

  it('has its tracestates put together, and is none where there are two traceparents', async () => {
    const tracestate = ['a=1', 'b=2'];
    expect(await tracesSentByLines({ traceparent: TRACEPARENT, tracestate })).toEqual([
      `traceparent: ${TRACEPARENT}`,
      'tracestate: a=1, b=2',
    ]);
    expect(await tracesSentByLines({ traceparent: [TRACEPARENT, TRACEPARENT], tracestate })).toEqual([]);
  });

  it('cannot be put into raw octets', async () => {
    const request = { url: 'http://127.0.0.1/', raw: { base64: 'R0VU' }, propagateTraceContext: true };
    const { errors } = problemOf(await service().fetch(request, TRACED), 'invalid-request');
    expect(errors!.map(({ path }) => path)).toEqual(['propagateTraceContext']);
  });
});

describe('along a chain of redirects', () => {
  /** @returns whether each request had a trace, in order */
  async function traced(fields: object, ...origins: Origin[]): Promise<boolean[]> {
    await service().fetch({ url: origins[0]!.url(), ...fields }, TRACED);
    return origins.flatMap(({ requests }) => requests.map((request) => tracesIn(request).length > 0));
  }

  it('the trace goes to the first URL’s origin alone, and to it again', async () => {
    const routesOfFirst: Record<string, string> = { '/': response('302 Found\r\nLocation: /two') };
    const first = await start((peer) => routes(routesOfFirst)(peer));
    const second = await start(answering(response(`307 Again\r\nLocation: ${first.url('/three')}`)));
    routesOfFirst['/two'] = response(`302 Found\r\nLocation: ${second.url()}`);
    routesOfFirst['/three'] = response('200 OK');
    expect(await traced({ propagateTraceContext: true }, first, second)).toEqual([true, true, true, false]);
  });

  it('another name of the same host is another origin', async () => {
    const origin: Origin = await start((peer) =>
      routes({
        '/': response(`302 Found\r\nLocation: ${origin.url('/two', 'other.test')}`),
        '/two': response('200 OK'),
      })(peer),
    );
    expect(await traced({ propagateTraceContext: true }, origin)).toEqual([true, false]);
  });

  it('a traceparent in headers is a field like any other', async () => {
    const second = await start(answering(response('200 OK')));
    const first = await start(answering(response(`302 Found\r\nLocation: ${second.url()}`)));
    const headers = { traceparent: TRACEPARENT };
    expect(await traced({ headers }, first, second)).toEqual([true, true]);
  });
});
