SELECT project_id AS "projectId", user_id AS "userId", name, created_at AS "createdAt"
FROM projects
WHERE user_id = $<userId>
  AND ($<beforeAt>::timestamptz IS NULL OR (created_at, project_id) < ($<beforeAt>::timestamptz, $<beforeId>::text))
ORDER BY created_at DESC, project_id DESC
LIMIT $<limit>
