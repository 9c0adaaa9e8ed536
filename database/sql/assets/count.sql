-- Of all projects of a user, through which there is an index; no further than the bound.
SELECT count(*)::integer AS assets FROM (
  SELECT FROM projects JOIN assets USING (project_id) WHERE projects.user_id = $<userId> LIMIT $<assetsMax>
) AS counted
