import { parseArgs } from 'node:util';
import { Child } from './child.mts';
import { type Limits, PAGES, type Page, type Turn, type Usage, type Way } from './contract.mts';
import { type Group, type Measurement, legend, report } from './report.mts';
import { within } from './verdict.mts';

/** `npm run bench -- [--seconds 0.5] [--rounds 5] [--concurrency 16]`
 *
 *  How many pages of one origin on loopback are fetched in a second, by wirefetch and by others that do the
 *  job with an HTTP library: without a service around them, and as services. Contestants take short turns,
 *  so that whatever else the machine does hits all alike, and the ratios are of turns close together. Each
 *  has a process of its own. It says nothing about a network, and passes no judgement. */

const MAX_FETCHES_A_TURN = 100_000;
/** so much is fetched before anything is measured: until code that is run often has been compiled */
const WARM_UP: Omit<Limits, 'concurrency'> = { ms: 1_000, count: 500 };
const GRACE_MS = 15_000;

interface Options {
  readonly seconds: number;
  readonly rounds: number;
  readonly concurrency: number;
}

interface Contestant {
  readonly name: string;
  readonly child: Child;
  /** has it fetch the page until the limits are reached */
  readonly turn: (page: Page, limits: Limits) => Promise<Turn>;
}

const children: Child[] = [];

function start(...parameters: ConstructorParameters<typeof Child>): Child {
  const child = new Child(...parameters);
  children.push(child);
  return child;
}

async function stopAll(): Promise<void> {
  await Promise.all(children.map((child) => child.stop()));
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void stopAll().then(() => process.exit(1)));

try {
  await bench(readOptions());
} catch (error) {
  process.stderr.write(`The benchmark failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await stopAll();
}

async function bench(options: Options): Promise<void> {
  const { seconds, concurrency } = options;
  process.stdout.write(`${legend()}\n`);
  const origin = start('bench/origin.mts');
  const originPort = await origin.listening();
  const urlOf = ({ path }: Page): string => `http://127.0.0.1:${originPort}${path}`;
  const load = start('bench/load.mts');
  await load.ready();

  const alone = async (name: string, way: Way): Promise<Contestant> => {
    const child = start('bench/fetcher.mts', [way]);
    await child.ready();
    const turn: Contestant['turn'] = (page, limits) =>
      child.ask({ ask: 'fetch', url: urlOf(page), page, limits }, limits.ms + GRACE_MS);
    return { name, child, turn };
  };
  const service = async (name: string, child: Child): Promise<Contestant> => {
    const port = await child.listening();
    const turn: Contestant['turn'] = (page, limits) =>
      load.ask({ ask: 'load', port, url: urlOf(page), page, limits }, limits.ms + GRACE_MS);
    return { name, child, turn };
  };

  const fetchers = [
    await alone("wirefetch's engine", 'engine'),
    await alone('node:http', 'http'),
    await alone("the runtime's fetch", 'fetch'),
  ];
  const services = [
    await service(
      'wirefetch',
      start('dist/main.js', [], { WIREFETCH_PORT: '0', WIREFETCH_ALLOW_CIDRS: '127.0.0.0/8:*' }),
    ),
    await service('Fastify with node:http', start('bench/peer.mts', ['http'])),
    await service('Fastify with fetch', start('bench/peer.mts', ['fetch'])),
  ];
  const groups: Group[] = [
    { title: 'fetching alone', contestants: fetchers.map(({ name }) => name) },
    { title: 'POST /fetch', contestants: services.map(({ name }) => name) },
  ];
  const { atRest, measurements, fetches } = await measure([...fetchers, ...services], options);
  const connections = await origin.ask<number>({ ask: 'connections' });
  process.stdout.write(
    `${measurements.at(-1)!.round + 1} rounds, ${seconds} s a turn, ${concurrency} at a time: ${fetches} fetches, ${connections} connections\n\n` +
      `${report(groups, measurements, atRest)}\n`,
  );
}

interface Measured {
  readonly atRest: ReadonlyMap<string, number>;
  readonly measurements: readonly Measurement[];
  readonly fetches: number;
}

async function measure(
  contestants: readonly Contestant[],
  { seconds, rounds, concurrency }: Options,
): Promise<Measured> {
  const limits: Limits = { ms: seconds * 1000, count: MAX_FETCHES_A_TURN, concurrency };
  const turnsARound = contestants.length * PAGES.length;
  const due = performance.now() + 2 * turnsARound * (rounds * limits.ms + WARM_UP.ms);
  const atRest = new Map<string, number>();
  const measurements: Measurement[] = [];
  let fetches = 0;
  for (const { name, child } of contestants) atRest.set(name, (await child.usage()).rssBytes);
  for (const page of PAGES)
    for (const contestant of contestants)
      fetches += (await turnOf(contestant, page, { ...WARM_UP, concurrency })).fetches;
  // A machine that is far too busy gets fewer rounds.
  for (let round = 0; round < rounds && (round === 0 || performance.now() < due); round++)
    for (const page of PAGES)
      for (const contestant of rotated(contestants, round)) {
        const before = await contestant.child.usage();
        const turn = await turnOf(contestant, page, limits);
        const after = await contestant.child.usage();
        fetches += turn.fetches;
        measurements.push(measurementOf(contestant.name, page, round, turn, before, after));
      }
  return { atRest, measurements, fetches };
}

/** Nobody always follows the same other. */
function rotated<T>(items: readonly T[], by: number): T[] {
  const from = by % items.length;
  return [...items.slice(from), ...items.slice(0, from)];
}

async function turnOf({ name, turn }: Contestant, page: Page, bounds: Limits): Promise<Turn> {
  const done = await turn(page, bounds);
  if (done.failure !== null) throw new Error(`${name}, ${page.path}: ${done.failure}`);
  return done;
}

function measurementOf(
  contestant: string,
  page: Page,
  round: number,
  { fetches, ms }: Turn,
  before: Usage,
  after: Usage,
): Measurement {
  const cpuMs = after.cpuMs - before.cpuMs;
  return {
    round,
    page,
    contestant,
    perSecond: (fetches / ms) * 1000,
    cpuMs: cpuMs / fetches,
    busy: cpuMs / ms,
    rssBytes: after.rssBytes,
  };
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '0.5' },
      rounds: { type: 'string', default: '5' },
      concurrency: { type: 'string', default: '16' },
    },
  });
  return {
    seconds: within('seconds', Number(values.seconds), 0.1, 10),
    rounds: within('rounds', Math.floor(Number(values.rounds)), 1, 20),
    concurrency: within('concurrency', Math.floor(Number(values.concurrency)), 1, 64),
  };
}
