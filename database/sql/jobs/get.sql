SELECT * FROM job_rows WHERE "jobId" = $<jobId>
