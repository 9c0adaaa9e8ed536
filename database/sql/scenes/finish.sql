UPDATE jobs SET
  status = 'done', stage = 'complete', progress = 1, is_cached = $<isCached>,
  started_at = coalesce(started_at, clock_timestamp()), ended_at = clock_timestamp()
WHERE job_id = $<sceneJobId> AND is_active
