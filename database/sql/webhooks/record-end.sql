-- In the transaction that ends the job, after its scenes have ended: what is told is what is so.
INSERT INTO webhook_deliveries (
  delivery_id, user_id, job_id, url, event, progress, children, media_data, error, occurred_at
)
SELECT 'msg_' || job_id, user_id, job_id, listener.url, status, progress, (
    SELECT json_build_object(
      'total', count(*),
      'succeeded', count(*) FILTER (WHERE scene.status = 'done'),
      'running', count(*) FILTER (WHERE scene.status IN ('running', 'waiting')),
      'queued', count(*) FILTER (WHERE scene.status = 'queued'),
      'failed', count(*) FILTER (WHERE scene.status = 'failed'),
      'cached', count(*) FILTER (WHERE scene.is_cached)
    )
    FROM jobs AS scene WHERE scene.parent_job_id = jobs.job_id
  ), media_data, error, ended_at
FROM jobs JOIN webhook_listeners AS listener USING (job_id)
WHERE job_id = $<jobId>
