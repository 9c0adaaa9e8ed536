SELECT * FROM job_rows WHERE "jobId" = $<jobId> AND "userId" = $<userId>
