import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, constants, loadavg, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { PostgresServer } from '../test/support/postgres-server.ts';
import { Child } from './child.mts';
import { type JobRun, type JobsQuestion, PAGES, type Pace, type Turn } from './contract.mts';
import { type Row, ascending, judge, median, megabytes, ms, percentile, within } from './verdict.mts';

/** `npm run bench:jobs -- [--items 10000] [--rounds 3] [--concurrency 16] [--workers 1]`
 *
 *  Jobs beside POST /fetch, on loopback: how many items of a job are fetched in a second, and how many of the same fetches
 *  by callers of POST /fetch with the same concurrency, in turns; how long a job of ten thousand takes to be accepted and
 *  holds the event loop; and how long POST /fetch takes while such a job runs. Once in one process with the embedded
 *  database, and once with a process for each role on PostgreSQL, where that is installed. Callers, origin, service and
 *  database share the machine. For the last figure of separate roles those yield to the api and its callers that would be on
 *  other machines: workers, the database, and the origin of the job. The exit code is 1 when a promise is broken. */

const SMALL = PAGES[0]!;
const LEAST_RATIO = 0.8;
const MOST_ACCEPT_MS = 1_500;
const MOST_HELD_MS = 50;
const MOST_LATER_MS = 50;
const MOST_TIMES = 2;
const WARM_UP_ITEMS = 2_000;
const GRACE_MS = 120_000;
const PACE_MS = 20;
const IDLE_MS = 5_000;

interface Options {
  readonly items: number;
  readonly rounds: number;
  readonly concurrency: number;
  readonly workers: number;
}

/** What is measured, and who calls it. */
interface Field {
  /** answers callers */
  readonly api: Child;
  readonly port: number;
  readonly url: string;
  /** of a job that runs beside callers */
  readonly otherOrigin: Child;
  readonly otherUrl: string;
  readonly load: Child;
  readonly submitter: Child;
  readonly caller: Child;
}

const stops: (() => Promise<unknown>)[] = [];

function start(...parameters: ConstructorParameters<typeof Child>): Child {
  const child = new Child(...parameters);
  stops.push(() => child.stop());
  return child;
}

async function stopAll(): Promise<void> {
  // The database last.
  for (const stop of stops.splice(0).toReversed()) await stop();
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void stopAll().then(() => process.exit(1)));

const directory = mkdtempSync(join(tmpdir(), 'wirefetch-bench-'));
try {
  if (!(await bench(readOptions()))) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`The benchmark failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await stopAll();
  rmSync(directory, { recursive: true });
}

/** @returns whether every promise was kept */
async function bench(options: Options): Promise<boolean> {
  const { items, concurrency } = options;
  process.stdout.write(
    `Node ${process.version}, ${availableParallelism()} processors, load average ${loadavg()[0]!.toFixed(1)} at the start\n` +
      `jobs of ${items} fetches of ${SMALL.title}, ${concurrency} at a time\n`,
  );
  const keptByOne = await inOneProcess(options);
  await stopAll();
  if (PostgresServer.isInstalled) return (await inRoles(options)) && keptByOne;
  process.stdout.write('\nPostgreSQL is not installed: separate roles are not measured\n');
  return keptByOne;
}

async function inOneProcess(options: Options): Promise<boolean> {
  process.stdout.write('\nOne process, embedded database\n');
  const api = serviceOf({ WIREFETCH_DATA_DIR: directory });
  const field = await fieldOf(api);
  await warmUp(field, options);
  const rss = (await api.usage()).rssBytes;
  const rounds = await raced(field, options);
  const idle = await pacedFor(field, IDLE_MS);
  const beside = await pacedBeside(field, options);
  const later = p99(beside) - p99(idle);
  return judge([
    ...rowsOf(rounds, options),
    ...rowsOfPaces(idle, beside),
    ['  p99 later by', ms(later), later < MOST_LATER_MS],
    [
      'resident once the database is open, now',
      `${megabytes(rss)}, ${megabytes((await api.usage()).rssBytes)}`,
      null,
    ],
  ]);
}

async function inRoles(options: Options): Promise<boolean> {
  const { workers } = options;
  process.stdout.write(`\nPostgreSQL, one api, ${workers} ${workers === 1 ? 'worker' : 'workers'}\n`);
  const database = await PostgresServer.make();
  stops.push(() => database.stop());
  const shared = { WIREFETCH_DATABASE_URL: database.url };
  const api = serviceOf({ ...shared, WIREFETCH_ROLE: 'api' });
  const field = await fieldOf(api);
  const others = Array.from({ length: workers }, () => serviceOf({ ...shared, WIREFETCH_ROLE: 'worker' }));
  await Promise.all(others.map((worker) => worker.listening()));
  await warmUp(field, options);
  const rounds = await raced(field, options);
  for (const other of [...others, field.otherOrigin]) other.yieldToOthers();
  await yieldConnections(database.url);
  const idle = await pacedFor(field, IDLE_MS);
  const beside = await pacedBeside(field, options);
  const times = p99(beside) / p99(idle);
  return judge([
    ...rowsOf(rounds, options),
    ...rowsOfPaces(idle, beside),
    ['  p99, times that of idle', times.toFixed(2), times < MOST_TIMES],
    ...(await rowsOfDatabase(database.url)),
  ]);
}

function serviceOf(settings: Readonly<Record<string, string>>): Child {
  return start('dist/main.js', [], {
    WIREFETCH_PORT: '0',
    WIREFETCH_ALLOW_CIDRS: '127.0.0.0/8:*',
    ...settings,
  });
}

async function fieldOf(api: Child): Promise<Field> {
  const [origin, otherOrigin] = [start('bench/origin.mts'), start('bench/origin.mts')];
  const [originPort, otherPort, port] = (await Promise.all(
    [origin, otherOrigin, api].map((child) => child.listening()),
  )) as [number, number, number];
  const [load, submitter, caller] = [
    'bench/load.mts',
    'bench/jobs-callers.mts',
    'bench/jobs-callers.mts',
  ].map((script) => start(script)) as [Child, Child, Child];
  await Promise.all([load.ready(), submitter.ready(), caller.ready()]);
  const [url, otherUrl] = [originPort, otherPort].map((at) => `http://127.0.0.1:${at}${SMALL.path}`) as [
    string,
    string,
  ];
  return { api, port, url, otherOrigin, otherUrl, load, submitter, caller };
}

