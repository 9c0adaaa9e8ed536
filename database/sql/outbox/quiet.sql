-- Started, not ended, and nothing heard of them for a while: is there still a workflow that works on them?
SELECT job_id AS "jobId"
FROM jobs JOIN outbox USING (job_id)
WHERE jobs.is_active AND jobs.parent_job_id IS NULL AND outbox.started_at IS NOT NULL
  AND greatest(jobs.updated_at, outbox.started_at) < now() - make_interval(secs => $<quietSeconds>)
  AND job_id > $<after>
ORDER BY job_id
LIMIT $<limit>
