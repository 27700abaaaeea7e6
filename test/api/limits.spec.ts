import { once } from 'node:events';
import { connect } from 'node:net';
import { Admission } from '../../src/limits/admission';
import { type Answer, TestService } from '../support/app';
import { type Origin, answering, response, routes, useOrigins } from '../support/origin';
import { expectNothingLeft, nextTurn } from '../support/sockets';
import { problemOf, resultOf } from './contract';

const start = useOrigins();
const services: TestService[] = [];
afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.close()));
});

async function serviceWith(env: NodeJS.ProcessEnv): Promise<TestService> {
  const service = await TestService.start(env, { 'other.test': ['127.0.0.1'] });
  services.push(service);
  return service;
}

const LONG = { timeouts: { firstByteMs: 60_000, totalMs: 60_000 } };

/** An origin that answers each connection when it is told to. */
async function patientOrigin(): Promise<{
  origin: Origin;
  asked: (count: number) => Promise<void>;
  answer: (index: number) => Promise<void>;
}> {
  const requests: string[] = [];
  const origin = await start(async (peer) => {
    requests.push(await peer.request());
  });
  return {
    origin,
    asked: async (count) => {
      while (requests.length < count) await nextTurn();
    },
    answer: async (index) => {
      const peer = origin.peers[index]!;
      await peer.send(response('200 OK\r\nConnection: close', `answer ${index}`));
      peer.fin();
    },
  };
}

async function untilWaiting(service: TestService, count: number): Promise<void> {
  const admission = service.app.get(Admission, { strict: false });
  while (admission.waiting !== count) await nextTurn();
}

function refusedBy(code: 'overloaded' | 'rate-limited', answer: Answer): void {
  const problem = problemOf(answer, code);
  expect(problem).toMatchObject({ received: null, connection: null });
  expect(answer.headers['retry-after']).toBe('1');
}

describe('MAX_CONCURRENCY and MAX_QUEUE', () => {
  it('run so many, let so many wait in turn, and refuse the rest at once, before they dial', async () => {
    const service = await serviceWith({ WIREFETCH_MAX_CONCURRENCY: '2', WIREFETCH_MAX_QUEUE: '1' });
    const { origin, asked, answer } = await patientOrigin();
    const url = origin.url();
    const first = service.fetch({ url, ...LONG });
    await asked(1);
    const second = service.fetch({ url, ...LONG });
    await asked(2);
    const third = service.fetch({ url, ...LONG });
    await untilWaiting(service, 1);
    refusedBy('overloaded', await service.fetch({ url, ...LONG }));
    expect(origin.peers).toHaveLength(2);

    await answer(1);
    expect(resultOf(await second).body.text).toBe('answer 1');
    await asked(3);
    await answer(2);
    const result = resultOf(await third);
    expect(result.body.text).toBe('answer 2');
    expect(result.timings.queue).toBeGreaterThan(0);
    await answer(0);
    expect(resultOf(await first).timings.queue).toBeLessThan(result.timings.queue!);
    expect(origin.peers).toHaveLength(3);
  });

  it('leave the time of waiting out of totalMs, and out of the total', async () => {
    const service = await serviceWith({ WIREFETCH_MAX_CONCURRENCY: '1' });
    const { origin, asked, answer } = await patientOrigin();
    const first = service.fetch({ url: origin.url(), ...LONG });
    await asked(1);
    const quick = await start(answering(response('200 OK')));
    const totalMs = 2_000;
    const second = service.fetch({ url: quick.url(), timeouts: { totalMs } });
    await untilWaiting(service, 1);
    await new Promise((resolve) => setTimeout(resolve, totalMs + 50));
    await answer(0);
    resultOf(await first);
    const { timings, complete } = resultOf(await second);
    expect(complete).toBe(true);
    expect(timings.queue).toBeGreaterThan(totalMs);
    expect(timings.total).toBeLessThan(totalMs);
    expect(timings.chainTotal).toBe(timings.total);
  });

  it('make room when a caller who waits leaves', async () => {
    const service = await serviceWith({ WIREFETCH_MAX_CONCURRENCY: '1', WIREFETCH_MAX_QUEUE: '1' });
    const { origin, asked, answer } = await patientOrigin();
    const first = service.fetch({ url: origin.url(), ...LONG });
    await asked(1);
    await expectNothingLeft(async () => {
      const caller = connect(service.port, '127.0.0.1');
      const json = JSON.stringify({ url: origin.url('/left'), ...LONG });
      caller.write(
        `POST /fetch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${json.length}\r\n\r\n${json}`,
      );
      await untilWaiting(service, 1);
      caller.destroy();
      await once(caller, 'close');
      await untilWaiting(service, 0);
    });
    const next = service.fetch({ url: origin.url(), ...LONG });
    await untilWaiting(service, 1);
    await answer(0);
    resultOf(await first);
    await asked(2);
    await answer(1);
    resultOf(await next);
    expect(origin.requests.filter((request) => request.includes('/left'))).toEqual([]);
  });

  it('are given back by fetches that fail', async () => {
    const service = await serviceWith({ WIREFETCH_MAX_CONCURRENCY: '1', WIREFETCH_MAX_QUEUE: '0' });
    const origin = await start(answering('garbage'));
    for (let count = 0; count < 3; count++) {
      problemOf(await service.fetch({ url: origin.url() }), 'malformed-response');
      problemOf(await service.fetch({ url: 'http://10.0.0.1/' }), 'address-denied');
      problemOf(await service.fetch({ url: 'http://unknown.test/' }), 'dns-not-found');
    }
  });
});

