-- So that keys made and revoked again and again do not pile up: of those revoked the latest stay to be looked at.
DELETE FROM api_keys WHERE key_id IN (
  SELECT key_id FROM api_keys
  WHERE user_id = $<userId> AND revoked_at IS NOT NULL
  ORDER BY revoked_at DESC, key_id OFFSET $<revokedMax>
)
