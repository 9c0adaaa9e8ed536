SELECT job_id AS "jobId", scene_counts(job_id) AS children FROM unnest($<jobIds>::text[]) AS job_id
