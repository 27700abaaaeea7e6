import { FETCH_RESULT_EXAMPLE } from '../fetch/fetch-result.example';
import { Problem } from '../problems/problem';
import type { JobDto, JobItemDto, JobResultsDto } from './dto/job.dto';

const FAILED = '/fetch/01KB58EF3W8QYV6N0Z2H5T7K9M';

const ITEMS: JobItemDto[] = [
  { index: 0, state: 'succeeded', attempts: 1, result: FETCH_RESULT_EXAMPLE, problem: null },
  {
    index: 1,
    state: 'failed',
    attempts: 3,
    result: null,
    problem: new Problem('first-byte-timeout', 'nothing came within firstByteMs (10000)', {
      phase: 'wait',
    }).toJson(FAILED),
  },
];

const JOB: JobDto = {
  id: '01KB58E5Q5SDXM3W7V8T8B1T2N',
  state: 'completed',
  total: 2,
  pending: 0,
  running: 0,
  succeeded: 1,
  failed: 1,
  cancelled: 0,
  createdAt: '2026-11-28T23:50:00.000Z',
  startedAt: '2026-11-28T23:50:00.020Z',
  finishedAt: '2026-11-28T23:50:33.141Z',
};

/** A page of results. */
export const JOB_RESULTS_EXAMPLE: JobResultsDto = { items: ITEMS, next: null };

/** The same as NDJSON. */
export const JOB_LINES_EXAMPLE = ITEMS.map((item) => `${JSON.stringify(item)}\n`).join('');

/** What is told of the job while it runs, in the text of server-sent events. */
export const JOB_EVENTS_EXAMPLE = [
  'retry: 1000',
  ...ITEMS.map(({ index, state, attempts }, i) => event('item', i + 1, { index, state, attempts })),
  event('progress', 2, JOB),
  event('end', 2, JOB),
]
  .map((block) => `${block}\n\n`)
  .join('');

function event(name: string, id: number, data: object): string {
  return `event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}`;
}
