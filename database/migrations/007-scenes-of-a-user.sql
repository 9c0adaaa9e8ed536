-- What is told of a job's scenes, wherever it is told: zeros where it has none.
CREATE FUNCTION scene_counts(id text) RETURNS json LANGUAGE sql STABLE AS $$
  SELECT json_build_object(
    'total', count(*),
    'succeeded', count(*) FILTER (WHERE status = 'done'),
    'running', count(*) FILTER (WHERE status IN ('running', 'waiting')),
    'queued', count(*) FILTER (WHERE status = 'queued'),
    'failed', count(*) FILTER (WHERE status = 'failed'),
    'cached', count(*) FILTER (WHERE is_cached)
  )
  FROM jobs WHERE parent_job_id = id
$$;

-- For lists of a user's scenes over all jobs.
CREATE INDEX jobs_scenes_of_user ON jobs (user_id, created_at DESC, job_id DESC) WHERE parent_job_id IS NOT NULL;
