INSERT INTO idempotency_keys (user_id, key, body_hash, job_id, job_status, is_new)
VALUES ($<userId>, $<key>, $<bodyHash>, $<jobId>, $<status>, $<isNew>)
ON CONFLICT (user_id, key) DO UPDATE
SET body_hash = excluded.body_hash, job_id = excluded.job_id, job_status = excluded.job_status,
  is_new = excluded.is_new, created_at = now()
