SELECT job_id AS "jobId" FROM jobs
WHERE parent_job_id IS NULL AND NOT is_active AND output_key IS NULL
  AND ended_at < now() - make_interval(secs => $<ageSeconds>)
ORDER BY ended_at, job_id
LIMIT $<limit>
