import type { JobRequestDto } from './dto/job-request.dto';

type Examples = Readonly<
  Record<string, { readonly summary: string; readonly value: Partial<JobRequestDto> }>
>;

/** Selectable in Swagger UI; the pages are those of `npm run demo`. */
export const JOB_EXAMPLES: Examples = {
  two: {
    summary: 'Two pages',
    value: {
      requests: [{ url: 'http://127.0.0.1:8081/bursts' }, { url: 'http://127.0.0.1:8081/drip' }],
      defaults: { timeouts: { totalMs: 10_000 } },
    },
  },
  polite: {
    summary: 'One at a time, half a second apart, tried three times',
    value: {
      requests: [{ url: 'http://127.0.0.1:8081/bursts' }, { url: 'http://127.0.0.1:8081/stall' }],
      perHost: { concurrency: 1, minGapMs: 500 },
      retries: { max: 2, backoffMs: 1_000 },
    },
  },
};
