import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { createRequire } from 'node:module';
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { setImmediate, setTimeout as pause } from 'node:timers/promises';
import type * as linesModule from '../../scripts/jobs-lines.mjs' with { 'resolution-mode': 'import' };
import type * as outputModule from '../../scripts/jobs-output.mjs' with { 'resolution-mode': 'import' };
import type * as progressModule from '../../scripts/jobs-progress.mjs' with { 'resolution-mode': 'import' };
import type * as requestsModule from '../../scripts/jobs-requests.mjs' with { 'resolution-mode': 'import' };
import { DEFAULTS } from '../../src/fetch/defaults';
import type { JobDto, JobItemDto } from '../../src/jobs/dto/job.dto';
import { JOB_DEFAULTS, MAX_REQUESTS } from '../../src/jobs/job-spec';
import { jsonOf, useService } from '../support/app';
import { useCountingOrigin } from '../support/counting-origin';
import { JobCaller } from '../support/job-caller';
import { freePort } from '../support/sockets';

jest.setTimeout(60_000);

const ROOT = join(__dirname, '..', '..');
const KEY = 'mine';

type Line = JobItemDto & { readonly job: string; readonly url: string | null };
type Esm<Module> = { readonly [Name in keyof Module]: Module[Name] };

/** Jest takes no .mts; the runtime does, as it does for npm. */
function load<Module>(script: string): Esm<Module> {
  const { createRequire: create } = process.getBuiltinModule('module') as {
    readonly createRequire: typeof createRequire;
  };
  return create(__filename)(join(ROOT, 'scripts', script)) as Esm<Module>;
}

