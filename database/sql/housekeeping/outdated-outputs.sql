-- The shortest time that any plan keeps outputs is said so that the index of ages serves; each user's own plan decides.
SELECT job_id AS "jobId"
FROM jobs JOIN users USING (user_id) JOIN plans USING (plan)
WHERE output_key IS NOT NULL AND NOT is_active
  AND ended_at < now() - make_interval(days => (SELECT min(retention_days) FROM plans))
  AND ended_at < now() - make_interval(days => retention_days)
ORDER BY ended_at, job_id
LIMIT $<limit>
