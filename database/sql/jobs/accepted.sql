-- Without the document, which the caller has just sent: reading back 3 MB takes 50 ms of the process.
SELECT job_id AS "jobId", status FROM jobs WHERE job_id = $<jobId>
