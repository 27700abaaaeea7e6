import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';

/** Writes openapi/openapi.json from the built service, and the client's types from that; with --check only says what is
 *  stale. */

const require = createRequire(import.meta.url);
const { createApp } = require('../dist/create-app.js') as typeof import('../src/create-app.js');
const { describeApi } = require('../dist/openapi.js') as typeof import('../src/openapi.js');
const { readSettings } = require('../dist/config/settings.js') as typeof import('../src/config/settings.js');

const ROOT = join(import.meta.dirname, '..');
const HEADER =
  '/** Made from openapi.json by `npm run openapi`: change the code of the service instead. */\n\n';

const app = await createApp(readSettings({ WIREFETCH_LOG_LEVEL: 'silent' }).settings);
await app.init();
const description = JSON.stringify(describeApi(app));
await app.close();

const types = await openapiTS(description, {
  // Of a request: what has a default may be left out. No answer has defaults.
  defaultNonNullable: false,
  // FetchResult, and not only components['schemas']['FetchResult'].
  rootTypes: true,
  rootTypesNoSchemaPrefix: true,
});

const isCheck = process.argv.includes('--check');
for (const [path, text, options] of [
  ['openapi/openapi.json', description, { parser: 'json' }],
  // As everything that `npm run format` formats.
  [
    'openapi/client/schema.ts',
    HEADER + astToString(types),
    await resolveConfig(join(ROOT, 'openapi/client')),
  ],
] as const) {
  const file = join(ROOT, path);
  const formatted = await format(text, { ...options, filepath: file });
  if (!isCheck) writeFileSync(file, formatted);
  else if (readFileSync(file, 'utf8') !== formatted) {
    process.stderr.write(`${path} is stale: run npm run openapi\n`);
    process.exitCode = 1;
  }
}
