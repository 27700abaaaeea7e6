import { ItemQueue } from '../../src/jobs/item-queue';
import { JobArchive } from '../../src/jobs/job-archive';
import { JOB_DEFAULTS, type JobSpec } from '../../src/jobs/job-spec';
import { JobSubmission } from '../../src/jobs/job-submission';
import { type ClaimedItem, Ledger } from '../../src/jobs/ledger';
import { linesOf, toContent } from '../../src/jobs/result-blocks';
import type { EmbeddedDatabase } from '../../src/store/embedded-database';
import { migrate } from '../../src/store/migrations';
import { useDirectories } from '../support/store';
import { openPrepared } from '../support/templates';

jest.setTimeout(60_000);

const OWNER = 'somebody';
const directory = useDirectories();
let database: EmbeddedDatabase;
let queue: ItemQueue;
let ledger: Ledger;

beforeAll(async () => {
  database = await openPrepared(directory());
  await migrate(database);
  const failed = (error: Error): never => {
    throw error;
  };
  queue = await ItemQueue.start(database, { isEmbedded: true, failed });
  ledger = new Ledger(database, queue);
});
afterAll(async () => {
  await queue.stop();
  await database.close();
});

function specOf(hosts: readonly string[], more: Partial<JobSpec> = {}): JobSpec {
  return {
    requests: hosts.map((host, n) => ({ json: `{"url":"http://${host}/${n}"}`, host })),
    ...JOB_DEFAULTS,
    startAfter: null,
    webhook: null,
    ...more,
  };
}

async function submit(spec: JobSpec): Promise<string> {
  return (await new JobSubmission(database, ledger).submit(OWNER, spec, null)).job.id;
}

async function succeed(items: readonly ClaimedItem[]): Promise<void> {
  await ledger.record(items.map((item) => ({ item, state: 'succeeded', result: '{}' })));
}

describe('an item', () => {
  it('that three workers were lost with is suspect, and to blame when it was alone the next time', async () => {
    const id = await submit(specOf(['a:80']));
    for (const crashes of [0, 1, 2]) {
      const [item] = await ledger.claim(10);
      expect(item).toMatchObject({ job: id, crashes, wasAlone: false, attempts: 0 });
      await ledger.putAllBack();
    }
    const [suspect] = await ledger.claim(10);
    expect(suspect).toMatchObject({ crashes: 3, wasAlone: false });
    await ledger.markAlone(suspect!);
    await ledger.putAllBack();
    const [guilty] = await ledger.claim(10);
    expect(guilty).toMatchObject({ crashes: 4, wasAlone: true });
    await ledger.record([{ item: guilty!, state: 'failed', result: null }]);
    expect(await new JobArchive(database, queue).find(OWNER, id)).toMatchObject({ failed: 1 });
  });

  it('that somebody else has taken meanwhile is not recorded', async () => {
    const id = await submit(specOf(['a:80']));
    const [lost] = await ledger.claim(10);
    await ledger.putAllBack();
    const [mine] = await ledger.claim(10);
    await succeed([lost!]);
    const archive = new JobArchive(database, queue);
    expect(await archive.find(OWNER, id)).toMatchObject({ succeeded: 0, running: 1 });
    await succeed([mine!]);
    await succeed([mine!, lost!]);
    expect(await archive.find(OWNER, id)).toMatchObject({ succeeded: 1, running: 0, state: 'completed' });
    expect(await archive.done(id, 0, 10, null)).toHaveLength(1);
  });

  it('that is given back counts as no attempt; one that is deferred does, and waits', async () => {
    const id = await submit(specOf(['a:80']));
    const [first] = await ledger.claim(10);
    await ledger.record([{ item: first!, state: 'deferred', delayMs: 0, wasTried: false }]);
    const [second] = await ledger.claim(10);
    expect(second).toMatchObject({ attempts: 0, crashes: 0 });
    await ledger.record([{ item: second!, state: 'deferred', delayMs: 300, wasTried: true }]);
    expect(await ledger.claim(10)).toEqual([]);
    let third: ClaimedItem | undefined;
    while (third === undefined) [third] = await ledger.claim(10);
    expect(third).toMatchObject({ attempts: 1 });
    await succeed([third]);
    expect(await new JobArchive(database, queue).find(OWNER, id)).toMatchObject({ succeeded: 1 });
  });

  it('of a cancelled job is not tried again', async () => {
    const id = await submit(specOf(['a:80']));
    const archive = new JobArchive(database, queue);
    const [item] = await ledger.claim(10);
    expect(await archive.cancel(OWNER, id)).toMatchObject({
      job: { state: 'cancelled', running: 1, finishedAt: null },
      wasOpen: true,
    });
    expect(await archive.cancel(OWNER, id)).toMatchObject({ wasOpen: false });
    await ledger.record([{ item: item!, state: 'deferred', delayMs: 3_600_000, wasTried: true }]);
    const { finishedAt, ...job } = (await archive.find(OWNER, id))!;
    expect(job).toMatchObject({ cancelled: 1, running: 0, pending: 0 });
    expect(finishedAt).not.toBeNull();
  });
});

