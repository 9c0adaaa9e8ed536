SELECT plan_sha256 AS plan, sources_sha256 AS sources FROM plan_hashes WHERE job_id = $<jobId>
