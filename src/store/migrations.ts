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
  -- at which something is not done
  open_hosts int NOT NULL DEFAULT 0,
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
CREATE INDEX jobs_that_are_open ON wirefetch.jobs (priority) WHERE finished_at IS NULL;
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

-- The strictest limit of the running jobs that are to go to a host; nulls where there is none.
CREATE FUNCTION wirefetch.strictest_limit(p_name text) RETURNS TABLE (max int, gap_ms int)
LANGUAGE sql STABLE AS $$
  SELECT min(j.host_concurrency), max(j.min_gap_ms)
  FROM wirefetch.job_hosts h JOIN wirefetch.jobs j ON j.id = h.job_id
  WHERE h.host = p_name AND h.remaining > 0 AND j.state = 'running'
$$;

-- Leases places under names to those who ask, one after the other: each wants one in its job and one at its host, both or
-- none. They are told by the positions of their names. Of workers that are silent nothing counts. Told is what the worker has
-- under a name, and how much of it is spare, which nothing is where there is a gap to keep: there no more than one begins.
CREATE FUNCTION wirefetch.claim_places(p_worker uuid, p_lease_ms int, p_names text[], p_leased int[], p_spare int[],
  p_max int[], p_gaps int[], p_jobs int[], p_hosts int[])
RETURNS TABLE (name text, granted int, free int, max int, gap_ms int, wait_ms float8)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_free int[];
  v_max int[];
  v_gaps int[];
  v_waits float8[];
  v_begun int[] := array_fill(0, ARRAY[cardinality(p_names)]);
  v_job int;
  v_host int;
  v_locked int;
BEGIN
  INSERT INTO wirefetch.slots (name) SELECT n FROM unnest(p_names) AS n ORDER BY n ON CONFLICT DO NOTHING;
  PERFORM 1 FROM wirefetch.slots s WHERE s.name = ANY (p_names) ORDER BY s.name FOR UPDATE;
  GET DIAGNOSTICS v_locked = ROW_COUNT;
  IF v_locked < cardinality(p_names) THEN
    RAISE 'a name was forgotten meanwhile' USING ERRCODE = 'serialization_failure';
  END IF;
  SELECT array_agg(l.max ORDER BY n.position), array_agg(l.gap ORDER BY n.position),
    array_agg(w.wait ORDER BY n.position),
    array_agg(CASE
      WHEN l.gap > 0 AND w.wait > 0 THEN 0
      WHEN l.gap > 0 THEN least(1, l.max - o.held - n.leased + n.spare)
      ELSE l.max - o.held - n.leased + n.spare
    END ORDER BY n.position)
  INTO v_max, v_gaps, v_waits, v_free
  FROM unnest(p_names, p_leased, p_spare, p_max, p_gaps) WITH ORDINALITY AS n (name, leased, spare, max, gap, position)
  JOIN wirefetch.slots s ON s.name = n.name
  CROSS JOIN LATERAL (
    SELECT least(n.max, t.max) AS max, greatest(n.gap, t.gap_ms) AS gap FROM wirefetch.strictest_limit(n.name) t
  ) l
  CROSS JOIN LATERAL (SELECT greatest(0, extract(epoch FROM s.next_at - clock_timestamp()) * 1000)::float8 AS wait) w
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(l.held), 0)::int AS held FROM wirefetch.leases l JOIN wirefetch.workers k ON k.id = l.worker
    WHERE l.name = n.name AND l.worker <> p_worker
      AND k.beat_at > clock_timestamp() - p_lease_ms * interval '1 millisecond'
  ) o;
  FOR v_ask IN 1 .. cardinality(p_jobs) LOOP
    v_job := p_jobs[v_ask];
    v_host := p_hosts[v_ask];
    CONTINUE WHEN v_free[v_job] <= 0 OR v_free[v_host] <= 0;
    v_free[v_job] := v_free[v_job] - 1;
    v_free[v_host] := v_free[v_host] - 1;
    v_begun[v_job] := v_begun[v_job] + 1;
    v_begun[v_host] := v_begun[v_host] + 1;
  END LOOP;
  INSERT INTO wirefetch.leases AS l (name, worker, held)
    SELECT n.name, p_worker, n.leased + n.begun - n.spare
    FROM unnest(p_names, p_leased, p_spare, v_begun) AS n (name, leased, spare, begun)
    WHERE n.begun > n.spare ORDER BY n.name
    ON CONFLICT (name, worker) DO UPDATE SET held = excluded.held;
  UPDATE wirefetch.slots s SET next_at = clock_timestamp() + n.gap * interval '1 millisecond'
    FROM unnest(p_names, v_gaps, v_begun) AS n (name, gap, begun)
    WHERE s.name = n.name AND n.gap > 0 AND n.begun > 0;
  RETURN QUERY SELECT n.name, greatest(0, n.begun - n.spare), n.free, n.max, n.gap,
      CASE WHEN n.gap > 0 AND n.begun > 0 THEN n.gap::float8 WHEN n.gap > 0 THEN n.wait ELSE 0 END
    FROM unnest(p_names, p_spare, v_begun, v_free, v_max, v_gaps, v_waits)
      AS n (name, spare, begun, free, max, gap, wait);
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
