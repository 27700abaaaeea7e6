import { availableParallelism } from 'node:os';
import type { Settings } from '../config/settings';

/** How many processes the service is to be.
 *  @param cores processors that it may use */
export function processesOf(
  { workers, databaseUrl }: Pick<Settings, 'workers' | 'databaseUrl'>,
  cores = availableParallelism(),
): number {
  if (workers !== 'auto') return workers;
  // The embedded database belongs to one process.
  return databaseUrl === null ? 1 : cores;
}

/** The settings of one of several processes: what the service may do at once is divided among them. But each may do
 *  something, where the service may: with a limit below their number they do more together.
 *  @param place from 0 */
export function shareOf(settings: Settings, place: number, processes: number): Settings {
  const share = (total: number): number => {
    const rest = total % processes;
    return Math.max(Math.min(total, 1), (total - rest) / processes + (place < rest ? 1 : 0));
  };
  return {
    ...settings,
    maxConcurrency: share(settings.maxConcurrency),
    maxPerHost: share(settings.maxPerHost),
    maxQueue: share(settings.maxQueue),
    rateLimit: settings.rateLimit === null ? null : share(settings.rateLimit),
    maxBufferedBytes: share(settings.maxBufferedBytes),
  };
}
