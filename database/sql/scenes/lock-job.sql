SELECT is_active AS "isActive" FROM jobs WHERE job_id = $<jobId> FOR NO KEY UPDATE
