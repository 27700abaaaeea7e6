import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const manifest: unknown = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));

/** This release, as package.json has it. */
export const VERSION = (manifest as { readonly version: string }).version;
