UPDATE jobs SET
  status = 'running', stage = 'downloading_sources',
  attempt = greatest(attempt, $<attempt>), started_at = coalesce(started_at, clock_timestamp())
WHERE job_id = $<sceneJobId> AND is_active
