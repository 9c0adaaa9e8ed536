INSERT INTO idempotency_keys (user_id, key, body_hash, job_id)
VALUES ($<userId>, $<key>, $<bodyHash>, $<jobId>)
ON CONFLICT (user_id, key) DO UPDATE
SET body_hash = excluded.body_hash, job_id = excluded.job_id, created_at = now()
