UPDATE jobs SET
  status = $<status>, phase = NULL, stage = NULL, error = $<error>, error_detail = $<errorDetail:json>,
  ended_at = clock_timestamp()
WHERE job_id = $<jobId> AND is_active AND parent_job_id IS NULL
