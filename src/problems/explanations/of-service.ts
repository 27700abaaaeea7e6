import type { ProblemCode } from '../problem-table';
import { type Explanation, caller, operator } from './explanation';

/** What the service cannot do now. */
export const OF_SERVICE = {
  'rate-limited': {
    meaning:
      'The key has used up its fetches for now, and nothing was sent. `WIREFETCH_RATE_LIMIT` says how many a second each ' +
      'key may begin, with those of one second at once at the most. A second later one may be begun again, as `Retry-After` ' +
      'says. A 429 of a target is never this problem, but a result.',
    causes: [
      'More calls of `POST /fetch` a second than the operator allows.',
      'Several programs share one key; without keys it is one rate for everybody.',
      'The service has several processes, and the caller keeps one connection open: it then has the share of one of them.',
    ],
    remedies: [
      caller('Wait for as long as `Retry-After` says, then go on at an even pace.'),
      caller('Hand many URLs over at once by `POST /jobs`, whose items do not count here.'),
      operator('Raise `WIREFETCH_RATE_LIMIT`, or give programs keys of their own in `WIREFETCH_API_KEYS`.'),
      operator('`wirefetch_refused_total` with this code tells how often it happens.'),
    ],
    seeAlso: ['overloaded'],
    references: ['RFC 6585 §4', 'RFC 9110 §10.2.3'],
  },
  overloaded: {
    meaning:
      'The service takes no more fetches now: as many run and wait as the operator allows, or it is stopping. A fetch ' +
      'that was cut because the service stopped has this code too, and tells what it had received. ' +
      'Waiting for a place is `timings.queue`, and no part of `timeouts.totalMs`.',
    causes: [
      '`WIREFETCH_MAX_CONCURRENCY` fetches run, and `WIREFETCH_MAX_QUEUE` wait.',
      'One slow host has all of its `WIREFETCH_MAX_PER_HOST` places taken, and those that wait for it fill the queue.',
      'The replica is shutting down or being replaced: `GET /health/ready` says so.',
    ],
    remedies: [
      caller(
        'Wait for as long as `Retry-After` says, and try again; with several replicas over a new connection.',
      ),
      caller('Use `POST /jobs` where the answers may come later: its items wait without a connection.'),
      caller('Set shorter `timeouts`, so that dead targets give their places back sooner.'),
      operator(
        'Look at `wirefetch_fetches_running`, `wirefetch_fetches_waiting` and `wirefetch_fetch_phase_duration_seconds`: ' +
          'is one host slow, or everything?',
      ),
      operator(
        'Run more replicas, or raise `WIREFETCH_MAX_CONCURRENCY` where processor and memory allow. Have the load ' +
          'balancer heed `GET /health/ready`.',
      ),
    ],
    seeAlso: ['rate-limited', 'store-unavailable'],
    references: ['RFC 9110 §15.6.4', 'RFC 9110 §10.2.3'],
  },
  'store-unavailable': {
    meaning:
      'The database of jobs and sessions cannot be reached now, is too slow, full or read-only, or another process has ' +
      'its directory. It concerns calls of jobs and sessions, and fetches with a `session`: `POST /fetch` without one goes ' +
      'on. Why exactly, only the log says, because that names machines and directories.',
    causes: [
      'PostgreSQL is restarting, unreachable, or out of connections.',
      'The disk is full, or `WIREFETCH_DATA_DIR` cannot be written.',
      'Two processes were given one `WIREFETCH_DATA_DIR`, for instance during an upgrade.',
      'The service is stopping.',
    ],
    remedies: [
      caller(
        'Try again after a second, as `Retry-After` says; with an `Idempotency-Key`, `POST /jobs` makes no second job.',
      ),
      caller('Fetch without `session` where cookies need not be kept.'),
      operator(
        'Look for “the store cannot be used” in the log. Nothing has to be restarted: the next call tries again.',
      ),
      operator(
        'For several replicas or processes set `WIREFETCH_DATABASE_URL`, and keep `max_connections` of PostgreSQL above ' +
          'nine times the number of processes.',
      ),
    ],
    seeAlso: ['overloaded', 'internal-error'],
    references: ['RFC 9110 §15.6.4', 'RFC 9110 §10.2.3'],
  },
  'internal-error': {
    meaning:
      "Something failed that was not foreseen, in this service or the machine it runs on. It is never the target's " +
      'doing. What it was is in the log and not in the answer, so that nothing is told that callers are not to know.',
    causes: [
      'The process has run out of something, such as sockets: `process_open_fds` is near `process_max_fds`.',
      'An item of a job was fetched alone, and the process ended over it: such an item is not fetched again.',
      'A defect of this service.',
    ],
    remedies: [
      caller('Tell the operator the `instance` of the problem: it holds the id of the fetch.'),
      caller('Whether the request reached its target is not known: repeat it only where that does no harm.'),
      operator('Look for lines of level 50 in the log, at the time of the problem.'),
      operator(
        'Alert on `wirefetch_fetches_total` and `wirefetch_refused_total` with this code: each one is worth a look. ' +
          'Where sockets ran out, raise the limit of open files or lower `WIREFETCH_MAX_CONCURRENCY`.',
      ),
    ],
    seeAlso: ['store-unavailable', 'overloaded'],
    references: ['RFC 9110 §15.6.1'],
  },
} as const satisfies Partial<Record<ProblemCode, Explanation>>;
