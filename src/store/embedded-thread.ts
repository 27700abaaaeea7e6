import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { zstdDecompressSync } from 'node:zlib';
import { PGlite, types } from '@electric-sql/pglite';
import type { EmbeddedOptions, EmbeddedOrder, EmbeddedReport } from './embedded-contract';

/** The thread of the embedded database: WebAssembly that computes for milliseconds, sometimes for a second, would hold
 *  the event loop of the service. It answers one question after the other. */

const port = parentPort!;
const { directory, seed } = workerData as EmbeddedOptions;

/** octets; of its own PGlite takes 128 MB */
const SHARED_BUFFERS = '16MB';

/** The ways into PostgreSQL that a question takes. */
const ENTRIES = [
  '_PostgresMainLoopOnce',
  '_PostgresMainLongJmp',
  '_PostgresSendReadyForQueryIfNecessary',
  '_pgl_pq_flush',
] as const;
/** With this status PGlite leaves the loop to tell an error of PostgreSQL's, which is no harm. */
const LONGJMP = 100;

/** Only this function is compiled a second time, to be faster: none, as it is an imported one. Looked at when a function is
 *  compiled first, which is when it is called first. */
const COMPILE_ONCE = '--wasm-tier-up-filter=0';
/** V8's default */
const COMPILE_TWICE = '--wasm-tier-up-filter=-1';

const TAR_BLOCK = 512;
/** typeflag */
const TAR_DIRECTORY = '5';

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
  const { message, code } = error as { readonly message?: string; readonly code?: unknown };
  // Of a file that cannot be had PGlite throws a number alone.
  const told = message ?? JSON.stringify(error);
  tell({ tell: 'error', id, message: told, code: typeof code === 'string' ? code : null });
}

/** PGlite itself throws away whatever else leaves PostgreSQL's loop: a trap of WebAssembly, a stack that is used up, an
 *  exit. It answers with what there is, or tries again for ever, and answers wrongly later. */
function endWhenBroken({ Module: postgres }: PGlite): void {
  for (const name of ENTRIES) {
    const enter = postgres[name];
    postgres[name] = () => {
      try {
        enter();
      } catch (error) {
        const { status } = error as { readonly status?: unknown };
        if (name === '_PostgresMainLoopOnce' && status === LONGJMP) throw error;
        failed(null, error);
        // In a thread this ends the thread, and not the process.
        process.exit(1);
      }
    };
  }
}

/** PostgreSQL whose parser is compiled once: for that one function V8's second compiler takes 600 MB and three seconds. The
 *  first message, which PGlite itself sends, comes to the parser and to little that matters beside; without the second
 *  compiler everything else would take half as long again. */
class Postgres extends PGlite {
  private isParserCompiled = false;

  override execProtocolRawSync(message: Uint8Array): Uint8Array {
    if (this.isParserCompiled) return super.execProtocolRawSync(message);
    this.isParserCompiled = true;
    setFlagsFromString(COMPILE_ONCE);
    try {
      return super.execProtocolRawSync(message);
    } finally {
      setFlagsFromString(COMPILE_TWICE);
    }
  }
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

/** POSIX 1003.1-1988, ustar: a header in a block of its own, then the content in whole blocks; zeros end it. PGlite's
 *  own loader takes 120 MB more, and lets everybody read what it writes. */
function unpack(archive: Buffer): void {
  const fieldAt = (from: number, length: number): string => {
    const field = archive.toString('latin1', from, from + length);
    return field.slice(0, (field + '\0').indexOf('\0'));
  };
  for (let at = 0; fieldAt(at, 100) !== '';) {
    const file = path.join(directory, fieldAt(at, 100));
    const length = Number.parseInt(fieldAt(at + 124, 12), 8);
    const content = at + TAR_BLOCK;
    if (fieldAt(at + 156, 1) === TAR_DIRECTORY) mkdirSync(file, { mode: 0o700 });
    else writeFileSync(file, archive.subarray(content, content + length), { mode: 0o600 });
    at = content + Math.ceil(length / TAR_BLOCK) * TAR_BLOCK;
  }
}

async function main(): Promise<void> {
  if (!existsSync(directory)) {
    mkdirSync(directory, { mode: 0o700 });
    if (seed !== null) unpack(zstdDecompressSync(readFileSync(seed)));
  }
  const database = new Postgres(directory, {
    startParams: [...PGlite.defaultStartParams, '-c', `shared_buffers=${SHARED_BUFFERS}`],
    serializers: { [types.BYTEA]: BYTEA.serialize },
    parsers: { [types.BYTEA]: BYTEA.parse },
  });
  await database.waitReady;
  endWhenBroken(database);
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
