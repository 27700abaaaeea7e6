/** A plan is made when nothing is known of the arguments, or of tables that nobody has analyzed: it would rather read all
 *  items than look up a hundred. For the same reason items are looked up one by one (LATERAL … LIMIT 1) or by a list of
 *  their indexes: joined, all items of a job would be read for each. */
const BY_INDEX = 'SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off';

/** What is done to many items at once. In the database, because it plans a statement of a function once and one that is
 *  sent each time, which for the embedded database costs more than to run it. Each locks the rows of jobs first, in the
 *  order of their names. */
export const JOB_FUNCTIONS = `
-- Marks items as running that were taken from the queue: those that are there under that id and not done. The rows of their
-- jobs are locked.
CREATE FUNCTION wirefetch.claim_items(p_jobs text[], p_indexes int[], p_queue_ids uuid[], p_run uuid)
RETURNS TABLE (queue_id uuid, host text, request text, attempts int, was_alone boolean)
LANGUAGE plpgsql ${BY_INDEX} AS $$
#variable_conflict use_column
BEGIN
  PERFORM 1 FROM wirefetch.jobs j WHERE j.id = ANY(p_jobs) ORDER BY j.id FOR UPDATE;
  RETURN QUERY
  WITH taken AS (
    SELECT t.job_id, t.index, i.state = 'pending' AS was_pending, i.is_deferred AS was_deferred
    FROM unnest(p_jobs, p_indexes, p_queue_ids) AS t (job_id, index, queue_id)
    CROSS JOIN LATERAL (
      SELECT * FROM wirefetch.items i WHERE i.job_id = t.job_id AND i.index = t.index LIMIT 1
    ) i
    WHERE i.queue_id = t.queue_id AND i.state IN ('pending', 'running')
  ), claimed AS (
    UPDATE wirefetch.items i SET state = 'running', run = p_run, is_deferred = false
    FROM taken t WHERE i.job_id = t.job_id AND i.index = t.index
    RETURNING i.job_id, i.request, i.host, i.attempts, i.was_alone, i.queue_id, t.was_pending, t.was_deferred
  ), of_jobs AS (
    UPDATE wirefetch.jobs j
    SET pending = j.pending - c.begun, running = j.running + c.begun, released = j.released + c.deferred,
      started_at = coalesce(j.started_at, now()),
      state = CASE WHEN j.state = 'queued' THEN 'running' ELSE j.state END
    FROM (
      SELECT job_id, count(*) FILTER (WHERE was_pending)::int AS begun,
        count(*) FILTER (WHERE was_deferred)::int AS deferred
      FROM claimed GROUP BY job_id
    ) c
    WHERE j.id = c.job_id
  ), of_hosts AS (
    UPDATE wirefetch.job_hosts h SET released = h.released + c.deferred
    FROM (SELECT job_id, host, count(*)::int AS deferred FROM claimed WHERE was_deferred GROUP BY job_id, host) c
    WHERE h.job_id = c.job_id AND h.host = c.host
  )
  SELECT c.queue_id, c.host, c.request, c.attempts, c.was_alone FROM claimed c;
END $$;

-- Chooses items of a job for the queue: as many as there is room for, shared among its hosts, so that slow ones do not fill
-- it. Its row is locked.
CREATE FUNCTION wirefetch.release_items(p_job text, p_ahead_times int, p_ahead int)
RETURNS TABLE (job text, index int, queue_id uuid, priority int, start_after timestamptz)
LANGUAGE plpgsql ${BY_INDEX} AS $$
#variable_conflict use_column
DECLARE
  v_job wirefetch.jobs;
  v_window int;
  v_room int;
  v_at_host int;
BEGIN
  SELECT * INTO v_job FROM wirefetch.jobs j WHERE j.id = p_job;
  v_window := v_job.concurrency * p_ahead_times + p_ahead;
  v_room := v_window - v_job.released;
  IF v_room <= 0 OR v_job.pending = 0 OR v_job.state NOT IN ('queued', 'running') THEN
    RETURN;
  END IF;
  v_at_host := greatest(v_job.host_concurrency, ceil(v_window::float8 / greatest(1, v_job.open_hosts))::int);
  RETURN QUERY
  WITH hosts AS (
    SELECT h.host, h.last_released, h.released FROM wirefetch.job_hosts h
    WHERE h.job_id = p_job AND h.remaining > h.released AND h.released < v_at_host
  ), chosen AS (
    SELECT i.index FROM hosts CROSS JOIN LATERAL (
      SELECT i.index FROM wirefetch.items i
      WHERE i.job_id = p_job AND i.host = hosts.host AND i.index > hosts.last_released
      ORDER BY i.index LIMIT v_at_host - hosts.released
    ) i
    LIMIT v_room
  ), released AS (
    UPDATE wirefetch.items i SET queue_id = gen_random_uuid()
    WHERE i.job_id = p_job AND i.index = ANY (ARRAY(SELECT index FROM chosen))
    RETURNING i.index, i.host, i.queue_id
  ), of_job AS (
    UPDATE wirefetch.jobs j SET released = j.released + (SELECT count(*)::int FROM released) WHERE j.id = p_job
  ), of_hosts AS (
    UPDATE wirefetch.job_hosts h SET released = h.released + r.count, last_released = r.last
    FROM (SELECT host, count(*)::int AS count, max(index) AS last FROM released GROUP BY host) r
    WHERE h.job_id = p_job AND h.host = r.host
  )
  SELECT p_job, r.index, r.queue_id, v_job.priority, v_job.start_after FROM released r ORDER BY r.index;
END $$;

-- Records what came of items, each once: of a run that is not the item's last nothing is recorded. p_delays holds null
-- for what has ended, and else how long to wait before the next attempt; p_tried says whether this was one. A result is the
-- line of that number in a block.
-- Returns what is to be put into the queue; the jobs that have ended, with a null index; and what was not recorded, with a
-- null job and its position, from 1, as index.
CREATE FUNCTION wirefetch.settle_items(p_jobs text[], p_indexes int[], p_runs uuid[], p_states text[], p_delays int[],
  p_tried boolean[], p_blocks uuid[], p_lines int[], p_block_ids uuid[], p_block_jobs text[], p_block_octets bytea[],
  p_ahead_times int, p_ahead int)
RETURNS TABLE (job text, index int, queue_id uuid, priority int, start_after timestamptz)
LANGUAGE plpgsql ${BY_INDEX} AS $$
#variable_conflict use_column
DECLARE
  v_job text;
BEGIN
  PERFORM 1 FROM wirefetch.jobs j WHERE j.id = ANY(p_jobs) ORDER BY j.id FOR UPDATE;
  RETURN QUERY
  WITH settled AS (
    SELECT s.job_id, s.index, s.position, s.state, s.block, s.line, s.delay, s.tried, i.host, s.of_priority,
      CASE WHEN s.delay IS NULL THEN
        s.last_number + row_number() OVER (PARTITION BY s.job_id, s.delay IS NULL ORDER BY s.position)
      END AS number
    FROM (
      -- Of a cancelled job nothing is tried again.
      SELECT u.job_id, u.index, u.run, u.block, u.line, u.tried, u.position, j.last_number, j.priority AS of_priority,
        CASE WHEN j.state = 'cancelled' AND u.delay IS NOT NULL THEN 'cancelled' ELSE u.state END AS state,
        CASE WHEN j.state = 'cancelled' THEN NULL ELSE u.delay END AS delay
      FROM unnest(p_jobs, p_indexes, p_runs, p_states, p_delays, p_tried, p_blocks, p_lines) WITH ORDINALITY
        AS u (job_id, index, run, state, delay, tried, block, line, position)
      JOIN wirefetch.jobs j ON j.id = u.job_id
    ) s
    CROSS JOIN LATERAL (
      SELECT * FROM wirefetch.items i WHERE i.job_id = s.job_id AND i.index = s.index LIMIT 1
    ) i
    WHERE i.run = s.run AND i.state = 'running'
  ), recorded AS (
    UPDATE wirefetch.items i
    SET state = s.state, run = NULL, was_alone = false, attempts = i.attempts + CASE WHEN s.tried THEN 1 ELSE 0 END,
      is_deferred = coalesce(s.delay > 0, false), queue_id = CASE WHEN s.delay IS NOT NULL THEN gen_random_uuid() END
    FROM settled s WHERE i.job_id = s.job_id AND i.index = s.index
    RETURNING i.job_id, i.index, i.host, i.state, i.attempts, i.queue_id, s.delay, s.of_priority, s.number, s.block, s.line
  ), ended AS (
    INSERT INTO wirefetch.results (job_id, number, index, state, attempts, block, line)
    SELECT job_id, number, index, state, attempts, block, line FROM recorded WHERE delay IS NULL
  ), blocks AS (
    INSERT INTO wirefetch.result_blocks (job_id, id, octets)
    SELECT b.job_id, b.id, b.octets FROM unnest(p_block_jobs, p_block_ids, p_block_octets) AS b (job_id, id, octets)
    WHERE b.id IN (SELECT block FROM recorded)
    RETURNING job_id, length(octets) AS bytes
  ), of_hosts AS (
    UPDATE wirefetch.job_hosts h SET released = h.released - r.left, remaining = h.remaining - r.ended
    FROM (
      SELECT job_id, host, count(*) FILTER (WHERE delay IS DISTINCT FROM 0)::int AS left,
        count(*) FILTER (WHERE delay IS NULL)::int AS ended
      FROM recorded GROUP BY job_id, host
    ) r
    WHERE h.job_id = r.job_id AND h.host = r.host
    RETURNING h.job_id, h.remaining
  ), of_jobs AS (
    UPDATE wirefetch.jobs j
    SET running = j.running - r.count, released = j.released - r.count + r.given_back, pending = j.pending + r.deferred,
      open_hosts = j.open_hosts - coalesce(h.ended, 0),
      succeeded = j.succeeded + r.succeeded, failed = j.failed + r.failed, cancelled = j.cancelled + r.cancelled,
      last_number = j.last_number + r.count - r.deferred, result_bytes = j.result_bytes + coalesce(b.bytes, 0),
      state = CASE WHEN j.state = 'running' AND j.pending + r.deferred + j.running - r.count = 0 THEN 'completed'
        ELSE j.state END,
      finished_at = CASE WHEN j.pending + r.deferred + j.running - r.count = 0 THEN now() END
    FROM (
      SELECT job_id, count(*)::int AS count, count(delay)::int AS deferred,
        count(*) FILTER (WHERE delay = 0)::int AS given_back,
        count(*) FILTER (WHERE state = 'succeeded')::int AS succeeded,
        count(*) FILTER (WHERE state = 'failed')::int AS failed,
        count(*) FILTER (WHERE state = 'cancelled')::int AS cancelled
      FROM recorded GROUP BY job_id
    ) r LEFT JOIN (SELECT job_id, sum(bytes)::float8 AS bytes FROM blocks GROUP BY job_id) b ON b.job_id = r.job_id
    LEFT JOIN (SELECT job_id, count(*)::int AS ended FROM of_hosts WHERE remaining = 0 GROUP BY job_id) h
      ON h.job_id = r.job_id
    WHERE j.id = r.job_id
    RETURNING j.id, j.finished_at
  )
  SELECT r.job_id, r.index, r.queue_id, r.of_priority,
    CASE WHEN r.delay > 0 THEN now() + r.delay * interval '1 millisecond' END
  FROM recorded r WHERE r.delay IS NOT NULL
  UNION ALL
  SELECT j.id, NULL, NULL, NULL, NULL FROM of_jobs j WHERE j.finished_at IS NOT NULL
  UNION ALL
  SELECT NULL, u.position::int, NULL, NULL, NULL FROM unnest(p_jobs) WITH ORDINALITY AS u (job_id, position)
  WHERE u.position NOT IN (SELECT position FROM settled);
  FOR v_job IN SELECT DISTINCT unnest(p_jobs) ORDER BY 1 LOOP
    RETURN QUERY SELECT * FROM wirefetch.release_items(v_job, p_ahead_times, p_ahead);
    PERFORM pg_notify('wirefetch_jobs_changed', v_job);
  END LOOP;
END $$;
`;
