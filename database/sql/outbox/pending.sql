SELECT job_id AS "jobId", user_id AS "userId"
FROM outbox JOIN jobs USING (job_id)
WHERE outbox.started_at IS NULL AND jobs.is_active
ORDER BY outbox.created_at, job_id
LIMIT $<limit>
