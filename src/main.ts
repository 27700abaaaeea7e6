import cluster from 'node:cluster';
import { InvalidSettings, type ReadSettings, readSettings } from './config/settings';
import { startFailure } from './config/start-failure';
import { processesOf } from './process/processes';

/** What is left of a pool of small buffers lives as long as its longest-lived one: those of 64 KiB that the runtime has
 *  held several times what hundreds of slow fetches had asked for. */
const POOL_BYTES = 8_192;

/** A process loads what it needs: one that leads others would otherwise be as large as they are. */
async function main(): Promise<void> {
  Buffer.poolSize = POOL_BYTES;
  if (cluster.isWorker) return (await import('./serve.js')).serveWithOthers();
  const read = settingsOrExit();
  const processes = processesOf(read.settings);
  if (processes === 1) return (await import('./serve.js')).serveAlone(read);
  return (await import('./process/lead.js')).lead(read, processes);
}

function settingsOrExit(): ReadSettings {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
    process.stderr.write(`wirefetch cannot start:\n${error.message}\n`);
    process.exit(1);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`wirefetch cannot start: ${startFailure(error)}\n`);
  process.exit(1);
});
