SELECT job_id AS "jobId", status FROM jobs WHERE job_id = ANY ($<jobIds>::text[])
