import { readFileSync } from 'node:fs';
import path from 'node:path';

const { version } = JSON.parse(
  readFileSync(path.join(path.dirname(require.resolve('@electric-sql/pglite')), '../package.json'), 'utf8'),
) as { readonly version: string };

/** Where the build keeps a data directory as this PGlite makes it, for what runs from src too: a tar archive, compressed
 *  by zstd. Without it PGlite makes one itself, which takes seconds and much memory. */
export const SEED = path.join(__dirname, `../../dist/store/pglite-${version}.tar.zst`);
