-- A key that was revoked before keeps its first time.
UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE key_id = $<keyId> AND user_id = $<userId>
