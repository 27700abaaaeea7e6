import { randomUUID } from 'node:crypto';
import { ItemQueue } from '../../src/jobs/item-queue';
import { PostgresDatabase } from '../../src/store/postgres-database';
import { describeOnPostgres, usePostgres } from '../support/postgres';

jest.setTimeout(60_000);

const ROUNDS = 5;

function failed(error: Error): never {
  throw error;
}

describeOnPostgres('the queue', () => {
  const url = usePostgres();

  it('is made by replicas that start together, however often they try', async () => {
    const databases = Array.from({ length: 4 }, () => new PostgresDatabase(url()!));
    const [first] = databases as [PostgresDatabase];
    try {
      for (let round = 0; round < ROUNDS; round++) {
        await first.query('DROP SCHEMA IF EXISTS pgboss CASCADE');
        const queues = await Promise.all(
          databases.map((database) => ItemQueue.start(database, { isEmbedded: false, failed })),
        );
        await Promise.all(queues.map((queue) => queue.stop()));
        expect(await first.query('SELECT name FROM pgboss.queue')).toContainEqual({ name: 'items' });
      }
    } finally {
      await Promise.all(databases.map((database) => database.close()));
    }
  });

  it('gives what is most urgent first, and of that what came first', async () => {
    const database = new PostgresDatabase(url()!);
    const queue = await ItemQueue.start(database, { isEmbedded: false, failed });
    try {
      for (const [index, priority] of [0, -1, 7, 0].entries())
        await queue.put(database, [{ id: randomUUID(), job: 'j', index, priority, startAfter: null }]);
      const taken = [];
      for (let n = 0; n < 4; n++) taken.push(...(await queue.take(database, 1)));
      expect(taken.map(({ index }) => index)).toEqual([2, 0, 3, 1]);
    } finally {
      await queue.stop();
      await database.close();
    }
  });
});
