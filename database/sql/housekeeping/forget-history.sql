-- The oldest. What a job is writing is passed over, so neither waits for the other.
WITH oldest AS (
  SELECT project_id, scene_id FROM scene_history
  ORDER BY rendered_at LIMIT $<limit> FOR UPDATE SKIP LOCKED
)
DELETE FROM scene_history AS history USING oldest
WHERE history.project_id = oldest.project_id AND history.scene_id = oldest.scene_id
