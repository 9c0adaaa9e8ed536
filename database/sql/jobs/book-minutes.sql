INSERT INTO usage_records (job_id, user_id, minutes) VALUES ($<jobId>, $<userId>, $<minutes>)
ON CONFLICT (job_id) DO NOTHING
