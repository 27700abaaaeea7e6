import { execFileSync } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { StoreUnavailable } from '../../src/store/database';
import { EMBEDDED_LIMITS } from '../../src/store/embedded-backend';
import { EmbeddedDatabase } from '../../src/store/embedded-database';
import { migrate } from '../../src/store/migrations';
import * as seed from '../../src/store/seed';
import { useDirectories } from '../support/store';
import { openPrepared } from '../support/templates';

jest.setTimeout(60_000);

const directory = useDirectories();

describe('an embedded database', () => {
  let dataDir: string;
  let database: EmbeddedDatabase;
  beforeAll(async () => {
    dataDir = directory();
    database = await EmbeddedDatabase.open(dataDir);
  });
  afterAll(() => database.close());

  it('takes and gives octets, NUL among them, alone and in lists', async () => {
    const octets = Buffer.from([0, 1, 255, 0]);
    const [row] = await database.query<{ one: Uint8Array; many: Uint8Array }>(
      'SELECT $1::bytea AS one, x AS many FROM unnest($2::bytea[]) x',
      [octets, [octets]],
    );
    expect(Buffer.from(row!.one)).toEqual(octets);
    expect(Buffer.from(row!.many)).toEqual(octets);
  });

  it('undoes a transaction that fails, and lets no statement in between', async () => {
    await database.query('CREATE TABLE t (n int)');
    const failing = database.transaction(async (tx) => {
      await tx.query('INSERT INTO t VALUES ($1)', [1]);
      throw new Error('no');
    });
    const counted = database.query<{ n: number }>('SELECT count(*)::int AS n FROM t');
    await expect(failing).rejects.toThrow('no');
    expect(await counted).toEqual([{ n: 0 }]);
  });

  it('tells errors by their SQLSTATE, and goes on', async () => {
    await expect(database.query('SELECT 1/$1::int', [0])).rejects.toMatchObject({ code: '22012' });
    await expect(database.query('BEGIN; SELECT 1/0; COMMIT')).rejects.toMatchObject({ code: '22012' });
    expect(await database.query('SELECT 1::int AS n')).toEqual([{ n: 1 }]);
  });

  it('hears what is notified', async () => {
    const heard = new Promise((resolve) => void database.listen('channel', resolve));
    await database.query("SELECT pg_notify('channel', $1)", ['hello']);
    expect(await heard).toBe('hello');
  });

  it('takes no memory for a faster parser', async () => {
    const parsed = `SELECT ${Array(300).fill('1').join(' + ')}::int AS n`;
    const before = process.memoryUsage.rss();
    let most = before;
    const looking = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 10);
    for (let n = 0; n < 3_000; n++) await database.query(parsed);
    clearInterval(looking);
    expect(most - before).toBeLessThan(300_000_000);
  });

  it('is migrated once', async () => {
    await migrate(database);
    await migrate(database);
    const rows = await database.query('SELECT version FROM wirefetch.migrations');
    expect(rows.length).toBeGreaterThan(0);
  });

  it('starts from the directory that the build made, and lets nobody else read it', async () => {
    const identify = 'SELECT system_identifier::text AS id FROM pg_control_system()';
    const otherDir = directory();
    const other = await EmbeddedDatabase.open(otherDir);
    expect(await other.query(identify)).toEqual(await database.query(identify));
    await other.close();
    const { mode } = statSync(path.join(otherDir, 'postgres'));
    expect(mode & 0o077).toBe(0);
  });

  it('lets no second one open its directory, and says who has it', async () => {
    const second = EmbeddedDatabase.open(dataDir);
    await expect(second).rejects.toThrow(StoreUnavailable);
    await expect(EmbeddedDatabase.open(dataDir)).rejects.toThrow(`in use by process ${process.pid} on `);
  });
});

describe('a thread that ends by itself', () => {
  /** the thread that is asked next */
  async function threadOf(database: EmbeddedDatabase): Promise<Worker> {
    const posted = jest.spyOn(Worker.prototype, 'postMessage');
    await database.query('SELECT 1');
    const [worker] = posted.mock.contexts as Worker[];
    posted.mockRestore();
    return worker!;
  }

  it('fails what it was asked, and is followed by another that has and hears the same', async () => {
    const database = await EmbeddedDatabase.open(directory());
    const heard: string[] = [];
    await database.listen('channel', (payload) => heard.push(payload));
    await database.query('CREATE TABLE t (n int)');
    await database.query('INSERT INTO t VALUES (1)');
    const thread = await threadOf(database);
    const cutOff = database.transaction(async (tx) => {
      await tx.query('INSERT INTO t VALUES (2)');
      await thread.terminate();
      await tx.query('INSERT INTO t VALUES (3)');
    });
    const next = database.query('SELECT n FROM t');
    await expect(cutOff).rejects.toThrow(StoreUnavailable);
    expect(await next).toEqual([{ n: 1 }]);
    await database.query("NOTIFY channel, 'again'");
    expect(heard).toEqual(['again']);
    await database.close();
  });

  it('and cannot be followed by another has each call told why', async () => {
    const dataDir = directory();
    const database = await openPrepared(dataDir);
    await (await threadOf(database)).terminate();
    const postgres = path.join(dataDir, 'postgres');
    rmSync(postgres, { recursive: true });
    writeFileSync(postgres, '');
    const calls = [database.query('SELECT 1'), database.query('SELECT 1'), database.query('SELECT 1')];
    for (const outcome of await Promise.allSettled(calls))
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: {
          code: 'store-unavailable',
          message: expect.stringContaining(`${dataDir} cannot be opened: `),
        },
      });
    await database.close();
  });

  it('is not followed by another when the database is closed', async () => {
    const database = await EmbeddedDatabase.open(directory());
    await (await threadOf(database)).terminate();
    await database.close();
    await expect(database.query('SELECT 1')).rejects.toThrow('is closed');
  });
});

