UPDATE outbox SET started_at = now() WHERE job_id = $<jobId> AND started_at IS NULL
