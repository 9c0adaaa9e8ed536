-- Those that work come first, so that the bound cuts off old revoked ones only.
SELECT key_id AS "keyId", name, created_at AS "createdAt", last_used_at AS "lastUsedAt", revoked_at AS "revokedAt"
FROM api_keys WHERE user_id = $<userId>
ORDER BY revoked_at IS NOT NULL, created_at DESC, key_id
LIMIT $<limit>
