INSERT INTO projects (project_id, user_id, name) VALUES ($<projectId>, $<userId>, $<name>)
ON CONFLICT (project_id) DO NOTHING
