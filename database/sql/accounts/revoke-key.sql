UPDATE api_keys SET revoked_at = now() WHERE key_id = $<keyId> AND revoked_at IS NULL
