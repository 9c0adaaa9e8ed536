-- No row where the user has as many keys as allowed. The user's row is locked before, so that counts stay true.
INSERT INTO api_keys (key_id, user_id, secret_hash, name)
SELECT $<keyId>, $<userId>, $<secretHash>, $<name>
WHERE (SELECT count(*) FROM api_keys WHERE user_id = $<userId> AND revoked_at IS NULL) < $<keysMax>
RETURNING key_id AS "keyId", name, created_at AS "createdAt", last_used_at AS "lastUsedAt", revoked_at AS "revokedAt"
