import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Child } from './child.mts';
import type { Assault, HostileOrigin, Tally, Vigil } from './siege-contract.mts';
import { SiegedService } from './siege-service.mts';
import { ascending, judge, megabytes, ms, percentile, within } from './verdict.mts';

/** `npm run siege -- [--seconds 60] [--callers 1000] [--total-ms 10000] [--patience 1] [--seed 1]`
 *
 *  A thousand callers at once have the service, with its settings as they come, fetch from 64 hostile origins of all
 *  kinds: endless, dripping, silent, deaf, lying, resetting, exploding. Some callers hang up, some read slowly, some not
 *  at all. Meanwhile somebody asks every 50 ms whether it lives. Its promises: `/health/live` in under 100 ms, resident
 *  memory never 100 MB above where it began, no file left open, no complaint, and a plain fetch works afterwards. The exit
 *  code is 1 when one is broken. It begins when the service has come to rest after a warm-up; read right after it, as it was
 *  once, where it began was some 30 MB lower.
 *
 *  The besiegers yield to the service when processors are scarce: it is the service that is measured, not the machine.
 *  `--patience 2` allows the watch twice the time. */

const ROOT = join(import.meta.dirname, '..');
const MOST_HEALTH_MS = 100;
const MOST_GROWTH = 100_000_000;
const SAMPLE_MS = 50;
const QUIET_MS = 10_000;
/** at rest, resident memory has changed by less than this meanwhile */
const REST_MS = 1_000;
const REST_BYTES = 1_000_000;
const MOST_RESTS = 10;
const GRACE_MS = 60_000;
const WARM_UP = { callers: 16, ms: 20_000, count: 500, unruly: false, totalMs: 10_000, seed: 1 };

interface Options {
  readonly ms: number;
  readonly callers: number;
  readonly totalMs: number;
  readonly patience: number;
  readonly seed: number;
  readonly only: string | null;
}

/** Resident octets, and the latencies of the watch. */
interface Watched {
  readonly peak: number;
  readonly vigil: Vigil;
  readonly tally: Tally;
}

const stops: (() => Promise<void>)[] = [];

function start(script: string): Child {
  const child = new Child(script);
  stops.push(() => child.stop());
  return child;
}

async function stopAll(): Promise<void> {
  await Promise.all(stops.splice(0).map((stop) => stop()));
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void stopAll().then(() => process.exit(1)));

