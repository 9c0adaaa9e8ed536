UPDATE jobs SET
  status = 'done', phase = NULL, stage = 'complete', progress = 1,
  output_key = $<outputKey>, media_data = $<mediaData:json>, ended_at = clock_timestamp()
WHERE job_id = $<jobId> AND is_active AND parent_job_id IS NULL
RETURNING user_id AS "userId"
