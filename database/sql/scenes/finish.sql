-- A scene of which this job has rendered a part was started, and does not count as found in the cache, whatever ends it.
UPDATE jobs SET
  status = 'done', stage = 'complete', progress = 1, is_cached = $<isCached> AND started_at IS NULL,
  started_at = coalesce(started_at, clock_timestamp()), ended_at = clock_timestamp()
WHERE job_id = $<sceneJobId> AND is_active
