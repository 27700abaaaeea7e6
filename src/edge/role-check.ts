import type { Settings } from '../config/settings';
import { Problem } from '../problems/problem';
import type { Check } from './check';

/** What a worker answers: probes, and what it counts. */
const OF_WORKERS = ['/health/', '/metrics'] as const;

/** A replica that works on jobs alone takes none, and fetches nothing for callers. */
export function roleCheck({ role }: Pick<Settings, 'role'>): Check {
  return ({ routeOptions: { url = '' } }) =>
    role !== 'worker' || OF_WORKERS.some((route) => url.startsWith(route))
      ? null
      : new Problem('not-found', 'This replica works on jobs, and answers no callers.');
}
