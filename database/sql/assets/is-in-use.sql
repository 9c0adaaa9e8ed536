SELECT EXISTS (
  SELECT FROM jobs
  WHERE project_id = $<projectId> AND is_active AND position($<reference> IN submission::text) > 0
) AS "isInUse"
