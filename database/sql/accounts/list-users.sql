-- Of all users, with what is used of their plan this month.
SELECT user_id AS "userId", email, plan, created_at AS "createdAt",
  (SELECT count(*)::integer FROM api_keys WHERE api_keys.user_id = users.user_id AND revoked_at IS NULL) AS keys,
  (SELECT coalesce(sum(minutes), 0) FROM usage_records WHERE usage_records.user_id = users.user_id
    AND booked_at >= date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC') AS "minutesThisMonth"
FROM users
WHERE $<beforeAt>::timestamptz IS NULL OR (created_at, user_id) < ($<beforeAt>::timestamptz, $<beforeId>::text)
ORDER BY created_at DESC, user_id DESC
LIMIT $<limit>
