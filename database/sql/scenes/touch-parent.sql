-- For a change that adds nothing to the progress: only the counts of the scenes are others, so the parent's version moves.
-- Summing up is left out, which for a film of 5,000 scenes reads 5,000 rows.
UPDATE jobs SET stage = stage
WHERE is_active AND job_id = (
  SELECT parent_job_id FROM jobs AS scene
  WHERE scene.job_id = $<sceneJobId> AND scene.xmin = pg_current_xact_id()::xid
)
