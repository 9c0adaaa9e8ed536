SELECT scene_id AS "sceneId", key, source FROM scene_history
WHERE project_id = $<projectId> AND scene_id = ANY ($<sceneIds>::text[])
