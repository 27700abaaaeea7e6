import fastify from 'fastify';
import { Produces, representationCheck, representationOf } from '../../src/edge/representation';
import { FETCH_MEDIA_TYPES } from '../../src/fetch/representations';
import { call, useService } from '../support/app';
import { type Origin, answering, response, useOrigins } from '../support/origin';
import { POST_FETCH, eventsOf, harOf, problemOf, resultOf } from './contract';

const start = useOrigins();
const service = useService();

describe('POST /fetch is acceptable to', () => {
  it.each([
    '',
    '*/*',
    'application/*',
    'application/json',
    'Application/JSON',
    'application/json;charset=utf-8',
    'application/json; charset="utf-8"; q=0.1',
    'application/json;v="a,b;q=0"',
    'application/json;q=0.001',
    'text/html, application/xhtml+xml, */*;q=0.8',
    'text/html;q=0, */*;q=0.1',
    'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2',
    'application/json;q=0, application/json;q=0.5',
    'application/x-ndjson;q=0.5, application/json',
    // What says nothing excludes nothing.
    ',',
    'json',
    '"',
    '*',
    ';q=1',
    'application/json;q=many',
    'application/json;q=-1',
    'application/json;q=1.5',
    'application/json;',
    'application/json;=;;',
    'application/json;a="',
  ])('Accept: %s', async (accept) => {
    const origin = await start(answering(response('200 OK')));
    resultOf(await service().fetch({ url: origin.url() }, { accept }));
  });
});

describe('POST /fetch answers with NDJSON to', () => {
  it.each([
    'application/x-ndjson',
    'application/x-ndjson, application/json;q=0.5',
    'application/json;q=0, */*',
    'Application/X-NDJSON;charset=utf-8',
  ])('Accept: %s', async (accept) => {
    const origin = await start(answering(response('200 OK')));
    const events = eventsOf(await service().fetch({ url: origin.url() }, { accept }));
    expect(events.at(-1)).toMatchObject({ event: 'result', result: { status: 200 } });
  });
});

describe('POST /fetch answers with HAR to', () => {
  it.each([
    'application/har+json',
    'Application/HAR+JSON; charset=utf-8',
    'application/json;q=0.5, application/har+json',
    'application/har+json, */*;q=0.1',
    'application/json;q=0, application/x-ndjson;q=0, */*',
  ])('Accept: %s', async (accept) => {
    const origin = await start(answering(response('200 OK')));
    expect(harOf(await service().fetch({ url: origin.url() }, { accept })).log.entries).toHaveLength(1);
  });
});

describe('POST /fetch', () => {
  it('is described with all that it is answered with, and offers no more', async () => {
    const refused = await service().fetch({ url: 'http://127.0.0.1/' }, { accept: 'text/csv' });
    const { detail } = problemOf(refused, 'not-acceptable');
    expect(detail).toBe(`Accept excludes all that there is here: ${FETCH_MEDIA_TYPES.join(', ')}.`);
    expect(Object.keys(POST_FETCH.responses['200']!.content)).toEqual(FETCH_MEDIA_TYPES);
  });

  it.each(FETCH_MEDIA_TYPES)('is answered with %s', async (mediaType) => {
    const origin = await start(answering(response('200 OK')));
    const { status, headers } = await service().fetch({ url: origin.url() }, { accept: mediaType });
    expect([status, headers['content-type']!.split(';')[0]]).toEqual([200, mediaType]);
  });
});

describe('POST /fetch is not acceptable to', () => {
  let origin: Origin;
  beforeEach(async () => {
    origin = await start(answering(response('200 OK')));
  });

  it.each([
    'text/html',
    'text/*',
    'application/xml',
    'application/problem+json',
    'application/jsonx',
    'application/*+json',
    'application/json;q=0',
    'application/json; q=0.000',
    '*/*;q=0',
    'application/*;q=0, */*;q=0.1, text/*',
    'application/json;q=0, application/x-ndjson;q=0, application/har+json;q=0, */*',
    'application/*;q=0, text/html',
    'application/json;charset=utf-8;q=0',
    'text/html;a="application/json"',
    'text/html, json',
  ])('Accept: %s, and nothing is fetched', async (accept) => {
    const answer = await service().fetch({ url: origin.url() }, { accept });
    expect(problemOf(answer, 'not-acceptable')).toMatchObject({
      detail: expect.stringContaining('application/json') as string,
      instance: '/fetch',
    });
    expect(origin.peers).toEqual([]);
  });
});

describe('what else negotiates', () => {
  it.each(['/sessions', '/sessions/x/cookies'])('%s gives JSON alone', async (path) => {
    problemOf(await service().get(path, { accept: 'text/html' }), 'not-acceptable');
    expect([200, 404]).toContain((await service().get(path, { accept: 'application/json' })).status);
  });

  it('/metrics gives text alone', async () => {
    problemOf(await service().get('/metrics', { accept: 'application/json' }), 'not-acceptable');
    const accept =
      'application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.1';
    expect((await service().get('/metrics', { accept })).headers['content-type']).toMatch(/^text\/plain/);
  });

  it.each(['/health/live', '/docs', '/openapi.json'])('%s is given to all', async (path) => {
    expect((await service().get(path, { accept: 'image/png' })).status).toBe(200);
  });
});

describe('the order in which a request is looked at', () => {
  const BAD = { accept: 'text/html', 'content-type': 'text/plain' };

  it('is: what is wanted, the media type, the size, the content', async () => {
    const post = (headers: Readonly<Record<string, string>>, body: string): ReturnType<typeof call> =>
      call(`${service().url}/fetch`, { method: 'POST', headers, body });
    const large = ' '.repeat(9_000_000);
    problemOf(await post(BAD, large), 'not-acceptable');
    problemOf(await post({ ...BAD, accept: '*/*' }, large), 'unsupported-media-type');
    problemOf(await post({ 'content-type': 'application/json' }, large), 'request-too-large');
    problemOf(await post({ 'content-type': 'application/json' }, '{'), 'invalid-request');
  });
});

describe('Produces', () => {
  class Routes {
    @Produces('application/json', 'application/x-ndjson', 'application/har+json')
    several(): void {}
  }

  it.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['application/*', 'application/json'],
    ['application/x-ndjson', 'application/x-ndjson'],
    ['application/json;q=0.5, application/har+json', 'application/har+json'],
    ['*/*;q=0.1, application/har+json;q=0.2', 'application/har+json'],
    ['application/json;q=0, */*', 'application/x-ndjson'],
    ['nonsense', 'application/json'],
  ])('lets a route know what to answer with: %s gets %s', async (accept, mediaType) => {
    const server = fastify();
    const check = representationCheck();
    const config = Reflect.getMetadata('__fastify_route_config__', Routes.prototype.several) as {
      produces: string[];
    };
    server.get('/', { config }, (request) => {
      expect(check(request)).toBe(null);
      return representationOf(request);
    });
    const headers = accept === undefined ? {} : { accept };
    expect((await server.inject({ url: '/', headers })).body).toBe(mediaType);
    await server.close();
  });

  it('is needed by who asks for it', async () => {
    const server = fastify();
    server.get('/', (request) => representationOf(request));
    expect((await server.inject({ url: '/' })).body).toContain('needs Produces');
    await server.close();
  });
});
