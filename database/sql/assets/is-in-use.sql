-- Asked of the user's active jobs, for which there is an index: a project's jobs are all that it ever had, with their scenes.
SELECT EXISTS (
  SELECT FROM jobs
  WHERE user_id = $<userId> AND project_id = $<projectId> AND is_active AND parent_job_id IS NULL
    AND position($<reference> IN submission::text) > 0
) AS "isInUse"
