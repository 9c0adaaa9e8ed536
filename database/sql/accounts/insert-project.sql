-- No row where the user has as many projects as allowed. The user's row is locked before, so that counts stay true.
INSERT INTO projects (project_id, user_id, name)
SELECT $<projectId>, $<userId>, $<name>
WHERE (SELECT count(*) FROM projects WHERE user_id = $<userId>) < $<projectsMax>
RETURNING project_id AS "projectId", user_id AS "userId", name, created_at AS "createdAt"
