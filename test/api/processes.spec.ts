import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Answer, call } from '../support/app';
import { JobCaller } from '../support/job-caller';
import { Scrape } from '../support/metrics';
import { answering, response, useOrigins } from '../support/origin';
import { describeOnPostgres, usePostgres } from '../support/postgres';
import { ServiceProcess, useProcesses } from '../support/service-process';
import { freePort, listeningOn, nextTurn } from '../support/sockets';
import { problemOf, resultOf } from './contract';

jest.setTimeout(60_000);

const FAILING_NUMBERS = path.join(__dirname, '../support/failing-numbers.mts');
const LONG = { timeouts: { firstByteMs: 60_000, idleMs: 60_000, totalMs: 60_000 } };

function fetchBy(service: ServiceProcess, url: string): Promise<Answer> {
  return call(`${service.url}/fetch`, { method: 'POST', body: { url, ...LONG } });
}

async function scrape(service: ServiceProcess): Promise<Scrape> {
  return new Scrape((await call(`${service.url}/metrics`)).text);
}

/** Scrapes until something shows. */
async function scrapeUntil(service: ServiceProcess, shows: (scrape: Scrape) => boolean): Promise<Scrape> {
  for (;;) {
    const scraped = await scrape(service);
    if (shows(scraped)) return scraped;
    await nextTurn();
  }
}

/** Those that have fetched. */
function fetchersOf({ log }: ServiceProcess): Set<number> {
  return new Set(log.filter(({ context }) => context === 'fetch').map(({ pid }) => pid as number));
}

function messagesOf({ log }: ServiceProcess): string[] {
  return log.map(({ msg }) => String(msg));
}

