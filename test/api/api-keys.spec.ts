import { type Answer, TestService } from '../support/app';
import { answering, response, useOrigins } from '../support/origin';
import { problemOf, resultOf } from './contract';

const start = useOrigins();

let locked: TestService;
let open: TestService;
beforeAll(async () => {
  const keys = { WIREFETCH_API_KEYS: 'first-key, second.key' };
  locked = await TestService.start(keys);
  open = await TestService.start({ ...keys, WIREFETCH_AUTH: 'off' });
});
afterAll(() => Promise.all([locked.close(), open.close()]));

async function fetchWith(headers: Readonly<Record<string, string>>, service = locked): Promise<Answer> {
  const origin = await start(answering(response('200 OK')));
  const answer = await service.fetch({ url: origin.url() }, headers);
  expect(origin.peers).toHaveLength(answer.status === 200 ? 1 : 0);
  return answer;
}

describe('with API keys', () => {
  it.each([
    { authorization: 'Bearer first-key' },
    { authorization: 'bearer second.key' },
    { 'x-api-key': 'first-key' },
    { authorization: 'Basic Zm9v', 'x-api-key': 'second.key' },
  ])('%j is let in', async (headers) => {
    resultOf(await fetchWith(headers));
  });

  it.each([
    {},
    { authorization: 'Bearer' },
    { authorization: 'Bearer ' },
    { authorization: 'first-key' },
    { authorization: 'Basic first-key' },
    { authorization: 'Bearer first-key second.key' },
    { authorization: 'Bearer first-key,second.key' },
    { authorization: 'Bearer first-ke' },
    { authorization: 'Bearer First-Key' },
    { 'x-api-key': '' },
    { 'x-api-key': 'first-key,second.key' },
    { 'x-api-key': 'third' },
    { cookie: 'X-API-Key=first-key' },
  ])('%j is unauthorized', async (headers) => {
    const answer = await fetchWith(headers);
    const problem = problemOf(answer, 'unauthorized');
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(problem).toMatchObject({ instance: '/fetch', failureSource: 'client', received: null });
    expect(answer.text).not.toMatch(/first-key|second\.key/);
  });

  it('takes none from the query', async () => {
    const problem = await locked.get('/fetch?api_key=first-key');
    problemOf(problem, 'not-found');
  });

  it.each(['/health/live', '/health/ready', '/docs', '/openapi.json'])('%s needs none', async (path) => {
    expect((await locked.get(path)).status).toBe(200);
  });

  it('needs none with AUTH=off, whatever is shown', async () => {
    for (const headers of [{}, { authorization: 'Bearer wrong' }]) resultOf(await fetchWith(headers, open));
  });
});