describe('a thread that is broken or takes too long', () => {
  /** so deep that PostgreSQL uses up the stack of the thread, which PGlite does not tell */
  const TRAP = `SELECT ${'1 + '.repeat(100_000)} 1`;
  const HANG = 'SELECT pg_sleep(3600)';

  const opened: EmbeddedDatabase[] = [];
  afterEach(async () => {
    for (const database of opened.splice(0)) await database.close();
  });

  /** @returns one that holds a table with a row */
  async function open(statementMs: number): Promise<EmbeddedDatabase> {
    const dataDir = directory();
    await (await openPrepared(dataDir)).close();
    const database = await EmbeddedDatabase.open(dataDir, { ...EMBEDDED_LIMITS, statementMs });
    opened.push(database);
    await database.query('CREATE TABLE t (n int); INSERT INTO t VALUES (1)');
    return database;
  }

  it.each([
    ['that traps', TRAP, 'ended: Maximum call stack size exceeded'],
    ['that hangs', HANG, 'ended: there was no answer within 1000 ms'],
  ])('ends at a statement %s, and the next call finds what was there', async (_, sql, why) => {
    const database = await open(1_000);
    const failing = database.query(sql);
    const next = database.query('SELECT n FROM t');
    await expect(failing).rejects.toThrow(StoreUnavailable);
    await expect(failing).rejects.toThrow(why);
    expect(await next).toEqual([{ n: 1 }]);
  });

  it.each([
    ['trap', TRAP],
    ['hang', HANG],
  ])('undoes a transaction that has a %s in it, and fails what was asked behind', async (_, sql) => {
    const database = await open(1_000);
    let outcomes: PromiseSettledResult<unknown>[] = [];
    const failing = database.transaction(async (tx) => {
      const asked = ['INSERT INTO t VALUES (2)', sql, 'SELECT 1'].map((each) => tx.query(each));
      outcomes = await Promise.allSettled(asked);
    });
    await expect(failing).rejects.toThrow(StoreUnavailable);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(await database.query('SELECT n FROM t')).toEqual([{ n: 1 }]);
  });

  it('has its time for each statement from when the one before is over', async () => {
    const database = await open(2_000);
    const sleeps = await database.transaction((tx) =>
      Promise.all(Array.from({ length: 6 }, () => tx.query<{ n: number }>('SELECT 1 AS n, pg_sleep(0.5)'))),
    );
    expect(sleeps.map(([row]) => row!.n)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('while it opens fails who waits for it, and leaves the directory when it is gone', async () => {
    const dataDir = directory();
    // Who opens it to read waits, in a call of the system that nothing ends, for who opens it to write.
    const fifo = path.join(dataDir, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const replaced = jest.replaceProperty(seed, 'SEED', fifo);
    const failing = EmbeddedDatabase.open(dataDir, { ...EMBEDDED_LIMITS, openMs: 500 });
    await expect(failing).rejects.toThrow('ended: there was no answer within 500 ms');
    await expect(EmbeddedDatabase.open(dataDir)).rejects.toThrow(`in use by process ${process.pid} on `);

    replaced.restore();
    closeSync(openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK));
    while (existsSync(path.join(dataDir, 'wirefetch.lock')))
      await new Promise((resolve) => setImmediate(resolve));
    const database = await EmbeddedDatabase.open(dataDir);
    opened.push(database);
    expect(await database.query('SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });
});

describe('a data directory that cannot be made', () => {
  it.each([
    ['/proc/wirefetch', 'ENOENT'],
    ['/proc/wirefetch/data', 'ENOENT'],
    ['/dev/null/data', 'ENOTDIR'],
  ])('is told at once: %s', async (dataDir, code) => {
    await expect(EmbeddedDatabase.open(dataDir)).rejects.toThrow(`${dataDir} cannot be used: ${code}`);
    await expect(EmbeddedDatabase.open(dataDir)).rejects.toThrow(StoreUnavailable);
  });
});
