SELECT parent_job_id AS "jobId",
  count(*)::integer AS total,
  (count(*) FILTER (WHERE status = 'done'))::integer AS succeeded,
  (count(*) FILTER (WHERE status IN ('running', 'waiting')))::integer AS running,
  (count(*) FILTER (WHERE status = 'queued'))::integer AS queued,
  (count(*) FILTER (WHERE status = 'failed'))::integer AS failed,
  (count(*) FILTER (WHERE is_cached))::integer AS cached
FROM jobs WHERE parent_job_id = ANY ($<jobIds>::text[])
GROUP BY parent_job_id
