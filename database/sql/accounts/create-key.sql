INSERT INTO api_keys (key_id, user_id, secret_hash, name)
VALUES ($<keyId>, $<userId>, $<secretHash>, $<name>)
ON CONFLICT (key_id) DO UPDATE SET secret_hash = excluded.secret_hash, name = excluded.name
WHERE api_keys.user_id = excluded.user_id
