-- At most once a minute: it is only to be seen which keys are still in use.
UPDATE api_keys SET last_used_at = now()
WHERE key_id = $<keyId> AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
