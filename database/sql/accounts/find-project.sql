SELECT project_id AS "projectId", user_id AS "userId", name, created_at AS "createdAt"
FROM projects WHERE project_id = $<projectId> AND user_id = $<userId>
