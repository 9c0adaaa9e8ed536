UPDATE jobs SET output_key = NULL, output_expired_at = clock_timestamp()
WHERE job_id = $<jobId> AND output_key IS NOT NULL