async function warmUp(field: Field, { concurrency }: Options): Promise<void> {
  const options = { items: WARM_UP_ITEMS, concurrency };
  await fetched(field, options);
  await submitted(field, options);
  await followed(field, options);
}

interface Round {
  readonly fetchesPerSecond: number;
  readonly itemsPerSecond: number;
  readonly acceptMs: number;
  /** the event loop, while the job was accepted and began */
  readonly heldMs: number;
}

/** Both do the same in turns, so that whatever else the machine does hits both alike. */
async function raced(field: Field, options: Options): Promise<Round[]> {
  const rounds: Round[] = [];
  for (let n = 0; n < options.rounds; n++) {
    const { fetches, ms: fetchMs } = await fetched(field, options);
    await field.api.ask({ ask: 'held' });
    const acceptMs = await submitted(field, options);
    const job = await followed(field, options);
    const heldMs = await field.api.ask<number>({ ask: 'held' });
    rounds.push({
      fetchesPerSecond: (fetches / fetchMs) * 1000,
      itemsPerSecond: (job.succeeded / job.ms) * 1000,
      acceptMs,
      heldMs,
    });
  }
  return rounds;
}

async function fetched(
  { load, port, url }: Field,
  { items, concurrency }: Pick<Options, 'items' | 'concurrency'>,
): Promise<Turn> {
  const limits = { ms: GRACE_MS, count: items, concurrency };
  const turn = await load.ask<Turn>({ ask: 'load', port, url, page: SMALL, limits }, GRACE_MS);
  if (turn.failure !== null) throw new Error(turn.failure);
  return turn;
}

/** @returns how long it took to be accepted, milliseconds */
async function submitted(
  { submitter, port, url }: Pick<Field, 'submitter' | 'port' | 'url'>,
  { items, concurrency }: Pick<Options, 'items' | 'concurrency'>,
): Promise<number> {
  return submitter.ask<number>({ ask: 'submit', port, url, items, concurrency }, GRACE_MS);
}

async function followed({ submitter }: Field, { items }: Pick<Options, 'items'>): Promise<JobRun> {
  const run = await submitter.ask<JobRun>({ ask: 'follow' }, GRACE_MS);
  if (run.succeeded !== items) throw new Error(`of ${items} items ${run.succeeded} succeeded`);
  return run;
}

async function pacedFor(field: Field, duration: number): Promise<Pace> {
  return paced(field, () => after(duration));
}