/** The script, as npm starts it. */
class Command {
  readonly ended: Promise<number | null>;
  stdout = '';
  stderr = '';
  private over = false;
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv) {
    this.child = spawn(process.execPath, [join(ROOT, 'scripts/jobs.mts'), ...args], {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.ended = once(this.child, 'close').then(([code]) => {
      this.over = true;
      return code as number | null;
    });
  }

  get lines(): Line[] {
    return linesOf(this.stdout);
  }

  /** Waits until it has said something. */
  async until(shown: () => boolean): Promise<void> {
    while (!shown()) {
      if (this.over) throw new Error(`it has ended: ${this.stderr}`);
      await Promise.race([
        once(this.child.stdout, 'data'),
        once(this.child.stderr, 'data'),
        pause(20),
        this.ended,
      ]);
    }
  }

  get job(): string {
    return /^job (\w{26}):/m.exec(this.stderr)![1]!;
  }
}

function sorted(texts: readonly string[]): string[] {
  return texts.toSorted((one, other) => (one < other ? -1 : 1));
}

/** Named in a pattern. */
function literally(text: string): string {
  return text.replaceAll(/\W/g, String.raw`\$&`);
}

function linesOf(text: string): Line[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
}

/** Stands between the script and the service, and fails. */
class Faults {
  connections = 0;
  /** how many answers to cut off before they begin */
  losing = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async before(port: number): Promise<Faults> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const faults = new Faults(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('connection', (socket) => faults.take(socket, connect(port, '127.0.0.1')));
    return faults;
  }

  /** Cuts every connection there is. */
  cut(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.server.close();
    this.cut();
    await once(this.server, 'close');
  }

  private take(near: Socket, far: Socket): void {
    this.connections++;
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
    near.on('data', (octets: Buffer) => far.write(octets));
    far.on('data', (octets: Buffer) => {
      if (this.losing === 0) near.write(octets);
      else {
        this.losing--;
        near.resetAndDestroy();
      }
    });
  }
}

describe('npm run jobs', () => {
  const service = useService({ WIREFETCH_API_KEYS: KEY });
  const origin = useCountingOrigin();
  let folder: string;
  let jobs: JobCaller;
  const commands: Command[] = [];

  beforeAll(() => {
    jobs = new JobCaller(service().url, { 'x-api-key': KEY });
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wirefetch-jobs-'));
  });
  afterEach(async () => {
    for (const { child } of commands) child.kill('SIGKILL');
    await Promise.all(commands.splice(0).map(({ ended }) => ended));
    rmSync(folder, { recursive: true });
  });

  function start(...args: readonly string[]): Command {
    const env = { WIREFETCH_URL: service().url, WIREFETCH_API_KEY: KEY };
    const command = new Command(args, env);
    commands.push(command);
    return command;
  }

  function fileOf(lines: readonly string[]): string {
    const file = join(folder, 'urls.txt');
    writeFileSync(file, lines.join('\n'));
    return file;
  }

  const urls = (count: number): string[] => Array.from({ length: count }, (_, n) => `${origin().url}/${n}`);

  const allJobs = async (): Promise<JobDto[]> =>
    jsonOf<{ readonly items: JobDto[] }>(await jobs.get('/jobs?limit=1000')).items;

  /** Has every answer of the origin wait until it is let go. */
  function hold(): { readonly letGo: (count: number) => void } {
    const held: (() => void)[] = [];
    origin().reset((_, response) => void held.push(() => response.end('x')));
    return {
      letGo: (count) => {
        for (const answer of held.splice(0, count)) answer();
        if (count === Infinity) origin().answering = (_, response) => void response.end('x');
      },
    };
  }

  it('writes every result as a line, and exits 0 when all succeeded', async () => {
    const file = fileOf([
      '\ufeff# pages',
      '',
      ...urls(30),
      `  {"url":"${origin().url}/head","method":"HEAD"}\r`,
    ]);
    const command = start(file);
    expect(await command.ended).toBe(0);
    const { lines } = command;
    expect(lines.map(({ index }) => index).toSorted((one, other) => one - other)).toEqual([
      ...Array(31).keys(),
    ]);
    const items = await jobs.results(command.job);
    expect(lines).toEqual(
      items.map((item) => ({
        job: command.job,
        url: `${origin().url}/${item.index === 30 ? 'head' : item.index}`,
        ...item,
      })),
    );
    expect(origin().arrivals.find(({ path }) => path === '/head')!.method).toBe('HEAD');
  });

  it('tells how far it is on a line of its own where stderr is no terminal', async () => {
    const { letGo } = hold();
    const command = start(fileOf(urls(2)));
    await origin().until(2);
    await command.until(() => command.stderr.includes('0/2'));
    letGo(Infinity);
    await command.ended;
    expect(command.stderr).not.toMatch(/[\r\x1b]/);
    expect(command.stderr).toMatch(/^0\/2 {2}0% {2}ETA \? {2}0 failed {2}\?\/s {2}0 ok$/m);
    expect(command.stderr).toMatch(/^2\/2 {2}100% {2}0 failed {2}\S+\/s {2}2 ok$/m);
    expect(command.stderr).toMatch(/^2 in \d+s: 2 succeeded, 0 failed$/m);
  });

  it('exits 1 when some failed, and says of what', async () => {
    const command = start(fileOf([...urls(1), 'http://192.0.2.1/', 'http://198.51.100.1/']), '--retries=0');
    expect(await command.ended).toBe(1);
    expect(command.stderr).toMatch(/1 succeeded, 2 failed \(2 address-denied\)/);
    const failed = command.lines.filter(({ state }) => state === 'failed');
    expect(sorted(failed.map(({ url }) => String(url)))).toEqual([
      'http://192.0.2.1/',
      'http://198.51.100.1/',
    ]);
  });

  it('submits with the options that it was given', async () => {
    hold();
    const args = ['--timeout-ms=300', '--retries=1', '--concurrency=3', '--per-host=3', '--defaults'];
    const command = start(fileOf(urls(9)), ...args, '{"method":"HEAD"}');
    expect(await command.ended).toBe(1);
    expect(command.stderr).toMatch(/0 succeeded, 9 failed \(9 total-timeout\)/);
    expect(new Set(command.lines.map(({ attempts }) => attempts))).toEqual(new Set([2]));
    expect(origin().most).toBe(3);
    expect(new Set(origin().arrivals.map(({ method }) => method))).toEqual(new Set(['HEAD']));
  });

  it('takes URLs from standard input', async () => {
    const command = start('-');
    command.child.stdin.end(urls(3).join('\n'));
    expect(await command.ended).toBe(0);
    expect(command.lines).toHaveLength(3);
  });

  it('names the lines that the service refuses, and submits nothing', async () => {
    const before = (await allJobs()).length;
    const file = fileOf([
      '# first',
      ...urls(1),
      '',
      'ftp://a.example/',
      '{"url":"http://a.example/","methud":"GET"}',
    ]);
    const command = start(file);
    expect(await command.ended).toBe(2);
    expect(command.stderr).toMatch(
      new RegExp(`^${literally(file)}:4: url has the scheme ftp.*: ftp://a\\.example/$`, 'm'),
    );
    expect(command.stderr).toMatch(new RegExp(`^${literally(file)}:5: methud is not a field`, 'm'));
    expect(command.stdout).toBe('');
    expect(await allJobs()).toHaveLength(before);
  });

  it('names those lines together with what is no JSON, and with wrong options, in whatever job they would be', async () => {
    const before = (await allJobs()).length;
    const lines = ['{"url":', ...urls(2), 'ftp://a.example/', 'http://a b/', '{url}', 'http://b c/'];
    const file = fileOf(lines);
    const mistakes = (command: Command): string[] =>
      command.stderr
        .split('\n')
        .map((line) => /^--per-host|(?<=urls\.txt:)\d+: \S+ \S+/.exec(line)?.[0] ?? line);
    const command = start(file, '--job-size=3', '--per-host=65');
    expect(await command.ended).toBe(2);
    expect(mistakes(command)).toEqual([
      '--per-host',
      '1: is no',
      '4: url has',
      '5: url must',
      '6: is no',
      '7: url must',
      '',
    ]);
    const others = start(fileOf(lines.filter((line) => !line.startsWith('{'))), '--job-size=3');
    expect(await others.ended).toBe(2);
    expect(mistakes(others)).toEqual(['3: url has', '4: url must', '5: url must', '']);
    expect(await allJobs()).toHaveLength(before);
    expect(origin().arrivals).toHaveLength(0);
  });

  it('counts what it does not name, of the service’s too', async () => {
    const command = start(fileOf(['{', ...Array.from({ length: 150 }, () => 'ftp://a.example/')]));
    expect(await command.ended).toBe(2);
    const told = command.stderr.split('\n');
    expect(told).toHaveLength(22);
    expect(told[20]).toBe('… and 131 more');
  });

  it('names what is no JSON where the service cannot be asked of the rest', async () => {
    const port = await freePort();
    const command = start(fileOf(['{', ...urls(1)]), '--server', `http://127.0.0.1:${port}`);
    expect(await command.ended).toBe(2);
    expect(command.stderr).toMatch(
      /^.*urls\.txt:1: is no JSON.*\nwhat else there may be is not known: http.* cannot be reached: .*ECONNREFUSED.*\n$/,
    );
  });

  it('tells in its help what holds without an option', async () => {
    const command = start('--help');
    expect(await command.ended).toBe(0);
    const told = [...command.stdout.matchAll(/^ {2}--([\w-]+) N .*\((\d+)\)$/gm)];
    expect(Object.fromEntries(told.map(([, name, value]) => [name, Number(value)]))).toEqual({
      concurrency: JOB_DEFAULTS.concurrency,
      'per-host': JOB_DEFAULTS.perHost.concurrency,
      'min-gap-ms': JOB_DEFAULTS.perHost.minGapMs,
      retries: JOB_DEFAULTS.retries.max,
      priority: JOB_DEFAULTS.priority,
      'timeout-ms': DEFAULTS.timeouts.totalMs,
      'job-size': MAX_REQUESTS,
    });
  });

  it.each<[string, readonly string[], readonly string[], RegExp]>([
    ['a line of broken JSON', ['http://a.example/', '{"url":'], [], /urls\.txt:2: is no JSON/],
    ['a file without URLs', ['# none'], [], /has no URLs/],
    ['an option out of range', ['http://a.example/'], ['--per-host', '65'], /^--per-host must be/m],
    [
      'a default of the wrong kind',
      ['http://a.example/'],
      ['--defaults', '{"tls":1}'],
      /^--defaults: tls must/m,
    ],
    ['an option that is none', ['http://a.example/'], ['--concurency', '1'], /'--concurency'/],
    [
      'a number that is none',
      ['http://a.example/'],
      ['--retries', 'x'],
      /--retries x: must be a whole number/,
    ],
    ['a wrong key', ['http://a.example/'], ['--key', 'theirs'], /401 unauthorized/],
    ['a job that is not there', ['http://a.example/'], ['--resume', '0'.repeat(26)], /404 not-found/],
  ])('exits 2 at %s', async (_, lines, args, message) => {
    const command = start(fileOf(lines), ...args);
    expect(await command.ended).toBe(2);
    expect(command.stderr).toMatch(message);
    expect(command.stderr).not.toContain('    at ');
  });

  it('adds to a file only when it resumes', async () => {
    const out = join(folder, 'results.ndjson');
    writeFileSync(out, 'mine');
    const command = start(fileOf(urls(1)), '--out', out);
    expect(await command.ended).toBe(2);
    expect(command.stderr).toMatch(/--out .*results\.ndjson: has something in it/);
    expect(readFileSync(out, 'utf8')).toBe('mine');
    expect(origin().arrivals).toHaveLength(0);
  });

  it('tells the job when it is interrupted, and resumes it without telling anything twice', async () => {
    const { letGo } = hold();
    const out = join(folder, 'results.ndjson');
    const file = fileOf(urls(6));
    const written = (): Line[] => linesOf(readFileSync(out, 'utf8'));
    const first = start(file, '--out', out, '--per-host', '6');
    await origin().until(6);
    letGo(2);
    await first.until(() => written().length === 2);
    first.child.kill('SIGINT');
    expect(await first.ended).toBe(130);
    const { job } = first;
    expect(first.stderr).toContain(
      `npm run --silent jobs -- ${file} --out=${out} --per-host=6 --resume ${job}\n`,
    );
    expect((await jobs.job(job)).state).toBe('running');

    // As if it had been killed while it wrote.
    writeFileSync(out, '{"job":"01', { flag: 'a' });
    const second = start(file, '--out', out, '--resume', job);
    await second.until(() => second.stderr.includes('2/6'));
    letGo(Infinity);
    expect(await second.ended).toBe(0);
    expect(second.stderr).toMatch(/^4 in \d+s and 2 before: 6 succeeded, 0 failed$/m);
    expect(written()).toEqual(
      (await jobs.results(job)).map((item) => ({ job, url: `${origin().url}/${item.index}`, ...item })),
    );
    expect(origin().arrivals).toHaveLength(6);

    const third = start('--resume', job);
    expect(await third.ended).toBe(0);
    expect(third.stderr).toMatch(/^6\/6 {2}100% {2}0 failed {2}(?:0\.0|\?)\/s {2}6 ok$/m);
    expect(third.stderr).toMatch(/^0 in \d+s and 6 before: 6 succeeded, 0 failed$/m);
    expect(third.lines).toEqual(written().map((line) => ({ ...line, url: null })));
  });

  it('cancels the job when it is interrupted and told to', async () => {
    hold();
    const command = start(fileOf(urls(3)), '--cancel-on-interrupt');
    await origin().until(2);
    await command.until(() => command.stderr.includes('0/3'));
    command.child.kill('SIGINT');
    expect(await command.ended).toBe(130);
    expect(command.stderr).toContain(`job ${command.job} is cancelled`);
    expect(await jobs.over(command.job)).toMatchObject({ state: 'cancelled', cancelled: 3 });
  });

  describe('when connections fail', () => {
    let faults: Faults;
    beforeEach(async () => {
      faults = await Faults.before(service().port);
    });
    afterEach(() => faults.close());

    it('follows on where it was', async () => {
      const { letGo } = hold();
      const command = start(fileOf(urls(4)), '--server', faults.url, '--per-host', '4');
      await origin().until(4);
      letGo(2);
      await command.until(() => command.stdout.split('\n').length === 3);
      faults.cut();
      letGo(Infinity);
      expect(await command.ended).toBe(0);
      expect(command.stderr).toMatch(/cannot be reached: .*; trying again in 0\.\d s/);
      expect(sorted(command.lines.map(({ index }) => String(index)))).toEqual(['0', '1', '2', '3']);
    });

    it('submits again without making a second job', async () => {
      const before = (await allJobs()).length;
      faults.losing = 1;
      const command = start(fileOf(urls(2)), '--server', faults.url);
      expect(await command.ended).toBe(0);
      expect(command.stderr).toMatch(/cannot be reached/);
      expect(command.lines).toHaveLength(2);
      expect(await allJobs()).toHaveLength(before + 1);
      expect(origin().arrivals).toHaveLength(2);
    });
  });

  it('makes several jobs of what is too much for one, and submits the rest when it resumes', async () => {
    const args = [fileOf(urls(5)), '--job-size=2'];
    const command = start(...args);
    expect(await command.ended).toBe(0);
    const accepted = [...command.stderr.matchAll(/^job (\w{26}): (\d)/gm)];
    expect(accepted.map(([, , total]) => total)).toEqual(['2', '2', '1']);
    expect(command.stderr).toContain('5/5');
    const asked = (lines: readonly Line[]): string[] =>
      sorted(lines.map(({ job, index, url }) => `${job} ${index} ${url}`));
    const ids = accepted.map(([, id]) => id);
    expect(asked(command.lines)).toEqual(
      urls(5).map((url, n) => `${ids[Math.floor(n / 2)]} ${n % 2} ${url}`),
    );

    // The others may have been accepted when it was interrupted; nobody knows their names.
    const again = start(...args, '--resume', ids[0]!);
    expect(await again.ended).toBe(0);
    expect(again.stderr).toMatch(/^0 in \d+s and 5 before: 5 succeeded, 0 failed$/m);
    expect(asked(again.lines)).toEqual(asked(command.lines));
    expect(origin().arrivals).toHaveLength(5);
  });

  it('goes on with what was accepted when a later part is mended', async () => {
    const lines = [...urls(2), 'http://a b/'];
    const refused = start(fileOf(lines), '--job-size=2');
    expect(await refused.ended).toBe(2);
    expect(refused.stderr).toMatch(/urls\.txt:3: url must not contain blanks.*: http:\/\/a b\/$/m);
    expect(refused.stderr).toContain(`--job-size=2 --resume ${refused.job}\n`);
    const mended = start(fileOf([...urls(3)]), '--job-size=2', '--resume', refused.job);
    expect(await mended.ended).toBe(0);
    expect(sorted(mended.lines.map(({ url }) => String(url)))).toEqual(urls(3));
    expect(origin().arrivals).toHaveLength(3);
  });

  it('can be interrupted while nobody takes its output', async () => {
    const command = start(fileOf(urls(200)), '--per-host', '32', '--concurrency', '32');
    command.child.stdout.pause();
    await command.until(() => /^job /m.test(command.stderr));
    await jobs.over(command.job);
    const exited = once(command.child, 'exit');
    command.child.kill('SIGINT');
    expect(await exited).toEqual([130, null]);
    expect(command.stderr).toContain(`--resume ${command.job}\n`);
    const again = start('--resume', command.job);
    expect(await again.ended).toBe(0);
    expect(again.lines).toHaveLength(200);
  });
});

describe('progress', () => {
  const { RateWindow, duration, progressBar, progressText } =
    load<typeof progressModule>('jobs-progress.mts');
  const some = { done: 250, total: 1_000, succeeded: 245, failed: 5, perSecond: 12.5 };

  it.each<[number, string]>([
    [120, '[==========>                             ]  250/1000  25%  ETA 1m00s  5 failed  12.5/s  245 ok'],
    [75, '[=====>              ]  250/1000  25%  ETA 1m00s  5 failed  12.5/s  245 ok'],
    [60, '250/1000  25%  ETA 1m00s  5 failed  12.5/s  245 ok'],
    [50, '250/1000  25%  ETA 1m00s  5 failed  12.5/s'],
    [20, '250/1000  25%'],
    [6, '250/1'],
  ])('fits a terminal of %d columns', (columns, line) => {
    expect(progressBar(some, columns)).toBe(line);
    expect(line.length).toBeLessThan(columns);
  });

  it.each<[string, Partial<progressModule.Progress>, string]>([
    [
      'nothing yet',
      { done: 0, succeeded: 0, failed: 0, perSecond: null },
      '0/1000  0%  ETA ?  0 failed  ?/s  0 ok',
    ],
    ['nothing of late', { perSecond: 0 }, '250/1000  25%  ETA ?  5 failed  0.0/s  245 ok'],
    ['nearly all', { done: 999 }, '999/1000  99%  ETA 1s  5 failed  12.5/s  245 ok'],
    ['all', { done: 1_000, succeeded: 995 }, '1000/1000  100%  5 failed  12.5/s  995 ok'],
    ['many a second', { perSecond: 123.4 }, '250/1000  25%  ETA 7s  5 failed  123/s  245 ok'],
  ])('tells of %s', (_, changed, text) => {
    expect(progressText({ ...some, ...changed })).toBe(text);
  });

  it('fills the bar when all is done', () => {
    expect(progressBar({ ...some, done: 1_000 }, 70)).toMatch(/^\[=+\] /);
  });

  it.each<[number, string]>([
    [0, '0s'],
    [1, '1s'],
    [59_000, '59s'],
    [59_001, '1m00s'],
    [125_000, '2m05s'],
    [3_600_000, '1h00m'],
    [90_061_000, '1d01h'],
  ])('has %d ms as %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it('counts what came in the last ten seconds', () => {
    const window = new RateWindow();
    expect(window.perSecond(0, 0)).toBeNull();
    expect(window.perSecond(100, 50)).toBeNull();
    expect(window.perSecond(1_000, 50)).toBe(50);
    for (let second = 2; second <= 20; second++) window.perSecond(1_000 * second, 50);
    expect(window.perSecond(21_000, 50)).toBe(0);
    expect(window.perSecond(22_000, 60)).toBe(1);
  });
});