describe('what is recorded together', () => {
  /** a block has a quarter of a mebibyte */
  const LONG = JSON.stringify('long'.repeat(100_000));

  /** What is recorded of a job, and the block of each result. */
  async function resultsOf(job: string) {
    const archive = new JobArchive(database, queue);
    const items = await archive.done(job, 0, 100, null);
    const read = items.map(async ({ number, index, state, attempts, place }) => {
      if (place === null) return { number, index, state, attempts, json: null };
      const octets = (await archive.blocks(job, [place.block], 1)).get(place.block);
      return { number, index, state, attempts, json: (await linesOf(octets!))[place.line]! };
    });
    const blocks = new Set(items.flatMap(({ place }) => place?.block ?? []));
    return { results: await Promise.all(read), blocks: [...blocks].toSorted() };
  }

  /** The blocks of a job that are stored, whoever points to them. */
  async function storedOf(job: string): Promise<{ readonly ids: string[]; readonly bytes: number }> {
    const rows = await database.query<{ readonly id: string; readonly bytes: number }>(
      'SELECT id::text AS id, length(octets) AS bytes FROM wirefetch.result_blocks WHERE job_id = $1 ORDER BY id',
      [job],
    );
    return { ids: rows.map(({ id }) => id), bytes: rows.reduce((sum, { bytes }) => sum + bytes, 0) };
  }

  /** What is counted of a job where nobody is shown it. */
  async function countedOf(job: string) {
    const [row] = await database.query(
      `SELECT j.released, last_number AS "lastNumber", result_bytes AS "resultBytes",
         sum(h.remaining)::int AS "ofHostsRemaining", sum(h.released)::int AS "ofHostsReleased"
       FROM wirefetch.jobs j JOIN wirefetch.job_hosts h ON h.job_id = j.id WHERE j.id = $1 GROUP BY j.id`,
      [job],
    );
    return row;
  }

  it('of two jobs, one of them cancelled meanwhile, and of a run that was lost, is what each is due', async () => {
    const archive = new JobArchive(database, queue);
    const open = await submit(specOf(['a:80', 'b:80', 'a:80', 'b:80'], { priority: 1 }));
    const lost = await ledger.claim(10);
    expect(lost.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    await ledger.putAllBack();
    const cancelled = await submit(specOf(['a:80', 'a:80', 'a:80', 'a:80']));
    const claimed = await ledger.claim(7);
    const [mine, theirs] = [open, cancelled].map((id) => claimed.filter(({ job }) => job === id));
    expect(mine!.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(theirs!.map(({ index }) => index)).toEqual([0, 1, 2]);
    await archive.cancel(OWNER, cancelled);

    const { outcomes, ended } = await ledger.record([
      { item: lost[0]!, state: 'succeeded', result: await toContent(LONG) },
      { item: mine![1]!, state: 'succeeded', result: '"b1"' },
      { item: theirs![0]!, state: 'succeeded', result: '"a0, cancelled"' },
      { item: mine![0]!, state: 'succeeded', result: await toContent(LONG) },
      { item: lost[2]!, state: 'succeeded', result: '"too late"' },
      { item: mine![2]!, state: 'failed', result: '"a2"' },
      { item: theirs![1]!, state: 'deferred', delayMs: 3_600_000, wasTried: true },
      { item: mine![3]!, state: 'deferred', delayMs: 0, wasTried: true },
      { item: theirs![2]!, state: 'cancelled', result: null },
      { item: lost[3]!, state: 'failed', result: await toContent(LONG) },
    ]);
    expect(ended.map(({ id }) => id)).toEqual([cancelled]);
    expect(outcomes).toEqual([
      'succeeded',
      'succeeded',
      'succeeded',
      'failed',
      'cancelled',
      'deferred',
      'cancelled',
    ]);

    const ofOpen = await resultsOf(open);
    expect(ofOpen.results).toEqual([
      { number: 1, index: 1, state: 'succeeded', attempts: 1, json: '"b1"' },
      { number: 2, index: 0, state: 'succeeded', attempts: 1, json: LONG },
      { number: 3, index: 2, state: 'failed', attempts: 1, json: '"a2"' },
    ]);
    const ofCancelled = await resultsOf(cancelled);
    expect(ofCancelled.results).toEqual([
      // by whoever cancelled it
      { number: 1, index: 3, state: 'cancelled', attempts: 0, json: null },
      { number: 2, index: 0, state: 'succeeded', attempts: 1, json: '"a0, cancelled"' },
      { number: 3, index: 1, state: 'cancelled', attempts: 1, json: null },
      { number: 4, index: 2, state: 'cancelled', attempts: 0, json: null },
    ]);

    const [storedOfOpen, storedOfCancelled] = [await storedOf(open), await storedOf(cancelled)];
    expect([storedOfOpen.ids, storedOfCancelled.ids]).toEqual([ofOpen.blocks, ofCancelled.blocks]);
    expect([storedOfOpen.ids.length, storedOfCancelled.ids.length]).toEqual([3, 1]);
    expect(await archive.find(OWNER, open)).toMatchObject({
      state: 'running',
      pending: 1,
      running: 0,
      succeeded: 2,
      failed: 1,
      cancelled: 0,
      finishedAt: null,
    });
    expect(await archive.find(OWNER, cancelled)).toMatchObject({
      state: 'cancelled',
      pending: 0,
      running: 0,
      succeeded: 1,
      failed: 0,
      cancelled: 3,
      finishedAt: expect.anything() as unknown,
    });
    // What is to be tried again at once has not left the queue.
    expect(await countedOf(open)).toEqual({
      released: 1,
      lastNumber: 3,
      resultBytes: storedOfOpen.bytes,
      ofHostsRemaining: 1,
      ofHostsReleased: 1,
    });
    expect(await countedOf(cancelled)).toEqual({
      released: 0,
      lastNumber: 4,
      resultBytes: storedOfCancelled.bytes,
      ofHostsRemaining: 0,
      ofHostsReleased: 0,
    });

    const again = await ledger.claim(10);
    expect(again).toMatchObject([{ job: open, index: 3, attempts: 1 }]);
    await succeed(again);
    expect(await archive.find(OWNER, open)).toMatchObject({ state: 'completed', succeeded: 3, failed: 1 });
    expect((await resultsOf(open)).results.at(-1)).toMatchObject({ number: 4, index: 3, attempts: 2 });
  });
});

describe('a job', () => {
  it('with many items at one host leaves room in the queue for those at others', async () => {
    const id = await submit(specOf([...Array<string>(900).fill('slow:80'), 'fast:80']));
    const items = await ledger.claim(1_000);
    expect(items.map(({ request }) => new URL(JSON.parse(request).url).host)).toContain('fast');
    expect(items.length).toBeLessThan(900);
    await new JobArchive(database, queue).cancel(OWNER, id);
    await ledger.record(items.map((item) => ({ item, state: 'cancelled', result: null })));
  });

  it('that is more urgent goes first', async () => {
    const low = await submit(specOf(['a:80'], { priority: -1 }));
    const high = await submit(specOf(['a:80'], { priority: 1 }));
    const [first] = await ledger.claim(1);
    const [second] = await ledger.claim(1);
    expect([first!.job, second!.job]).toEqual([high, low]);
    await succeed([first!, second!]);
  });
});