/** While a job runs; how long it is accepted is told elsewhere. */
async function pacedBeside(field: Field, options: Options): Promise<Pace> {
  await submitted({ ...field, url: field.otherUrl }, options);
  return paced(field, () => followed(field, options));
}

async function paced({ caller, port, url }: Field, meanwhile: () => Promise<unknown>): Promise<Pace> {
  await caller.ask<string>({ ask: 'pace', port, url, everyMs: PACE_MS } satisfies JobsQuestion);
  await meanwhile();
  const pace = await caller.ask<Pace>({ ask: 'report' } satisfies JobsQuestion);
  if (pace.failures > 0) throw new Error(`${pace.failures} calls of POST /fetch were not answered with 200`);
  return pace;
}

function p99({ latencies }: Pace): number {
  return percentile(ascending(latencies), 0.99);
}

function rowsOf(rounds: readonly Round[], { items }: Options): Row[] {
  const all = (figureOf: (round: Round) => number): number[] => rounds.map(figureOf);
  const ratios = all(({ itemsPerSecond, fetchesPerSecond }) => itemsPerSecond / fetchesPerSecond);
  const accepts = all(({ acceptMs }) => acceptMs);
  const held = all(({ heldMs }) => heldMs);
  const told = (values: readonly number[], digits: number): string =>
    `${median(values).toFixed(digits)} (${values.map((value) => value.toFixed(digits)).join(', ')})`;
  // What is promised is promised of ten thousand.
  const isFull = items === 10_000;
  return [
    [
      'POST /fetch, fetches a second',
      told(
        all((round) => round.fetchesPerSecond),
        0,
      ),
      null,
    ],
    [
      'jobs, items a second',
      told(
        all((round) => round.itemsPerSecond),
        0,
      ),
      null,
    ],
    ['  items to fetches', told(ratios, 2), median(ratios) >= LEAST_RATIO],
    ['accepted after, ms', told(accepts, 0), isFull ? Math.max(...accepts) < MOST_ACCEPT_MS : null],
    ['event loop held at the most, ms', told(held, 1), isFull ? Math.max(...held) < MOST_HELD_MS : null],
  ];
}

function rowsOfPaces(idle: Pace, beside: Pace): Row[] {
  return Object.entries({ 'an idle service': idle, 'a job': beside }).map(([what, { latencies }]): Row => {
    const sorted = ascending(latencies);
    const figures = [0.5, 0.99, 1].map((share) => ms(percentile(sorted, share)));
    return [`POST /fetch beside ${what}, p50, p99, most`, figures.join(', '), null];
  });
}

/** Lets everybody else go before the processes of the database that are connected. */
async function yieldConnections(url: string): Promise<void> {
  const backends = `SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`;
  for (const { pid } of await asked<{ readonly pid: number }>(url, backends))
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
}

/** @param url of a database that keeps results of the benchmark's jobs, and nothing else */
async function rowsOfDatabase(url: string): Promise<Row[]> {
  const [kept] = await asked<{
    readonly items: number;
    readonly bytes: number;
    readonly connections: number;
  }>(
    url,
    `SELECT count(*)::int AS items,
      (pg_total_relation_size('wirefetch.items') + pg_total_relation_size('wirefetch.results')
        + pg_total_relation_size('wirefetch.result_blocks'))::float8 AS bytes,
      (SELECT count(*)::int FROM pg_stat_activity
       WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()) AS connections
    FROM wirefetch.items`,
  );
  const { items, bytes, connections } = kept!;
  return [
    ['disk an item, with its result', `${(bytes / items).toFixed(0)} octets`, null],
    ['connections of all replicas', String(connections), null],
  ];
}

async function asked<R extends pg.QueryResultRow>(url: string, sql: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(sql)).rows;
  } finally {
    await client.end();
  }
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      items: { type: 'string', default: '10000' },
      rounds: { type: 'string', default: '3' },
      concurrency: { type: 'string', default: '16' },
      workers: { type: 'string', default: '1' },
    },
  });
  return {
    items: within('items', Math.floor(Number(values.items)), 100, 10_000),
    rounds: within('rounds', Math.floor(Number(values.rounds)), 1, 20),
    concurrency: within('concurrency', Math.floor(Number(values.concurrency)), 1, 256),
    workers: within('workers', Math.floor(Number(values.workers)), 1, 16),
  };
}
