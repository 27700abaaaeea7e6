import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants, zstdCompressSync } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';

/** `node scripts/seed.mts`, after `nest build`: makes what the embedded database starts from in an empty directory. */

const require = createRequire(import.meta.url);
const { SEED } = require('../dist/store/seed.js') as typeof import('../src/store/seed.js');

/** log2 of how far back is looked: the directory holds three databases that are nearly the same */
const WINDOW_LOG = 24;
const LEVEL = 19;

const database = await PGlite.create();
await database.exec('CHECKPOINT');
const archive = Buffer.from(await (await database.dumpDataDir('none')).arrayBuffer());
await database.close();
const params = { [constants.ZSTD_c_compressionLevel]: LEVEL, [constants.ZSTD_c_windowLog]: WINDOW_LOG };
writeFileSync(SEED, zstdCompressSync(archive, { params }));
