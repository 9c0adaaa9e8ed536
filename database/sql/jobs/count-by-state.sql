-- Of jobs that have not ended; the index of active jobs answers it.
SELECT status, count(*)::integer AS jobs, (count(*) FILTER (WHERE outbox.started_at IS NULL))::integer AS unsent
FROM jobs JOIN outbox USING (job_id)
WHERE is_active AND parent_job_id IS NULL
GROUP BY status
