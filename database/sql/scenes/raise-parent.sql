-- Also where nothing rises: the counts of its scenes are part of what the parent shows, so its version moves.
UPDATE jobs SET
  progress = greatest(progress, least(1, $<from> + ($<to> - $<from>) * (
    SELECT coalesce(sum(weight * progress) / nullif(sum(weight), 0), 0)
    FROM jobs AS scene WHERE scene.parent_job_id = $<jobId>
  ))),
  stage = coalesce($<stage>::text, stage)
WHERE job_id = $<jobId> AND is_active
