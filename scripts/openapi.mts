import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { format } from 'prettier';

/** Writes openapi/openapi.json from the built service; with --check only says whether it is stale. */

const require = createRequire(import.meta.url);
const { createApp } = require('../dist/create-app.js') as typeof import('../src/create-app.js');
const { describeApi } = require('../dist/openapi.js') as typeof import('../src/openapi.js');
const { readSettings } = require('../dist/config/settings.js') as typeof import('../src/config/settings.js');

const path = join(import.meta.dirname, '../openapi/openapi.json');
const app = await createApp(readSettings({ WIREFETCH_LOG_LEVEL: 'silent' }).settings);
await app.init();
const text = await format(JSON.stringify(describeApi(app)), { parser: 'json' });
await app.close();

if (!process.argv.includes('--check')) writeFileSync(path, text);
else if (readFileSync(path, 'utf8') !== text) {
  process.stderr.write('openapi/openapi.json is stale: run npm run openapi\n');
  process.exit(1);
}
