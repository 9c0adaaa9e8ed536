INSERT INTO plan_hashes (job_id, plan_sha256, sources_sha256) VALUES ($<jobId>, $<plan>, $<sources>)
ON CONFLICT (job_id) DO UPDATE SET plan_sha256 = excluded.plan_sha256, sources_sha256 = excluded.sources_sha256
