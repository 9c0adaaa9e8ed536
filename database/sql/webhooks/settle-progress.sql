UPDATE webhook_listeners SET
  progress_until = NULL,
  next_progress_at = greatest(next_progress_at, now() + $<pauseMs> * interval '1 millisecond')
WHERE job_id = $<jobId> AND progress_count = $<count>
