import { randomBytes } from 'node:crypto';
import { EVERYBODY } from '../../src/access/caller';
import type { JobItemDto, JobResultsDto } from '../../src/jobs/dto/job.dto';
import { ItemQueue } from '../../src/jobs/item-queue';
import { JobArchive } from '../../src/jobs/job-archive';
import { JobResults } from '../../src/jobs/job-results';
import { JOB_DEFAULTS } from '../../src/jobs/job-spec';
import { JobSubmission } from '../../src/jobs/job-submission';
import { JobWatch } from '../../src/jobs/job-watch';
import { type ClaimedItem, Ledger } from '../../src/jobs/ledger';
import { toContent } from '../../src/jobs/result-blocks';
import type { Database, Row } from '../../src/store/database';
import { migrate } from '../../src/store/migrations';
import { PostgresDatabase } from '../../src/store/postgres-database';
import { TestService } from '../support/app';
import { JobCaller } from '../support/job-caller';
import { describeOnPostgres, usePostgres } from '../support/postgres';
import { useDirectories } from '../support/store';
import { openPrepared } from '../support/templates';

jest.setTimeout(120_000);

/** of blocks that are asked for together */
const AHEAD_BYTES = 524_288;

describe('results on the embedded database', () => {
  const directory = useDirectories();
  let dataDir: string;
  beforeAll(() => {
    dataDir = directory();
  });
  suite({
    isEmbedded: true,
    open: () => openPrepared(dataDir),
    env: () => ({ WIREFETCH_DATA_DIR: dataDir }),
  });
});

describeOnPostgres('results on PostgreSQL', () => {
  const url = usePostgres();
  suite({
    isEmbedded: false,
    open: () => Promise.resolve(new PostgresDatabase(url()!)),
    env: () => ({ WIREFETCH_DATABASE_URL: url()! }),
  });
});

/** Counts what is asked, and keeps how many octets of blocks each answer had. */
class WatchedDatabase implements Database {
  queries = 0;
  /** of each answer that had any, the octets of each block */
  readonly answers: number[][] = [];

  constructor(private readonly database: Database) {}

  async query<R>(sql: string, values?: readonly unknown[]): Promise<R[]> {
    this.queries++;
    const rows = await this.database.query<R>(sql, values);
    const octets = rows.flatMap((row) => (row as Row)['octets'] ?? []) as Uint8Array[];
    if (octets.length > 0) this.answers.push(octets.map(({ length }) => length));
    return rows;
  }

  transaction: Database['transaction'] = (act) => this.database.transaction(act);
  listen: Database['listen'] = (channel, heard) => this.database.listen(channel, heard);
  close: Database['close'] = () => this.database.close();
}

interface Outcome {
  readonly state: 'succeeded' | 'failed' | 'cancelled';
  /** the result, or the problem; null: there is neither */
  readonly told: unknown;
}

/** What is told of an item, but for its index. */
type Told = Pick<JobItemDto, 'state' | 'result' | 'problem'>;

function toldOf({ state, told }: Outcome): Told {
  const [result, problem] = [state === 'succeeded' ? told : null, state === 'failed' ? told : null];
  return { state, result, problem } as Told;
}

function withoutIndex({ state, result, problem }: JobItemDto): Told {
  return { state, result, problem };
}

function linesOf(text: string): JobItemDto[] {
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as JobItemDto);
}

async function textOf(slices: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const slice of slices) text += slice;
  return text;
}

