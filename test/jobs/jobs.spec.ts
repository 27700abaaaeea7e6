import { createHmac } from 'node:crypto';
import type { JobDto, JobItemDto } from '../../src/jobs/dto/job.dto';
import { jsonOf, TestService } from '../support/app';
import { useCountingOrigin } from '../support/counting-origin';
import { JobCaller } from '../support/job-caller';
import { describeOnPostgres, usePostgres } from '../support/postgres';

jest.setTimeout(60_000);

describe('jobs on the embedded database', () => {
  suite(() => ({}));
});

describeOnPostgres('jobs on PostgreSQL', () => {
  const url = usePostgres();
  suite(() => ({ WIREFETCH_DATABASE_URL: url()! }));
});

/** What holds on either. */
function suite(env: () => NodeJS.ProcessEnv): void {
  const origin = useCountingOrigin();
  let service: TestService;
  let jobs: JobCaller;
  beforeAll(async () => {
    service = await TestService.start({ WIREFETCH_API_KEYS: 'mine,other', ...env() });
    jobs = new JobCaller(service.url, { 'x-api-key': 'mine' });
  });
  afterAll(() => service.close());

  const urls = (count: number): { readonly url: string }[] =>
    Array.from({ length: count }, (_, n) => ({ url: `${origin().url}/${n}` }));

  it('are accepted, fetched once each, and told in the order of completion', async () => {
    const answer = await jobs.post({ requests: urls(100), perHost: { concurrency: 8 } });
    expect(answer.status).toBe(202);
    const accepted = jsonOf<JobDto>(answer);
    expect(answer.headers.location).toBe(`/jobs/${accepted.id}`);
    expect(accepted).toMatchObject({ state: 'queued', total: 100, pending: 100, finishedAt: null });
    const over = await jobs.over(accepted.id);
    expect(over).toMatchObject({ state: 'completed', pending: 0, running: 0, succeeded: 100, failed: 0 });
    const items = await jobs.results(accepted.id, 7);
    expect(items.map(({ index }) => index).toSorted((one, other) => one - other)).toEqual([
      ...Array(100).keys(),
    ]);
    for (const { index, result, problem, attempts } of items) {
      expect(result?.body?.text).toBe(`/${index}`);
      expect([problem, attempts]).toEqual([null, 1]);
    }
    expect(origin().arrivals).toHaveLength(100);
    expect(origin().most).toBeLessThanOrEqual(8);
  });

  it('refuse a host that no name server and no table would take', async () => {
    const answer = await jobs.post({ requests: [...urls(1), { url: `http://${'a'.repeat(7_324)}/` }] });
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('requests.1.url')]);
  });

  it('hold problems of items, and results whatever the status and the octets', async () => {
    const latin1 = { 'content-type': 'text/plain; charset=iso-8859-1' };
    origin().reset((_, response) => void response.writeHead(404, latin1).end(Buffer.from([0, 255, 0])));
    const { id } = await jobs.submit({
      requests: [{ url: `${origin().url}/nul`, include: { body: 'text' } }, { url: 'http://192.0.2.1/' }],
    });
    await jobs.over(id);
    const [first, second] = (await jobs.results(id)).toSorted((one, other) => one.index - other.index);
    expect(first).toMatchObject({
      state: 'succeeded',
      result: { status: 404, body: { text: '\0\u00ff\0' } },
    });
    expect(second).toMatchObject({ state: 'failed', result: null, problem: { code: 'address-denied' } });
    expect(await jobs.results(id, 10, 'failed')).toEqual([second]);
  });

  it('are answered with the first one when the same call comes again', async () => {
    const body = JSON.stringify({ requests: urls(1) });
    const calls = Array.from({ length: 5 }, () => jobs.post(body, { 'idempotency-key': 'again' }));
    const answers = await Promise.all(calls);
    expect(new Set(answers.map((answer) => jsonOf<JobDto>(answer).id)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(4);
    const other = await jobs.post({ requests: urls(2) }, { 'idempotency-key': 'again' });
    expect([other.status, jsonOf<{ code: string }>(other).code]).toEqual([409, 'idempotency-mismatch']);
    const stranger = new JobCaller(service.url, { 'x-api-key': 'other' });
    const theirs = await stranger.post(body, { 'idempotency-key': 'again' });
    expect(theirs.headers['idempotency-replayed']).toBeUndefined();
  });

  it('are nobody else’s', async () => {
    const { id } = await jobs.submit({ requests: urls(1) });
    const stranger = new JobCaller(service.url, { 'x-api-key': 'other' });
    const answers = ['', '/results', '/events'].map((path) => stranger.get(`/jobs/${id}${path}`));
    for (const { status, text } of await Promise.all([...answers, stranger.cancel(id)])) {
      expect(status).toBe(404);
      expect(JSON.parse(text)).toMatchObject({ detail: 'You have no job with this id.' });
    }
    const { items } = jsonOf<{ readonly items: JobDto[] }>(await stranger.get('/jobs'));
    expect(items.map((job) => job.id)).not.toContain(id);
  });

  it('are listed by pages, the newest first, and by state', async () => {
    const made: string[] = [];
    for (let n = 0; n < 3; n++) made.unshift((await jobs.submit({ requests: urls(1) })).id);
    await Promise.all(made.map((id) => jobs.over(id)));
    type Page = { readonly items: JobDto[]; readonly next: string | null };
    const first = jsonOf<Page>(await jobs.get('/jobs?limit=2&state=completed'));
    expect(first.items.map(({ id }) => id)).toEqual(made.slice(0, 2));
    const second = jsonOf<Page>(await jobs.get(`/jobs?limit=1&state=completed&after=${first.next}`));
    expect(second.items.map(({ id }) => id)).toEqual(made.slice(2));
    expect((await jobs.get('/jobs?state=gone&limit=0')).status).toBe(400);
  });

  it('are cancelled: what waits at once, what runs within two seconds', async () => {
    origin().reset(() => undefined);
    const { id } = await jobs.submit({ requests: urls(50), perHost: { concurrency: 2 } });
    await origin().until(2);
    const cancelledAt = performance.now();
    const answer = await jobs.cancel(id);
    expect(answer.status).toBe(202);
    expect(jsonOf<JobDto>(answer)).toMatchObject({ state: 'cancelled', pending: 0 });
    const over = await jobs.over(id);
    expect(performance.now() - cancelledAt).toBeLessThan(2_000);
    expect(over).toMatchObject({ state: 'cancelled', running: 0, cancelled: 50 });
    const items = await jobs.results(id);
    expect(items).toHaveLength(50);
    expect(new Set(items.map(({ state }) => state))).toEqual(new Set(['cancelled']));
    expect(jsonOf<JobDto>(await jobs.cancel(id))).toEqual(over);
    expect(origin().arrivals).toHaveLength(2);
  });

  it('are tried again when that may help, and not otherwise', async () => {
    origin().reset(({ path }, response) => {
      const tries = origin().counts.get(path)!;
      if (path === '/twice' && tries < 3) response.writeHead(503, { 'retry-after': '0' }).end();
      else if (path === '/always') response.writeHead(503).end();
      else if (path === '/gone') response.writeHead(404).end();
      else response.end('at last');
    });
    const requests = [
      { url: `${origin().url}/twice` },
      { url: `${origin().url}/always` },
      { url: `${origin().url}/gone` },
      { url: `${origin().url}/always-post`, method: 'POST' },
    ];
    const { id } = await jobs.submit({ requests, retries: { max: 2, backoffMs: 20 } });
    await jobs.over(id);
    const items = (await jobs.results(id)).toSorted((one, other) => one.index - other.index);
    expect(items.map(({ attempts, result }) => [attempts, result?.status])).toEqual([
      [3, 200],
      [3, 503],
      [1, 404],
      [1, 200],
    ]);
  });

  it('keep the gap between two beginnings at a host', async () => {
    const { id } = await jobs.submit({ requests: urls(5), perHost: { concurrency: 4, minGapMs: 400 } });
    await jobs.over(id);
    const times = origin().arrivals.map(({ at }) => at);
    const gaps = times.slice(1).map((at, n) => at - times[n]!);
    // Arrivals are seen earlier or later than they began, on a busy machine by a tenth of a second.
    expect(Math.min(...gaps)).toBeGreaterThan(200);
  });

  it('have nothing fetched before its time, and nothing waits for that', async () => {
    const after = (ms: number) => new Date(Date.now() + ms).toISOString();
    const muchLater = await jobs.submit({ requests: urls(1), startAfter: after(3_600_000) });
    const startAfter = after(500);
    const later = await jobs.submit({ requests: urls(1), startAfter });
    const soon = await jobs.submit({ requests: urls(1) });
    await jobs.over(soon.id);
    const { startedAt } = await jobs.over(later.id);
    expect(startedAt! >= startAfter).toBe(true);
    expect((await jobs.job(muchLater.id)).state).toBe('queued');
    await jobs.cancel(muchLater.id);
  });

  it('are followed to their end as NDJSON and as events, by whoever comes back too', async () => {
    const held: (() => void)[] = [];
    origin().reset((_, response) => void held.push(() => response.end('x')));
    const { id } = await jobs.submit({ requests: urls(4), perHost: { concurrency: 4 } });
    await origin().until(4);
    const seen: string[] = [];
    const lines = jobs.follow(`/jobs/${id}/results`, 'application/x-ndjson', (text) => seen.push(text));
    const events = jobs.follow(`/jobs/${id}/events`, 'text/event-stream');
    held.shift()!();
    while (seen.length === 0) await jobs.job(id);
    expect(held).toHaveLength(3);
    for (const answer of held) answer();
    const items = (await lines)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as JobItemDto);
    expect(items.map(({ index }) => index).toSorted((one, other) => one - other)).toEqual([0, 1, 2, 3]);
    const told = await events;
    expect(told.match(/^event: item$/gm)).toHaveLength(4);
    expect(told).toMatch(/\nevent: end\nid: 4\ndata: \{"id":"[^"]+","state":"completed"/);
    const rest = await call(id, '2');
    expect(rest.match(/^event: item\nid: (\d)$/gm)).toEqual(['event: item\nid: 3', 'event: item\nid: 4']);
  });

  const call = async (id: string, lastEventId: string): Promise<string> =>
    (await jobs.get(`/jobs/${id}/events`, { accept: 'text/event-stream', 'last-event-id': lastEventId }))
      .text;

  it('are announced, signed, until somebody takes it', async () => {
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    origin().reset(({ path }, response) => {
      const refuses = path === '/hook' && origin().counts.get('/hook') === 1;
      response.writeHead(refuses ? 500 : 200).end();
    });
    const webhook = { url: `${origin().url}/hook`, secret };
    const answer = await jobs.post({ requests: urls(1), webhook });
    expect(answer.text).not.toContain(secret);
    await jobs.over(jsonOf<JobDto>(answer).id);
    await origin().until(3);
    const hooks = origin().arrivals.filter(({ path }) => path === '/hook');
    expect(hooks).toHaveLength(2);
    expect(hooks[0]!.headers['webhook-id']).toBe(hooks[1]!.headers['webhook-id']);
    const [{ body, headers }] = hooks as [(typeof hooks)[0]];
    const signed = `${headers['webhook-id'] as string}.${headers['webhook-timestamp'] as string}.${body}`;
    const signature = createHmac('sha256', Buffer.alloc(32, 7)).update(signed).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${signature}`);
    expect(JSON.parse(body)).toMatchObject({ type: 'job.completed', data: { succeeded: 1 } });
  });

  it('are refused whole when anything is wrong, naming the places', async () => {
    const answer = await jobs.post({ requests: [...urls(2), { url: 'gopher://a/' }], concurrency: 0 });
    expect(answer.status).toBe(400);
    const { errors } = jsonOf<{ readonly errors: { readonly path: string }[] }>(answer);
    expect(errors.map(({ path }) => path)).toEqual(expect.arrayContaining(['requests.2.url', 'concurrency']));
    expect(origin().arrivals).toHaveLength(0);
  });
}
