-- The film was verified, so every scene was rendered, whatever report of it was lost.
UPDATE jobs SET
  status = 'done', stage = 'complete', progress = 1,
  started_at = coalesce(started_at, clock_timestamp()), ended_at = clock_timestamp()
WHERE parent_job_id = $<jobId> AND is_active