/** What holds on either. */
function suite(where: {
  readonly isEmbedded: boolean;
  readonly open: () => Promise<Database>;
  readonly env: () => NodeJS.ProcessEnv;
}): void {
  let database: Database;
  let queue: ItemQueue;
  let ledger: Ledger;

  beforeEach(async () => {
    database = await where.open();
    await migrate(database);
    const failed = (error: Error): never => {
      throw error;
    };
    queue = await ItemQueue.start(database, { isEmbedded: where.isEmbedded, failed });
    ledger = new Ledger(database, queue);
  });
  afterEach(close);

  async function close(): Promise<void> {
    await queue.stop();
    await database.close();
  }

  /** Makes a job of which came what is given, batch by batch.
   *  @returns its id */
  async function record(batches: readonly (readonly Outcome[])[]): Promise<string> {
    const requests = batches
      .flat()
      .map((_, n) => ({ json: `{"url":"http://h${n % 8}/"}`, host: `h${n % 8}:80` }));
    const { job } = await new JobSubmission(database, ledger).submit(
      EVERYBODY,
      {
        requests,
        ...JOB_DEFAULTS,
        // All of it is in the queue at once.
        concurrency: 256,
        startAfter: null,
        webhook: null,
      },
      null,
    );
    const items: ClaimedItem[] = await ledger.claim(requests.length);
    expect(items).toHaveLength(requests.length);
    for (const batch of batches) {
      const settlements = batch.map(async ({ state, told }) => ({
        item: items.shift()!,
        state,
        result: told === null ? null : await toContent(JSON.stringify(told)),
      }));
      await ledger.record(await Promise.all(settlements));
    }
    return job.id;
  }

  /** Reads the results of a job, and watches what is asked of the database for them. */
  async function reading(id: string): Promise<{ results: JobResults; watched: WatchedDatabase }> {
    const watched = new WatchedDatabase(database);
    const archive = new JobArchive(watched, queue);
    const job = await new JobArchive(database, queue).find(EVERYBODY, id);
    return { results: new JobResults(archive, new JobWatch(), EVERYBODY, job!), watched };
  }

  it('that have a block each are read together, all of them and in order', async () => {
    const outcomes = Array.from({ length: 400 }, (_, n): Outcome => ({ state: 'succeeded', told: { n } }));
    const id = await record(outcomes.map((outcome) => [outcome]));
    const place = { after: 0, state: null };

    const page = await reading(id);
    const { items, next } = JSON.parse(await textOf(page.results.page(place, 1_000))) as JobResultsDto;
    expect(items.map(withoutIndex)).toEqual(outcomes.map(toldOf));
    expect(next).toBeNull();
    expect(page.watched.answers.flat()).toHaveLength(400);
    expect(page.watched.queries).toBeLessThan(10);

    const stream = await reading(id);
    const text = await textOf(stream.results.lines(place, new AbortController().signal));
    expect(linesOf(text).map(withoutIndex)).toEqual(outcomes.map(toldOf));
    expect(stream.watched.queries).toBeLessThan(10);
  });

  it('that are large are read a few at a time, each when the ones before were taken', async () => {
    const lengths = [...Array<number>(8).fill(150_000), 900_000, ...Array<number>(8).fill(150_000)];
    const outcomes = lengths.map((length): Outcome => {
      // four characters for three octets, which cannot be compressed to less
      return { state: 'succeeded', told: randomBytes((length / 4) * 3).toString('base64') };
    });
    const id = await record([outcomes]);
    const { results, watched } = await reading(id);
    const lines = results.lines({ after: 0, state: null }, new AbortController().signal);

    const texts: string[] = [];
    for await (const line of lines) {
      texts.push(line);
      // No more than the last one and those that were asked for with it.
      const [last] = watched.answers.slice(-1);
      const before = watched.answers.slice(0, -1).flat().length;
      expect(texts.length).toBeGreaterThan(before);
      expect(last!.length === 1 || last!.reduce((sum, bytes) => sum + bytes) <= AHEAD_BYTES).toBe(true);
    }
    expect(linesOf(texts.join('')).map(withoutIndex)).toEqual(outcomes.map(toldOf));
    const counts = watched.answers.map(({ length }) => length);
    expect(counts.reduce((sum, count) => sum + count)).toBe(outcomes.length);
    expect(counts.length).toBeLessThan(outcomes.length / 2);
    expect(Math.max(...watched.answers.flat())).toBeGreaterThan(AHEAD_BYTES);
  });

  it.each(['succeeded', 'failed', 'cancelled'] as const)(
    'are told of one state alone, page by page and as lines: %s',
    async (state) => {
      const states = ['succeeded', 'failed', 'failed', 'cancelled', 'succeeded', 'failed'] as const;
      const batches = Array.from({ length: 9 }, (_, batch) =>
        Array.from({ length: 29 }, (_item, n): Outcome => {
          const of = states[(batch + n) % states.length]!;
          // One is long, and has a block of its own between those of others.
          const padding = n === 13 ? 'x'.repeat(50_000) : '';
          return { state: of, told: of === 'cancelled' ? null : { name: `${batch}/${n}${padding}` } };
        }),
      );
      const id = await record(batches);
      await close();
      const service = await TestService.start(where.env());
      try {
        const expected = batches.flat().filter((outcome) => outcome.state === state);
        const jobs = new JobCaller(service.url);
        for (const limit of [7, 1_000])
          expect((await jobs.results(id, limit, state)).map(withoutIndex)).toEqual(expected.map(toldOf));
        const text = await jobs.follow(`/jobs/${id}/results?state=${state}`, 'application/x-ndjson');
        expect(linesOf(text).map(withoutIndex)).toEqual(expected.map(toldOf));
      } finally {
        await service.close();
      }
    },
  );
}
