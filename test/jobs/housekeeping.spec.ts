import { globSync, statSync } from 'node:fs';
import path from 'node:path';
import { writeOut } from '../../src/jobs/housekeeping';
import type { EmbeddedDatabase } from '../../src/store/embedded-database';
import { useDirectories } from '../support/store';
import { openPrepared } from '../support/templates';

jest.setTimeout(60_000);

/** 80 MB, and as much of the log */
const ROWS = `INSERT INTO rows SELECT repeat('x', 1000) FROM generate_series(1, 80000)`;

describe('the log of the embedded database', () => {
  const directory = useDirectories();
  let where: string;
  let database: EmbeddedDatabase;
  beforeAll(async () => {
    where = directory();
    database = await openPrepared(where);
    await database.query('CREATE TABLE rows (row text)');
  });
  afterAll(() => database.close());

  const octetsOfLog = (): number =>
    globSync(path.join(where, '**/pg_wal/*')).reduce((sum, file) => sum + statSync(file).size, 0);

  it('does not grow with what is written in all', async () => {
    const sizes: number[] = [];
    for (let round = 0; round < 4; round++) {
      await database.query(ROWS);
      await writeOut(database);
      sizes.push(octetsOfLog());
    }
    expect(sizes[3]).toBeLessThan(200_000_000);
    expect(sizes[3]).toBe(sizes[2]);
  });

  it('is written out when there is much of it alone', async () => {
    await database.query('CHECKPOINT');
    const redo = async (): Promise<unknown> =>
      database.query('SELECT redo_lsn::text FROM pg_control_checkpoint()');
    const before = await redo();
    await database.query('CREATE TABLE little (row text)');
    await writeOut(database);
    expect(await redo()).toEqual(before);
    await database.query(ROWS);
    await writeOut(database);
    expect(await redo()).not.toEqual(before);
  });
});