describe('MAX_PER_HOST', () => {
  it('has later fetches of a host wait, and nobody else', async () => {
    const service = await serviceWith({ WIREFETCH_MAX_PER_HOST: '1' });
    const slow = await patientOrigin();
    const first = service.fetch({ url: slow.origin.url(), ...LONG });
    await slow.asked(1);
    const second = service.fetch({ url: slow.origin.url(), ...LONG });
    await untilWaiting(service, 1);
    const quick = await start(answering(response('200 OK')));
    resultOf(await service.fetch({ url: quick.url() }));
    expect(slow.origin.peers).toHaveLength(1);
    await slow.answer(0);
    await slow.asked(2);
    await slow.answer(1);
    for (const answer of await Promise.all([first, second])) resultOf(answer);
  });

  it('counts a redirect at the host it leads to', async () => {
    const service = await serviceWith({ WIREFETCH_MAX_PER_HOST: '1' });
    const slow = await patientOrigin();
    const away = await start(routes({ '/': response(`302 Found\r\nLocation: ${slow.origin.url('/hop')}`) }));
    const first = service.fetch({ url: slow.origin.url(), ...LONG });
    await slow.asked(1);
    const redirected = service.fetch({ url: away.url(), ...LONG });
    while (away.peers.length === 0) await nextTurn();
    await away.peers[0]!.closed;
    const admission = service.app.get(Admission, { strict: false });
    expect([admission.running, admission.waiting, slow.origin.peers.length]).toEqual([1, 1, 1]);
    await slow.answer(0);
    resultOf(await first);
    await slow.asked(2);
    await slow.answer(1);
    const { timings, hops, request } = resultOf(await redirected);
    expect(request.target).toBe('/hop');
    expect(timings.queue).toBeGreaterThan(hops[0]!.timings.queue!);
  });

  it('counts network.address, however many names lead there', async () => {
    const service = await serviceWith({ WIREFETCH_MAX_PER_HOST: '1' });
    const { origin, asked, answer } = await patientOrigin();
    const network = { address: '127.0.0.1' };
    const fetchAs = (name: string): Promise<Answer> =>
      service.fetch({ url: origin.url('/', name), network, ...LONG });
    const first = fetchAs('a.test');
    await asked(1);
    const second = fetchAs('b.test');
    await untilWaiting(service, 1);
    await answer(0);
    await asked(2);
    await answer(1);
    for (const one of await Promise.all([first, second])) resultOf(one);
  });
});

describe('RATE_LIMIT', () => {
  it('refuses a key’s fetches beyond its rate, and nobody else’s', async () => {
    const service = await serviceWith({ WIREFETCH_RATE_LIMIT: '1', WIREFETCH_API_KEYS: 'one,two' });
    const origin = await start(answering(response('200 OK')));
    const fetchBy = (key: string): Promise<Answer> =>
      service.fetch({ url: origin.url() }, { 'x-api-key': key });
    // At most one a second gets through; of three in a row one is refused, be the machine ever so busy.
    const answers = await Promise.all([fetchBy('one'), fetchBy('one'), fetchBy('one')]);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) refusedBy('rate-limited', answer);
    resultOf(await fetchBy('two'));
    expect(origin.peers).toHaveLength(answers.length - refused.length + 1);
  });

  it('is one for all where there are no keys, and counts no mistakes', async () => {
    const service = await serviceWith({ WIREFETCH_RATE_LIMIT: '1' });
    const origin = await start(answering(response('200 OK')));
    for (let count = 0; count < 3; count++) problemOf(await service.fetch({}), 'invalid-request');
    const answers = await Promise.all(Array.from({ length: 4 }, () => service.fetch({ url: origin.url() })));
    const codes = new Set(answers.map(({ status }) => status));
    expect(codes).toEqual(new Set([200, 429]));
  });
});
