UPDATE jobs SET cache_report = $<report:json> WHERE job_id = $<jobId>
