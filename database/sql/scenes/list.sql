SELECT * FROM job_rows WHERE "parentJobId" = $<jobId> ORDER BY "sceneIndex"
