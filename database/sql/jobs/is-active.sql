-- Whether there is a row is the answer.
SELECT job_id AS "jobId" FROM jobs WHERE job_id = $<jobId> AND is_active
