import { ItemQueue } from '../../src/jobs/item-queue';
import { JobArchive } from '../../src/jobs/job-archive';
import type { JobSpec } from '../../src/jobs/job-spec';
import { JobSubmission } from '../../src/jobs/job-submission';
import { type ClaimedItem, Ledger } from '../../src/jobs/ledger';
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
    concurrency: 16,
    perHost: { concurrency: 2, minGapMs: 0 },
    retries: { max: 2, backoffMs: 1_000 },
    priority: 0,
    startAfter: null,
    webhook: null,
    keepResultsMs: 60_000,
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