const directory = mkdtempSync(join(tmpdir(), 'wirefetch-siege-'));
try {
  if (!(await siege(readOptions()))) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`The siege failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await stopAll();
  rmSync(directory, { recursive: true });
}

/** @returns whether every promise was kept */
async function siege(options: Options): Promise<boolean> {
  const [originsProcess, callers, watch] = ['origins', 'callers', 'watch'].map((name) =>
    start(`bench/siege-${name}.mts`),
  ) as [Child, Child, Child];
  await Promise.all([originsProcess, callers, watch].map((child) => child.ready()));
  originsProcess.yieldToOthers();
  callers.yieldToOthers();
  const [honest, ...all] = await originsProcess.ask<HostileOrigin[]>({ ask: 'origins' }, GRACE_MS);
  const origins = all.filter(({ kind }) => options.only === null || kind === options.only);
  const service = await SiegedService.start(ROOT, directory);
  stops.push(() => service.stop());
  const { port } = service;
  const assault = async (how: Omit<Assault, 'port'>): Promise<Tally> => {
    return callers.ask<Tally>({ ask: 'siege', assault: { ...how, port } }, how.ms + GRACE_MS);
  };
  introduce(options, origins);

  await assault({ ...WARM_UP, origins: [honest!] });
  const before = await residentAtRest(service);
  const filesBefore = service.openFiles();
  const during = await watched(service, watch, () =>
    assault({ ...options, origins, unruly: true, count: Number.MAX_SAFE_INTEGER }),
  );
  await afterMs(QUIET_MS);
  const filesAfter = service.openFiles();
  const after = service.residence();
  const afterwards = await assault({ ...WARM_UP, count: 1, callers: 1, origins: [honest!] });

  tell(during.tally);
  const growth = Math.max(during.peak, after.highest) - before;
  const { latencies, failures } = during.vigil;
  const health = ascending(latencies);
  const most = MOST_HEALTH_MS * options.patience;
  return judge([
    ['resident at rest, before', megabytes(before), null],
    [
      'resident at the most',
      `${megabytes(before + growth)}, grown by ${megabytes(growth)}`,
      growth < MOST_GROWTH,
    ],
    [
      'resident after 10 s of quiet',
      `${megabytes(after.now)}, grown by ${megabytes(after.now - before)}`,
      null,
    ],
    ['/health/live asked, not answered', `${latencies.length}, ${failures}`, failures === 0],
    ['/health/live p50, p99', `${ms(percentile(health, 0.5))}, ${ms(percentile(health, 0.99))}`, null],
    ['/health/live at the most', ms(health.at(-1) ?? Infinity), (health.at(-1) ?? Infinity) < most],
    ['files open before, after', `${filesBefore}, ${filesAfter}`, filesAfter <= filesBefore],
    ['complaints', service.complaints === '' ? 'none' : service.complaints, service.complaints === ''],
    ['a plain fetch afterwards', Object.keys(afterwards.outcomes).join(), afterwards.outcomes['200'] === 1],
    ['alive', String(service.alive), service.alive],
  ]);
}

/** For a second after the warm-up V8 compiles what that has made hot, and takes some 30 MB to do so.
 *  @returns resident octets at rest
 *  @throws Error when it does not come to rest */
async function residentAtRest(service: SiegedService): Promise<number> {
  let last = service.residence().now;
  for (let rests = 0; rests < MOST_RESTS; rests++) {
    await afterMs(REST_MS);
    const { now } = service.residence();
    if (Math.abs(now - last) < REST_BYTES) return now;
    last = now;
  }
  throw new Error(`the service does not come to rest in ${MOST_RESTS} s`);
}

/** Besieges, and looks meanwhile. */
async function watched(
  service: SiegedService,
  watch: Child,
  besiege: () => Promise<Tally>,
): Promise<Watched> {
  let peak = 0;
  const sampling = setInterval(() => {
    if (service.alive) peak = Math.max(peak, service.residence().now);
  }, SAMPLE_MS);
  try {
    await watch.ask({ ask: 'watch', port: service.port });
    const tally = await besiege();
    const vigil = await watch.ask<Vigil>({ ask: 'report' });
    return { peak, vigil, tally };
  } finally {
    clearInterval(sampling);
  }
}

function introduce(
  { callers, ms: duration, totalMs, seed }: Options,
  origins: readonly HostileOrigin[],
): void {
  const kinds = new Set(origins.map(({ kind }) => kind)).size;
  process.stdout.write(
    `Node ${process.version}, ${availableParallelism()} processors, load average ${loadavg()[0]!.toFixed(1)} at the start\n` +
      `${callers} callers, ${origins.length} origins of ${kinds} kinds, ${duration / 1_000} s, totalMs ${totalMs}, seed ${seed}\n\n`,
  );
}

function tell({ outcomes, octets }: Tally): void {
  const sorted = Object.entries(outcomes).sort(([, a], [, b]) => b - a);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  process.stdout.write(`${total} calls, ${megabytes(octets)} of answers\n`);
  for (const [outcome, count] of sorted) process.stdout.write(`${String(count).padStart(8)}  ${outcome}\n`);
  process.stdout.write('\n');
}

function afterMs(duration: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, duration));
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      callers: { type: 'string', default: '1000' },
      'total-ms': { type: 'string', default: '10000' },
      patience: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      // one kind of origin alone, to find out what it costs
      only: { type: 'string' },
    },
  });
  return {
    ms: within('seconds', Number(values.seconds), 1, 3_600) * 1_000,
    callers: within('callers', Number(values.callers), 1, 10_000),
    totalMs: within('total-ms', Number(values['total-ms']), 100, 120_000),
    patience: within('patience', Number(values.patience), 1, 100),
    seed: within('seed', Number(values.seed), 0, 2 ** 32 - 1),
    only: values.only ?? null,
  };
}
