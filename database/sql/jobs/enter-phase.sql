-- A repeated or late call never leads back to an earlier phase.
UPDATE jobs SET
  status = $<status>, phase = $<phase>, stage = $<stage>,
  progress = greatest(progress, $<progress>),
  started_at = coalesce(started_at, clock_timestamp())
WHERE job_id = $<jobId> AND is_active
  AND coalesce(array_position($<phases>::text[], phase), 0) <= array_position($<phases>::text[], $<phase>)
