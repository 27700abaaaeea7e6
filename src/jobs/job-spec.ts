/** What a webhook may be told of. */
export const JOB_EVENTS = ['job.completed', 'job.cancelled'] as const;
export type JobEvent = (typeof JOB_EVENTS)[number];

export const MAX_REQUESTS = 10_000;

/** What a job that does not say gets; API.md, "POST /jobs". Milliseconds. */
export const JOB_DEFAULTS = {
  concurrency: 16,
  perHost: { concurrency: 2, minGapMs: 0 },
  retries: { max: 2, backoffMs: 1_000 },
  priority: 0,
  startAfter: null,
  keepResultsMs: 86_400_000,
} as const;

/** One fetch of a job. */
export interface JobRequest {
  /** JSON text of one request with the defaults merged, as POST /fetch takes it */
  readonly json: string;
  /** `name:port` that its first hop tells the gate */
  readonly host: string;
}

/** Who is told of a job's end. */
export interface JobWebhook {
  /** http or https, as the WHATWG serializes it */
  readonly url: string;
  /** "whsec_" and base64 of 24 to 64 octets; never shown again */
  readonly secret: string;
  readonly events: readonly JobEvent[];
}

/** What a job is to do, checked. */
export interface JobSpec {
  /** 1 to MAX_REQUESTS */
  readonly requests: readonly JobRequest[];
  /** of this job, across all replicas */
  readonly concurrency: number;
  readonly perHost: { readonly concurrency: number; readonly minGapMs: number };
  readonly retries: { readonly max: number; readonly backoffMs: number };
  /** -100 to 100 */
  readonly priority: number;
  /** null: at once */
  readonly startAfter: Date | null;
  readonly webhook: JobWebhook | null;
  /** counted from the job's end */
  readonly keepResultsMs: number;
}
