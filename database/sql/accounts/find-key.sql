SELECT key.secret_hash AS "secretHash", key.revoked_at IS NOT NULL AS "isRevoked",
  person.user_id AS "userId", person.email, to_json(limits) AS plan
FROM api_keys AS key JOIN users AS person USING (user_id) JOIN plan_rows AS limits ON limits.plan = person.plan
WHERE key.key_id = $<keyId>
