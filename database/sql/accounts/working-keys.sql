-- Of the keys named those with which their user may still ask for more than their account.
SELECT key.key_id AS "keyId"
FROM api_keys AS key JOIN users AS person USING (user_id) JOIN plans AS limits ON limits.plan = person.plan
WHERE key.key_id = ANY ($<keyIds>::text[]) AND key.revoked_at IS NULL AND limits.has_api
