-- The source comes as text: Postgres cannot unpack a record that holds \u0000 anywhere.
-- In the order of the ids, so that two jobs of one project do not wait for each other in a circle.
INSERT INTO scene_history (project_id, scene_id, key, source)
SELECT DISTINCT ON (scene."sceneId") $<projectId>, scene."sceneId", scene.key, scene.source::json
FROM json_to_recordset($<scenes:json>::json) AS scene("sceneId" text, key text, source text)
ORDER BY scene."sceneId"
ON CONFLICT (project_id, scene_id) DO UPDATE
SET key = excluded.key, source = excluded.source, rendered_at = now()
