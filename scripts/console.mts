import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

/** `node scripts/console.mts`, after `nest build`: bundles the console page into dist/console/page. */

const SOURCE = path.join(import.meta.dirname, '../src/console/page');
const PAGE = path.join(import.meta.dirname, '../dist/console/page');
const ASSETS = path.join(PAGE, 'assets');

rmSync(PAGE, { recursive: true, force: true });
mkdirSync(ASSETS, { recursive: true });
const { metafile } = await build({
  entryPoints: ['main.tsx', 'frame.ts'].map((name) => path.join(SOURCE, name)),
  outdir: ASSETS,
  entryNames: '[name]-[hash]',
  bundle: true,
  minify: true,
  // No module of the frame could be loaded: its origin is nobody's.
  format: 'iife',
  target: ['es2022', 'chrome110', 'firefox115', 'safari16.4'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});

/** name of an asset without its digest → with it */
const names = Object.keys(metafile.outputs).map((output): [string, string] => {
  const { base, name, ext } = path.parse(output);
  return [name.replace(/-[^-]+$/, '') + ext, base];
});
for (const [output, { inputs }] of Object.entries(metafile.outputs)) {
  const packages = new Set(Object.keys(inputs).map(packageOf));
  for (const one of packages) if (one !== undefined) appendFileSync(output, licenceOf(one));
}
writePage('index.html', PAGE);
writePage('frame.html', ASSETS);

/** @returns the package that a file is of; undefined: it is ours */
function packageOf(file: string): string | undefined {
  return /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
}

/** A licence goes with every copy, and says so. */
function licenceOf(name: string): string {
  const text = readFileSync(path.join(import.meta.dirname, '../node_modules', name, 'LICENSE'), 'utf8');
  return `/*! ${name}\n${text.trim().replaceAll('*/', '* /')} */\n`;
}

/** Has a page load its assets by the names that they have got. */
function writePage(page: string, directory: string): void {
  let html = readFileSync(path.join(SOURCE, page), 'utf8');
  for (const [plain, digested] of names)
    html = html.replace(new RegExp(`(["/])${plain.replace('.', '\\.')}"`, 'g'), `$1${digested}"`);
  writeFileSync(path.join(directory, page), html);
}
