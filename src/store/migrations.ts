import type { Database } from './database';
import { JOB_FUNCTIONS } from './job-functions';

/** any number, the same in all replicas, and no other program's */
const ADVISORY_LOCK = 7_243_117_302;

/** Each is run once, in this order, and never changed after a release: replicas of the release before may still run
 *  while and after it is, so columns are added with defaults, and dropped a release after they are last read. */
const MIGRATIONS: readonly string[] = [
  `
CREATE TABLE wirefetch.jobs (
  id text PRIMARY KEY,
  owner text NOT NULL,
  state text NOT NULL DEFAULT 'queued',
  total int NOT NULL,
  pending int NOT NULL,
  running int NOT NULL DEFAULT 0,
  succeeded int NOT NULL DEFAULT 0,
  failed int NOT NULL DEFAULT 0,
  cancelled int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  finished_at timestamptz,
  concurrency int NOT NULL,
  host_concurrency int NOT NULL,
  min_gap_ms int NOT NULL,
  max_retries int NOT NULL,
  backoff_ms int NOT NULL,
  priority int NOT NULL,
  start_after timestamptz,
  keep_results_ms float8 NOT NULL,
  idempotency_key text,
  request_digest bytea,
  webhook text,
  -- items that are in the queue or taken from it, but for those that are to be tried again later
  released int NOT NULL DEFAULT 0,
  -- of results, in the order of completion
  last_number int NOT NULL DEFAULT 0,
  result_bytes float8 NOT NULL DEFAULT 0
) WITH (fillfactor = 40);
CREATE INDEX jobs_of_owner ON wirefetch.jobs (owner, id DESC);
CREATE UNIQUE INDEX jobs_by_idempotency_key ON wirefetch.jobs (owner, idempotency_key);
CREATE INDEX jobs_that_ended ON wirefetch.jobs (finished_at) WHERE finished_at IS NOT NULL;

-- What changes is in no index, and there is room for it in each page: its rows are updated in place (HOT).
CREATE TABLE wirefetch.items (
  job_id text NOT NULL REFERENCES wirefetch.jobs ON DELETE CASCADE,
  index int NOT NULL,
  host text NOT NULL,
  request text NOT NULL,
  state text NOT NULL DEFAULT 'pending',
  attempts int NOT NULL DEFAULT 0,
  -- it is in the queue to be tried again later, and not counted as released
  is_deferred boolean NOT NULL DEFAULT false,
  -- of the claim that may record it
  run uuid,
  -- the last time it was fetched while nothing else was
  was_alone boolean NOT NULL DEFAULT false,
  -- of the queue's; null: it waits for its turn to be put there, or is done
  queue_id uuid,
  PRIMARY KEY (job_id, index)
) WITH (fillfactor = 40);
CREATE INDEX items_by_host ON wirefetch.items (job_id, host, index);

-- of items that are done, in the order of completion
CREATE TABLE wirefetch.results (
  job_id text NOT NULL REFERENCES wirefetch.jobs ON DELETE CASCADE,
  number int NOT NULL,
  index int NOT NULL,
  state text NOT NULL,
  attempts int NOT NULL,
  finished_at timestamptz NOT NULL DEFAULT now(),
  -- where the result or the problem is; null: there is neither
  block uuid,
  line int,
  PRIMARY KEY (job_id, number)
);
-- results and problems, many together: JSON, one a line, compressed
CREATE TABLE wirefetch.result_blocks (
  job_id text NOT NULL REFERENCES wirefetch.jobs ON DELETE CASCADE,
  id uuid NOT NULL,
  octets bytea NOT NULL,
  PRIMARY KEY (job_id, id)
);
ALTER TABLE wirefetch.result_blocks ALTER COLUMN octets SET STORAGE EXTERNAL;

-- how many of a job's items at one host are not done, and how many of these are released
CREATE TABLE wirefetch.job_hosts (
  job_id text NOT NULL REFERENCES wirefetch.jobs ON DELETE CASCADE,
  host text NOT NULL,
  remaining int NOT NULL,
  released int NOT NULL DEFAULT 0,
  -- items at this host are released in their order
  last_released int NOT NULL DEFAULT -1,
  PRIMARY KEY (job_id, host)
) WITH (fillfactor = 40);
CREATE INDEX job_hosts_by_host ON wirefetch.job_hosts (host) WHERE remaining > 0;

CREATE TABLE wirefetch.workers (
  id uuid PRIMARY KEY,
  beat_at timestamptz NOT NULL DEFAULT now()
);

-- what may go on at once under a name, a host's or a job's, and when the next may begin
CREATE TABLE wirefetch.slots (
  name text PRIMARY KEY,
  next_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE wirefetch.leases (
  name text NOT NULL,
  worker uuid NOT NULL REFERENCES wirefetch.workers ON DELETE CASCADE,
  held int NOT NULL,
  PRIMARY KEY (name, worker)
);
CREATE INDEX leases_of_worker ON wirefetch.leases (worker);

-- Leases places under a name; whoever asks for several names asks in their order. Of workers that are silent nothing
-- counts. For a host the strictest of the running jobs that are to go there holds.
CREATE FUNCTION wirefetch.claim_slots(p_name text, p_worker uuid, p_wanted int, p_max int, p_gap_ms int, p_lease_ms int)
RETURNS TABLE (granted int, wait_ms float8) LANGUAGE plpgsql AS $$
DECLARE
  v_next timestamptz;
  v_max int := p_max;
  v_gap int := p_gap_ms;
  v_held int;
BEGIN
  INSERT INTO wirefetch.slots (name) VALUES (p_name) ON CONFLICT DO NOTHING;
  SELECT s.next_at INTO v_next FROM wirefetch.slots s WHERE s.name = p_name FOR UPDATE;
  SELECT least(v_max, min(j.host_concurrency)), greatest(v_gap, max(j.min_gap_ms)) INTO v_max, v_gap
    FROM wirefetch.job_hosts h JOIN wirefetch.jobs j ON j.id = h.job_id
    WHERE h.host = p_name AND h.remaining > 0 AND j.state = 'running';
  wait_ms := extract(epoch FROM v_next - clock_timestamp()) * 1000;
  IF v_gap > 0 AND wait_ms > 0 THEN
    granted := 0;
    RETURN NEXT;
    RETURN;
  END IF;
  SELECT coalesce(sum(l.held), 0) INTO v_held
    FROM wirefetch.leases l JOIN wirefetch.workers w ON w.id = l.worker
    WHERE l.name = p_name AND w.beat_at > clock_timestamp() - p_lease_ms * interval '1 millisecond';
  granted := greatest(0, least(p_wanted, v_max - v_held, CASE WHEN v_gap > 0 THEN 1 END));
  wait_ms := 0;
  IF granted > 0 THEN
    INSERT INTO wirefetch.leases AS l (name, worker, held) VALUES (p_name, p_worker, granted)
      ON CONFLICT (name, worker) DO UPDATE SET held = l.held + excluded.held;
    UPDATE wirefetch.slots s SET next_at = clock_timestamp() + v_gap * interval '1 millisecond' WHERE s.name = p_name;
  END IF;
  RETURN NEXT;
END $$;

-- who is still to be told of the end of a job, which may be deleted by then
CREATE TABLE wirefetch.deliveries (
  id text PRIMARY KEY,
  owner text NOT NULL,
  url text NOT NULL,
  secret text NOT NULL,
  event text NOT NULL,
  payload text NOT NULL,
  tries int NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX deliveries_by_time ON wirefetch.deliveries (next_at);

CREATE TABLE wirefetch.sessions (
  owner text NOT NULL,
  id text NOT NULL,
  -- its cookies, JSON in UTF-8: text would refuse NUL
  jar bytea NOT NULL,
  octets int NOT NULL,
  -- of each cookie, in ms since the epoch: they are counted without a look into the jar
  expiries float8[] NOT NULL,
  -- on the clock of the service
  created_at timestamptz NOT NULL,
  last_used_at timestamptz NOT NULL,
  PRIMARY KEY (owner, id)
);
CREATE INDEX sessions_by_use ON wirefetch.sessions (last_used_at);
CREATE INDEX sessions_of_owner_by_use ON wirefetch.sessions (owner, last_used_at);
${JOB_FUNCTIONS}`,
];

/** Brings the tables to what this release needs. Replicas that start together do it one after the other, and all but
 *  the first have nothing to do. */
export async function migrate(database: Database): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCK]);
    await tx.query(`CREATE SCHEMA IF NOT EXISTS wirefetch;
      CREATE TABLE IF NOT EXISTS wirefetch.migrations (version int PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())`);
    const [done] = await tx.query<{ version: number }>(
      'SELECT coalesce(max(version), 0)::int AS version FROM wirefetch.migrations',
    );
    for (const [index, sql] of MIGRATIONS.entries()) {
      if (index < done!.version) continue;
      await tx.query(sql);
      await tx.query('INSERT INTO wirefetch.migrations (version) VALUES ($1)', [index + 1]);
    }
  });
}
