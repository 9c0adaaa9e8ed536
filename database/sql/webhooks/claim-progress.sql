-- Running jobs whose listener has not heard of them for a while, and what there is to tell.
WITH busy AS (
  SELECT user_id, count(*) AS sends FROM jobs JOIN webhook_listeners USING (job_id)
  WHERE is_active AND progress_until > now()
  GROUP BY user_id
), due AS (
  SELECT job_id, coalesce(sends, 0)
    + row_number() OVER (PARTITION BY user_id ORDER BY next_progress_at, job_id) AS place
  FROM jobs JOIN webhook_listeners USING (job_id) LEFT JOIN busy USING (user_id)
  WHERE parent_job_id IS NULL AND is_active AND status <> 'queued' AND next_progress_at <= now()
), chosen AS (
  SELECT job_id FROM webhook_listeners AS listener JOIN due USING (job_id)
  -- Looked at again once the row is locked: another process may have been first.
  WHERE place <= $<perUserMax> AND next_progress_at <= now()
  ORDER BY next_progress_at, job_id
  LIMIT $<limit>
  FOR UPDATE OF listener SKIP LOCKED
), claimed AS (
  UPDATE webhook_listeners AS listener SET
    progress_count = progress_count + 1,
    next_progress_at = now() + $<pauseMs> * interval '1 millisecond',
    progress_until = now() + $<leaseMs> * interval '1 millisecond'
  FROM chosen WHERE listener.job_id = chosen.job_id
  RETURNING listener.job_id, url, progress_count
)
SELECT job_id AS "jobId", user_id AS "userId", url, status, phase, progress, progress_count AS count,
  updated_at AS "occurredAt", scene_counts(job_id) AS children
FROM claimed JOIN jobs USING (job_id)
