-- Who renders a clip now, so that jobs that need the same clip at the same time render it once. A claim that is not renewed
-- lapses, and another takes over.
CREATE TABLE clip_claims (
  key text PRIMARY KEY,
  holder text NOT NULL,
  attempt integer NOT NULL,
  lapses_at timestamptz(3) NOT NULL
);

-- When the output was removed because the plan keeps it no longer. The minutes stay booked.
ALTER TABLE jobs ADD COLUMN output_expired_at timestamptz(3);
CREATE INDEX jobs_with_output ON jobs (ended_at) WHERE output_key IS NOT NULL;

CREATE OR REPLACE VIEW job_rows AS SELECT
  job_id AS "jobId", user_id AS "userId", project_id AS "projectId", type, status, phase, stage, progress,
  parent_job_id AS "parentJobId", scene_id AS "sceneId", scene_index AS "sceneIndex", is_cached AS "isCached",
  submission, output_key AS "outputKey", error, error_detail AS "errorDetail", media_data AS "mediaData",
  cache_report AS "cacheReport", version, started_at AS "startedAt", ended_at AS "endedAt",
  created_at AS "createdAt", updated_at AS "updatedAt", is_active AS "isActive", document_hash AS "documentHash",
  output_expired_at AS "outputExpiredAt"
FROM jobs;
