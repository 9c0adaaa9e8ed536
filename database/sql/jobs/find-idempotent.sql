SELECT job_id AS "jobId", job_status AS status, is_new AS "isNew", body_hash AS "bodyHash" FROM idempotency_keys
WHERE user_id = $<userId> AND key = $<key> AND created_at > now() - make_interval(hours => $<hours>)
