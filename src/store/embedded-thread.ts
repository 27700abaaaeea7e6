import { parentPort, workerData } from 'node:worker_threads';
import { PGlite, types } from '@electric-sql/pglite';
import type { EmbeddedOptions, EmbeddedOrder, EmbeddedReport } from './embedded-contract';

/** The thread of the embedded database: WebAssembly that computes for milliseconds, sometimes for a second, would hold
 *  the event loop of the service. It answers one question after the other. */

const port = parentPort!;
const { directory } = workerData as EmbeddedOptions;

/** octets; of its own PGlite takes 128 MB */
const SHARED_BUFFERS = '16MB';

/** As PGlite's own, which go octet by octet and take longer than the statement. */
const BYTEA = {
  serialize: (octets: Uint8Array): string =>
    `\\x${Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('hex')}`,
  parse: (text: string): Buffer => Buffer.from(text.slice('\\x'.length), 'hex'),
};

function tell(report: EmbeddedReport): void {
  port.postMessage(report);
}

function failed(id: number | null, error: unknown): void {
  const { message, code } = error as Error & { readonly code?: unknown };
  tell({ tell: 'error', id, message, code: typeof code === 'string' ? code : null });
}

async function run(database: PGlite, sql: string, values: readonly unknown[]): Promise<readonly unknown[]> {
  if (values.length > 0) return (await database.query(sql, [...values])).rows;
  // Only this takes several statements, as pg-boss makes its schema with.
  const results = await database.exec(sql);
  return results.flatMap(({ rows }) => rows);
}

async function obey(database: PGlite, order: EmbeddedOrder): Promise<void> {
  try {
    if (order.ask === 'query')
      tell({ tell: 'answer', id: order.id, rows: await run(database, order.sql, order.values) });
    else if (order.ask === 'listen') {
      const { channel } = order;
      await database.listen(channel, (payload) => tell({ tell: 'notification', channel, payload }));
      tell({ tell: 'answer', id: order.id, rows: [] });
    } else {
      await database.close();
      tell({ tell: 'answer', id: order.id, rows: [] });
      port.close();
    }
  } catch (error) {
    failed(order.id, error);
  }
}

async function main(): Promise<void> {
  const database = await PGlite.create(directory, {
    startParams: [...PGlite.defaultStartParams, '-c', `shared_buffers=${SHARED_BUFFERS}`],
    serializers: { [types.BYTEA]: BYTEA.serialize },
    parsers: { [types.BYTEA]: BYTEA.parse },
  });
  let last = Promise.resolve();
  port.on('message', (order: EmbeddedOrder) => {
    last = last.then(() => obey(database, order));
  });
  tell({ tell: 'ready' });
}

main().catch((error: unknown) => {
  failed(null, error);
  port.close();
});
