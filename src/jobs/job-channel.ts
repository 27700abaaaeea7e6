/** A job has other numbers than before; the payload is its id. The function that settles items says it too. */
export const JOBS_CHANGED = 'wirefetch_jobs_changed';

/** A job was cancelled: what runs of it is to be aborted; the payload is its id. */
export const JOB_CANCELLED = 'wirefetch_job_cancelled';