describe('lines', () => {
  const { linesOf: cut } = load<typeof linesModule>('jobs-lines.mts');
  const text = '{"a":"\u2028"}\n\n{"ä":1}\r\ntorn';

  it.each([1, 2, 3, 7, 100])('are cut at LF alone, from pieces of %d octets', async (size) => {
    const octets = Buffer.from(text);
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let from = 0; from < octets.length; from += size) yield octets.subarray(from, from + size);
    }
    const lines: string[] = [];
    for await (const line of cut(pieces())) lines.push(line.toString());
    expect(lines).toEqual(['{"a":"\u2028"}', '', '{"ä":1}\r']);
  });
});

describe('requests of a file', () => {
  const { inJobs, parseRequests } = load<typeof requestsModule>('jobs-requests.mts');
  const { requests } = parseRequests(Buffer.from('a\nb\nc\nd\ne'), 'urls.txt');
  const split = (maxRequests: number, maxCharacters: number): number[][] =>
    inJobs(requests, maxRequests, maxCharacters).map((job) => job.map(({ line }) => line));

  it('are split where a job has as many as it may, or as long ones', () => {
    const { length } = '{"url":"a"}';
    expect(split(5, Infinity)).toEqual([[1, 2, 3, 4, 5]]);
    expect(split(2, Infinity)).toEqual([[1, 2], [3, 4], [5]]);
    expect(split(5, 3 * length)).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
    expect(split(5, 1)).toEqual([[1], [2], [3], [4], [5]]);
  });

  it('are kept as they stand where they are JSON', () => {
    const text = '{ "url": "http://a/", "n": 1.0e400 }';
    const [request] = parseRequests(Buffer.from(text), 'urls.txt').requests;
    expect(request).toMatchObject({ json: text, url: 'http://a/' });
  });

  it('have to be UTF-8', () => {
    expect(() => parseRequests(Buffer.from([0xff, 0x0a]), 'urls.txt')).toThrow('urls.txt is not UTF-8');
  });
});

describe('output', () => {
  const { Output } = load<typeof outputModule>('jobs-output.mts');

  it('is written no faster than it is taken, by many at once', async () => {
    const taken = new PassThrough({ highWaterMark: 4 });
    const output = new Output(taken, new AbortController().signal);
    let written = 0;
    const all = Promise.all(Array.from({ length: 20 }, () => output.write('12345').then(() => written++)));
    await setImmediate();
    expect(written).toBe(0);
    taken.resume();
    await all;
    await output.flush();
    expect(written).toBe(20);
  });

  it('waits no longer than it is to', async () => {
    const stopping = new AbortController();
    const output = new Output(new PassThrough({ highWaterMark: 4 }), stopping.signal);
    const writing = output.write('12345');
    stopping.abort();
    await expect(writing).rejects.toThrow('aborted');
  });

  it('says when it cannot be written', async () => {
    const gone = new PassThrough();
    const output = new Output(gone, new AbortController().signal);
    gone.destroy(new Error('write EPIPE'));
    await setImmediate();
    await expect(output.write('x')).rejects.toThrow('EPIPE');
    await expect(output.flush()).rejects.toThrow();
  });
});
