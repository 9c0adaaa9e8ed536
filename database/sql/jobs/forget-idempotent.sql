-- A few old keys with each new one, so that they never pile up. Locked ones are left to those who hold them.
DELETE FROM idempotency_keys WHERE (user_id, key) IN (
  SELECT user_id, key FROM idempotency_keys
  WHERE created_at <= now() - make_interval(hours => $<hours>)
  ORDER BY created_at LIMIT $<limit> FOR UPDATE SKIP LOCKED
)