/** Whether a process has not ended; one that nobody has asked how it ended is still listed: proc_pid_stat(5). */
function lives(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

/** Waits for them, the test's time-out at the longest: the system closes what a process holds open before it counts it as
 *  ended, so that its stdout has been seen to end a moment too early. */
async function allEnd(pids: readonly number[]): Promise<void> {
  while (pids.some(lives)) await nextTurn();
}

describeOnPostgres('several processes', () => {
  const database = usePostgres();
  // Before origins are closed, which wait for what they do.
  const releases: (() => void)[] = [];
  afterEach(() => {
    for (const release of releases.splice(0)) release();
  });
  const startOrigin = useOrigins();
  const startProcesses = useProcesses();

  function start(env: NodeJS.ProcessEnv = {}, flags: readonly string[] = []): Promise<ServiceProcess> {
    return startProcesses({ WIREFETCH_WORKERS: '2', WIREFETCH_DATABASE_URL: database()!, ...env }, flags);
  }

  /** An origin that keeps silent until told to answer. */
  async function startSilentOrigin() {
    const release = Promise.withResolvers<void>();
    releases.push(release.resolve);
    const origin = await startOrigin(async (peer) => {
      await peer.request();
      await release.promise;
      if (!peer.socket.destroyed) await peer.send(response('200 OK', 'in time'));
    });
    return { url: origin.url(), peers: origin.peers, release: release.resolve };
  }

  it('answer on one port, as one service that says once where it is', async () => {
    const origin = await startOrigin(answering(response('200 OK', 'content')));
    const service = await start({ WIREFETCH_COLOUR: 'red' }, ['--expose-gc', '--max-semi-space-size=8']);
    const [one, other, ...more] = service.children;
    expect(more).toEqual([]);
    for (let n = 0; n < 4; n++) expect(resultOf(await fetchBy(service, origin.url())).status).toBe(200);
    await service.until(() => fetchersOf(service).size === 2);
    expect(fetchersOf(service)).toEqual(new Set([one, other]));
    for (let n = 0; n < 2; n++) problemOf(await fetchBy(service, service.url), 'address-denied');

    for (const pid of service.children)
      expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toContain(
        '--expose-gc\0--max-semi-space-size=8\0',
      );
    expect(messagesOf(service).filter((text) => text.startsWith('listening on'))).toHaveLength(1);
    expect(service.log.filter(({ level }) => (level as number) > 30)).toMatchObject([
      { pid: service.pid, msg: expect.stringContaining('WIREFETCH_COLOUR') as unknown },
    ]);
    service.signal('SIGTERM');
    expect(await service.ended).toEqual({ code: 0, signal: null });
    expect(service.stderr).toBe('');
  });

  it('share a port that was chosen, by 256 sockets each, and nobody else has it', async () => {
    const port = await freePort();
    const settings = { WIREFETCH_PORT: String(port) };
    const service = await start(settings);
    expect(service.url).toBe(`http://127.0.0.1:${port}`);
    expect(listeningOn(port)).toBe(512);
    // The system gives each connection to either.
    while (fetchersOf(service).size < 2) problemOf(await fetchBy(service, service.url), 'address-denied');

    for (const WIREFETCH_WORKERS of ['1', '2']) {
      const late = await ServiceProcess.fail({
        ...settings,
        WIREFETCH_WORKERS,
        WIREFETCH_DATABASE_URL: database()!,
      });
      expect(late.code).toBe(1);
      expect(late.stderr).toBe(
        `wirefetch cannot start: listen EADDRINUSE: address already in use 127.0.0.1:${port}; WIREFETCH_HOST and WIREFETCH_PORT say where to listen\n`,
      );
    }
    service.signal('SIGINT');
    expect(await service.ended).toEqual({ code: 0, signal: null });
    expect(listeningOn(port)).toBe(0);
  });

  it('may together do what the service may', async () => {
    const origin = await startSilentOrigin();
    const service = await start({ WIREFETCH_MAX_CONCURRENCY: '3', WIREFETCH_MAX_QUEUE: '0' });
    const answers: Promise<Answer>[] = [];
    // Connections go to one process after the other. One of them has two places; whichever comes to be asked third may
    // have none left.
    while (answers.length < 3) {
      const answer = fetchBy(service, origin.url);
      const isRefused = answer.then(({ status }) => status === 503);
      const before = answers.length;
      const isUnderWay = async (): Promise<false> => {
        while (origin.peers.length <= before) await nextTurn();
        return false;
      };
      if (!(await Promise.race([isRefused, isUnderWay()]))) answers.push(answer);
    }
    for (let n = 0; n < 4; n++) problemOf(await fetchBy(service, origin.url), 'overloaded');
    for (let n = 0; n < 2; n++) expect((await scrape(service)).value('wirefetch_fetches_running')).toBe(3);
    origin.release();
    for (const answer of await Promise.all(answers)) expect(resultOf(answer).body.text).toBe('in time');
    await service.until(() => fetchersOf(service).size === 2);
  });

  it('tell the numbers of all of them, whichever is asked, and keep those of one that is gone', async () => {
    const origin = await startOrigin(answering(response('200 OK', 'content')));
    const service = await start({ WIREFETCH_ROLE: 'api' });
    for (let n = 0; n < 3; n++) await fetchBy(service, origin.url());
    const requests = [1, 2, 3].map((n) => ({ url: origin.url(`/${n}`) }));
    await new JobCaller(service.url).submit({ requests });
    await scrapeUntil(service, (scraped) => scraped.value('wirefetch_job_items_queued') === 3);
    for (let n = 0; n < 2; n++) {
      const scraped = await scrape(service);
      expect(scraped.value('wirefetch_fetches_total', { code: 'ok' })).toBe(3);
      expect(scraped.value('wirefetch_fetch_phase_duration_seconds_count', { phase: 'wait' })).toBe(3);
      expect(scraped.value('wirefetch_job_items_queued')).toBe(3);
      expect(scraped.value('wirefetch_jobs_open')).toBe(1);
      expect(scraped.value('wirefetch_build_info')).toBe(1);
      expect(scraped.value('wirefetch_processes')).toBe(2);
      expect(scraped.value('process_resident_memory_bytes')).toBeGreaterThan(150_000_000);
    }

    for (const pid of service.children) {
      const replaced = messagesOf(service).filter((text) => text.includes('is replaced')).length;
      process.kill(pid, 'SIGKILL');
      await service.until(
        () => messagesOf(service).filter((text) => text.includes('is replaced')).length > replaced,
      );
      const whole = await scrapeUntil(service, (scraped) => scraped.value('wirefetch_processes') === 2);
      expect(whole.value('wirefetch_fetches_total', { code: 'ok' })).toBe(3);
    }
  });

  it.each([
    ['cannot tell its numbers', 'untold', 'no numbers today'],
    ['tells what cannot be summed', 'unsummable', "'median' is not a defined aggregator"],
  ])('go on where one %s: scrapes fail while it does', async (_, how, reason) => {
    const origin = await startOrigin(answering(response('200 OK', 'content')));
    const service = await start({ TEST_NUMBERS: how }, ['--import', FAILING_NUMBERS]);
    const { children } = service;
    const [victim] = children;
    const turn = async (fails: boolean): Promise<void> => {
      const turned = (): number =>
        messagesOf(service).filter((text) => text === `numbers fail: ${fails}`).length;
      const before = turned();
      process.kill(victim!, 'SIGUSR2');
      await service.until(() => turned() > before);
    };
    for (let n = 0; n < 2; n++) await fetchBy(service, origin.url());
    const fetches = async (): Promise<number | null> =>
      (await scrape(service)).value('wirefetch_fetches_total', { code: 'ok' });
    expect(await fetches()).toBe(2);

    await turn(true);
    const errors = (): unknown[] => service.log.filter(({ level }) => level === 50);
    for (let n = 0; n < 2; n++) {
      const answer = await call(`${service.url}/metrics`);
      problemOf(answer, 'internal-error');
      expect(answer.text).not.toContain(reason);
    }
    await service.until(() => errors().length === 2);
    for (const error of errors()) expect(JSON.stringify(error)).toContain(reason);
    await turn(false);
    expect(await fetches()).toBe(2);
    expect(service.children).toEqual(children);

    await turn(true);
    problemOf(await call(`${service.url}/metrics`), 'internal-error');
    process.kill(victim!, 'SIGKILL');
    await service.until(() => messagesOf(service).some((text) => text.includes('is replaced')));
    expect(await fetches()).toBe(2);
    await scrapeUntil(service, (scraped) => scraped.value('wirefetch_processes') === 2);
    service.signal('SIGTERM');
    expect(await service.ended).toEqual({ code: 0, signal: null });
  });

  it('are replaced when they die, later when they do so again at once', async () => {
    const origin = await startOrigin(answering(response('200 OK', 'content')));
    const service = await start();
    const [victim, other] = service.children;
    process.kill(victim!, 'SIGKILL');
    await service.until(() =>
      messagesOf(service).includes(`process ${victim} has ended (SIGKILL), and is replaced now`),
    );
    await scrapeUntil(service, (scraped) => scraped.value('wirefetch_processes') === 2);
    const next = service.children.find((pid) => pid !== other)!;
    expect(next).not.toBe(victim);
    for (let n = 0; n < 2; n++) expect(resultOf(await fetchBy(service, origin.url())).status).toBe(200);
    await service.until(() => fetchersOf(service).has(next));

    process.kill(next, 'SIGKILL');
    await service.until(() =>
      messagesOf(service).includes(`process ${next} has ended (SIGKILL), and is replaced in 1 s`),
    );
    expect(service.children).toEqual([other]);
    expect((await scrape(service)).value('wirefetch_processes')).toBe(1);
    await scrapeUntil(service, (scraped) => scraped.value('wirefetch_processes') === 2);
    expect(messagesOf(service).filter((text) => text.startsWith('listening on'))).toHaveLength(1);
    service.signal('SIGTERM');
    expect(await service.ended).toEqual({ code: 0, signal: null });
  });

  it('stop together at SIGTERM, though each of them has the signal as well', async () => {
    const origin = await startSilentOrigin();
    const service = await start({ WIREFETCH_SHUTDOWN_MS: '600000' });
    const answers = [0, 1].map(() => fetchBy(service, origin.url));
    while (origin.peers.length < 2) await nextTurn();
    const { children } = service;
    service.signal('SIGTERM');
    await service.until(() => service.stdout.includes('SIGTERM'));
    for (const pid of children) process.kill(pid, 'SIGTERM');
    const readiness = async (): Promise<number> => (await call(`${service.url}/health/ready`)).status;
    while ((await Promise.all([readiness(), readiness()])).includes(200)) await nextTurn();
    for (let n = 0; n < 4; n++) {
      expect(await readiness()).toBe(503);
      expect((await call(`${service.url}/health/live`)).status).toBe(200);
      problemOf(await fetchBy(service, origin.url), 'overloaded');
    }
    origin.release();
    for (const answer of await Promise.all(answers)) expect(resultOf(answer).body.text).toBe('in time');
    expect(await service.ended).toEqual({ code: 0, signal: null });
    expect(messagesOf(service).filter((text) => text === 'stopped')).toHaveLength(1);
    expect(messagesOf(service).some((text) => text.includes('replaced'))).toBe(false);
    expect(service.stderr).toBe('');
    await allEnd(children);
  });

  it('are over in time', async () => {
    const origin = await startSilentOrigin();
    const service = await start({ WIREFETCH_SHUTDOWN_MS: '1000' });
    const answers = [0, 1].map(() => fetchBy(service, origin.url));
    while (origin.peers.length < 2) await nextTurn();
    service.signal('SIGTERM');
    for (const answer of await Promise.all(answers)) problemOf(answer, 'overloaded');
    expect(await service.ended).toEqual({ code: 0, signal: null });
  });

  it('end at once at a second signal', async () => {
    const origin = await startSilentOrigin();
    const service = await start({ WIREFETCH_SHUTDOWN_MS: '600000' });
    const cut = fetchBy(service, origin.url).catch(({ code }: NodeJS.ErrnoException) => code);
    while (origin.peers.length < 1) await nextTurn();
    const { children } = service;
    service.signal('SIGTERM');
    await service.until(() => service.stdout.includes('SIGTERM'));
    service.signal('SIGINT');
    expect(await service.ended).toEqual({ code: 1, signal: null });
    expect(await cut).toBe('ECONNRESET');
    await allEnd(children);
  });

  it('end with the primary, however that ends', async () => {
    const service = await start();
    const { children } = service;
    expect(children.filter(lives)).toHaveLength(2);
    // It has ended when nobody holds its stdout any more.
    await service.kill();
    await allEnd(children);
  });

  it('do not start where one cannot, and say why once', async () => {
    const service = await ServiceProcess.fail({
      WIREFETCH_WORKERS: '2',
      WIREFETCH_DATABASE_URL: database()!,
      // RFC 5737: nobody's
      WIREFETCH_HOST: '192.0.2.1',
      WIREFETCH_AUTH: 'off',
    });
    expect(service.code).toBe(1);
    expect(service.stderr).toMatch(/^wirefetch cannot start: .*EADDRNOTAVAIL.*\n$/);
    expect(service.stdout).not.toContain('replaced');
  });
});

describe('without a database to share', () => {
  const startProcesses = useProcesses();

  it('more than one are refused', async () => {
    const service = await ServiceProcess.fail({ WIREFETCH_WORKERS: '2' });
    expect(service.code).toBe(1);
    expect(service.stderr).toMatch(
      /^wirefetch cannot start:\nWIREFETCH_WORKERS: .*WIREFETCH_DATABASE_URL.*\n$/,
    );
    expect(service.stdout).toBe('');
  });

  it('there is one where as many are wanted as there are processors, and it says so', async () => {
    const service = await startProcesses({ WIREFETCH_WORKERS: 'auto' });
    expect(messagesOf(service)).toContainEqual(expect.stringContaining('WIREFETCH_DATABASE_URL'));
    expect(new Set(service.log.map(({ pid }) => pid))).toEqual(new Set([service.pid]));
    expect((await scrape(service)).value('wirefetch_processes')).toBe(1);
  });
});
