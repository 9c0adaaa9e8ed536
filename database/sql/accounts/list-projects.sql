SELECT project_id AS "projectId", user_id AS "userId", name, created_at AS "createdAt"
FROM projects WHERE user_id = $<userId> ORDER BY created_at, project_id
