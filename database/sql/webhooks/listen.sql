INSERT INTO webhook_listeners (job_id, url) VALUES ($<jobId>, $<url>)
