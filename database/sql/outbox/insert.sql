INSERT INTO outbox (job_id) VALUES ($<jobId>)
