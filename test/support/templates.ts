import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EmbeddedDatabase } from '../../src/store/embedded-database';
import { Store } from '../../src/store/store';

/** names the directory of a run, to all its processes */
const VARIABLE = 'TEST_TEMPLATES';

/** To make an embedded database takes longer than most tests: it is made once in a run, and copied, but where the making is
 *  what is tested. It has no tables. */
async function templateOf(run: string): Promise<string> {
  const template = path.join(run, 'embedded');
  if (existsSync(template)) return template;
  const made = mkdtempSync(path.join(run, 'made-'));
  await (await EmbeddedDatabase.open(made)).close();
  try {
    renameSync(made, template);
  } catch {
    // Another process was first.
    rmSync(made, { recursive: true, force: true });
  }
  return template;
}

/** Puts an embedded database into a data directory that has none yet. */
export async function prepare(dataDir: string): Promise<void> {
  const run = process.env[VARIABLE];
  // Where something is, be it a lock, the service is to say what that means.
  if (run === undefined || existsSync(path.join(dataDir, 'postgres')) || EmbeddedDatabase.isIn(dataDir))
    return;
  cpSync(await templateOf(run), dataDir, { recursive: true });
}

/** @returns a new one, with no tables */
export async function openPrepared(dataDir: string): Promise<EmbeddedDatabase> {
  await prepare(dataDir);
  return EmbeddedDatabase.open(dataDir);
}

/** Makes no database where there is none, but copies one. */
export class PreparedStore extends Store {
  private preparing: Promise<void> | null = null;

  constructor(private readonly where: ConstructorParameters<typeof Store>[0]) {
    super(where);
  }

  override async open(): ReturnType<Store['open']> {
    // What cannot be written is for the store to tell.
    if (this.isEmbedded) this.preparing ??= prepare(this.where.dataDir).catch(() => undefined);
    await this.preparing;
    return super.open();
  }
}

/** Before all tests of a run. */
export function begin(): void {
  process.env[VARIABLE] = mkdtempSync(path.join(tmpdir(), 'wirefetch-templates-'));
}

/** After them. */
export function end(): void {
  const run = process.env[VARIABLE];
  if (run !== undefined) rmSync(run, { recursive: true, force: true });
}
