/** A job as its owner may see it. */
export interface JobRow {
  readonly id: string;
  readonly state: 'queued' | 'running' | 'completed' | 'cancelled';
  readonly total: number;
  readonly pending: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** of the table under the name `j` */
export const JOB_COLUMNS = `j.id, j.state, j.total, j.pending, j.running, j.succeeded, j.failed, j.cancelled,
  j.created_at AS "createdAt", j.started_at AS "startedAt", j.finished_at AS "finishedAt"`;
