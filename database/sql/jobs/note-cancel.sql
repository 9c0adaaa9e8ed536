UPDATE jobs SET cancel_asked_at = clock_timestamp() WHERE job_id = $<jobId> AND is_active AND cancel_asked_at IS NULL
