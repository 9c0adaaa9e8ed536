-- Also where nothing rises: the counts of its scenes are part of what the parent shows, so its version moves. Where a scene
-- is named, only if this very transaction has changed it: a report without news wakes nobody.
UPDATE jobs AS parent SET
  progress = greatest(progress, least(1, $<from> + ($<to> - $<from>) * (
    SELECT coalesce(sum(weight * progress) / nullif(sum(weight), 0), 0)
    FROM jobs AS scene WHERE scene.parent_job_id = parent.job_id
  ))),
  stage = coalesce($<stage>::text, stage)
WHERE is_active AND job_id = coalesce($<jobId>, (
  SELECT parent_job_id FROM jobs AS scene
  WHERE scene.job_id = $<sceneJobId> AND scene.xmin = pg_current_xact_id()::xid
))
