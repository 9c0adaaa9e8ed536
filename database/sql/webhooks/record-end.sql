-- In the transaction that ends the job, after its scenes have ended: what is told is what is so.
INSERT INTO webhook_deliveries (
  delivery_id, user_id, job_id, url, event, progress, children, media_data, error, occurred_at
)
SELECT 'msg_' || job_id, user_id, job_id, listener.url, status, progress, scene_counts(job_id), media_data, error, ended_at
FROM jobs JOIN webhook_listeners AS listener USING (job_id)
WHERE job_id = $<jobId>
