INSERT INTO jobs (job_id, user_id, project_id, type, parent_job_id, scene_id, scene_index, weight,
  is_cached, status, progress, started_at, ended_at)
SELECT scene."jobId", parent.user_id, parent.project_id, 'render.scene', parent.job_id,
  scene."sceneId", scene."sceneIndex", scene.weight, scene."isCached",
  CASE WHEN scene."isCached" THEN 'done' ELSE 'queued' END,
  CASE WHEN scene."isCached" THEN 1 ELSE 0 END,
  CASE WHEN scene."isCached" THEN now() END,
  CASE WHEN scene."isCached" THEN now() END
FROM jobs AS parent, json_to_recordset($<scenes:json>::json)
  AS scene("jobId" text, "sceneId" text, "sceneIndex" integer, weight double precision, "isCached" boolean)
WHERE parent.job_id = $<jobId> AND parent.is_active
ON CONFLICT (job_id) DO UPDATE SET
  status = 'done', progress = 1, is_cached = true, started_at = now(), ended_at = now()
WHERE jobs.status = 'queued' AND excluded.is_cached
