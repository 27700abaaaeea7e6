import { statSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { StoreUnavailable } from '../../src/store/database';
import { EmbeddedDatabase } from '../../src/store/embedded-database';
import { migrate } from '../../src/store/migrations';
import { useDirectories } from '../support/store';

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

  it('is not followed by another when the database is closed', async () => {
    const database = await EmbeddedDatabase.open(directory());
    await (await threadOf(database)).terminate();
    await database.close();
    await expect(database.query('SELECT 1')).rejects.toThrow('is closed');
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
