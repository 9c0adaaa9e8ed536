UPDATE jobs SET
  status = CASE WHEN is_culprit THEN 'failed' ELSE 'cancelled' END,
  error = CASE WHEN is_culprit THEN $<error> END,
  error_detail = CASE WHEN is_culprit THEN $<errorDetail:json>::json END,
  stage = NULL, ended_at = clock_timestamp()
FROM (
  SELECT job_id AS scene_job_id,
    coalesce(scene_index = $<sceneIndex>::integer, scene_id = $<sceneId>::text, false) AS is_culprit
  FROM jobs WHERE parent_job_id = $<jobId> AND is_active
) AS scene
WHERE job_id = scene_job_id
