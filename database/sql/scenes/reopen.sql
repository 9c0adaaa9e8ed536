-- The one way out of a final state: the clip of a finished scene was lost before the film was joined.
UPDATE jobs SET status = 'queued', is_cached = false, ended_at = NULL, stage = NULL
WHERE parent_job_id = $<jobId> AND scene_index = ANY ($<sceneIndices>::integer[]) AND status = 'done'
